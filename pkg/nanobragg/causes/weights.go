package causes

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"simtrace/pkg/trace/schema"
)

// findSourceWeights recognises source-weight.
func findSourceWeights(c *Context) ([]Cause, string) {
	rows := c.Open(sumKeys...)
	if len(rows) == 0 {
		return nil, "I_before_scaling is no root that is left to explain"
	}
	w, ok := weights(c)
	if !ok {
		return nil, "not checked: the logs print no list of sources with weights"
	}
	a, b, ok := bothTerms(c)
	if !ok || float64(len(a.list)*len(w)) != a.steps || termsDiffer(c) {
		return nil, fmt.Sprintf("the log shows %d terms of %g steps of %d sources", len(a.list), a.steps, len(w))
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
}

// findSourceLambda recognises source-lambda.
func findSourceLambda(c *Context) ([]Cause, string) {
	rows := c.Open(schema.LambdaMeters, schema.LambdaAngstroms)
	ref, rr, ok1 := c.Ref.Num(schema.LambdaMeters)
	got, gr, ok2 := c.Got.Num(schema.LambdaMeters)
	main, ok3 := set(c, c.Ref, "wavelength")
	first, ok4 := sourceField(c, 0, 4)
	switch {
	case len(rows) == 0:
		return nil, "lambda_meters is no root that is left to explain"
	case !ok1 || !ok2 || !ok3 || !ok4:
		return nil, "not checked: the wavelength, or that of the first source, is not printed"
	case closeTo(main, first, 1e-5):
		return nil, "the first source has the main wavelength"
	}
	const within = 1e-5 // the list has six digits
	s, isMain := c.Got, closeTo(got, main, within) && closeTo(ref, first, within)
	if !isMain {
		s = c.Ref
	}
	if !isMain && !(closeTo(ref, main, within) && closeTo(got, first, within)) {
		return nil, fmt.Sprintf("lambda_meters is %s (%s) and %s (%s); that of source 0 is %.6g, the main one %.6g", text(rr), rr.Pos, text(gr), gr.Pos, first, main)
	}
	rows = append(rows, c.Open(schema.ScatteringVec)...)
	return one(rows, fmt.Sprintf("%s computes source 0 with the main wavelength (lambda), %s with the source's own", s.Name, other(c, s).Name),
		[]string{fmt.Sprintf("source 0 has %.6g m and the main wavelength is %.6g m, as the programs print them", first, main)}, show(rows[0])+"."), ""
}

// sourceField is a number of the list of sources that a program prints: x y z weight wavelength.
func sourceField(c *Context, source, field int) (float64, bool) {
	for _, s := range c.Sides() {
		f := strings.Fields(s.Settings["source "+strconv.Itoa(source)].Text)
		if field < len(f) {
			v, err := strconv.ParseFloat(f[field], 64)
			return v, err == nil
		}
	}
	return 0, false
}

// weights reads those of the sources.
func weights(c *Context) (out []float64, ok bool) {
	for n := 0; ; n++ {
		v, ok := sourceField(c, n, 3)
		if !ok {
			return out, n > 1
		}
		out = append(out, v)
	}
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
	if len(paths)%n != 0 || len(t.list)%n != 0 {
		return 0, false
	}
	sum, subs, each := 0.0, len(paths)/n, len(t.list)/n
	for i, v := range t.list {
		layer := i / each
		sum += v.value() * taken(layer, step*l.mu/paths[layer*subs])
	}
	return sum, true
}
