package sim

import (
	"fmt"
	"math"
)

// sweep is a range sampled in steps, in SI units.
type sweep struct {
	Range, Step float64
	Steps       int
}

// ceilInt is (int)ceil(x) for counts; what is no count becomes -1.
func ceilInt(x float64) int {
	x = math.Ceil(x)
	if !(x >= 0 && x <= math.MaxInt32) {
		return -1
	}
	return int(x)
}

// resolveSweep applies nanoBragg's rules for a range, a step and a number of
// steps of which any may be missing (negative); free is the range taken when
// the number of steps alone is known.
func resolveSweep(s sweep, free float64) sweep {
	switch {
	case s.Steps <= 0 && s.Range < 0 && s.Step <= 0:
		s = sweep{0, 0, 1}
	case s.Steps <= 0 && s.Range < 0:
		s.Range, s.Steps = s.Step, 2
	case s.Steps <= 0 && s.Step <= 0:
		s.Step, s.Steps = s.Range, 2
	case s.Steps <= 0:
		s.Steps = ceilInt(s.Range / s.Step)
	case s.Range < 0 && s.Step <= 0:
		s.Range = free
		s.Step = s.Range / float64(s.Steps)
	case s.Range < 0:
		s.Range, s.Steps = s.Step, 2
	case s.Step <= 0:
		s.Steps = max(s.Steps, 2)
		s.Step = s.Range / float64(s.Steps-1)
	}
	if s.Range <= 0 || s.Step <= 0 || s.Steps <= 0 {
		return sweep{0, 0, 1}
	}
	return s
}

// resolveThickness is resolveSweep for detector layers, which differ: a
// thickness alone is cut into 2 layers of half of it.
func resolveThickness(thick float64, steps int) sweep {
	s := sweep{Range: thick, Steps: steps}
	if steps <= 0 {
		s.Steps = 2
		s.Step = thick / 2
	} else {
		s.Steps = max(steps, 2)
		s.Step = thick / float64(s.Steps-1)
	}
	if s.Range <= 0 || s.Step <= 0 {
		return sweep{0, 0, 1}
	}
	return s
}

// Rotation is the spindle sweep in radians.
type Rotation struct {
	Phi0, Osc, Step float64
	Steps           int
}

// Phi is the spindle angle of a step; the product is rounded before the sum,
// so that -0.4 + 2*0.2 is what C makes of it.
func (r *Rotation) Phi(tic int) float64 { return r.Phi0 + float64(r.Step*float64(tic)) }

func prepareRotation(c *RotationConfig) (Rotation, error) {
	r := Rotation{Phi0: c.PhiDeg / DegreesPerRadian, Osc: c.OscDeg / DegreesPerRadian, Step: c.PhistepDeg / DegreesPerRadian, Steps: c.Phisteps}
	switch {
	case r.Steps < 0 && r.Osc < 0 && r.Step <= 0:
		r.Osc, r.Step, r.Steps = 0, 0, 1
	case r.Steps < 0 && r.Osc < 0:
		r.Osc, r.Steps = r.Step, 2
	case r.Steps < 0 && r.Step <= 0:
		r.Step, r.Steps = r.Osc/2.0, 2
	case r.Steps < 0:
		r.Steps = ceilInt(r.Osc / r.Step)
	default:
		if r.Steps == 0 {
			r.Steps = 1
		}
		switch {
		case r.Osc < 0 && r.Step <= 0:
			r.Osc = 1.0 / DegreesPerRadian
			r.Step = r.Osc / float64(r.Steps)
		case r.Osc < 0:
			r.Osc, r.Steps = r.Step, 2
		case r.Step < 0:
			r.Step = r.Osc / float64(r.Steps)
		}
	}
	if r.Steps < 1 {
		return r, fmt.Errorf("osc %g and phistep %g degrees give no phi steps", c.OscDeg, c.PhistepDeg)
	}
	return r, nil
}

// resolveMosaic returns the spread in radians and the number of domains.
func resolveMosaic(c *CrystalConfig) (spread float64, domains int) {
	spread, domains = c.MosaicDeg/DegreesPerRadian, c.Domains
	if spread < 0 {
		return 0, 1
	}
	if spread == 0 {
		return 0, 1
	}
	if domains <= 0 {
		return spread, 10
	}
	return spread, domains
}
