package diff

import (
	"cmp"
	"context"
	"slices"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// longJob is how many bytes a job may have in a log to be held in memory; a
// longer one is compared in stretches.
const longJob = 16 << 20

// job compares one job.
func (w *worker) job(ctx context.Context, n int, spans [2][]jobSpan) error {
	for side := range spans {
		size := int64(0)
		for _, s := range spans[side] {
			size += s.to - s.from
		}
		if size > longJob {
			return w.longJob(ctx, n, spans)
		}
	}
	var l [2]lines
	for side := range l {
		var err error
		if l[side], err = w.load(side, spans[side]); err != nil {
			return err
		}
	}
	if w.quick(n, l) {
		return nil
	}
	var b [2]*trace.Block
	for side := range b {
		b[side] = w.read(side, l[side])
	}
	w.compare(n, l, b)
	return nil
}

// compare pairs and measures the records of a job.
func (w *worker) compare(n int, l [2]lines, b [2]*trace.Block) {
	list := [2][]trace.Record{b[0].Records, b[1].Records}
	w.dec.pair(list, &w.pairs)
	w.makeRows(list, [2]bool{len(l[0].pieces) > 0, len(l[1].pieces) > 0})
	for i := range w.rows {
		w.sink.Row(&w.rows[i], 1, At{n, i})
	}
	w.sink.Job(w.jobOf(n, l[0].at, l[1].at, list))
	w.plans.learn(w, n, l, b)
}

// makeRows makes the rows of the pairs, in causal order.
func (w *worker) makeRows(list [2][]trace.Record, has [2]bool) {
	w.rows = w.rows[:0]
	p := &w.pairs
	for _, c := range p.both {
		r, g := &list[0][c.ref], &list[1][c.got]
		row := w.add(r, g)
		row.At = w.at0(r, 0, int(c.ref)).Joined(w.at0(g, 1, int(c.got)))
		how := w.dec.of(r.Symbol)
		row.StandIn = how.standIn
		how.row(row)
	}
	if len(p.alone[0])+len(p.alone[1]) > 0 {
		w.aloneRows(list, has)
	}
	w.sortRows()
}

// add makes room for a row.
func (w *worker) add(ref, got *trace.Record) *Row {
	if len(w.rows) < cap(w.rows) {
		w.rows = w.rows[:len(w.rows)+1]
	} else {
		w.rows = append(w.rows, Row{})
	}
	row := &w.rows[len(w.rows)-1]
	one := ref
	if one == nil {
		one = got
	}
	*row = Row{Key: one.Key, Info: one.Symbol.Info, Stream: one.Stream, At: one.At, Ref: ref, Got: got, Worst: -1}
	return row
}

// at0 is where a record belongs, with its sample's number in common.
func (w *worker) at0(r *trace.Record, side, i int) schema.Coord {
	at := r.At
	if sub := w.pairs.sub[side]; sub != nil {
		at[schema.Sub] = sub[i]
	}
	return at
}

// aloneRows makes the rows of the records that have no partner.
func (w *worker) aloneRows(list [2][]trace.Record, has [2]bool) {
	for side := range list {
		stateOf(list[side], &w.state[side])
	}
	for side := range list {
		alone := w.pairs.alone[side]
		if len(alone) == 0 {
			continue
		}
		a := absence{e: w.e, d: w.dec, side: 1 - side, name: w.e.opt.Sources[1-side].Name, has: has, block: [2]*blockState{&w.state[0], &w.state[1]}}
		slices.Sort(alone)
		isAlone := map[int32]bool{}
		symbols := map[*trace.Symbol]bool{}
		for _, i := range alone {
			isAlone[i] = true
			symbols[list[side][i].Symbol] = true
		}
		clear(w.last)
		for i := range list[side] {
			r := &list[side][i]
			if !symbols[r.Symbol] {
				continue
			}
			id := w.dec.id(side, i, r, &w.pairs)
			if isAlone[int32(i)] {
				var row *Row
				if side == 0 {
					row = w.add(r, nil)
				} else {
					row = w.add(nil, r)
				}
				row.At = w.at0(r, side, i)
				row.Rule = w.dec.of(r.Symbol).rule
				gap, note := a.gap(r, w.last[id])
				row.missing(gap, note)
			}
			w.last[id] = r
		}
		clear(w.last)
	}
}

// sortRows puts the rows of a job into causal order; Occur counts those that are
// alike in all else.
func (w *worker) sortRows() {
	w.dec.sort(w.rows)
}

func (d *decisions) sort(rows []Row) {
	rank := func(r *Row) int { return d.of(d.refSymbol(r.Symbol())).rank }
	sorted := true
	for i := 1; i < len(rows) && sorted; i++ {
		sorted = compareRows(&rows[i-1], &rows[i], rank(&rows[i-1]), rank(&rows[i])) <= 0
	}
	if !sorted {
		slices.SortStableFunc(rows, func(x, y Row) int { return compareRows(&x, &y, rank(&x), rank(&y)) })
	}
	for i := 1; i < len(rows); i++ {
		if a, b := &rows[i-1], &rows[i]; a.At == b.At && a.Key == b.Key && a.Stream == b.Stream && a.Name() == b.Name() {
			b.Occur = a.Occur + 1
		}
	}
}

func compareRows(x, y *Row, rankX, rankY int) int {
	return cmp.Or(cmp.Compare(rankX, rankY), slices.Compare(x.At[:], y.At[:]), cmp.Compare(position(x), position(y)))
}

// position is where a row stands in the log that has it.
func position(r *Row) int {
	if r.Ref != nil {
		return r.Ref.Pos.Line
	}
	return r.Got.Pos.Line
}

// jobOf says what was found in a job whose rows are at hand.
func (w *worker) jobOf(n int, ref, got schema.Coord, list [2][]trace.Record) Job {
	j := Job{Number: n, N: 1, At: [2]schema.Coord{ref, got}}
	for side := range list {
		j.Has[side], j.Records[side] = len(list[side]) > 0, len(list[side])
		stateOf(list[side], &w.state[side])
	}
	for i := range w.rows {
		w.result(&w.rows[i], &j)
	}
	w.begun(&j)
	return j
}

// result counts a row that is a result.
func (w *worker) result(row *Row, j *Job) {
	how := w.dec.of(w.dec.refSymbol(row.Symbol()))
	if !row.Compared() {
		return
	}
	if how.result && (row.Status != NotFinite && finite(row.Abs) || row.Status == Critical) {
		j.Results++
	}
	if row.Info != nil && !how.result && !how.config {
		j.Wants = true
	}
}

// begun tells whether a log has begun a block that should have results.
func (w *worker) begun(j *Job) {
	if !w.e.isNanoBragg() {
		j.Begun = j.Has[0] || j.Has[1]
		return
	}
	for side := range w.state {
		j.Begun = j.Begun || w.state[side].core > 0
	}
	j.Setup = w.state[0].core+w.state[1].core == 0 && !w.state[0].byPhi && !w.state[1].byPhi
}
