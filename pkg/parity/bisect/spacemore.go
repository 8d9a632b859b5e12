package bisect

import (
	"fmt"
	"math"

	"simtrace/pkg/sim"
)

// degrees in a radian.
const degrees = 180 / math.Pi

// number adds the mistakes that are made with a number of a unit.
func (s *choices) number(name string, of func(c *sim.Config) *float64, factors ...unitSlip) {
	v := *of(&s.c)
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	for _, f := range factors {
		s.add(name, f.name, f.help, func(c *sim.Config) { *of(c) *= f.by })
	}
}

type unitSlip struct {
	name, help string
	by         float64
}

var (
	tenfold = []unitSlip{{"x10", "ten times too large: nm for A, cm for mm", 10}, {"/10", "ten times too small: A for nm, mm for cm", 0.1}}
	angular = []unitSlip{{"radians", "degrees read as radians", degrees}, {"degrees", "radians read as degrees", 1 / degrees}, {"negated", "the other sense", -1}, {"0", "ignored", 0}}
	areal   = []unitSlip{{"per-cm2", "per square centimetre read as per square metre", 1e-4}, {"per-mm2", "per square millimetre read as per square metre", 1e-6}, {"per-um2", "per square micron read as per square metre", 1e-12}, {"x1e4", "the reverse of per-cm2", 1e4}, {"x1e6", "the reverse of per-mm2", 1e6}, {"x1e12", "the reverse of per-um2", 1e12}}
)

func (s *choices) detector() {
	s.number("distance", func(c *sim.Config) *float64 { return &c.Detector.DistanceMM }, tenfold...)
	s.when(s.g.Pivot == sim.PivotSample && s.g.Setup.Close != s.g.Setup.Distance, "close-distance", "distance",
		"the origin is built with the distance in place of the distance of closest approach",
		func(c *sim.Config) { c.Detector.CloseMM = s.g.Setup.Distance * 1000 })
	s.when(!math.IsNaN(s.c.Detector.CloseMM), "close-distance", "ignored", "the distance of closest approach ignored", func(c *sim.Config) { c.Detector.CloseMM = math.NaN() })
	s.number("twotheta", func(c *sim.Config) *float64 { return &c.Detector.TwothetaDeg }, angular...)
	for i, name := range []string{"rotx", "roty", "rotz"} {
		s.number(name, func(c *sim.Config) *float64 { return &c.Detector.RotDeg[i] }, angular...)
	}
	d := s.c.Detector
	s.add("curved", onOff(!d.Curved), "the detector's surface", func(c *sim.Config) { c.Detector.Curved = !d.Curved })
	s.add("point-pixel", onOff(!d.PointPixel), "the solid angle without obliquity", func(c *sim.Config) { c.Detector.PointPixel = !d.PointPixel })
	s.when(d.ThickUM > 0, "thick", "0", "the detector's thickness ignored", func(c *sim.Config) { c.Detector.ThickUM = 0 })
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func (s *choices) beam() {
	s.number("lambda", func(c *sim.Config) *float64 { return &c.Beam.LambdaA }, tenfold...)
	if s.c.Beam.EnergyEV > 0 {
		s.number("energy", func(c *sim.Config) *float64 { return &c.Beam.EnergyEV }, unitSlip{"keV", "kilo-electronvolt read as electronvolt", 1e-3}, unitSlip{"x1000", "the reverse", 1e3})
	}
	s.number("fluence", func(c *sim.Config) *float64 {
		if c.Beam.Flux != 0 {
			return &c.Beam.Flux
		}
		return &c.Beam.Fluence
	}, areal...)
	b, def := s.c.Beam, sim.DefaultConfig().Beam
	s.when(b.Flux != 0 || b.Fluence != def.Fluence, "fluence", "default", "flux, exposure, beam size or fluence ignored", func(c *sim.Config) { c.Beam.Flux, c.Beam.Fluence = 0, def.Fluence })
	for _, k := range []float64{0, 1, -1} {
		s.when(b.NoPolar || b.Polarization != k, "polarization", fmt.Sprint(k), "another Kahn factor", func(c *sim.Config) { c.Beam.Polarization, c.Beam.NoPolar = k, false })
	}
	s.when(!b.NoPolar, "polarization", "off", "no polarisation factor", func(c *sim.Config) { c.Beam.NoPolar = true })
	none := sim.SweepConfig{Range: 0, Step: -1, Steps: -1}
	s.when(b.Dispersion.Range > 0, "dispersion", "0", "the spread of wavelengths ignored", func(c *sim.Config) { c.Beam.Dispersion = none })
	s.when(b.HDivergence.Range > 0 || b.VDivergence.Range > 0, "divergence", "0", "the divergence ignored", func(c *sim.Config) { c.Beam.HDivergence, c.Beam.VDivergence = none, none })
	s.when(len(b.Sources) > 0, "sources", "one", "the source file ignored", func(c *sim.Config) { c.Beam.Sources = nil })
	s.when(b.WaterUM != 0, "water", "0", "the water background ignored", func(c *sim.Config) { c.Beam.WaterUM = 0 })
}

func (s *choices) crystal() {
	x := s.c.Crystal
	s.when(x.Matrix != nil, "matrix", "transposed", "the cell matrix read by rows", func(c *sim.Config) {
		m := *c.Crystal.Matrix
		m[1], m[2], m[3], m[5], m[6], m[7] = m[3], m[6], m[1], m[7], m[2], m[5]
		c.Crystal.Matrix = &m
	})
	s.when(x.Matrix != nil, "matrix", "not-scaled", "the cell matrix taken for 1/A, without the wavelength", func(c *sim.Config) {
		m := *c.Crystal.Matrix
		for i := range m {
			m[i] *= s.lambda(c)
		}
		c.Crystal.Matrix = &m
	})
	s.when(x.Misset != nil || x.MissetRandom, "misset", "none", "the missetting ignored", func(c *sim.Config) { c.Crystal.Misset, c.Crystal.MissetRandom = nil, false })
	if x.Misset != nil {
		for _, f := range angular[:3] {
			s.add("misset", f.name, f.help, func(c *sim.Config) {
				m := *x.Misset
				for i := range m {
					m[i] *= f.by
				}
				c.Crystal.Misset, c.Crystal.MissetRandom = &m, false
			})
		}
	}
	n := x.Cells
	for _, w := range []struct {
		name string
		n    [3]float64
	}{{"bac", [3]float64{n[1], n[0], n[2]}}, {"cba", [3]float64{n[2], n[1], n[0]}}, {"acb", [3]float64{n[0], n[2], n[1]}}, {"bca", [3]float64{n[1], n[2], n[0]}}, {"cab", [3]float64{n[2], n[0], n[1]}}} {
		s.when(w.n != n, "cells", w.name, "the counts of cells exchanged", func(c *sim.Config) { c.Crystal.Cells = w.n })
	}
	for _, v := range []sim.Shape{sim.Square, sim.Round, sim.Gauss, sim.Tophat} {
		s.when(v != x.Shape, "shape", v.String(), "another crystal shape", func(c *sim.Config) { c.Crystal.Shape = v })
	}
	s.when(x.Fudge != 1, "fudge", "1", "the fudge factor ignored", func(c *sim.Config) { c.Crystal.Fudge = 1 })
	s.when(x.MosaicDeg > 0, "mosaic", "0", "the mosaic spread ignored", func(c *sim.Config) { c.Crystal.MosaicDeg = 0 })
	if x.MosaicDeg > 0 { // negative is not given
		s.number("mosaic", func(c *sim.Config) *float64 { return &c.Crystal.MosaicDeg }, unitSlip{"radians", "degrees read as radians", degrees}, unitSlip{"degrees", "radians read as degrees", 1 / degrees}, unitSlip{"half", "the full spread read as half of it", 2}, unitSlip{"twice", "half the spread read as the full", 0.5})
	}
	s.when(x.DminA != 0, "dmin", "0", "the resolution cut ignored", func(c *sim.Config) { c.Crystal.DminA = 0 })
	s.when(x.DefaultF != 0 && x.F != nil, "default-F", "0", "default_F ignored", func(c *sim.Config) { c.Crystal.DefaultF = 0 })
	if x.F != nil {
		s.when(x.Interpolate != sim.InterpolateOn, "interpolate", "on", "tricubic interpolation", func(c *sim.Config) { c.Crystal.Interpolate = sim.InterpolateOn })
		s.when(x.Interpolate != sim.InterpolateOff, "interpolate", "off", "the nearest structure factor", func(c *sim.Config) { c.Crystal.Interpolate = sim.InterpolateOff })
	}
}

// lambda is the wavelength in angstrom.
func (s *choices) lambda(c *sim.Config) float64 {
	if c.Beam.EnergyEV > 0 {
		return 12398.42 / c.Beam.EnergyEV
	}
	return c.Beam.LambdaA
}

func (s *choices) rotation(e *sim.Experiment) {
	r := e.Rotation
	n, tic, phi := r.Steps, r.Step*degrees, r.Phi0*degrees
	s.number("phi", func(c *sim.Config) *float64 { return &c.Rotation.PhiDeg }, angular...)
	s.when(r.Osc > 0 && n > 1, "phi-grid", "n-1", "steps of osc/(N-1), so that the last is the end", func(c *sim.Config) {
		c.Rotation.PhistepDeg, c.Rotation.Phisteps = r.Osc*degrees/float64(n-1), n
	})
	s.when(r.Step > 0, "phi-grid", "midpoint", "phi in the middle of each step", func(c *sim.Config) { c.Rotation.PhiDeg = phi + tic/2 })
	s.when(r.Step > 0, "phi-grid", "end", "phi at the end of each step", func(c *sim.Config) { c.Rotation.PhiDeg = phi + tic })
	if s.c.Rotation.OscDeg > 0 { // negative is not given
		s.number("osc", func(c *sim.Config) *float64 { return &c.Rotation.OscDeg }, angular[:2]...)
	}
	s.when(n > 1, "phisteps", "1", "one phi step", func(c *sim.Config) { c.Rotation.PhistepDeg, c.Rotation.Phisteps = 0, 1 })
	for _, k := range []int{n - 1, n + 1} {
		s.when(k > 1, "phisteps", fmt.Sprint(k), "one phi step more or less, of the same size", func(c *sim.Config) { c.Rotation.PhistepDeg, c.Rotation.Phisteps = tic, k })
	}
}

func (s *choices) sampling(e *sim.Experiment, p sim.Pixel) {
	for _, k := range []int{1, 2, 3, 4, 5} {
		s.when(k != e.Oversample, "oversample", fmt.Sprint(k), "subpixels along an edge", func(c *sim.Config) { c.Sampling.Oversample = k })
	}
	s.when(e.Recommended > 5 && e.Recommended != e.Oversample, "oversample", "auto", "as many subpixels as the crystal's size calls for", func(c *sim.Config) { c.Sampling.Oversample = -1 })
	o := s.c.Sampling
	s.add("oversample-thick", onOff(!o.OversampleThick), "the layers' absorption at every subpixel", func(c *sim.Config) { c.Sampling.OversampleThick = !o.OversampleThick })
	s.add("oversample-polar", onOff(!o.OversamplePolar), "polarisation at every subpixel", func(c *sim.Config) { c.Sampling.OversamplePolar = !o.OversamplePolar })
	s.add("oversample-omega", onOff(!o.OversampleOmega), "the solid angle at every subpixel", func(c *sim.Config) { c.Sampling.OversampleOmega = !o.OversampleOmega })
	roi := [4]int{p.Fast, p.Fast, p.Slow, p.Slow}
	s.when(o.ROI != roi, "roi", "pixel", "a run of this pixel alone: nothing comes over from pixels before it", func(c *sim.Config) { c.Sampling.ROI = roi })
}
