package explain

import (
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// RootsOf returns the roots whose key is one of keys.
func (c *Context) RootsOf(keys ...schema.Key) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Roots {
		if slices.Contains(keys, r.Key) {
			out = append(out, r)
		}
	}
	return out
}

// Open returns the roots of the keys that no rule tried before accounts for; of
// all keys where none is given.
func (c *Context) Open(keys ...schema.Key) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Roots {
		if !c.claimed[r] && (len(keys) == 0 || slices.Contains(keys, r.Key)) {
			out = append(out, r)
		}
	}
	return out
}

// Compared returns the rows of a key that have both sides.
func (c *Context) Compared(k schema.Key) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Rows {
		if r.Key == k && r.Compared() {
			out = append(out, r)
		}
	}
	return out
}

// Agrees reports whether each of the keys was compared and nowhere diverged.
func (c *Context) Agrees(keys ...schema.Key) bool {
	for _, k := range keys {
		if rows := c.Compared(k); len(rows) == 0 || slices.ContainsFunc(rows, (*diff.Row).Diverged) {
			return false
		}
	}
	return true
}

// Differs reports whether some row of the keys diverged.
func (c *Context) Differs(keys ...schema.Key) bool {
	return slices.ContainsFunc(c.Rows, func(r *diff.Row) bool { return r.Diverged() && slices.Contains(keys, r.Key) })
}

// Lost are the rows of records that are gone and that no rule tried before
// accounts for.
func (c *Context) Lost() []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Rows {
		if r.Gap == diff.Lost && !c.claimed[r] {
			out = append(out, r)
		}
	}
	return out
}

// Claimed reports whether a rule tried before accounts for a root of the key.
func (c *Context) Claimed(k schema.Key) bool {
	for r := range c.claimed {
		if r.Key == k {
			return true
		}
	}
	return false
}

// HasLost reports whether a record is gone.
func (c *Context) HasLost() bool {
	return slices.ContainsFunc(c.Rows, func(r *diff.Row) bool { return r.Gap == diff.Lost })
}

// Downstream returns the compared rows that are computed from k directly, and
// whether none of them diverged. Where a quantity is not printed, what is
// computed from it stands for it; so it is where a quantity is 0 on both sides, as the
// intensity is without a structure factor, whatever it is computed from.
func (c *Context) Downstream(k schema.Key) (rows []*diff.Row, agree bool) {
	agree = true
	seen := map[schema.Key]bool{}
	level := []schema.Key{k}
	for len(level) > 0 {
		var next []schema.Key
		for i := range c.Schema.All() {
			q := &c.Schema.All()[i]
			if seen[q.Key] || !slices.ContainsFunc(q.Parents, func(p schema.Key) bool { return slices.Contains(level, p) }) {
				continue
			}
			seen[q.Key] = true
			found := slices.DeleteFunc(c.Compared(q.Key), zero)
			if len(found) == 0 {
				next = append(next, q.Key)
			}
			for _, r := range found {
				rows = append(rows, r)
				agree = agree && !r.Diverged()
			}
		}
		level = next
	}
	return rows, agree
}

// zero tells a row that is 0 on both sides.
func zero(r *diff.Row) bool {
	not := func(v trace.Value) bool { return v.Num != 0 }
	return len(r.Ref.Values) > 0 && !slices.ContainsFunc(r.Ref.Values, not) && !slices.ContainsFunc(r.Got.Values, not)
}

// Sides returns both logs, the reference first.
func (c *Context) Sides() [2]*Side { return [2]*Side{c.Ref, c.Got} }

// Record is the record of a row on the side.
func (c *Context) Record(r *diff.Row, s *Side) bool {
	if s == c.Ref {
		return r.Ref != nil
	}
	return r.Got != nil
}
