package bisect

import (
	"math"
	"slices"

	"simtrace/pkg/sim"
)

// Choice is one setting that may explain a trace: a switch of the profile, or a
// change of the configuration that stands for a mistake known from ports.
type Choice struct {
	Switch string // choices of one switch exclude each other
	Value  string
	Help   string

	// change changes a configuration. It must not write through pointers and
	// slices, and reports whether there was anything to change.
	change func(c *sim.Config) bool
	// early is set for what acts where flags and files are read: a switch of the
	// profile, or the reversed order of the flags.
	early bool
}

// String is the choice as "phi-zero=carry".
func (c Choice) String() string { return c.Switch + "=" + c.Value }

// Switches of the profile that act before there is a configuration.
var earlySwitches = []string{"flags", "comments"}

// flagOrder is the choice that reads flags the other way round.
const flagOrder = "flag-order"

// space lists what may differ from an experiment, in the order of a pixel's
// computation as far as there is one.
func space(e *sim.Experiment, p sim.Pixel) []Choice {
	s := &choices{c: e.Config, g: e.Geometry}
	s.profile()
	s.dtype()
	s.axes()
	s.centre()
	s.detector()
	s.beam()
	s.crystal()
	s.rotation(e)
	s.sampling(e, p)
	return s.list
}

// choices collects the choices that are open for a configuration.
type choices struct {
	c    sim.Config // as given
	g    *sim.Geometry
	list []Choice
}

func (s *choices) add(name, value, help string, change func(c *sim.Config)) {
	s.list = append(s.list, Choice{Switch: name, Value: value, Help: help, change: func(c *sim.Config) bool { change(c); return true }})
}

// when adds the choice where the condition holds: it would change nothing else.
func (s *choices) when(open bool, name, value, help string, change func(c *sim.Config)) {
	if open {
		s.add(name, value, help, change)
	}
}

func (s *choices) profile() {
	for _, sw := range sim.Switches() {
		if sw.Name == "detector-order" && turns(s.c.Detector.RotDeg[:]) < 2 || sw.Name == "misset-order" && s.c.Crystal.Misset == nil && !s.c.Crystal.MissetRandom {
			continue // one rotation has no order
		}
		if sw.Name == "crystal-shape" || sw.Name == "stops" {
			continue // the crystal's shapes are choices of their own, and a run that stops has no trace
		}
		for _, v := range sw.Values {
			if sw.Get(s.c.Profile) == v.Name {
				continue
			}
			if d := &s.c.Detector; sw.Name == "setup" && v.Name != sim.Float32.String() && turns(d.RotDeg[:]) == 0 && d.TwothetaDeg == 0 {
				continue // a detector that is not turned is rounded in its vectors alone
			}
			set := func(c *sim.Config) bool { return c.Profile.Set(sw.Name, v.Name) == nil }
			s.list = append(s.list, Choice{sw.Name, v.Name, sw.Help + ": " + v.Help, set, slices.Contains(earlySwitches, sw.Name)})
		}
	}
}

// dtype is the precision of the pixel path.
func (s *choices) dtype() {
	for _, d := range []sim.Dtype{sim.Float64, sim.Float32} {
		s.when(d != s.c.Dtype, "dtype", d.String(), "the precision of every intermediate of a pixel", func(c *sim.Config) { c.Dtype = d })
	}
}

// turns counts the angles that are not zero.
func turns(angles []float64) int {
	n := 0
	for _, a := range angles {
		if a != 0 {
			n++
		}
	}
	return n
}

// axes are the frame of the laboratory. Only CUSTOM takes vectors.
func (s *choices) axes() {
	for _, v := range []sim.Convention{sim.Custom, sim.Adxv, sim.Mosflm, sim.XDS, sim.Dials, sim.Denzo} {
		s.when(v != s.c.Detector.Convention, "convention", v.String(), "another convention", func(c *sim.Config) { c.Detector.Convention = v })
	}
	g := s.g
	other := sim.PivotSample
	if g.Pivot == sim.PivotSample {
		other = sim.PivotBeam
	}
	s.add("pivot", other.String(), "the detector turns about another point", func(c *sim.Config) {
		if c.Detector.Convention != sim.Custom {
			asCustom(&c.Detector, g, other)
		}
		c.Detector.Pivot = other
	})
	if s.c.Detector.Convention != sim.Custom {
		s.add("spindle", "negated", "the crystal turns the other way", func(c *sim.Config) {
			if c.Detector.Convention != sim.Custom {
				asCustom(&c.Detector, g, g.Pivot)
			}
			u := &c.Detector.Spindle
			*u = sim.Vec3{-u[0], -u[1], -u[2]}
		})
		return
	}
	for _, v := range []struct {
		name string
		of   func(d *sim.DetectorConfig) *sim.Vec3
	}{
		{"beam-vector", func(d *sim.DetectorConfig) *sim.Vec3 { return &d.Beam }},
		{"fdet", func(d *sim.DetectorConfig) *sim.Vec3 { return &d.Fdet }},
		{"sdet", func(d *sim.DetectorConfig) *sim.Vec3 { return &d.Sdet }},
		{"odet-sign", func(d *sim.DetectorConfig) *sim.Vec3 { return &d.Odet }},
		{"spindle", func(d *sim.DetectorConfig) *sim.Vec3 { return &d.Spindle }},
		{"polar-vector", func(d *sim.DetectorConfig) *sim.Vec3 { return &d.Polar }},
		{"twotheta-axis", func(d *sim.DetectorConfig) *sim.Vec3 { return &d.TwothetaAxis }},
	} {
		s.add(v.name, "negated", "the opposite direction", func(c *sim.Config) {
			u := v.of(&c.Detector)
			*u = sim.Vec3{-u[0], -u[1], -u[2]}
		})
	}
	for axis, name := range []string{"x", "y", "z"} {
		unit := sim.Vec3{}
		unit[axis] = 1
		s.when(s.c.Detector.Beam != unit, "beam-vector", "+"+name, "the beam along an axis", func(c *sim.Config) { c.Detector.Beam = unit })
		s.when(s.c.Detector.Spindle != unit, "spindle", "+"+name, "the spindle along an axis", func(c *sim.Config) { c.Detector.Spindle = unit })
		s.when(s.c.Detector.Polar != unit, "polar-vector", "+"+name, "the E vector along an axis", func(c *sim.Config) { c.Detector.Polar = unit })
	}
}

// asCustom makes a convention's frame explicit, so that it can be changed.
func asCustom(d *sim.DetectorConfig, g *sim.Geometry, pivot sim.Pivot) {
	s := &g.Setup
	d.Convention, d.Pivot = sim.Custom, pivot
	d.Fdet, d.Sdet, d.Odet = s.Initial.Fast, s.Initial.Slow, s.Initial.Normal
	d.Beam, d.Polar, d.Spindle, d.TwothetaAxis = g.Beam, g.Polar, g.SpindleRaw, s.TwothetaAxis
	d.Xbeam, d.Ybeam = s.Fbeam*1000, s.Sbeam*1000
	if pivot == sim.PivotSample && g.Pivot == sim.PivotSample {
		d.Xbeam, d.Ybeam = s.Fclose*1000, s.Sclose*1000
	}
}

// centre is where the beam hits.
func (s *choices) centre() {
	g, px := s.g, s.c.Detector.PixelMM
	s.add("half-pixel", "out", "the beam centre without half a pixel", func(c *sim.Config) { shift(&c.Detector, g, -0.5*px) })
	s.add("half-pixel", "in", "the beam centre with half a pixel more", func(c *sim.Config) { shift(&c.Detector, g, 0.5*px) })
	s.add("beam-centre", "swapped", "X and Y of the beam centre exchanged", func(c *sim.Config) {
		d := &c.Detector
		fill(d, g)
		d.Xbeam, d.Ybeam = d.Ybeam, d.Xbeam
		d.Xclose, d.Yclose = d.Yclose, d.Xclose
		d.ORGX, d.ORGY = d.ORGY, d.ORGX
	})
	s.add("beam-centre", "pixels", "the millimetres of the beam centre read as pixels", func(c *sim.Config) { scaleCentre(&c.Detector, g, px) })
	s.add("beam-centre", "mm", "the pixels of the beam centre read as millimetres", func(c *sim.Config) { scaleCentre(&c.Detector, g, 1/px) })
	s.add("beam-centre", "default", "the beam centre ignored", func(c *sim.Config) {
		d, nan := &c.Detector, math.NaN()
		d.Xbeam, d.Ybeam, d.Xclose, d.Yclose, d.ORGX, d.ORGY = nan, nan, nan, nan, nan, nan
	})
}

// fill sets what was derived, so that it can be changed.
func fill(d *sim.DetectorConfig, g *sim.Geometry) {
	for _, v := range []struct {
		given *float64
		value float64
	}{
		{&d.Xbeam, g.Xbeam * 1000}, {&d.Ybeam, g.Ybeam * 1000},
		{&d.ORGX, g.Setup.Fclose/g.PixelSize + 0.5}, {&d.ORGY, g.Setup.Sclose/g.PixelSize + 0.5},
	} {
		if math.IsNaN(*v.given) {
			*v.given = v.value
		}
	}
}

// shift moves the centre by mm along both axes of the detector.
func shift(d *sim.DetectorConfig, g *sim.Geometry, mm float64) {
	fill(d, g)
	switch d.Convention {
	case sim.XDS, sim.Dials:
		d.ORGX, d.ORGY = d.ORGX+mm/d.PixelMM, d.ORGY+mm/d.PixelMM
	case sim.Adxv:
		d.Xbeam, d.Ybeam = d.Xbeam+mm, d.Ybeam-mm // Y counts from the other side
	default:
		d.Xbeam, d.Ybeam = d.Xbeam+mm, d.Ybeam+mm
	}
}

func scaleCentre(d *sim.DetectorConfig, g *sim.Geometry, by float64) {
	fill(d, g)
	d.Xbeam, d.Ybeam = d.Xbeam*by, d.Ybeam*by
}
