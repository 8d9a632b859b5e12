package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

// roundFactor makes up for the volume of a ball in a cube, see sim.
const roundFactor = 0.723601254558268

func findShape(c *Context) ([]Cause, string) {
	rows := c.Open(append([]schema.Key{schema.FLatt}, sumKeys...)...)
	if len(rows) == 0 {
		return nil, "neither I_before_scaling nor F_latt is a root that is left to explain"
	}
	ratio, ok := rowRatio(rows[0])
	want := roundFactor * roundFactor
	if rows[0].Key == schema.FLatt {
		ratio *= math.Abs(ratio)
	}
	if _, fits := eitherWay(ratio, want); ok && fits {
		cause := one(rows, "a factor of the crystal's shape (ROUND) is missing on one side", []string{fmt.Sprintf("the ratio of the intensities is %.12g; 0.723601254558268 squared is %.12g", ratio, want)}, show(rows[0])+".")
		cause[0].Share = times(ratio, "the ratio of "+rows[0].Name())
		return cause, ""
	}
	if c.Ref.Rec(schema.FLatt) != nil && c.Got.Rec(schema.FLatt) != nil {
		return nil, fmt.Sprintf("the ratio is %.9g and not that of a ball in a cube, and both logs print F_latt", ratio)
	}
	a, ok1 := shapeOf(c, c.Ref)
	b, ok2 := shapeOf(c, c.Got)
	if !ok1 || !ok2 {
		return nil, "not checked: no shape and fudge make the sum of each side out of what it prints of one phi step, source and domain"
	}
	if a.name == b.name && a.fudge == b.fudge {
		return nil, "both sums are those of " + a.text()
	}
	return one(rows, fmt.Sprintf("the shape of the crystal: %s in the reference, %s in got", a.text(), b.text()),
		[]string{fmt.Sprintf("the printed indices make I_before_scaling %.9g with %s, and %.9g with %s: those of the two sides", a.made, a.text(), b.made, b.text())}, show(rows[0])+"."), ""
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

// shapes are the lattice factors by the distance d from the nearest index, the
// numbers of cells and the reciprocal vectors.
var shapes = []struct {
	name string
	f    func(h, d Vec, n [3]float64, star []Vec, fudge float64) float64
}{
	{"SQUARE", func(h, _ Vec, n [3]float64, _ []Vec, _ float64) float64 {
		return sincg(int(n[0]), h[0]) * sincg(int(n[1]), h[1]) * sincg(int(n[2]), h[2])
	}},
	{"ROUND", func(_, d Vec, n [3]float64, _ []Vec, fudge float64) float64 {
		x := math.Pi * math.Sqrt(fudge) * Vec{d[0] * n[0], d[1] * n[1], d[2] * n[2]}.norm()
		if x == 0 {
			return n[0] * n[1] * n[2] * roundFactor
		}
		return n[0] * n[1] * n[2] * roundFactor * 3 * (math.Sin(x)/x - math.Cos(x)) / (x * x)
	}},
	{"GAUSS", func(_, d Vec, n [3]float64, star []Vec, fudge float64) float64 {
		return n[0] * n[1] * n[2] * math.Exp(-radius(d, n, star)/0.63*fudge)
	}},
	{"TOPHAT", func(_, d Vec, n [3]float64, star []Vec, fudge float64) float64 {
		if radius(d, n, star)*fudge < 0.3969 {
			return n[0] * n[1] * n[2]
		}
		return 0
	}},
	{"GAUSS by fractional radius", func(_, d Vec, n [3]float64, _ []Vec, fudge float64) float64 {
		r := Vec{d[0] * n[0], d[1] * n[1], d[2] * n[2]}
		return n[0] * n[1] * n[2] * math.Exp(-r.dot(r)/0.63*fudge)
	}},
}

// radius is the squared distance from the reciprocal lattice point.
func radius(d Vec, n [3]float64, star []Vec) float64 {
	v := star[0].scale(d[0]).add(star[1].scale(d[1])).add(star[2].scale(d[2]))
	return v.dot(v) * n[0] * n[0] * n[1] * n[1] * n[2] * n[2]
}

// shapeOf finds the shape and fudge that make the sum of a log. A fudge is a
// number of two decimals, as one types it; 1 is tried first.
func shapeOf(c *Context, s *Side) (shaped, bool) {
	m, ok := modelOf(c, s)
	if !ok {
		return shaped{}, false
	}
	for _, shape := range shapes {
		if v, ok := m.sum(shape.f, 1); ok && v > 0 && meets(m.want, v) {
			return shaped{shape.name, 1, v}, true
		}
	}
	for _, shape := range shapes[1:3] {
		for i := 1; i <= 1000; i++ {
			if v, ok := m.sum(shape.f, float64(i)/100); ok && v > 0 && closeTo(m.want, v, 1e-9) {
				return shaped{shape.name, float64(i) / 100, v}, true
			}
		}
	}
	return shaped{}, false
}

// model is what a log prints of the terms of its sum, where all are of one
// source and domain.
type model struct {
	index []Vec     // of each sample and phi step
	cell  []float64 // structure factors
	n     [3]float64
	star  []Vec
	want  float64
}

func modelOf(c *Context, s *Side) (m model, ok bool) {
	n, ok1 := countsOf(c, s)
	star, ok2 := vecs(s, starKeys...)
	real, ok3 := vecs(s, realKeys...)
	sum, _, ok4 := s.Num(schema.IBeforeScaling)
	steps, _, ok5 := s.Num(schema.Steps)
	scatter, factors := s.All(schema.ScatteringVec), s.All(schema.FCell)
	if len(factors) == 0 {
		factors = s.All(schema.FCellNearest)
	}
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || len(scatter) == 0 || len(scatter) != len(factors) {
		return m, false
	}
	m.n, m.star, m.want = [3]float64{float64(n[0]), float64(n[1]), float64(n[2])}, star, sum
	if layers, ok := set(c, s, "layers"); ok {
		steps *= layers
	}
	turns, axis := []float64{0}, Vec{}
	if steps > float64(len(scatter)) {
		count, ok1 := set(c, s, "phi steps")
		start, ok2 := set(c, s, "phi start")
		end, ok3 := set(c, s, "phi end")
		u, ok4 := setVec(c, s, "spindle")
		if !ok1 || !ok2 || !ok3 || !ok4 || start == 0 || count*float64(len(scatter)) != steps {
			return m, false
		}
		axis = u.scale(1 / u.norm())
		for i := 1; i < int(count); i++ {
			turns = append(turns, float64(i)*(end-start)/count)
		}
	} else if steps < float64(len(scatter)) {
		return m, false
	}
	for i, r := range scatter {
		f, ok := num(factors[i])
		if !ok {
			return m, false
		}
		q := Vec(numbers(r)).scale(1e-10)
		var first Vec
		for j, turn := range turns {
			var h, near Vec
			for k, v := range real {
				h[k] = spin(v, axis, turn).dot(q)
				near[k] = math.Ceil(h[k] - 0.5)
			}
			if j == 0 {
				first = near
			}
			if near != first {
				return m, false // its structure factor is not printed
			}
			m.index, m.cell = append(m.index, h), append(m.cell, f)
		}
	}
	return m, true
}

func (m *model) sum(f func(h, d Vec, n [3]float64, star []Vec, fudge float64) float64, fudge float64) (float64, bool) {
	total := 0.0
	for i, h := range m.index {
		d := Vec{h[0] - math.Ceil(h[0]-0.5), h[1] - math.Ceil(h[1]-0.5), h[2] - math.Ceil(h[2]-0.5)}
		v := m.cell[i] * f(h, d, m.n, m.star, fudge)
		total += v * v
	}
	return total, finite(total)
}
