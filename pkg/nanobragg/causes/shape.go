package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// roundFactor makes up for the volume of a ball in a cube, see sim.
const roundFactor = 0.723601254558268

func findShape(c *Context, _ []*diff.Row) ([]Cause, string) {
	keys := append([]schema.Key{schema.FLatt}, sumKeys...)
	rows, why := c.Open(keys...), noRoot(keys...)
	if len(rows) > 0 {
		ratio, ok := rowRatio(rows[0])
		if rows[0].Key == schema.FLatt {
			ratio *= math.Abs(ratio)
		}
		if _, fits := eitherWay(ratio, roundFactor*roundFactor); ok && fits {
			return shown(rows, "a factor of the crystal's shape (ROUND) is missing on one side", fmt.Sprintf("the ratio of the intensities is %.12g; 0.723601254558268 squared is %.12g", ratio, roundFactor*roundFactor)).
				times(ratio, "the ratio of "+rows[0].Name()), ""
		}
		why = fmt.Sprintf("the ratio is %.9g and not that of a ball in a cube, and both logs print F_latt", ratio)
	}
	switch {
	case c.Ref.Rec(schema.FLatt) != nil && c.Got.Rec(schema.FLatt) != nil:
		return nil, why
	case !c.Differs(sumKeys...):
		return nil, "I_before_scaling agrees, or is not printed on both sides"
	}
	// What the samples are made of may differ by another cause: each log is held against its own.
	a, b, ok := both(c, func(s *Side) (shaped, bool) { return shapeOf(c, s) })
	switch {
	case !ok:
		return nil, "not checked: no shape and fudge make the sum of each side out of what it prints of one phi step, source and domain"
	case a.name == b.name && a.fudge == b.fudge:
		return nil, "both sums are those of " + a.text()
	}
	return shown(rows, fmt.Sprintf("the shape of the crystal: %s in the reference, %s in got", a.text(), b.text()),
		fmt.Sprintf("the printed indices make I_before_scaling %.9g with %s, and %.9g with %s: those of the two sides", a.made, a.text(), b.made, b.text())).enters(schema.IBeforeScaling), ""
}

// shaped is a shape and fudge that make a log's sum.
type shaped struct {
	name  string
	fudge float64
	made  float64
}

func (s shaped) text() string {
	if s.name == "SQUARE" {
		return s.name
	}
	return fmt.Sprintf("%s with fudge %g", s.name, s.fudge)
}

// lattice is what a shape's lattice factor is made of: the index h and its distance d from the nearest
// whole one, the numbers of cells and the reciprocal vectors.
type lattice struct {
	h, d, n Vec
	star    []Vec
}

// cells is the number of them all, the factor at a whole index.
func (l lattice) cells() float64 { return l.n[0] * l.n[1] * l.n[2] }

// apart is d in units of the width of the lattice factor.
func (l lattice) apart() Vec { return Vec{l.d[0] * l.n[0], l.d[1] * l.n[1], l.d[2] * l.n[2]} }

// radius is the squared distance from the reciprocal lattice point in such units.
func (l lattice) radius() float64 {
	v := l.star[0].scale(l.d[0]).add(l.star[1].scale(l.d[1])).add(l.star[2].scale(l.d[2]))
	return v.dot(v) * l.cells() * l.cells()
}

// shapes are the lattice factors of the crystal's shapes.
var shapes = []struct {
	name string
	f    func(l lattice, fudge float64) float64
}{
	{"SQUARE", func(l lattice, _ float64) float64 {
		return sincg(int(l.n[0]), l.h[0]) * sincg(int(l.n[1]), l.h[1]) * sincg(int(l.n[2]), l.h[2])
	}},
	{"ROUND", func(l lattice, fudge float64) float64 { return roundFactor * ball(l, fudge) }},
	{"GAUSS", func(l lattice, fudge float64) float64 { return l.cells() * math.Exp(-l.radius()/0.63*fudge) }},
	{"TOPHAT", func(l lattice, fudge float64) float64 {
		if l.radius()*fudge < 0.3969 {
			return l.cells()
		}
		return 0
	}},
	{"GAUSS by fractional radius", func(l lattice, fudge float64) float64 {
		return l.cells() * math.Exp(-l.apart().dot(l.apart())/0.63*fudge)
	}},
	{"ROUND, without the factor 0.7236 of a ball in a cube,", ball},
}

// ball is the lattice factor of a ball.
func ball(l lattice, fudge float64) float64 {
	x := math.Pi * math.Sqrt(fudge) * l.apart().norm()
	if x == 0 {
		return l.cells()
	}
	return l.cells() * 3 * (math.Sin(x)/x - math.Cos(x)) / (x * x)
}

// shapeOf finds the shape and fudge that make the sum of a log. A fudge is a
// number of two decimals, as one types it; 1 is tried first.
func shapeOf(c *Context, s *Side) (shaped, bool) {
	m, ok := modelOf(c, s)
	if !ok {
		return shaped{}, false
	}
	try := func(shape int, fudge, within float64) (shaped, bool) {
		total := 0.0
		for i, l := range m.terms {
			v := m.cell[i] * shapes[shape].f(l, fudge)
			total += v * v
		}
		return shaped{shapes[shape].name, fudge, total}, total > 0 && finite(total) && math.Abs(m.want-total) <= within*total
	}
	for i := range shapes {
		if found, ok := try(i, 1, fingerprint); ok {
			return found, true
		}
	}
	for _, i := range []int{1, 2, 5} { // ROUND, as a ball alone too, and GAUSS
		for hundredths := range 1000 {
			if found, ok := try(i, float64(hundredths+1)/100, 1e-9); ok {
				return found, true
			}
		}
	}
	return shaped{}, false
}

// model is what a log prints of the terms of its sum, where all are of one
// source and domain.
type model struct {
	terms []lattice // of each sample and phi step
	cell  []float64 // structure factors
	want  float64
}

func modelOf(c *Context, s *Side) (m model, ok bool) {
	n, ok1 := countsOf(c, s)
	star, _ := vecs(s, starKeys...)
	real, _ := vecs(s, realKeys...)
	scatter, factors := s.All(schema.ScatteringVec), numsOf(s.All(schema.FCell))
	if len(factors) == 0 {
		factors = numsOf(s.All(schema.FCellNearest))
	}
	if !ok1 || len(scatter) == 0 || len(scatter) != len(factors) {
		return m, false
	}
	m.want = val(s, schema.IBeforeScaling)
	turns, axis, ok := turnsOf(c, s, val(s, schema.Steps)*either(set(c, s, "layers"), 1), float64(len(scatter)))
	if !ok {
		return m, false
	}
	for i, r := range scatter {
		q := vecOf(r).scale(1e-10)
		var first Vec
		for j, turn := range turns {
			var h Vec
			for k, v := range real {
				h[k] = spin(v, axis, turn).dot(q)
			}
			if j == 0 {
				first = h.rounded()
			}
			if h.rounded() != first {
				return m, false // its structure factor is not printed
			}
			m.terms = append(m.terms, lattice{h, h.sub(h.rounded()), Vec{float64(n[0]), float64(n[1]), float64(n[2])}, star})
			m.cell = append(m.cell, factors[i])
		}
	}
	return m, true
}

// turnsOf are the angles in degrees, and their axis, by which the phi steps turn the real vectors, which are those of the
// first step; ok is false where the steps are not just phi steps and samples.
func turnsOf(c *Context, s *Side, steps, samples float64) (turns []float64, axis Vec, ok bool) {
	turns = []float64{0}
	if steps == samples {
		return turns, axis, true
	}
	n, start, end := set(c, s, "phi steps"), set(c, s, "phi start"), set(c, s, "phi end")
	axis, ok = setVec(c, s, "spindle")
	if !ok || !known(start, end) || start == 0 || !(n > 1) || n*samples != steps {
		return nil, axis, false
	}
	for i := 1; i < int(n); i++ {
		turns = append(turns, float64(i)*(end-start)/n)
	}
	return turns, axis.unit(), true
}
