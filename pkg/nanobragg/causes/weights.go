package causes

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"simtrace/pkg/trace/schema"
)

var sourceWeights = Rule{
	ID: "source-weight", Stage: schema.Sum,
	Title: "the weights of the sources used on one side",
	Text: `A source file has a weight for each source. nanoBragg reads and prints it and does not use it: every source counts alike. cctbx's programs multiply what a
source adds by its weight, and leave the sources out of the steps.

How it shows: everything traced agrees, which is of source 0; what the sum has beyond its terms is of the other sources. The one sum is both parts as they
are, the other is both parts times their weights.

How to check: give all sources the weight 1; the difference goes.`,
	Do:    "Leave the weights out where parity with the reference is wanted.",
	Mimic: "--switch steps=without-sources",
	Example: `c.log:   I_before_scaling 407694.621566942     (two sources, weights 0.47 and 1.66)
py.log:  I_before_scaling 612510.930650154`,
	Find: func(c *Context) ([]Cause, string) {
		rows := c.Open(sumKeys...)
		if len(rows) == 0 {
			return nil, "I_before_scaling is no root that is left to explain"
		}
		w, ok := weights(c)
		if !ok {
			return nil, "not checked: the logs print no list of sources with weights"
		}
		a, ok1 := termsOf(c.Ref)
		b, ok2 := termsOf(c.Got)
		steps, _, ok3 := c.Ref.Num(schema.Steps)
		if !ok1 || !ok2 || !ok3 || float64(len(a.values)*len(w)) != steps || c.Differs(append(latticeKeys, factorKeys...)...) {
			return nil, fmt.Sprintf("the log shows %d terms of %g steps of %d sources", len(a.values), steps, len(w))
		}
		least, most := w[1], w[1]
		for _, v := range w[1:] {
			least, most = math.Min(least, v), math.Max(most, v)
		}
		for i, t := range [2][2]terms{{a, b}, {b, a}} {
			plain, weighed := t[0], t[1]
			rest := plain.sum - plain.total
			lo, hi := plain.total*w[0]+rest*least, plain.total*w[0]+rest*most
			const within = 1e-5 // weights are printed with six digits
			if rest < 0 || weighed.sum < lo*(1-within) || weighed.sum > hi*(1+within) || hi > 1.5*lo || meets(weighed.sum, plain.sum) {
				continue
			}
			s := c.Sides()[1-i]
			cause := one(rows, fmt.Sprintf("the sum of %s has what each source adds times its weight, the other side's as it is", s.Name),
				[]string{fmt.Sprintf("with %.9g of source 0, whose weight is %g, and %.9g of the others, whose weights are %g to %g, that makes %.9g to %.9g; it is %.9g", plain.total, w[0], rest, least, most, lo, hi, weighed.sum)}, show(rows[0])+".")
			cause[0].Share = times(b.sum/a.sum, "the ratio of the sums")
			return cause, ""
		}
		return nil, fmt.Sprintf("the sums are %.9g and %.9g, source 0 adds %.9g", a.sum, b.sum, a.total)
	},
}

// weights reads the sources' from the list that a program prints: x y z weight
// wavelength.
func weights(c *Context) ([]float64, bool) {
	for _, s := range c.Sides() {
		var out []float64
		for {
			f := strings.Fields(s.Settings["source "+strconv.Itoa(len(out))].Text)
			if len(f) < 4 {
				break
			}
			v, err := strconv.ParseFloat(f[3], 64)
			if err != nil {
				return nil, false
			}
			out = append(out, v)
		}
		if len(out) > 1 {
			return out, true
		}
	}
	return nil, false
}

var captureEach = Rule{
	ID: "capture-each", Stage: schema.Sum,
	Title: "each layer's own capture fraction in the sum",
	Text: `The reference sums all layers of the sensor and multiplies the pixel by the last layer's capture fraction. cctbx's programs multiply each layer's samples by
that layer's.

How it shows: the terms F_cell^2 F_latt^2 agree; the one sum is what they make, the other is what they make with each layer's fraction, computed from
the sensor's thickness and attenuation as one program prints them.

How to check: trace with one layer (-detector_thicksteps 1), or with -detector_thick 0.`,
	Do:    "Multiply the pixel by the last layer's fraction where parity with the reference is wanted; each layer's own is the physics.",
	Mimic: "--switch capture=every",
	Example: `c.log:   I_before_scaling 306840.016      capture_fraction 0.1427 (the last of three layers)
py.log:  I_before_scaling 66183.303`,
	Find: func(c *Context) ([]Cause, string) {
		rows := c.Open(sumKeys...)
		if len(rows) == 0 {
			return nil, "I_before_scaling is no root that is left to explain"
		}
		l, ok := layersOf(c)
		if !ok {
			return nil, "not checked: no log prints the sensor's thickness, layers and attenuation"
		}
		if c.Differs(append(latticeKeys, factorKeys...)...) {
			return nil, "the terms of the sum differ as well"
		}
		a, ok1 := termsOf(c.Ref)
		b, ok2 := termsOf(c.Got)
		if !ok1 || !ok2 {
			return nil, notPrinted(schema.FCell, schema.FLatt, schema.Steps)
		}
		for i, t := range [2][2]terms{{a, b}, {b, a}} {
			plain, each := t[0], t[1]
			for _, step := range []float64{l.thick / (l.n - 1), l.thick / l.n} {
				want, ok := each.captured(l, 1-i, step)
				if !ok || !closeTo(plain.sum, plain.total, 1e-9) || !closeTo(each.sum, want, 1e-4) || closeTo(want, plain.total, 1e-4) {
					continue
				}
				s := c.Sides()[1-i]
				rows = append(rows, c.Open(finalKeys...)...)
				return one(rows, fmt.Sprintf("the sum of %s has each layer's samples times that layer's capture fraction; the other side has the last layer's for the whole pixel", s.Name),
					[]string{fmt.Sprintf("%g layers of %.6g m with mu = %g make %.9g of the printed terms; the sum is %.9g (%s), and the other is the terms' own, %.9g", l.n, step, l.mu, want, each.sum, each.pos, plain.total)}, show(rows[0])+"."), ""
			}
		}
		return nil, fmt.Sprintf("the sums are %.9g and %.9g, the printed terms make %.9g and %.9g", a.sum, b.sum, a.total, b.total)
	},
}

// layers is a sensor: metres, a number of layers, 1/metres, and for each traced sample
// the cosine at which it is crossed.
type layers struct {
	thick, n, mu float64
	paths        [2][]float64 // of the reference and of got
}

func layersOf(c *Context) (l layers, ok bool) {
	var ok1, ok2, ok3, ok4, ok5 bool
	l.thick, ok1 = set(c, c.Ref, "sensor thickness")
	l.n, ok2 = set(c, c.Ref, "layers")
	l.mu, ok3 = set(c, c.Ref, "attenuation")
	l.paths[0], ok4 = parallax(c, c.Ref)
	l.paths[1], ok5 = parallax(c, c.Got)
	return l, ok1 && ok2 && ok3 && ok4 && ok5 && l.thick > 0 && l.n >= 2 && l.n <= 1000
}

// captured is the sum of a side's terms, each times its layer's fraction. The first sample of
// a layer tells how it is crossed.
func (t terms) captured(l layers, side int, step float64) (float64, bool) {
	n, paths := int(l.n), l.paths[side]
	if len(paths)%n != 0 || len(t.values)%n != 0 {
		return 0, false
	}
	sum, subs, each := 0.0, len(paths)/n, len(t.values)/n
	for i, v := range t.values {
		layer := i / each
		sum += v * taken(layer, step*l.mu/paths[layer*subs])
	}
	return sum, true
}
