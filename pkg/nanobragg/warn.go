package nanobragg

import (
	"math"

	"simtrace/pkg/sim"
)

// checkSwitches warns of what flags switched besides what their name says.
func (b *Builder) checkSwitches(e *sim.Experiment) {
	b.checkConvention(e)
	b.checkPivot(e)
	b.checkCentre(e)
	b.checkBeam()
	b.checkProfile(e)
	if e.Geometry.Setup.OdetRegenerated {
		by, given := b.setBy["odet_vector"]
		if given && e.Geometry.Convention == sim.Custom {
			b.warn("%s is not of length 1 exactly: the normal is regenerated as fast x slow", by)
		} else {
			b.warn("the detector normal is regenerated as fast x slow")
		}
	}
}

var vectorSettings = []string{"fdet_vector", "sdet_vector", "odet_vector", "beam_vector", "polar_vector", "spindle_axis", "twotheta_axis", "pix0_vector"}

func (b *Builder) checkConvention(e *sim.Experiment) {
	by, set := b.setBy["convention"]
	conv := e.Geometry.Convention
	for _, name := range vectorSettings {
		v, given := b.setBy[name]
		if !given {
			continue
		}
		if conv != sim.Custom {
			b.warn("%s is undone by %s, which has axes of its own", v, by)
		} else if name == "pix0_vector" {
			b.warn("%s has no effect but the CUSTOM convention: the origin is computed from the beam centre", v)
		}
	}
	if conv == sim.Custom && set {
		b.warn("convention CUSTOM, because of %s: Xbeam counts along the fast axis, Ybeam along the slow one, without half a pixel", by)
	}
}

func (b *Builder) checkPivot(e *sim.Experiment) {
	by, set := b.setBy["pivot"]
	if !set {
		return
	}
	conv, pivot := e.Geometry.Convention, e.Geometry.Pivot
	switch {
	case conv != sim.Custom && pivot != b.Config.Detector.Pivot:
		b.warn("%s does not make the detector pivot about the %s: %s pivots about the %s", by, b.Config.Detector.Pivot, conv, pivot)
	case conv == sim.Custom && by.Flag != nil && by.Flag.Name != "-pivot":
		b.warn("the detector pivots about the %s, because of %s", pivot, by)
	}
}

// checkCentre warns of beam centres that the convention does not look at.
func (b *Builder) checkCentre(e *sim.Experiment) {
	var idle []string
	switch e.Geometry.Convention {
	case sim.Mosflm, sim.Denzo, sim.Adxv:
		idle = []string{"Xclose", "Yclose", "ORGX", "ORGY"}
	case sim.XDS, sim.Dials:
		idle = []string{"Xbeam", "Ybeam", "Xclose", "Yclose"}
	}
	for _, name := range idle {
		if by, set := b.setBy[name]; set && by.Flag != nil { // a header has them all
			b.warn("%s does not move the detector in the %s convention", by, e.Geometry.Convention)
		}
	}
}

// checkProfile warns of flags that the profile's program has no use for, and of
// what we do not model of it.
func (b *Builder) checkProfile(e *sim.Experiment) {
	p, s := &b.Config.Profile, &b.Config.Sampling
	if b.Config.Crystal.Interpolate == sim.InterpolateOn && p.InterpOOB == sim.InterpOOBNever {
		b.warn("-interpolate has no effect: the profile never interpolates (interp-oob=off)")
	}
	if s.OversampleOmega && p.OmegaKeep == sim.KeepEvery {
		b.warn("-oversample_omega has no effect: every sample has its own solid angle (omega=every)")
	}
	if s.OversampleThick && p.CaptureKeep == sim.KeepEvery {
		b.warn("-oversample_thick has no effect: every sample has its own capture fraction (capture=every)")
	}
	if math.IsNaN(e.Geometry.Pix0[0]) {
		b.warn("the detector's origin is no number, and neither is any pixel: the program of profile %s leaves it unset where ORGX is given in XDS and DIALS (orgx=unset)", p.Name)
	}
	if e.Beam.WaterSize != 0 && p.Water == sim.WaterNone {
		b.warn("-water has no effect: the program of profile %s adds its background apart from the spots (water=none)", p.Name)
	}
}

func (b *Builder) checkBeam() {
	c := &b.Config.Beam
	if c.Flux != 0 && c.Fluence != sim.DefaultConfig().Beam.Fluence {
		b.warn("-fluence is undone by -flux, whatever their order")
	}
	r := &b.Config.Rotation
	if r.Phisteps > 0 && r.PhistepDeg > 0 && r.OscDeg < 0 {
		b.warn("-phisteps %d is undone by -phistep without -osc: 2 steps are taken", r.Phisteps)
	}
}

// WarnNoImage warns of the flags that ask for an image or for prints of one,
// for runs that make none. Flags that turn an output off need no warning.
func (b *Builder) WarnNoImage() {
	for _, s := range b.Settings {
		if s.Flag != nil && s.Flag.Group == gOutput && (s.Flag.Args > 0 || s.Flag.Name == "-printout") && s.Flag.Name != "-seed" {
			b.warn("%s has no effect: a trace makes no image", s)
		}
	}
}
