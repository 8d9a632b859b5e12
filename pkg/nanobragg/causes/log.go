package causes

import (
	"iter"
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

func bothVec(c *Context, k schema.Key) (ref, got Vec, ok bool) {
	return both(c, func(s *Side) (Vec, bool) { v, _, ok := vec(s, k); return v, ok })
}

func bothVecs(c *Context, keys ...schema.Key) (ref, got []Vec, ok bool) {
	return both(c, func(s *Side) ([]Vec, bool) { return vecs(s, keys...) })
}

func bothNum(c *Context, k schema.Key) (ref, got float64, ok bool) {
	return both(c, func(s *Side) (float64, bool) { v, _, ok := s.Num(k); return v, ok })
}

func vec(s *Side, k schema.Key) (Vec, *trace.Record, bool) {
	v, r, ok := s.Vec(k)
	return v, r, ok
}

// vecs returns several vectors, or false where one is missing.
func vecs(s *Side, keys ...schema.Key) ([]Vec, bool) {
	out := make([]Vec, len(keys))
	for i, k := range keys {
		v, _, ok := s.Vec(k)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

// nums returns several numbers, or false where one is missing.
func nums(s *Side, keys ...schema.Key) ([]float64, bool) {
	out := make([]float64, len(keys))
	for i, k := range keys {
		v, _, ok := s.Num(k)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

// num returns the number of a one-number record.
func num(r *trace.Record) (float64, bool) {
	if r == nil || len(r.Values) != 1 {
		return 0, false
	}
	return r.Values[0].Num, true
}

// numsOf are the numbers of the records that have one.
func numsOf(records []*trace.Record) (out []float64) {
	for _, r := range records {
		if v, ok := num(r); ok {
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
func named(r *trace.Record, name string) (float64, bool) {
	if r != nil {
		for _, v := range r.Values {
			if v.Name == name {
				return v.Num, true
			}
		}
	}
	return 0, false
}

// either reads a number from the first log that prints it.
func either(c *Context, k schema.Key) (float64, bool) {
	v, ok := num(c.Ref.Rec(k))
	if !ok {
		v, ok = num(c.Got.Rec(k))
	}
	return v, ok
}

// distanceOf is the distance along the beam in metres, as traced or else as set.
func distanceOf(c *Context) (float64, bool) {
	if v, ok := either(c, schema.Distance); ok {
		return v, true
	}
	return set(c, c.Ref, "distance")
}

// set reads a setting that is one number from the side, or else from the other
// log: both are of one experiment.
func set(c *Context, s *Side, name string) (float64, bool) {
	for _, side := range []*Side{s, c.Ref, c.Got} {
		if v, ok := side.Settings[name]; ok && finite(v.Num) {
			return v.Num, true
		}
	}
	return 0, false
}

// fields reads a setting of at least n numbers.
func fields(c *Context, s *Side, name string, n int) (out []float64, ok bool) {
	for _, side := range []*Side{s, c.Ref, c.Got} {
		f := strings.FieldsFunc(side.Settings[name].Text, func(r rune) bool { return unicode.IsSpace(r) || r == 'x' })
		if len(f) < n {
			continue
		}
		for _, word := range f {
			x, err := strconv.ParseFloat(word, 64)
			if err != nil {
				break
			}
			out = append(out, x)
		}
		return out, len(out) >= n
	}
	return nil, false
}

// setVec reads a setting that is a vector.
func setVec(c *Context, s *Side, name string) (Vec, bool) {
	v, ok := fields(c, s, name, 3)
	if !ok {
		return Vec{}, false
	}
	return Vec(v[:3]), true
}
