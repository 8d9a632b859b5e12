package sim

import "math"

// defaultDepth is the attenuation depth, in metres, of the programs that have one of
// their own: that of silicon at about 1 angstrom.
const defaultDepth = 234e-6

// thickness prepares the sensor's layers and what they absorb.
func (e *Experiment) thickness(d *DetectorConfig) {
	g, habit := e.Geometry, e.Config.Profile.Absorption
	g.Thick, g.Mu = d.ThickUM*1e-6, -1
	if habit == Absorb234 {
		g.Thick = d.ThickUM / 1000 / 1000 // set in millimetres, kept in metres
	}
	switch {
	case math.IsInf(d.AbsorbUM, 1):
		g.Mu = 0
	case d.AbsorbUM > 0 && habit == Absorb234:
		g.Depth = d.AbsorbUM / 1000 / 1000
	case d.AbsorbUM > 0:
		g.Mu = 1.0 / (d.AbsorbUM * 1e-6)
	case habit == Absorb234:
		g.Depth = defaultDepth
	case habit == AbsorbNothing:
		g.Mu = 0
	}
	if g.Depth > 0 {
		g.Mu = 1 / g.Depth
	}
	if g.Thick > 0 && g.Mu < 0 {
		g.Mu = 1.0 / g.Thick
	}
	s := resolveThickness(g.Thick, d.ThickSteps)
	if e.Config.Profile.LayerPitch && s.Steps > 1 {
		if d.ThickSteps > 0 {
			s.Steps = d.ThickSteps // 1 is a number of layers, too
		}
		s.Step = s.Range / float64(s.Steps)
	}
	if e.Config.Profile.LayerLast && s.Steps > 1 {
		g.CaptureFrom, s.Steps = s.Steps-1, 1
	}
	g.Thick, g.ThickStep, g.ThickSteps = s.Range, s.Step, s.Steps
}
