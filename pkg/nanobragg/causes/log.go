package causes

import (
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// pairs yields each log with the other one, the reference first.
func pairs(c *Context) iter.Seq2[*Side, *Side] {
	return func(yield func(s, o *Side) bool) {
		_ = yield(c.Ref, c.Got) && yield(c.Got, c.Ref)
	}
}

// pick is the reference where isRef, and got otherwise.
func pick(c *Context, isRef bool) *Side {
	if isRef {
		return c.Ref
	}
	return c.Got
}

// other is the log beside s.
func other(c *Context, s *Side) *Side { return pick(c, s == c.Got) }

// both reads something from the two logs; false where one does not tell it.
func both[T any](c *Context, read func(*Side) (T, bool)) (ref, got T, ok bool) {
	ref, ok1 := read(c.Ref)
	got, ok2 := read(c.Got)
	return ref, got, ok1 && ok2
}

// What a log does not print is NaN: no prediction meets it.
var (
	missing    = math.NaN()
	missingVec = Vec{missing, missing, missing}
)

// known reports whether all numbers are there.
func known(v ...float64) bool { return !slices.ContainsFunc(v, math.IsNaN) }

// num returns the number of a one-number record.
func num(r *trace.Record) float64 {
	if r == nil || len(r.Values) != 1 {
		return missing
	}
	return r.Values[0].Num
}

// val returns the number k of a log, or a stand-in for it.
func val(s *Side, k schema.Key) float64 {
	v, _, ok := s.Num(k)
	if !ok {
		return missing
	}
	return v
}

// vals returns the number of both logs.
func vals(c *Context, k schema.Key) (ref, got float64) { return val(c.Ref, k), val(c.Got, k) }

// vec returns the vector k of a log, or a stand-in for it.
func vec(s *Side, k schema.Key) Vec {
	v, _, ok := s.Vec(k)
	if !ok {
		return missingVec
	}
	return v
}

// vecOf returns the first three numbers of a record.
func vecOf(r *trace.Record) Vec {
	if r == nil || len(r.Values) < 3 {
		return missingVec
	}
	return Vec{r.Values[0].Num, r.Values[1].Num, r.Values[2].Num}
}

// vecs returns several vectors; ok is false where one is missing.
func vecs(s *Side, keys ...schema.Key) (out []Vec, ok bool) {
	ok = true
	for _, k := range keys {
		v := vec(s, k)
		out, ok = append(out, v), ok && known(v[:]...)
	}
	return out, ok
}

// bothVecs returns the vectors of both logs.
func bothVecs(c *Context, keys ...schema.Key) (ref, got []Vec, ok bool) {
	return both(c, func(s *Side) ([]Vec, bool) { return vecs(s, keys...) })
}

// pos is where a log prints k.
func pos(s *Side, k schema.Key) trace.Pos {
	if r := s.RecOr(k); r != nil {
		return r.Pos()
	}
	return trace.Pos{}
}

// numsOf are the numbers of the records that have one.
func numsOf(records []*trace.Record) (out []float64) {
	for _, r := range records {
		if v := num(r); known(v) {
			out = append(out, v)
		}
	}
	return out
}

func numbers(r *trace.Record) []float64 {
	out := make([]float64, len(r.Values))
	for i, v := range r.Values {
		out[i] = v.Num
	}
	return out
}

// pairOf returns the numbers of a row, reference first; false where the sides
// are of different lengths or hold words.
func pairOf(r *diff.Row) (ref, got []float64, ok bool) {
	if r.Ref == nil || r.Got == nil || len(r.Ref.Values) == 0 || len(r.Ref.Values) != len(r.Got.Values) {
		return nil, nil, false
	}
	return numbers(r.Ref), numbers(r.Got), true
}

// named returns a component by its name, as in "rotx:0".
func named(r *trace.Record, name string) float64 {
	if r != nil {
		for _, v := range r.Values {
			if v.Name == name {
				return v.Num
			}
		}
	}
	return missing
}

// either is the first of the numbers that is there.
func either(v ...float64) float64 {
	for _, x := range v {
		if known(x) {
			return x
		}
	}
	return missing
}

// distanceOf is the distance along the beam in metres, as traced or else as set.
func distanceOf(c *Context) float64 {
	return either(num(c.Ref.Rec(schema.Distance)), num(c.Got.Rec(schema.Distance)), set(c, c.Ref, "distance"))
}

// set reads a setting that is one number from the side, or else from the other
// log: both are of one experiment.
func set(c *Context, s *Side, name string) float64 {
	for _, side := range []*Side{s, other(c, s)} {
		if v, ok := side.Settings[name]; ok && finite(v.Num) {
			return v.Num
		}
	}
	return missing
}

// fields reads a setting of at least n numbers.
func fields(c *Context, s *Side, name string, n int) []float64 {
	for _, side := range []*Side{s, other(c, s)} {
		var out []float64
		for _, word := range strings.FieldsFunc(side.Settings[name].Text, func(r rune) bool { return unicode.IsSpace(r) || r == 'x' }) {
			x, err := strconv.ParseFloat(word, 64)
			if err != nil {
				break
			}
			out = append(out, x)
		}
		if len(out) >= n {
			return out
		}
	}
	return nil
}

// setVec reads a setting that is a vector.
func setVec(c *Context, s *Side, name string) (Vec, bool) {
	v := fields(c, s, name, 3)
	if v == nil {
		return missingVec, false
	}
	return Vec(v[:3]), true
}
