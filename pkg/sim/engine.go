package sim

import (
	"fmt"
	"math"
	"os"

	"simtrace/pkg/sim/fast"
)

// Engine says how an image is computed.
type Engine uint8

const (
	// EngineExact computes every pixel as a trace does.
	EngineExact Engine = iota
	// EngineAuto takes the fast engine where it can stand in for the exact one.
	EngineAuto
	// EngineFast computes blocks of pixels with the kernels of package fast and
	// has the exact engine check a sample of them.
	EngineFast
)

// EngineNames lists the names that EngineByName knows.
var EngineNames = []string{"auto", "exact", "fast"}

// String returns the name.
func (e Engine) String() string { return [...]string{"exact", "auto", "fast"}[e] }

// EngineByName returns an engine, or an error that lists the known ones.
func EngineByName(name string) (Engine, error) {
	for _, e := range []Engine{EngineAuto, EngineExact, EngineFast} {
		if e.String() == name {
			return e, nil
		}
	}
	return 0, fmt.Errorf("unknown engine %q (known: %v)", name, EngineNames)
}

// Run tells how an image came about.
type Run struct {
	Engine  Engine // EngineExact or EngineFast: what computed the image that was returned
	Kernels string // the fast engine's: avx512, avx2, go or the device's name; "" for the exact engine
	Why     string // why this engine
	// NotOnDevice says why Options.Device did not compute the image; "" where it did, or
	// there is none.
	NotOnDevice string
	// Exactly counts the pixels that the fast engine left to the exact one.
	Exactly int
	Check   Check // of the fast engine by the exact one; also where it failed
}

// From how many pixels, and from how many steps in all of them, auto takes the
// fast engine: of fewer pixels its check computes a tenth and more again, and
// fewer steps take the exact engine a hundredth of a second.
const (
	leastPixels = 10 * (leastRandom + leastBright)
	leastSteps  = 100_000
)

// choose decides between the engines. The error says why the fast engine was
// asked for and cannot be had.
func (e *Experiment) choose(opt Options) (fast.Kernels, Run, error) {
	kernels, run, err := e.chooseHere(opt)
	if err == nil && opt.Device != nil {
		e.chooseDevice(&opt, &run)
	}
	return kernels, run, err
}

// chooseHere is choose of the engines of this processor.
func (e *Experiment) chooseHere(opt Options) (fast.Kernels, Run, error) {
	if opt.Engine == EngineExact {
		return fast.Kernels{}, Run{Why: "it was asked for"}, nil
	}
	kernels, err := kernelsFor(opt.Kernels)
	if err != nil {
		return kernels, Run{}, err
	}
	reason := e.onlyExact()
	run := Run{Engine: EngineFast, Kernels: kernels.Name, Why: "no switch needs the order of the scan"}
	if opt.Engine == EngineFast {
		if run.Why = "it was asked for"; reason != "" {
			return kernels, run, fmt.Errorf("the fast engine cannot compute this image: %s", reason)
		}
		return kernels, run, nil
	}
	if reason == "" {
		reason = e.small()
	}
	if reason == "" && opt.Printed {
		reason = "quantities of pixels are printed"
	}
	if reason == "" && fast.Slow() {
		reason = "this processor has no fused multiply-add"
	}
	if reason != "" {
		return kernels, Run{Why: reason}, nil
	}
	return kernels, run, nil
}

// thin reports whether the list has one plane of reflections only.
func (g *FGrid) thin() bool {
	return g.Min[0] == g.Max[0] || g.Min[1] == g.Max[1] || g.Min[2] == g.Max[2]
}

// samplesOfPixel is how many terms the sum of a pixel has.
func (e *Experiment) samplesOfPixel() int {
	return e.samples() * len(e.Beam.Sources) * len(e.orient.sweep)
}

// small says why the fast engine is not worth its check, or its copy of the list;
// "" where it is.
func (e *Experiment) small() string {
	n, f := e.pixels(), e.Config.Crystal.F
	steps := float64(n) * float64(e.samplesOfPixel())
	// A step takes the exact engine as long as copying some thirty numbers.
	const perStep = 30
	switch {
	case n < leastPixels:
		return fmt.Sprintf("the image has few pixels (%d)", n)
	case steps < leastSteps:
		return fmt.Sprintf("the image has few steps (%.0f in %d pixels)", steps, n)
	case f != nil && f.Count > 0 && perStep*steps < f.rimmed():
		return fmt.Sprintf("the image has few steps (%.0f) for the list of structure factors", steps)
	}
	return ""
}

// kernelsFor returns the kernels of a name, or the fastest of this processor.
// The environment variable SIMTRACE_CPU stands in for a name that is not given.
func kernelsFor(name string) (fast.Kernels, error) {
	if name == "" {
		name = os.Getenv("SIMTRACE_CPU")
	}
	if name == "" {
		return fast.All()[0], nil
	}
	if k, ok := fast.ByName(name); ok {
		return k, nil
	}
	var have []string
	for _, k := range fast.All() {
		have = append(have, k.Name)
	}
	return fast.Kernels{}, fmt.Errorf("this processor has no kernels %q (it has %v)", name, have)
}

// onlyExact says why the exact engine has to compute an image; "" where it
// need not.
func (e *Experiment) onlyExact() string {
	c := &e.Config.Crystal
	whole := true
	for _, n := range e.Crystal.Cells {
		whole = whole && n == math.Trunc(n) && math.Abs(n) < 1<<24
	}
	switch {
	case e.unset:
		return "the profile leaves the detector's origin unset"
	case e.polarLate && c.Shape != Square, e.Config.Profile.PolarKeep == KeepCentre, e.Config.Profile.PolarKeep == KeepEvery:
		// The lattice factor of a parallelepiped is never exactly 0.
		return "the polarisation factor is chosen by the lattice factor, or the pixel's centre's, or each sample's"
	case e.Config.Profile.MillerSingle:
		return "the Miller index is rounded to single precision"
	case e.Geometry.CaptureFrom > 0:
		return "the front has another layer's capture fraction"
	case e.Config.Profile.CaptureKeep == KeepCentre && e.Geometry.Thick > 0:
		return "the capture fraction is the pixel's centre's"
	case e.Config.Profile.Water == WaterAfter && e.Beam.WaterSize != 0:
		return "a background is added to the photons"
	case e.Interpolate && c.F.thin():
		return "structure factors are interpolated in a list of one plane"
	case e.compounds && e.Config.Profile.SumByPhi:
		return "an -oversample_* switch multiplies the running sum of each phi step"
	case e.compounds && c.Shape == Gauss && e.Crystal.Cells[0]*e.Crystal.Cells[1]*e.Crystal.Cells[2] < 1:
		return "an -oversample_* switch multiplies the running sum of a crystal smaller than a cell"
	case c.Shape == Square && !whole:
		return "the number of cells is not whole"
	case c.F != nil && c.F.rimmed() > maxGrid:
		return "the list of structure factors is too large"
	case e.single != nil:
		return e.onlyExactSingle()
	}
	return ""
}
