package diff

import (
	"context"

	"simtrace/pkg/trace"
)

// lineJob compares a long job of logs without a counter. How often a quantity came is
// all that places its numbers there, so that a line which one log lacks would shift
// what follows. The lines are aligned first, as diff does it, in a window that moves
// along both logs: lines that are the same are read once, for both; what stands between
// them is read and paired like a job of its own.
type lineJob struct {
	w      *worker
	n      int
	total  Job
	side   [2]*lineWindow
	number int // of the next row
	count  [2]trace.Numbering
	late   latecomers
	trust  int // so many lines that are alike are taken to belong together
}

// Sizes of the parts of a lineJob, in lines with numbers.
const (
	leastTrust = 64
	mostTrust  = 4096
)

// byLines tells whether a job is compared line by line.
func (w *worker) byLines(spans [2][]jobSpan) bool {
	return w.dec.counted && len(spans[0]) == 1 && len(spans[1]) == 1
}

func (w *worker) lineJob(ctx context.Context, n int, spans [2][]jobSpan) error {
	l := &lineJob{w: w, n: n, trust: leastTrust, late: newLatecomers()}
	for side := range l.side {
		l.side[side] = newLineWindow(w.e.opt.Sources[side], spans[side][0], w.e.opt.Sizes.Stretch)
		w.reader[side].Begin(w.atOf(spans[side]))
	}
	l.total = w.newJob(n, w.atOf(spans[0]), w.atOf(spans[1]), [2][]trace.Record{})
	l.total.Has, l.total.Begun = [2]bool{true, true}, w.e.inBlocks
	for more := true; more; {
		for _, win := range l.side {
			if err := win.fill(); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		more = l.walk(ctx)
	}
	l.release(l.late.all())
	for side := range l.side {
		b := w.reader[side].Block()
		w.take(side, &trace.Block{Problems: b.Problems, Unlisted: b.Unlisted, TraceLines: b.TraceLines, Varied: b.Varied})
	}
	w.sink.Job(l.total)
	return nil
}

// walk goes along what is in the windows, and returns false at the end of both logs.
func (l *lineJob) walk(ctx context.Context) bool {
	a, b := l.side[0], l.side[1]
	q := sequences{
		n: a.len(), m: b.len(),
		same: func(i, j int) bool { return a.hash(i) == b.hash(j) },
		hash: func(side, i int) uint64 { return l.side[side].hash(i) },
		sure: func(i int) bool { return manyDigits(a.src.LineText(a.line(i))) },
	}
	i, j := 0, 0
	for (i < q.n || j < q.m) && ctx.Err() == nil {
		if a.short(i) || b.short(j) {
			break
		}
		if run := l.equalRun(i, j); run > 0 {
			l.both(i, j, run)
			i, j, l.trust = i+run, j+run, leastTrust
			continue
		}
		di, dj, ok := l.step(&q, i, j)
		if !ok {
			if one, other := a.grow(), b.grow(); one || other {
				break // what goes on the same may stand behind
			}
		}
		l.apart(i, j, di, dj)
		i, j = i+di, j+dj
	}
	a.pass(i)
	b.pass(j)
	return !(a.ended && b.ended && i == q.n && j == q.m)
}

// equalRun counts the lines from i and j on that are the same byte for byte. The last
// line of a log is none of them: it may be cut.
func (l *lineJob) equalRun(i, j int) int {
	a, b := l.side[0], l.side[1]
	n := min(a.atOnce(i), b.atOnce(j))
	for run := range n {
		if a.isLast(i+run) || b.isLast(j+run) || a.text(i+run, i+run+1) != b.text(j+run, j+run+1) {
			return run
		}
	}
	return n
}

// step returns how many lines of each side belong to one another from i and j on, where
// they are not the same; ok is false where nothing tells.
func (l *lineJob) step(q *sequences, i, j int) (di, dj int, ok bool) {
	di, dj = l.side[0].atOnce(i), l.side[1].atOnce(j)
	if di == 0 || dj == 0 {
		return di, dj, true // the end of one
	}
	most := min(di, dj)
	if q.same(i, j) {
		run := 1
		for run < most && q.same(i+run, j+run) && l.equalRun(i+run, j+run) == 0 {
			run++
		}
		return run, run, true
	}
	if l.trust == leastTrust || !l.alike(i, j) {
		if di, dj, ok := q.next(i, j); ok {
			l.trust = leastTrust
			return di, dj, true
		}
	}
	run := 0
	for run < min(l.trust, most) && l.alike(i+run, j+run) {
		run++
	}
	if run > 0 {
		l.trust = min(2*l.trust, mostTrust)
		return run, run, true
	}
	near := sequences{n: q.n, m: q.m, same: l.alike}
	if di, dj, ok := near.next(i, j); ok {
		return di, dj, true
	}
	return most, most, false
}

func (l *lineJob) alike(i, j int) bool {
	a, b := l.side[0], l.side[1]
	return trace.LinesAlike(a.line(i), b.line(j), l.w.e.opt.Read[0].Comma)
}

// both reads lines that are the same in both logs.
func (l *lineJob) both(i, j, run int) {
	w, a, b := l.w, l.side[0], l.side[1]
	if w.e.opt.EachRow || w.e.opt.chooses() {
		l.apart(i, j, run, run)
		return
	}
	records, ok := w.reader[0].ReadBoth(w.reader[1], a.text(i, i+run), a.behind(i), b.behind(j))
	if !ok {
		got := w.reader[1].ReadMore(b.text(j, j+run), b.behind(j), false)
		l.pair([2][]trace.Record{records, got})
		return
	}
	l.count[1].Next(records)
	l.count[0].Next(records)
	l.total.Results += w.countAlike(records, At{l.n, l.number}, b.behind(j)-a.behind(i))
	l.number += len(records)
	for side := range l.total.Records {
		l.total.Records[side] += len(records)
	}
}

// apart reads lines that are not the same.
func (l *lineJob) apart(i, j, di, dj int) {
	var list [2][]trace.Record
	for side, at := range [2][2]int{{i, di}, {j, dj}} {
		if win := l.side[side]; at[1] > 0 {
			end := at[0] + at[1]
			list[side] = l.w.chosen(side, l.w.reader[side].ReadMore(win.text(at[0], end), win.behind(at[0]), win.isLast(end-1) && win.last))
		}
	}
	l.pair(list)
}

// pair compares records of lines that belong together.
func (l *lineJob) pair(list [2][]trace.Record) {
	w := l.w
	for side := range list {
		l.count[side].Next(list[side])
		w.inv[side].add(list[side])
		w.records[side] += len(list[side])
		l.total.Records[side] += len(list[side])
	}
	w.dec.pair(list, &w.pairs)
	found := l.late.take(w, list)
	w.pairs.alone[0], w.pairs.alone[1] = w.pairs.alone[0][:0], w.pairs.alone[1][:0]
	l.rows(list)
	for k := range found {
		w.pairs = pairs{whole: true, both: []couple{{0, 0}}}
		l.rows([2][]trace.Record{found[k][:1], found[k][1:]})
	}
	l.release(l.late.stale(w))
}

// rows hands out the rows of w.pairs.
func (l *lineJob) rows(list [2][]trace.Record) {
	w := l.w
	w.makeRows(list, [2]bool{true, true}, func(row *Row) {
		w.result(row, &l.total)
		w.keepBroken(l.n, row)
		w.sink.Row(row, 1, At{l.n, l.number})
		l.number++
	})
}

// release hands out records that stay without a partner.
func (l *lineJob) release(list [2][]trace.Record) {
	if len(list[0])+len(list[1]) == 0 {
		return
	}
	w := l.w
	w.pairs = pairs{}
	for side := range list {
		for i := range list[side] {
			w.pairs.alone[side] = append(w.pairs.alone[side], int32(i))
		}
	}
	l.rows(list)
	w.pairs = pairs{whole: true}
}
