package diff

import (
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// alike counts what both logs of a program of which nothing is known print alike,
// in blocks of the same text: their rows agree, and are handed on once a quantity
// with their count. It is a private way to be fast.
type alike struct {
	seen []*alikeRows // by Symbol.ID
	inv  *inventory   // of the reference's records
}

// alikeRows are the rows of one quantity.
type alikeRows struct {
	row Row // of one of them
	at  At
	n   int
	by  int // how much farther down it stands in got
}

func newAlike() *alike {
	a := &alike{inv: newInventory()}
	a.inv.free = true
	return a
}

// takeAlike takes a job whose lines are the same in both logs, and whose records
// are those of the reference; false where a number does not agree with itself, or a
// line could not be read.
func (w *worker) takeAlike(n int, l [2]lines, b *trace.Block) bool {
	if w.e.opt.EachRow || len(b.Problems) > 0 || !trace.AllFinite(b.Records) {
		return false
	}
	results := w.countAlike(b.Records, At{n, 0}, l[1].pieces[0].behind-l[0].pieces[0].behind)
	w.sink.Job(Job{
		Number: n, At: [2]schema.Coord{l[0].at, l[1].at}, Has: [2]bool{len(b.Records) > 0, len(b.Records) > 0},
		Records: [2]int{len(b.Records), len(b.Records)}, Results: results, Begun: len(b.Records) > 0 && w.e.inBlocks,
	})
	for side := range w.records {
		w.traceLines[side] += b.TraceLines
		w.leftOut(side, b.Varied, 1)
	}
	return true
}

// countAlike counts records that both logs print alike, whose rows begin at a place, and
// which stand by some lines farther down in got; it returns how many are results.
func (w *worker) countAlike(records []trace.Record, at At, by int) (results int) {
	for i := range records {
		rec := &records[i]
		w.alikeRow(rec, At{at.Job, at.Number + i}, by).n++
		if w.dec.of(rec.Symbol).result {
			results++
		}
	}
	w.alike.inv.add(records)
	for side := range w.records {
		w.records[side] += len(records)
	}
	return results
}

// alikeRow returns the rows of a record's quantity.
func (w *worker) alikeRow(rec *trace.Record, at At, by int) *alikeRows {
	id, a := rec.Symbol.ID, w.alike
	for id >= len(a.seen) {
		a.seen = append(a.seen, nil)
	}
	s := a.seen[id]
	if s == nil {
		s = &alikeRows{at: at, by: by}
		ref, got := rec.Clone(), rec.Clone()
		got.MoveTo(w.e.opt.Sources[1].Name, got.Line+by)
		s.row = *w.row(ref, got)
		w.dec.of(rec.Symbol).row(&s.row)
		a.seen[id] = s
	}
	return s
}

// flush hands on what was counted.
func (a *alike) flush(w *worker) {
	w.inv[0].merge(a.inv)
	for id, p := range a.inv.seen {
		if p == nil {
			continue
		}
		c := *p
		c.first = c.first.Clone()
		c.first.MoveTo(w.e.opt.Sources[1].Name, c.first.Line+a.seen[id].by)
		a.inv.seen[id] = &c
	}
	w.inv[1].merge(a.inv)
	for _, s := range a.seen {
		if s != nil {
			w.sink.Row(&s.row, s.n, s.at)
		}
	}
	w.alike = newAlike()
}
