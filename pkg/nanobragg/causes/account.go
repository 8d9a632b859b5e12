package causes

import (
	"fmt"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// account is what a log's own inputs make of a quantity by the schema's formula.
type account struct {
	q             *schema.Quantity
	side          *Side
	printed, want []float64
	inputs        [][]float64
	settings      []float64
	rel           float64 // |printed - want| over the size
	pos           trace.Pos
}

// recomputed computes a quantity again from what the same log prints of the first
// sample; false where it does not print what it takes.
func recomputed(c *Context, s *Side, k schema.Key) (account, bool) {
	if k == schema.None {
		return account{}, false
	}
	o := account{q: schema.Info(k), side: s}
	rec := s.RecOr(k)
	if o.q.Formula == nil || rec == nil || len(rec.Values) == 0 || untold(c, s, o.q) {
		return o, false
	}
	for _, in := range o.q.Formula.Inputs {
		r := s.RecOr(in)
		if r == nil || len(r.Values) == 0 {
			return o, false
		}
		o.inputs = append(o.inputs, numbers(r))
	}
	for _, name := range o.q.Formula.Settings {
		o.settings = append(o.settings, set(c, s, name))
	}
	if !known(o.settings...) {
		return o, false
	}
	o.printed, o.pos = numbers(rec), rec.Pos()
	var ok bool
	o.want, o.rel, ok = o.with(o.inputs)
	return o, ok
}

// untold reports whether the lines that a formula would take need not be those that the quantity was made with.
func untold(c *Context, s *Side, q *schema.Quantity) bool {
	if q.Key == schema.Cos2Theta { // it is the last source's and sample's, which need not be the traced one
		return set(c, s, "sources") != 1 || len(s.All(schema.DiffractedVec)) != 1
	}
	near, interp := num(s.Rec(schema.FCellNearest)), num(s.Rec(schema.FCellInterpolated))
	h := vec(s, schema.HKLFrac).norm()
	return q.Stage == schema.Sum && (known(near, interp) && interp != near || // which of the two was used the log does not say
		h < fingerprint && h > 0) // its trace is made with another unit than its sum, see print-unit
}

// with is what other inputs make by the formula, and how far that is from what is printed.
func (o account) with(inputs [][]float64) (want []float64, rel float64, ok bool) {
	f := o.q.Formula
	want, ok = f.Eval(inputs, o.settings, nil)
	if !ok || len(want) != len(o.printed) {
		return nil, 0, false
	}
	scale := 0.0
	if f.Scale != nil {
		scale = f.Scale(inputs)
	}
	rel, ok = offBy(o.printed, want, scale)
	return want, rel, ok
}

// following are the quantities that a log computes from k and that can be computed again, with v for k.
func following(c *Context, s *Side, k schema.Key, v []float64) (out []account) {
	for i := range c.Schema.All() {
		q := &c.Schema.All()[i]
		if q.Formula == nil || !slices.Contains(q.Formula.Inputs, k) {
			continue
		}
		o, ok := recomputed(c, s, q.Key)
		if !ok {
			continue
		}
		o.inputs = slices.Clone(o.inputs)
		for n, in := range o.q.Formula.Inputs {
			if in == k {
				o.inputs[n] = v
			}
		}
		if o.want, o.rel, ok = o.with(o.inputs); ok {
			out = append(out, o)
		}
	}
	return out
}

// ratio returns printed/want where all components share it.
func (o account) ratio() (float64, bool) { return oneRatio(o.want, o.printed) }

// text says what the log prints and what follows from its own numbers.
func (o account) text() string {
	return fmt.Sprintf("%s prints %s = %s (%s); its own %s makes %s", o.side.Name, o.q.Key, list(o.printed), o.pos, o.q.How, list(o.want))
}

// ownRatio is printed/recomputed of got over that of the reference.
func ownRatio(c *Context, k schema.Key) (ratio float64, ref, got account, ok bool) {
	ref, ok1 := recomputed(c, c.Ref, k)
	got, ok2 := recomputed(c, c.Got, k)
	a, ok3 := ref.ratio()
	b, ok4 := got.ratio()
	if !ok1 || !ok2 || !ok3 || !ok4 || a == 0 {
		return 0, ref, got, false
	}
	return b / a, ref, got, true
}

// contradicted finds the one side on which a quantity does not follow from its own inputs to within limit,
// where on the other it does. Where both hold, or neither, the formula is not theirs.
func contradicted(c *Context, k schema.Key, limit float64) (bad, good account, ok bool) {
	bad, ok1 := recomputed(c, c.Got, k)
	good, ok2 := recomputed(c, c.Ref, k)
	if good.rel > limit {
		bad, good = good, bad
	}
	return bad, good, ok1 && ok2 && bad.rel > limit && good.rel <= limit
}

// ofItself reports whether a row differs by something that is in none of its inputs: it follows from them on one side alone.
func ofItself(c *Context, r *diff.Row) bool {
	_, _, bad := contradicted(c, r.Key, fingerprint)
	return bad
}
