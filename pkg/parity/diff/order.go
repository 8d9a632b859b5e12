package diff

import (
	"cmp"
	"slices"

	"simtrace/pkg/trace/schema"
)

// ordering says which of two rows comes first: time, then cause, then the order of
// printing.
type ordering struct {
	names   interface{ CompareCoords(a, b int32) int }
	time    []int // depths of the sequential index keys, outermost first
	related bool  // the schema says what is computed from what
	// deep says of each key how deep the quantities lie that are computed from
	// it: one of the whole run that feeds the steps comes before them, one that
	// is made of them behind.
	deep  []int
	first [2]int // line of each log in which the first block with a place begins
}

func (e *Engine) newOrdering() ordering {
	s := e.opt.Names.Schema
	o := ordering{names: e.opt.Names, related: s.Related()}
	for i, k := range s.Index {
		if k.Order == schema.Sequential {
			o.time = append(o.time, i)
		}
	}
	if len(o.time) == 0 {
		return o
	}
	o.deep = make([]int, s.Count())
	for _, q := range s.All() {
		for _, up := range s.Sources(q.Key) {
			o.deep[up] = max(o.deep[up], q.Depth)
		}
	}
	for side, x := range e.index {
		c := x.Cursor()
		for i := range x.Len() {
			if p := c.At(i); p.At[0] >= 0 {
				o.first[side] = int(p.Line)
				break
			}
		}
	}
	return o
}

// times compares when two rows were computed.
func (o *ordering) times(x, y *Row) int {
	for _, i := range o.time {
		a, b := x.At[i], y.At[i]
		var c int
		switch {
		case a >= 0 && b >= 0 && a == b:
		case a >= 0 && b >= 0:
			c = o.names.CompareCoords(a, b)
		default:
			c = cmp.Compare(o.side(x, i), o.side(y, i))
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// side is -1 for a row that belongs to no step and comes before all, 0 for one of
// a step, and 1 for one that comes behind.
func (o *ordering) side(r *Row, depth int) int {
	if r.At[depth] >= 0 {
		return 0
	}
	if q := r.Info; q != nil && q.Depth <= depth && o.related {
		switch {
		case o.deep[q.Key] > depth:
			return -1
		case len(q.Parents)+len(q.Previous) > 0:
			return 1
		}
	}
	// What the log prints before its first step is not made of steps.
	side := 0
	if r.Ref == nil {
		side = 1
	}
	if position(r) <= o.first[side] {
		return -1
	}
	return 1
}

// Order compares two rows as reports list them: the steps of sequential index keys
// first; then by quantity in causal order, or, where nobody said what is computed
// from what, in the order of printing; then by place.
func (e *Engine) Order(x, y *Row) int {
	o := &e.order
	if c := o.times(x, y); c != 0 {
		return c
	}
	rank := func(r *Row) int { return e.dec.of(e.dec.refSymbol(r.Symbol())).rank }
	if !o.related {
		return cmp.Or(cmp.Compare(position(x), position(y)), cmp.Compare(rank(x), rank(y)), slices.Compare(x.At[:], y.At[:]))
	}
	return compareRows(x, y, rank(x), rank(y))
}

// Sequential reports whether one step of the logs follows from those before.
func (e *Engine) Sequential() bool { return len(e.order.time) > 0 }

// Step is where a row of a sequential index stands in time: the number of its
// step, which rises from one to the next, and its coordinate. ok is false for a
// row of no step.
func (e *Engine) Step(r *Row, at At) (number int64, coord int32, ok bool) {
	if !e.Sequential() || at.Job < 0 {
		return 0, 0, false
	}
	depth := e.order.time[0]
	coord = r.At[depth]
	if depth == 0 {
		return int64(at.Job), coord, coord >= 0
	}
	_, word := e.opt.Names.CoordText(coord)
	return int64(coord), coord, coord >= 0 && !word
}

// StepBefore is the coordinate of the step before one of a given number; false
// for the first.
func (e *Engine) StepBefore(number int64) (coord int32, ok bool) {
	if e.order.time[0] > 0 {
		return int32(number - 1), number > 0
	}
	job := int(number) - 1
	if job < 0 {
		return 0, false
	}
	for side, x := range e.index {
		c := x.Cursor()
		if e.jobs.straight() {
			coord = c.At(job).At[0]
			return coord, coord >= 0
		}
		if of := e.jobs.of(side, job); len(of) > 0 {
			coord = c.At(int(of[0])).At[0]
			return coord, coord >= 0
		}
	}
	return 0, false
}

// Printed is how far the numbers of a row's worst component may be off because
// they are printed with so many digits, both sides together.
func (e *Engine) Printed(r *Row) float64 {
	ref, got, ok := r.Pair()
	if !ok {
		return 0
	}
	return e.dec.print[0].of(r.Ref.Stream).printed(ref) + e.dec.print[1].of(r.Got.Stream).printed(got)
}
