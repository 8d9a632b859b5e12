package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// findThicknessGrid recognises thickness-grid.
func findThicknessGrid(c *Context) ([]Cause, string) {
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
		name     string
		step     float64
		paths    []float64
		fraction func(layer int, y float64) float64
	}{
		{"thick/(n-1)", l.thick / (l.n - 1), l.paths[n], taken}, {"thick/n", l.thick / l.n, l.paths[n], taken},
		{"thick/(n-1), crossed straight, without the parallax", l.thick / (l.n - 1), []float64{1}, taken},
		{"thick/(n-1), with all that the layers up to it take", l.thick / (l.n - 1), l.paths[n], func(t int, y float64) float64 { return 1 - math.Exp(-float64(t+1)*y) }},
		{"thick/(n-1), with what the layers before it leave", l.thick / (l.n - 1), l.paths[n], func(t int, y float64) float64 { return math.Exp(-float64(t) * y) }},
	} {
		for t := range int(l.n) {
			for _, p := range s.paths {
				if y := s.step * l.mu / p; math.Abs(s.fraction(t, y)-want) <= 1e-5*want {
					return layer{s.name, t, want}
				}
			}
		}
	}
	return out
}
