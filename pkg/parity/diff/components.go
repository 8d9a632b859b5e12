package diff

import (
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Component is one number of a row on both sides, with its own difference.
type Component struct {
	Name     string // "y", "[1,2]", "rotx"; "" for a scalar
	Ref, Got trace.Value
	// Abs is got - ref in the unit of the reference, and Rel its size over what the row's is
	// taken over: the norm of a vector, the number itself of a list.
	Abs, Rel float64
	// Status is what this number alone would be; that of the row where nothing was compared.
	Status Status
}

// Components returns the numbers that both sides of the row have, in the order
// of the reference; none where a side is missing.
func (r *Row) Components() []Component {
	if r.Ref == nil || r.Got == nil {
		return nil
	}
	m := r.how
	if m == nil {
		m = &measure{rule: r.Rule, known: r.Info != nil && !r.Info.Any}
		if m.known {
			m.kind = r.Info.Kind
		}
	}
	factor, why := m.unitFactor(r.Ref.Text, r.Got.Text)
	kind := m.shape(r.Ref)
	scale := math.NaN()
	if len(r.Ref.Values) > 1 && (kind == schema.Vec3 || kind == schema.Int3 || kind == schema.Mat3) {
		scale = max(norm(r.Ref, 1), norm(r.Got, factor))
	}
	var out []Component
	for i, v := range r.Ref.Values {
		g, ok := partner(r.Got, i, v.Name)
		if !ok {
			continue
		}
		c := Component{componentName(kind, i, len(r.Ref.Values), v.Name), v, g, math.NaN(), math.NaN(), r.Status}
		if r.Status != Missing && why == "" {
			m.component(&c, kind, factor, scale)
		}
		if r.Status == Waived && c.Status != Pass {
			c.Status = Waived
		}
		out = append(out, c)
	}
	return out
}

// component measures one number as numbers does it with all of a row: a test holds the two
// together.
func (m *measure) component(c *Component, kind schema.Kind, factor, scale float64) {
	r, g := c.Ref, c.Got
	g.Num *= factor
	if r.Text == g.Text && factor == 1 && finite(r.Num) {
		c.Abs, c.Rel, c.Status = 0, 0, Pass
		return
	}
	if m.free && overflowed(r) && overflowed(g) {
		c.Status = Missing
		return
	}
	if r.Name != "" {
		scale = math.NaN()
	}
	c.Abs, c.Rel = difference(r, g, scale)
	half := max(m.print[0].halfUnit(r), m.print[1].halfUnit(g)*math.Abs(factor))
	if m.free {
		half = max(m.print[0].step(r), m.print[1].step(g)*math.Abs(factor))
	}
	under := c.Rel > 0 && math.Abs(c.Abs) <= half*(1+1e-9)
	if m.mixed && c.Rel > roundingOfNorm && !math.IsNaN(scale) {
		_, c.Rel = difference(r, g, math.NaN())
		scale = math.NaN()
	}
	d := c.Rel
	if math.IsNaN(d) {
		d = math.Inf(1)
	}
	exact := (kind == schema.Int || kind == schema.Int3) && !m.rule.Named()
	switch {
	case !finite(r.Num) && !finite(g.Num) && !m.nanEqual && d == 0:
		c.Status = NotFinite
	case d == 0 || under:
		c.Status = Pass
	case !m.rule.Passes(math.Abs(c.Abs), d, ulps(c.Abs, scale, r.Num, g.Num)):
		c.Status = grade(d, 0)
	case exact:
		c.Status = Minor // what a tolerance for all lets pass is still another number
	default:
		c.Status = Pass
	}
}
