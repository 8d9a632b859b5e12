package sim

import (
	"fmt"
	"math"
	"strings"
)

// Dtype is the precision of the pixel path.
type Dtype uint8

const (
	// Float64 is double precision, as the reference has it.
	Float64 Dtype = iota
	// Float32 is single precision: Prepare works in double precision as always,
	// what the pixel path reads of it is rounded once, and from there on every
	// intermediate quantity is rounded to float32: every operation, every
	// function, the running sum. What differs from Float64 is what precision
	// alone does.
	Float32
)

// String returns the name that flags have for it.
func (d Dtype) String() string { return [...]string{"float64", "float32"}[d] }

// DtypeNames lists the names.
func DtypeNames() []string { return []string{Float64.String(), Float32.String()} }

// DtypeByName returns the precision of a name, or an error that lists the known
// ones.
func DtypeByName(name string) (Dtype, error) {
	for _, d := range []Dtype{Float64, Float32} {
		if d.String() == name {
			return d, nil
		}
	}
	return 0, fmt.Errorf("unknown dtype %q (known: %s, %s)", name, Float64, Float32)
}

// setPrecision are the stages whose precision SetPrecision sets, and how.
var setPrecision = map[string]func(c *Config, d Dtype){
	"miller":   func(c *Config, d Dtype) { c.Profile.MillerSingle = d == Float32 },
	"pixel":    func(c *Config, d Dtype) { c.Dtype = d },
	"setup":    func(c *Config, d Dtype) { c.Profile.Setup = setupOf(d == Float32, d == Float32) },
	"cell":     func(c *Config, d Dtype) { c.Profile.Setup = setupOf(d == Float32, c.Profile.Setup.detector()) },
	"detector": func(c *Config, d Dtype) { c.Profile.Setup = setupOf(c.Profile.Setup.cell(), d == Float32) },
}

// setupOf is the setup with the cell, or the detector, in single precision.
func setupOf(cell, detector bool) Setup {
	switch {
	case cell && detector:
		return SetupSingle
	case cell:
		return SetupSingleCell
	case detector:
		return SetupSingleDetector
	}
	return SetupDouble
}

// SetPrecision sets the precision of the stages of a list such as "setup=float32" or
// "cell=float32,pixel=float64": the cell with its orientations, the detector, both
// (setup), the Miller index, the pixel path. A precision alone is the pixel path's. The error of an
// unknown stage or precision lists the known ones.
func (c *Config) SetPrecision(list string) error {
	for item := range strings.SplitSeq(list, ",") {
		stage, name, ok := strings.Cut(item, "=")
		if !ok {
			stage, name = "pixel", item
		}
		d, err := DtypeByName(name)
		if err != nil {
			return err
		}
		set, ok := setPrecision[stage]
		if !ok {
			return fmt.Errorf("unknown stage %q (known: cell, detector, setup, miller, pixel)", stage)
		}
		set(c, d)
	}
	return nil
}

// float is a precision that the pixel path can be computed in.
type float interface{ float32 | float64 }

// kernel is an experiment in the precision of the pixel path: what a pixel is
// computed from, each number rounded to T once. Its methods are the only code
// that computes pixels.
type kernel[T float] struct {
	*Experiment

	pixelSize, subpixel, close, distance T
	thickStep, mu                        T
	fast, slow, normal, pix0             [3]T
	beam, polarAxis                      [3]T
	polarization, fluence, background    T
	star                                 [3][3]T
	cells                                [3]T
	fudge, dmin, defaultF, beyondF       T
	depth                                T // attenuation depth, where the profile divides by it; else 0

	// The tables of orientations, see there.
	sweepCells, firstCells []cell[T]
}

// newKernel rounds a prepared experiment. It reports a number that T has not.
func newKernel[T float](e *Experiment) (*kernel[T], error) {
	g, b, c := e.Geometry, e.Beam, &e.Config.Crystal
	k := &kernel[T]{
		Experiment: e,
		fast:       rounded[T](g.Frame.Fast), slow: rounded[T](g.Frame.Slow), normal: rounded[T](g.Frame.Normal),
		pix0: rounded[T](g.Pix0), beam: rounded[T](g.Beam),
		cells:      rounded[T](e.Crystal.Cells),
		sweepCells: roundedCells[T](e.orient.sweep), firstCells: roundedCells[T](e.orient.firstSweep),
	}
	for i, v := range e.Crystal.Star {
		k.star[i] = rounded[T](v)
	}
	// The reference normalises the axis again at every use.
	k.polarAxis, _ = unit(rounded[T](g.Polar))
	for _, n := range []struct {
		name string
		to   *T
		v    float64
	}{
		{"pixel size", &k.pixelSize, g.PixelSize}, {"subpixel", &k.subpixel, e.subpixel},
		{"close distance", &k.close, g.Close}, {"distance", &k.distance, g.Distance},
		{"detector layer", &k.thickStep, g.ThickStep}, {"absorption", &k.mu, g.Mu},
		{"polarization", &k.polarization, b.Polarization}, {"fluence", &k.fluence, b.Fluence},
		{"water background", &k.background, b.Background},
		{"fudge", &k.fudge, c.Fudge}, {"dmin", &k.dmin, e.Dmin}, {"default_F", &k.defaultF, c.DefaultF},
		{"F beyond the list", &k.beyondF, e.beyondF()}, {"attenuation depth", &k.depth, g.Depth},
	} {
		*n.to = T(n.v)
		if math.IsInf(float64(*n.to), 0) != math.IsInf(n.v, 0) || (*n.to == 0) != (n.v == 0) {
			return nil, fmt.Errorf("%s %g does not fit into %s", n.name, n.v, e.Config.Dtype)
		}
	}
	return k, nil
}

func rounded[T float](v Vec3) [3]T { return [3]T{T(v[0]), T(v[1]), T(v[2])} }

// roundedCells rounds a table; in double precision it is the table itself.
func roundedCells[T float](table []orientation) []cell[T] {
	if same, ok := any(table).([]cell[T]); ok {
		return same
	}
	if table == nil {
		return nil
	}
	out := make([]cell[T], len(table))
	for i, o := range table {
		out[i] = cell[T]{rounded[T](o.a), rounded[T](o.b), rounded[T](o.c)}
	}
	return out
}

// inPrecision sets the experiment's kernel.
func (e *Experiment) inPrecision() (err error) {
	if e.double, err = newKernel[float64](e); err == nil && e.Config.Dtype == Float32 {
		e.single, err = newKernel[float32](e)
	}
	return err
}

// The functions below choose the kernel.

func (e *Experiment) pixel(slow, fast int, sc *scan, t *Tap) float64 {
	if e.shown != nil && t != nil {
		return e.showing(slow, fast, sc, t)
	}
	return e.computed(slow, fast, sc, t)
}

func (e *Experiment) computed(slow, fast int, sc *scan, t *Tap) float64 {
	if e.single != nil {
		return float64(e.single.pixel(slow, fast, sc, t))
	}
	return e.double.pixel(slow, fast, sc, t)
}

func (e *Experiment) sweeps(slow, fast int) bool {
	if e.single != nil {
		return e.single.sweeps(slow, fast)
	}
	return e.double.sweeps(slow, fast)
}

func (e *Experiment) mayLeave(slow, fast int) bool {
	if e.single != nil {
		return e.single.mayLeave(slow, fast)
	}
	return e.double.mayLeave(slow, fast)
}
