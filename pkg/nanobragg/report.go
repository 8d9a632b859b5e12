package nanobragg

import (
	"fmt"
	"io"
	"math"
	"sync"

	"simtrace/pkg/sim"
)

// Images are the integer images of a rendering, as far as they were asked for,
// with the figures that the reference prints of them. What takes long is computed
// beside, and waited for where it is asked for.
type Images struct {
	IntScale float64
	Int, PGM bool // asked for; see WriteInt and WritePGM

	image      []float32
	adc        float64
	pgmScale   float64 // asked for
	statistics func() sim.Statistics
	noise      func() noiseImage // nil where not asked for
}

type noiseImage struct {
	pixels    []uint16
	photons   float64
	overloads int
}

// Images makes the integer images of a float image that the experiment rendered
// and whose sums are known.
func (o *Outputs) Images(e *sim.Experiment, image []float32, sums sim.Sums) *Images {
	m := &Images{IntScale: IntScale(o.Scale, sums.Max), Int: o.IntFile != "", PGM: o.PGM(), image: image, adc: o.ADC, pgmScale: o.PGMScale}
	m.statistics = sync.OnceValue(func() sim.Statistics { return e.StatisticsOf(image, sums) })
	go m.statistics()
	if o.Noise() {
		m.noise = sync.OnceValue(func() (n noiseImage) {
			n.pixels, n.photons, n.overloads = NoiseImage(e, image, o.Seed, o.ADC)
			return n
		})
		go m.noise()
	}
	return m
}

// Wait returns when nothing reads the float image any more beside what the caller
// does.
func (m *Images) Wait() {
	m.statistics()
	if m.noise != nil {
		m.noise()
	}
}

// Statistics are the float image's.
func (m *Images) Statistics() sim.Statistics { return m.statistics() }

// PGMScale is the scale of the preview.
func (m *Images) PGMScale() float64 {
	s := m.statistics()
	return PGMScale(m.pgmScale, m.IntScale, &s)
}

// WriteInt writes the integer image: a header, and the float image scaled, with the
// offset, rounded to the nearest integer and cut to 0 and 65535. The sum is rounded to
// single precision on the way, as in the reference.
func (m *Images) WriteInt(w io.Writer, e *sim.Experiment) error {
	if _, err := w.Write(SMVHeader(e)); err != nil {
		return err
	}
	return streamRows(e, func(part []uint16) error { return writeWords(w, part) },
		func(out []uint16, from, to int) { sim.Integers(out, m.image[from:to], m.IntScale, m.adc) })
}

// WritePGM writes the preview, a binary portable greymap with the scale in a comment.
func (m *Images) WritePGM(w io.Writer, e *sim.Experiment) error {
	scale := m.PGMScale()
	if _, err := fmt.Fprintf(w, "P5\n%d %d\n# pixels scaled by %s\n255\n", e.Geometry.Fast, e.Geometry.Slow, general(scale)); err != nil {
		return err
	}
	return streamRows(e, func(part []uint8) error { _, err := w.Write(part); return err },
		func(out []uint8, from, to int) { pgmPixels(out, m.image[from:to], scale) })
}

// WriteNoise writes the noise image, which was asked for.
func (m *Images) WriteNoise(w io.Writer, e *sim.Experiment) error {
	return WriteSMV(w, e, m.noise().pixels)
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
	s, steps := m.Statistics(), float64(e.Steps)
	if files {
		printf(w, "\n")
	}
	printf(w, "solid angle subtended by detector = %v steradian ( %v%% sphere)\n", s.OmegaSum/steps, 100*s.OmegaSum/steps/4/math.Pi)
	writing(b.FloatFile, fmt.Sprintf("%d 4-byte floats", e.Geometry.Fast*e.Geometry.Slow))
	printf(w, "max_I = %v  at %v %v\n", float64(s.Max), s.MaxFast, s.MaxSlow)
	printf(w, "mean= %v rms= %v rmsd= %v\n", s.Mean, s.RMS, s.RMSD)
	printf(w, "intfile_scale = %v\n", m.IntScale)
	if m.Int {
		writing(b.Out.IntFile, "2-byte integers")
	}
	if m.PGM {
		printf(w, "pgm_scale = %v\n", m.PGMScale())
		writing(b.Out.PGMFile, "1-byte integers")
	}
	if m.noise != nil {
		n := m.noise()
		printf(w, "%s photons on noise image (%d overloads)\n", fixed(n.photons, 0), n.overloads)
		writing(b.Out.NoiseFile, "2-byte integers")
	}
}
