package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// account is what a log's own inputs make of a quantity by the schema's formula.
type account struct {
	key           schema.Key
	printed, want []float64
	inputs        [][]float64
	settings      []float64
	rel           float64 // |printed - want| over the size
	pos           trace.Pos
}

// recomputed computes a quantity again from what the same log prints of the first
// sample; false where it does not print what it takes.
func recomputed(c *Context, s *Side, k schema.Key) (account, bool) {
	o := account{key: k}
	if k == schema.None {
		return o, false
	}
	f, rec := schema.Info(k).Formula, s.RecOr(k)
	if n, _ := set(c, s, "sources"); k == schema.Cos2Theta && (n != 1 || len(s.All(schema.DiffractedVec)) != 1) {
		return o, false // it is the last source's and sample's, which need not be the traced one
	}
	if f == nil || rec == nil || len(rec.Values) == 0 {
		return o, false
	}
	if near, ok1 := num(s.Rec(schema.FCellNearest)); ok1 && schema.Info(k).Stage == schema.Sum {
		if v, ok := num(s.Rec(schema.FCellInterpolated)); ok && v != near {
			return o, false // which of the two was used the log does not say
		}
	}
	if h, _, ok := vec(s, schema.HKLFrac); ok && h.norm() < fingerprint && h.norm() > 0 && schema.Info(k).Stage == schema.Sum {
		return o, false // its trace is made with another unit than its sum, see print-unit
	}
	for _, in := range f.Inputs {
		r := s.RecOr(in)
		if r == nil || len(r.Values) == 0 {
			return o, false
		}
		o.inputs = append(o.inputs, numbers(r))
	}
	for _, name := range f.Settings {
		v, ok := set(c, s, name)
		if !ok {
			return o, false
		}
		o.settings = append(o.settings, v)
	}
	want, ok := f.Eval(o.inputs, o.settings, nil)
	if !ok || len(want) != len(rec.Values) {
		return o, false
	}
	o.printed, o.want, o.pos = numbers(rec), want, rec.Pos
	scale := 0.0
	if f.Scale != nil {
		scale = f.Scale(o.inputs)
	}
	o.rel, ok = offBy(o.printed, want, scale)
	return o, ok
}

// offBy is how far two sets of numbers are apart, over their size or the scale.
func offBy(a, b []float64, scale float64) (float64, bool) {
	size, off := 0.0, 0.0
	for i := range a {
		if !finite(a[i]) || !finite(b[i]) {
			return 0, false
		}
		size = math.Hypot(size, math.Max(math.Abs(a[i]), math.Abs(b[i])))
		off = math.Hypot(off, a[i]-b[i])
	}
	if size = math.Max(size, scale); size > 0 {
		off /= size
	}
	return off, true
}

// ratio returns printed/want where all components share it.
func (o account) ratio() (float64, bool) { return oneRatio(o.want, o.printed) }

// text says what the log prints and what follows from its own numbers.
func (o account) text(s *Side) string {
	return fmt.Sprintf("%s prints %s = %s (%s); its own %s makes %s", s.Name, o.key, list(o.printed), o.pos, schema.Info(o.key).How, list(o.want))
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
