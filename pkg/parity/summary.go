package parity

import (
	"cmp"
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Summary is what a comparison says of logs of so many pixels that their rows
// are not listed one by one. The rows of the report are those of the setup and
// of the pixels in Detailed; Counts, verdict and reasons are of all.
type Summary struct {
	Pixels           int // that both logs trace
	OnlyRef, OnlyGot int // pixels that one log alone traces
	Differ           int // pixels in which something speaks against a match
	Detailed         []diff.Pixel
	Quantities       []Quantity // in causal order
}

// Quantity adds up the rows of one quantity, over all pixels.
type Quantity struct {
	Name   string
	Key    schema.Key
	Stream trace.Stream
	Counts Counts // without Unparsed, which is of lines
	// Worst is the row that differs most of those that were compared, and First
	// the first in causal order that speaks against a match; nil where there is
	// none.
	Worst, First *diff.Row

	firstAt, worstAt, order [2]int // pair of parts, 0 for the setup, and row within
}

// quantityID names a quantity among the rows.
type quantityID struct {
	stream trace.Stream
	key    schema.Key
	name   string
}

// quantities adds up rows by quantity.
type quantities map[quantityID]*Quantity

func (q quantities) of(row *diff.Row, at [2]int) *Quantity {
	id := quantityID{row.Stream, row.Key, row.Name()}
	x := q[id]
	if x == nil {
		x = &Quantity{Name: id.name, Key: id.key, Stream: id.stream, order: at}
		q[id] = x
	}
	return x
}

// add takes a row into account. at is its place: the pair of parts, and the row
// within.
func (x *Quantity) add(row *diff.Row, at [2]int) {
	x.count(row, 1, at)
	if row.Compared() && row.Rel > 0 && (x.Worst == nil || row.Rel > x.Worst.Rel || row.Rel == x.Worst.Rel && before(at, x.worstAt)) {
		x.Worst, x.worstAt = kept(row), at
	}
	if row.Broken() && x.isFirst(row, at) {
		x.setFirst(row, at)
	}
}

func (x *Quantity) count(row *diff.Row, n int, at [2]int) {
	x.Counts.add(row, n)
	if before(at, x.order) {
		x.order = at
	}
}

func (x *Quantity) setFirst(row *diff.Row, at [2]int) { x.First, x.firstAt = kept(row), at }

func (x *Quantity) isFirst(row *diff.Row, at [2]int) bool {
	if x.First == nil {
		return true
	}
	first, known := diff.Before(row, x.First)
	return known && first || !known && before(at, x.firstAt)
}

func before(a, b [2]int) bool { return slices.Compare(a[:], b[:]) < 0 }

// kept is a copy that does not keep the part of the log that the row is of.
func kept(row *diff.Row) *diff.Row {
	c := *row
	for _, r := range []**trace.Record{&c.Ref, &c.Got} {
		if *r != nil {
			rec := **r
			rec.Values = slices.Clone(rec.Values)
			*r = &rec
		}
	}
	return &c
}

func (q quantities) merge(o quantities) {
	for id, b := range o {
		a := q[id]
		if a == nil {
			q[id] = b
			continue
		}
		a.Counts.merge(b.Counts)
		if before(b.order, a.order) {
			a.order = b.order
		}
		if b.Worst != nil && (a.Worst == nil || b.Worst.Rel > a.Worst.Rel || b.Worst.Rel == a.Worst.Rel && before(b.worstAt, a.worstAt)) {
			a.Worst, a.worstAt = b.Worst, b.worstAt
		}
		if b.First != nil && a.isFirst(b.First, b.firstAt) {
			a.First, a.firstAt = b.First, b.firstAt
		}
	}
}

// ByQuantity adds up all rows that were compared, by quantity in causal order,
// those that are not listed as well.
func (r *Report) ByQuantity() []Quantity {
	if r.Summary != nil {
		return r.Summary.Quantities
	}
	q := quantities{}
	for i := range r.Rows {
		row, at := &r.Rows[i], [2]int{0, i}
		q.of(row, at).add(row, at)
	}
	return q.list()
}

// list returns the quantities in causal order; those that the schema does not
// know stand last, in the order in which they come.
func (q quantities) list() []Quantity {
	out := make([]Quantity, 0, len(q))
	for _, x := range q {
		out = append(out, *x)
	}
	rank := func(x *Quantity) int {
		if x.Key == schema.None {
			return schema.Count
		}
		return int(x.Key)
	}
	slices.SortFunc(out, func(x, y Quantity) int {
		return cmp.Or(cmp.Compare(rank(&x), rank(&y)), cmp.Compare(x.Stream, y.Stream), slices.Compare(x.order[:], y.order[:]), cmp.Compare(x.Name, y.Name))
	})
	return out
}

// WorstRel is the largest relative difference; NaN where nothing was compared.
func (x *Quantity) WorstRel() float64 {
	switch {
	case x.Worst != nil:
		return x.Worst.Rel
	case x.Counts.Total > x.Counts.Missing:
		return 0
	}
	return math.NaN()
}
