package nanobragg

import (
	"fmt"
	"io"
	"math"

	"simtrace/pkg/sim"
)

// Images are the integer images of a rendering, as far as they were asked for,
// with the figures that the reference prints of them.
type Images struct {
	Statistics sim.Statistics
	IntScale   float64
	PGMScale   float64
	Int        []uint16 // nil for none
	PGM        []uint8
	Noise      []uint16
	Photons    float64 // on the noise image
	Overloads  int
}

// Images makes the integer images of a float image that the experiment
// rendered.
func (o *Outputs) Images(e *sim.Experiment, image []float32) *Images {
	m := &Images{Statistics: e.Statistics(image)}
	m.IntScale = IntScale(o.Scale, &m.Statistics)
	m.PGMScale = PGMScale(o.PGMScale, m.IntScale, &m.Statistics)
	if o.IntFile != "" {
		m.Int = IntImage(e, image, m.IntScale, o.ADC)
	}
	if o.PGM() {
		m.PGM = PGMImage(e, image, m.PGMScale)
	}
	if o.Noise() {
		m.Noise, m.Photons, m.Overloads = NoiseImage(e, image, o.Seed, o.ADC)
	}
	return m
}

// WriteReport prints what the reference prints behind a rendering, in its
// words and its order: statistics, scales, and the files, these where files is
// true. As with all that prints here, w is a buffer: its errors are lost.
func (b *Builder) WriteReport(w io.Writer, e *sim.Experiment, m *Images, files bool) {
	writing := func(name, as string) {
		if files {
			printf(w, "writing %s as %s\n", name, as)
		}
	}
	s, steps := &m.Statistics, float64(e.Steps)
	if files {
		printf(w, "\n")
	}
	printf(w, "solid angle subtended by detector = %v steradian ( %v%% sphere)\n", s.OmegaSum/steps, 100*s.OmegaSum/steps/4/math.Pi)
	writing(b.FloatFile, fmt.Sprintf("%d 4-byte floats", e.Geometry.Fast*e.Geometry.Slow))
	printf(w, "max_I = %v  at %v %v\n", float64(s.Max), s.MaxFast, s.MaxSlow)
	printf(w, "mean= %v rms= %v rmsd= %v\n", s.Mean, s.RMS, s.RMSD)
	printf(w, "intfile_scale = %v\n", m.IntScale)
	if m.Int != nil {
		writing(b.Out.IntFile, "2-byte integers")
	}
	if m.PGM != nil {
		printf(w, "pgm_scale = %v\n", m.PGMScale)
		writing(b.Out.PGMFile, "1-byte integers")
	}
	if m.Noise != nil {
		printf(w, "%s photons on noise image (%d overloads)\n", fixed(m.Photons, 0), m.Overloads)
		writing(b.Out.NoiseFile, "2-byte integers")
	}
}
