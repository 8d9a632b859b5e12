package parity

import (
	"cmp"
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Summary is what a comparison says of logs of so many blocks that their rows are
// not listed one by one. The rows of the report are those of the setup and of the
// blocks in Detailed; Counts, verdict and reasons are of all.
type Summary struct {
	Pixels           int // blocks that both logs have
	OnlyRef, OnlyGot int // blocks that one log alone has
	Differ           int // blocks in which something speaks against a match
	Listed           int // rows of the report
	Detailed         []diff.Pixel
}

// Quantity adds up the rows of one quantity, over all blocks.
type Quantity struct {
	Name   string
	Key    schema.Key
	Stream trace.Stream
	Counts Counts // without Unparsed, which is of lines
	// Worst is the row that differs most of those that were compared, and First
	// the first that speaks against a match; nil where there is none.
	Worst, First *diff.Row

	symbol           *trace.Symbol
	firstAt, worstAt diff.At
	word             string // what the first placeholder says
	wordAt           diff.At
}

// quantityID names a quantity among the rows.
type quantityID struct {
	symbol *trace.Symbol
	name   string
}

// quantity takes a row into account.
func (t *tally) quantity(row *diff.Row, n int, at diff.At) {
	x := t.quantityOf(row)
	x.Counts.add(row, n)
	if row.Compared() && row.Rel > 0 && (x.Worst == nil || row.Rel > x.Worst.Rel || row.Rel == x.Worst.Rel && at.Before(x.worstAt)) {
		x.Worst, x.worstAt = row.Clone(), at
	}
	if row.Broken() && (x.First == nil || t.firstOf(row, at, x)) {
		x.First, x.firstAt = row.Clone(), at
	}
	if row.Gap == diff.Placeholder && (x.word == "" || at.Before(x.wordAt)) {
		x.word, x.wordAt = row.Note, at
	}
}

// quantityOf is the quantity that a row is of.
func (t *tally) quantityOf(row *diff.Row) *Quantity {
	s, name := row.Symbol(), row.Name()
	if s.ID >= len(t.bySymbol) {
		t.bySymbol = append(t.bySymbol, make([]*Quantity, 1+s.ID+len(t.bySymbol))...)
	}
	at := &t.bySymbol[s.ID]
	if x := *at; x != nil && x.Name == name {
		return x
	}
	id := quantityID{s, name}
	x := t.quantities[id]
	if x == nil {
		id.name = s.Name
		if id.name != name {
			id.name = string(append([]byte(nil), name...))
		}
		x = &Quantity{Name: id.name, Key: row.Key, Stream: row.Stream, symbol: s}
		t.quantities[id] = x
	}
	*at = x
	return x
}

// firstOf tells whether the row comes before the first one of its quantity.
func (t *tally) firstOf(row *diff.Row, at diff.At, x *Quantity) bool {
	if c := t.engine().Order(row, x.First); c != 0 {
		return c < 0
	}
	return at.Before(x.firstAt)
}

func (t *tally) mergeQuantities(o *tally) {
	for id, b := range o.quantities {
		a := t.quantities[id]
		if a == nil {
			t.quantities[id] = b
			continue
		}
		a.Counts.merge(b.Counts)
		if b.Worst != nil && (a.Worst == nil || b.Worst.Rel > a.Worst.Rel || b.Worst.Rel == a.Worst.Rel && b.worstAt.Before(a.worstAt)) {
			a.Worst, a.worstAt = b.Worst, b.worstAt
		}
		if b.First != nil && (a.First == nil || t.firstOf(b.First, b.firstAt, a)) {
			a.First, a.firstAt = b.First, b.firstAt
		}
		if b.word != "" && (a.word == "" || b.wordAt.Before(a.wordAt)) {
			a.word, a.wordAt = b.word, b.wordAt
		}
	}
}

// list returns the quantities in causal order; those that the schema does not
// know stand last, in the order in which they come.
func (t *tally) list() []Quantity {
	type ranked struct {
		rank int
		q    *Quantity
	}
	list, e := make([]ranked, 0, len(t.quantities)), t.engine()
	for _, x := range t.quantities {
		list = append(list, ranked{e.Rank(x.symbol), x})
	}
	slices.SortFunc(list, func(x, y ranked) int {
		if x.rank != y.rank {
			return cmp.Compare(x.rank, y.rank)
		}
		return cmp.Or(cmp.Compare(x.q.Stream, y.q.Stream), cmp.Compare(x.q.Name, y.q.Name))
	})
	out := make([]Quantity, len(list))
	for i, x := range list {
		out[i] = *x.q
	}
	return out
}

// first is the first row that speaks against a match, of all; nil for none.
func (t *tally) first() (first *diff.Row, at diff.At) {
	var best *Quantity
	for _, x := range t.quantities {
		if x.First == nil {
			continue
		}
		if best == nil || t.firstOf(x.First, x.firstAt, best) {
			best = x
		}
	}
	if best == nil {
		return nil, at
	}
	return best.First, best.firstAt
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

// ByQuantity adds up all rows that were compared, by quantity in causal order,
// those that are not listed as well.
func (r *Report) ByQuantity() []Quantity { return r.Quantities }

// Worst is the row that differs most of all that were compared, listed or not; nil
// where none differs.
func (r *Report) Worst() *diff.Row {
	var worst *diff.Row
	for i := range r.Quantities {
		if row := r.Quantities[i].Worst; row != nil && (worst == nil || row.Rel > worst.Rel) {
			worst = row
		}
	}
	return worst
}
