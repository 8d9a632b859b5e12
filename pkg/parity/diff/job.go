package diff

import (
	"cmp"
	"context"
	"slices"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// job compares one job.
func (w *worker) job(ctx context.Context, n int, spans [2][]jobSpan) error {
	for side := range spans {
		size := int64(0)
		for _, s := range spans[side] {
			size += s.to - s.from
		}
		if size > w.e.opt.Sizes.Long {
			if w.byLines(spans) {
				return w.lineJob(ctx, n, spans)
			}
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
	w.loaded(n, l)
	return nil
}

// straightJob is job for one that is the same piece of both logs, as most are where
// blocks are short and many; it answers false for one that is too long.
func (w *worker) straightJob(n int) (bool, error) {
	var at schema.Coord
	for side := range w.straight {
		p, end := w.at[side].At(n), w.at[side].End(n)
		if end-p.Off > w.e.opt.Sizes.Long {
			return false, nil
		}
		text, err := w.text(side, span{p.Off, end})
		if err != nil {
			return true, err
		}
		if side == 0 {
			at = p.At.Coord(w.e.opt.Names.Schema)
		}
		w.straight[side] = piece{text, int(p.Line), n+1 == w.e.index[side].Len()}
	}
	w.loaded(n, [2]lines{{at, w.straight[0:1]}, {at, w.straight[1:2]}})
	return true, nil
}

// loaded compares a job whose lines are at hand.
func (w *worker) loaded(n int, l [2]lines) {
	same := w.sameLines(l)
	if w.quick(n, l, same) {
		return
	}
	var b [2]*trace.Block
	repeats := same && w.repeats(l)
	for side := range b {
		if side == 1 && repeats {
			b[1] = w.repeat(l)
			break
		}
		b[side] = w.readBlock(side, l[side])
		if repeats && w.takeAlike(n, l, b[0]) {
			return
		}
		w.takeChosen(side, b[side])
	}
	w.compare(n, l, b, true)
}

// sameLines tells whether got's lines of a job say what the reference's do, word
// by word.
func (w *worker) sameLines(l [2]lines) bool {
	if len(l[0].pieces) != 1 || len(l[1].pieces) != 1 {
		return false
	}
	a, b := &l[0].pieces[0], &l[1].pieces[0]
	if w.e.opt.Names.Schema.Free {
		return l[0].at == l[1].at && a.text == b.text && w.reader[1].Repeats(w.reader[0], b.behind, a.behind)
	}
	return w.shared && a.text == b.text
}

// repeats tells whether the same lines of a job, of a program of which nothing is
// known, are read once.
func (w *worker) repeats(l [2]lines) bool {
	return w.e.opt.Names.Schema.Free && !w.e.opt.chooses() && !l[0].pieces[0].last && !l[1].pieces[0].last
}

// repeat makes got's block of the reference's.
func (w *worker) repeat(l [2]lines) *trace.Block {
	b := w.reader[1].Repeat(w.reader[0], l[1].pieces[0].behind-l[0].pieces[0].behind)
	w.take(1, b)
	return b
}

// compare pairs and measures the records of a job; learns lets it make a plan of
// it, for the jobs that follow.
func (w *worker) compare(n int, l [2]lines, b [2]*trace.Block, learns bool) {
	list := [2][]trace.Record{b[0].Records, b[1].Records}
	if w.e.opt.EachRow {
		for _, records := range list {
			trace.Number(records)
		}
	}
	w.dec.pair(list, &w.pairs)
	job := w.newJob(n, l[0].at, l[1].at, list)
	learns = learns && w.plans.wants(w, l, b)
	w.rows = w.rows[:0]
	number := 0
	w.makeRows(list, [2]bool{len(l[0].pieces) > 0, len(l[1].pieces) > 0}, func(row *Row) {
		w.result(row, &job)
		if learns {
			w.rows = append(w.rows, *row)
		}
		w.sink.Row(row, 1, At{n, number})
		number++
	})
	w.sink.Job(job)
	if learns {
		w.plans.learn(w, n, job, b)
	}
}

// makeRows hands out the rows of the pairs, in the order of the logs; a row is
// good until the next.
func (w *worker) makeRows(list [2][]trace.Record, has [2]bool, emit func(*Row)) {
	n := 0
	w.pairs.broken = 0
	w.pairedRows(list, nil, func(row *Row) {
		if n++; row.Broken() {
			w.pairs.broken = n
		}
		emit(row)
	})
	w.aloneRows(list, has, emit)
}

// pairedRows hands out the rows of the pairs, of those alone that are wanted.
func (w *worker) pairedRows(list [2][]trace.Record, wanted func(n int, ref *trace.Record) bool, emit func(*Row)) {
	p := &w.pairs
	for n, c := range p.both {
		r, g := &list[0][c.ref], &list[1][c.got]
		if wanted != nil && !wanted(n, r) {
			continue
		}
		row := w.row(r, g)
		row.At = w.at0(r, 0, int(c.ref)).Joined(w.at0(g, 1, int(c.got)))
		how := w.dec.of(r.Symbol)
		row.StandIn = how.standIn
		how.row(row)
		if q := row.Info; q != nil && q.Kept && row.At[schema.Sub] > 0 && w.oneSampled() {
			// Whether the samples are as many, the numbers may tell.
			p.byNumbers = true
			row.missing(Unpaired, "the one log may keep that of the pixel's first sample, the other traces a later one alone")
		}
		emit(row)
	}
}

// oneSampled tells whether one log shows one sample of the pixel, and the other
// more.
func (w *worker) oneSampled() bool {
	a, b := w.state[0].samples, w.state[1].samples
	return a != b && min(a, b) == 1
}

// row begins a row in the place of the last one.
func (w *worker) row(ref, got *trace.Record) *Row {
	one := ref
	if one == nil {
		one = got
	}
	w.one = Row{Key: one.Key, Info: one.Symbol.Info, Stream: one.Stream, At: one.At, Occur: one.Occur, Ref: ref, Got: got, Worst: -1}
	return &w.one
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
func (w *worker) aloneRows(list [2][]trace.Record, has [2]bool, emit func(*Row)) {
	for side := range list {
		alone := w.pairs.alone[side]
		if len(alone) == 0 {
			continue
		}
		name := w.e.opt.Sources[1-side].Name
		a := absence{e: w.e, d: w.dec, side: 1 - side, name: name, never: name + " never prints it", has: has, empty: w.pairs.whole && len(list[1-side]) == 0, block: [2]*blockState{&w.state[0], &w.state[1]}}
		slices.Sort(alone)
		w.lone.reset(len(alone))
		for _, i := range alone {
			r := &list[side][i]
			w.setAlone(r.Symbol.ID, true)
			id := w.dec.id(side, int(i), r, &w.pairs)
			w.lone.of(&id)
		}
		w.lone.again()
		last := make([]*trace.Record, len(w.lone.list)) // of each identity
		for i := range list[side] {
			r := &list[side][i]
			if r.Symbol.ID >= len(w.alone) || !w.alone[r.Symbol.ID] {
				continue
			}
			id := w.dec.id(side, i, r, &w.pairs)
			n, _ := w.lone.find(&id)
			if n < 0 {
				continue
			}
			previous := last[n]
			last[n] = r
			if int(alone[0]) != i {
				continue
			}
			row := w.row(nil, r)
			if side == 0 {
				row = w.row(r, nil)
			}
			row.At = w.at0(r, side, i)
			row.Rule = w.dec.of(r.Symbol).rule
			if previous != nil {
				// Whether it repeats the one before it, the numbers tell.
				w.pairs.byNumbers = true
			}
			gap, note := a.gap(r, previous)
			row.missing(gap, note)
			emit(row)
			if alone = alone[1:]; len(alone) == 0 {
				break
			}
		}
		for _, i := range w.pairs.alone[side] {
			w.setAlone(list[side][i].Symbol.ID, false)
		}
	}
}

// setAlone notes whether some record of a symbol has no partner.
func (w *worker) setAlone(id int, alone bool) {
	for id >= len(w.alone) {
		w.alone = append(w.alone, false)
	}
	w.alone[id] = alone
}

func compareRows(x, y *Row, rankX, rankY int) int {
	return cmp.Or(cmp.Compare(rankX, rankY), slices.Compare(x.At[:], y.At[:]), cmp.Compare(position(x), position(y)))
}

// position is where a row stands in the log that has it.
func position(r *Row) int {
	if r.Ref != nil {
		return r.Ref.Line
	}
	return r.Got.Line
}

// newJob says what a job has.
func (w *worker) newJob(n int, ref, got schema.Coord, list [2][]trace.Record) Job {
	j := Job{Number: n, At: [2]schema.Coord{ref, got}}
	for side := range list {
		j.Has[side], j.Records[side] = len(list[side]) > 0, len(list[side])
		stateOf(list[side], &w.state[side])
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
}

// begun tells whether a log has begun a block that should have results.
func (w *worker) begun(j *Job) {
	if !w.e.isNanoBragg() {
		j.Begun = (j.Has[0] || j.Has[1]) && w.e.inBlocks
		return
	}
	for side := range w.state {
		j.Begun = j.Begun || w.state[side].core > 0
	}
	j.Setup = w.state[0].core+w.state[1].core == 0 && !w.state[0].byPhi && !w.state[1].byPhi
}
