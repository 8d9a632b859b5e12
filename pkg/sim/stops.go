package sim

import "fmt"

// unsetBits is the float32 that x86 makes of an invalid operation.
const unsetBits = 0xffc00000

// StopError is a configuration that the profile's program does not compute.
type StopError struct {
	Profile string
	At      string // what it stops at
	Remedy  string
}

// Error names the profile, what its program stops at, and what to do.
func (e *StopError) Error() string {
	return fmt.Sprintf("the program of profile %s stops at %s: %s", e.Profile, e.At, e.Remedy)
}

// stops says why the profile's program would not compute the configuration.
func (c *Config) stops() error {
	x := &c.Crystal
	refused := func(what, remedy string) error {
		return &StopError{c.Profile.Name, what, remedy}
	}
	switch c.Profile.Stops {
	case StopsBl831CUDA:
		switch {
		case x.Shape == Gauss || x.Shape == Tophat:
			return refused("-gauss_xtal, -tophat_spots and -binary_spots", "take -square_xtal or -round_xtal, or another profile")
		case x.Interpolate == InterpolateOn:
			return refused("-interpolate", "leave it out, or take another profile")
		case x.Fudge != 1:
			return refused("-fudge", "leave it out, or take another profile")
		}
	case StopsCurved:
		if c.Detector.Curved {
			return refused("-curved_det, with an assertion", "leave it out, or take another profile")
		}
	}
	return nil
}

// listed puts in order what the profile's program makes of the list of structure
// factors: its length, and F of 0 0 0.
func (e *Experiment) listed() {
	p, c := &e.Config.Profile, &e.Config.Crystal
	if p.Count16 && c.F != nil && c.F.Count%(1<<16) == 0 {
		c.F = nil
	}
	none := c.F == nil || c.F.Count == 0
	switch {
	case p.FOrigin == FOriginListed || none && p.FOrigin == FOriginZeroListed:
		return
	case none:
		// The program has a list of one: F of 0 0 0.
		c.F = newBox([3]int{}, [3]int{}, 0)
		c.F.Count = 1
	case c.F.Stored(0, 0, 0) && c.F.At(0, 0, 0) != 0:
		g := *c.F
		g.data = append([]float64(nil), c.F.data...)
		g.Set(0, 0, 0, 0)
		c.F = &g
	}
}

// beyondF is the structure factor of what lies beyond the bounds of the list.
func (e *Experiment) beyondF() float64 {
	if e.Config.Profile.FBeyondZero {
		return 0
	}
	return e.Config.Crystal.DefaultF
}
