package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

var thicknessGrid = Rule{
	ID: "thickness-grid", Stage: schema.Scale,
	Title: "detector layers of another thickness",
	Text: `The reference divides the thickness of the sensor by the number of layers less one, so that a layer is thick/(n-1); a port divides by n. Which layer's fraction is
kept besides is another matter: see capture.

How it shows: each side's capture_fraction is what the sensor's thickness, attenuation and layers, as one program prints them, make of one layer, with
the one step and with the other.

How to check: trace with one layer (-detector_thicksteps 1).`,
	Do: "Take thick/(n-1) for the step where parity with the reference is wanted.",
	Example: `c.log:   capture_fraction 0.147286    (thick/(n-1))
py.log:  capture_fraction 0.142340    (thick/n)`,
	Find: func(c *Context) ([]Cause, string) {
		rows := c.Open(schema.CaptureFraction)
		if len(rows) == 0 {
			return nil, "capture_fraction is no root"
		}
		thick, ok1 := set(c, c.Ref, "sensor thickness")
		n, ok2 := set(c, c.Ref, "layers")
		mu, ok3 := set(c, c.Ref, "attenuation")
		paths, ok4 := parallax(c)
		if !ok1 || !ok2 || !ok3 || !ok4 {
			return nil, "not checked: no log prints the sensor's thickness, layers and attenuation"
		}
		ref, _, ok1 := c.Ref.Num(schema.CaptureFraction)
		got, _, ok2 := c.Got.Num(schema.CaptureFraction)
		if !ok1 || !ok2 || n < 2 || n > 1000 || !(thick > 0) {
			return nil, fmt.Sprintf("the sensor is %g m thick in %g layers", thick, n)
		}
		a, at1 := layerOf(ref, thick, n, mu, paths)
		b, at2 := layerOf(got, thick, n, mu, paths)
		if a == "" || b == "" || a == b && at1 == at2 {
			return nil, fmt.Sprintf("the fractions %.9g and %.9g are not those of layers of thick/(n-1) and thick/n", ref, got)
		}
		cause := one(rows, fmt.Sprintf("the capture fraction is that of layer %d with a thickness step of %s in the reference, of layer %d with %s in got", at1, a, at2, b),
			[]string{fmt.Sprintf("%.9g and %.9g are what %g m in %g layers with mu = %g make", ref, got, thick, n, mu)}, show(rows[0])+".")
		cause[0].Share = times(got/ref, "the ratio of the capture fractions")
		return cause, ""
	},
}

// layerOf finds the step and layer that make a capture fraction. The programs
// print the sensor with six digits.
func layerOf(want, thick, n, mu float64, paths []float64) (step string, layer int) {
	for _, s := range []struct {
		name string
		step float64
	}{{"thick/(n-1)", thick / (n - 1)}, {"thick/n", thick / n}} {
		for t := range int(n) {
			for _, p := range paths {
				if y := s.step * mu / p; math.Abs(taken(t, y)-want) <= 1e-5*want {
					return s.name, t
				}
			}
		}
	}
	return "", 0
}
