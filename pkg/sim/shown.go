package sim

import "simtrace/pkg/trace/schema"

// summed are the quantities that a trace has of what the pixel is summed from, also
// where its samples are others.
var summed = map[schema.Key]bool{
	schema.IBeforeScaling: true, schema.IBeforeScalingPrePolar: true, schema.IBeforeScalingPostPolar: true, schema.Steps: true,
	schema.OversampleThick: true, schema.OversamplePolar: true, schema.OversampleOmega: true, schema.CaptureFraction: true,
	schema.IPixelFinal: true, schema.FloatImage: true,
}

// show prepares the experiment whose samples are traced, where the profile's program
// traces the pixel's centre and not what it sums.
func (e *Experiment) show() error {
	traced := e.Config.Profile.Traced
	if traced == TracedSamples {
		return nil
	}
	c := e.Config
	none := SweepConfig{Range: 0, Step: -1, Steps: -1}
	c.Profile.Traced, c.Sampling.Oversample = TracedSamples, 1
	c.Beam.Sources, c.Beam.Dispersion, c.Beam.HDivergence, c.Beam.VDivergence = nil, none, none, none
	c.Detector.ThickUM, c.Crystal.DminA, c.Crystal.Shape = 0, 0, Square
	s, err := Prepare(c)
	if err != nil {
		return err
	}
	s.turnStars, s.starScale, s.peeks = true, 1e20/s.Crystal.VCell, true
	if traced == TracedMetres {
		const metres = 1e-10
		s.starScale /= metres * metres
		s.orient.sweep, s.orient.firstSweep = shrunk(s.orient.sweep, metres), shrunk(s.orient.firstSweep, metres)
		if err := s.inPrecision(); err != nil {
			return err
		}
	}
	e.shown = s
	return nil
}

// shrunk is a table of orientations of a smaller cell; nil where there is none.
func shrunk(table []orientation, by float64) []orientation {
	var out []orientation
	for _, o := range table {
		out = append(out, orientation{scale(o.a, by), scale(o.b, by), scale(o.c, by)})
	}
	return out
}

// showing computes a pixel and traces what the profile's program shows of it. The tap
// sees the sums of the one and the samples of the other.
func (e *Experiment) showing(slow, fast int, sc *scan, t *Tap) float64 {
	if t.sums == nil {
		t.sums = NewTap(Filter{Last: true})
		t.sums.only(summed)
	}
	sums, other := t.sums, *sc
	sums.Recorder = Recorder{Last: true}
	if v := e.computed(slow, fast, sc, sums); sc.stopped || sc.unknown != nil {
		return v
	}
	t.instead = map[schema.Key][]float64{}
	for i := range sums.Samples {
		if s := &sums.Samples[i]; summed[s.Key] {
			t.instead[s.Key] = s.Values
		}
	}
	if e.Oversample > 1 {
		t.instead[schema.Polar] = []float64{1} // the port prints it of single samples alone
	}
	v := t.instead[schema.IPixelFinal][0]
	e.shown.computed(slow, fast, &other, t)
	t.instead = nil
	return v
}
