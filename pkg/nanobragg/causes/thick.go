package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
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
		if !c.Differs(schema.CaptureFraction) {
			return nil, "capture_fraction agrees, or is not printed on both sides"
		}
		l, ok := layersOf(c)
		if !ok {
			return nil, "not checked: no log prints the sensor's thickness, layers and attenuation"
		}
		a, b := l.of(c.Ref, 0), l.of(c.Got, 1)
		switch {
		case a.step == "" || b.step == "":
			return nil, fmt.Sprintf("the fractions %.9g and %.9g are not those of layers of thick/(n-1) and thick/n", a.fraction, b.fraction)
		case a.step == b.step:
			return nil, fmt.Sprintf("both sides have layers of %s", a.step)
		}
		return l.cause(c, c.Open(schema.CaptureFraction), fmt.Sprintf("the capture fraction is that of layer %d with a thickness step of %s in the reference, of layer %d with %s in got", a.layer, a.step, b.layer, b.step), a, b), ""
	},
}

// layer is the one that a capture fraction is of.
type layer struct {
	step     string // "" for none
	layer    int
	fraction float64
}

// cause is one of the capture fraction.
func (l layers) cause(c *Context, rows []*diff.Row, title string, a, b layer) []Cause {
	cause := one(rows, title, []string{fmt.Sprintf("%.9g and %.9g are what %g m in %g layers with mu = %g make", a.fraction, b.fraction, l.thick, l.n, l.mu)},
		fmt.Sprintf("capture_fraction is %.12g (%s) against %.12g (%s).", b.fraction, c.Got.RecOr(schema.CaptureFraction).Pos, a.fraction, c.Ref.RecOr(schema.CaptureFraction).Pos))
	cause[0].Order = schema.CaptureFraction
	if len(rows) > 0 {
		cause[0].Share = times(b.fraction/a.fraction, "the ratio of the capture fractions")
	}
	return cause
}

// of finds the step and layer that make a side's capture fraction. The programs
// print the sensor with six digits.
func (l layers) of(side *Side, n int) (out layer) {
	want, _, ok := side.Num(schema.CaptureFraction)
	out.fraction = want
	if !ok {
		return out
	}
	for _, s := range []struct {
		name  string
		step  float64
		paths []float64
	}{
		{"thick/(n-1)", l.thick / (l.n - 1), l.paths[n]}, {"thick/n", l.thick / l.n, l.paths[n]},
		{"thick/(n-1), crossed straight, without the parallax", l.thick / (l.n - 1), []float64{1}},
	} {
		for t := range int(l.n) {
			for _, p := range s.paths {
				if y := s.step * l.mu / p; math.Abs(taken(t, y)-want) <= 1e-5*want {
					return layer{s.name, t, want}
				}
			}
		}
	}
	return out
}
