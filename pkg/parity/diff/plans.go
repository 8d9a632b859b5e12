package diff

import (
	"slices"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// plans are the ways in which blocks of known layouts are paired. A job whose
// blocks have the layouts of one before it is not read record by record: of its
// numbers, those that are not the same text are compared as ever, and the others
// are counted. It is a private way to be fast, which tests hold to the other.
type plans struct {
	list   []*plan // used last first
	learnt int
	rec    [2]trace.Record // room
}

// plan is how the blocks of two layouts are paired.
type plan struct {
	layout [2]*trace.Layout // nil where the log has no such block
	alike  bool             // both layouts are of the same lines
	rows   []Row            // as they are where all numbers are the same text
	lost   []int32          // rows that are lost: each job is told of them
	both   []planned        // pairs
	job    Job              // of one such job
	first  int              // the first such job
	n      int              // how many
	other  []int            // by row: how often its text differed
	digits [3][]digits      // of any program's logs: by record of a log, or of both where the lines are the same
}

// planned is a pair of records that makes a row.
type planned struct {
	couple
	row       int
	sameNames bool // the numbers of both sides belong together one by one
}

// ofBoth is where a plan counts the numbers of lines that are the same in both logs.
const ofBoth = 2

const (
	maxPlans  = 16
	maxLearnt = 256
)

// quick compares a job of a known plan, and answers false for others; same tells that
// its lines are the same in both logs.
func (w *worker) quick(n int, l [2]lines, same bool) bool {
	if w.e.opt.EachRow || len(w.plans.list) == 0 {
		return false
	}
	for side := range l {
		if len(l[side].pieces) > 1 || len(l[side].pieces) == 1 && l[side].pieces[0].last || !w.settled(side) {
			return false
		}
	}
	var layout [2]*trace.Layout
	for side := range l {
		if len(l[side].pieces) == 0 {
			continue
		}
		if side == 1 && same {
			break
		}
		p := &l[side].pieces[0]
		if layout[side] = w.reader[side].Match(l[side].at, p.text, p.behind); layout[side] == nil {
			return false
		}
	}
	for i, p := range w.plans.list {
		// Of the same lines got's layout was not looked for: a plan of blocks that
		// got lacks has none either.
		if p.layout[0] != layout[0] || same && !p.alike || !same && p.layout[1] != layout[1] {
			continue
		}
		copy(w.plans.list[1:i+1], w.plans.list[:i])
		w.plans.list[0] = p
		w.take1(p, n, [2]*schema.Coord{&l[0].at, &l[1].at}, same)
		return true
	}
	return false
}

// settled tells whether numbers that are not looked at can change what is known
// of a log's precision; those of any program's logs are looked at.
func (w *worker) settled(side int) bool {
	return w.inv[side].free || w.inv[side].digits[0].settled()
}

// take1 adds a job of a plan.
func (w *worker) take1(p *plan, n int, at [2]*schema.Coord, same bool) {
	if p.n++; p.n == 1 {
		p.first = n // the jobs of a worker come in rising order
	}
	for side := range p.layout {
		if p.layout[side] == nil {
			continue
		}
		w.records[side] += len(p.layout[side].Records)
		traces := w.reader[0]
		if side == 1 && !same {
			traces = w.reader[1]
		}
		w.traceLines[side] += traces.TraceLines()
	}
	if w.inv[0].free {
		w.count(p, same)
	}
	job := p.job
	job.Number, job.At = n, [2]schema.Coord{*at[0], *at[1]}
	for _, i := range p.lost {
		row := p.rows[i]
		w.sink.Row(&row, 0, At{n, int(i)})
	}
	if same || p.layout[0] == nil || p.layout[1] == nil {
		w.sink.Job(job)
		return
	}
	for i := range p.both {
		c := &p.both[i]
		if c.sameNames && w.reader[0].SameNumbers(int(c.ref), w.reader[1], int(c.got)) {
			continue
		}
		w.planned(p, c, n)
	}
	w.sink.Job(job)
}

// count counts how the numbers of a job of a plan are printed.
func (w *worker) count(p *plan, same bool) {
	for side, l := range p.layout {
		if l == nil || side == 1 && same {
			continue
		}
		to := side
		if same {
			to = ofBoth
		}
		if p.digits[to] == nil {
			p.digits[to] = make([]digits, len(l.Records))
		}
		count := p.digits[to]
		w.reader[side].EachNumber(func(record int, text string) { count[record].addPlain(text) })
	}
}

// planned compares one pair of a plan whose text differs.
func (w *worker) planned(p *plan, c *planned, n int) {
	w.reader[0].FillOne(int(c.ref), &w.plans.rec[0])
	w.reader[1].FillOne(int(c.got), &w.plans.rec[1])
	row := p.rows[c.row]
	row.Ref, row.Got = &w.plans.rec[0], &w.plans.rec[1]
	row.Status, row.Gap, row.Note = Pass, NoGap, ""
	at := row.Ref.At.Joined(row.Got.At)
	for i := range w.e.outer {
		row.At[i] = at[i]
	}
	w.dec.of(row.Ref.Symbol).row(&row)
	p.other[c.row]++
	w.sink.Row(&row, 1, At{n, c.row})
}

// wants tells whether a plan may be made of a job that is about to be compared:
// its blocks have layouts that no plan is of.
func (s *plans) wants(w *worker, l [2]lines, b [2]*trace.Block) bool {
	if w.e.opt.EachRow || w.e.opt.chooses() || s.learnt == maxLearnt || w.pairs.byNumbers {
		return false
	}
	layout, ok := w.layoutsOf(l, b)
	return ok && !slices.ContainsFunc(s.list, func(p *plan) bool { return p.layout == layout })
}

// layoutsOf are the layouts of the blocks that were just read; ok is false where
// one that is there has none.
func (w *worker) layoutsOf(l [2]lines, b [2]*trace.Block) (layout [2]*trace.Layout, ok bool) {
	for side := range l {
		switch {
		case len(l[side].pieces) == 0:
			continue
		case len(l[side].pieces) > 1 || l[side].pieces[0].last || len(b[side].Problems) > 0:
			return layout, false
		}
		if layout[side] = w.reader[side].Layout(); layout[side] == nil {
			return layout, false
		}
		ok = true
	}
	return layout, ok
}

// learn makes a plan of a job that was just compared, where its numbers had no
// part in how its records were paired.
func (s *plans) learn(w *worker, n int, job Job, b [2]*trace.Block) {
	if w.pairs.byNumbers {
		return
	}
	p := &plan{first: n, job: job}
	for side := range b {
		if len(b[side].Records) > 0 {
			p.layout[side] = w.reader[side].Layout()
		}
	}
	p.alike = p.layout[0] != nil && p.layout[1] != nil && p.layout[0].Alike(p.layout[1])
	if !p.from(w, b) {
		return
	}
	s.learnt++
	if len(s.list) == maxPlans {
		s.list[maxPlans-1].flush(w)
	} else {
		s.list = append(s.list, nil)
	}
	copy(s.list[1:], s.list)
	s.list[0] = p
}

// from takes over the rows; it answers false for those whose grade hangs on more
// than whether their numbers are the same text.
func (p *plan) from(w *worker, b [2]*trace.Block) bool {
	number := [2]map[*trace.Record]int32{{}, {}}
	for side := range number {
		for i := range b[side].Records {
			number[side][&b[side].Records[i]] = int32(i)
		}
	}
	for i := range w.rows {
		row := w.rows[i].Clone()
		switch {
		case row.Ref != nil && row.Got != nil:
			if len(row.Ref.Values)+len(row.Got.Values) == 0 && row.Status == Pass {
				break // words, which are of the layouts
			}
			if len(row.Ref.Values) == 0 || len(row.Got.Values) == 0 || row.Gap == Lost || !agreesAsText(row) {
				return false
			}
			p.both = append(p.both, planned{couple{number[0][w.rows[i].Ref], number[1][w.rows[i].Got]}, i, sameNames(row.Ref, row.Got)})
			row.Status, row.Gap, row.Note, row.Abs, row.Rel, row.Worst, row.Needs = Pass, NoGap, "", 0, 0, -1, noNeeds()
		}
		if row.Gap == Lost {
			p.lost = append(p.lost, int32(i))
		}
		p.rows = append(p.rows, *row)
	}
	p.other = make([]int, len(p.rows))
	return true
}

// agreesAsText tells whether two numbers of the same text always agree: not where
// the units differ.
func agreesAsText(row *Row) bool { return row.Ref.Text == row.Got.Text }

func sameNames(ref, got *trace.Record) bool {
	return slices.EqualFunc(ref.Values, got.Values, func(x, y trace.Value) bool { return x.Name == y.Name })
}

// flush hands the counted rows of a plan to the sink.
func (p *plan) flush(w *worker) {
	if p.n == 0 {
		return
	}
	for i := range p.rows {
		if n := p.n - p.other[i]; n > 0 {
			row := p.rows[i]
			w.sink.Row(&row, n, At{p.first, i})
		}
	}
	for side, l := range p.layout {
		if l == nil {
			continue
		}
		w.inv[side].repeat(l.Records, p.n)
		for _, list := range [...][]digits{p.digits[side], p.digits[ofBoth]} {
			for i := range list {
				w.inv[side].at(&l.Records[i]).more().merge(&list[i])
			}
		}
		w.leftOut(side, l.Varied(), p.n)
	}
	p.n, p.digits = 0, [3][]digits{}
	clear(p.other)
}

// flush hands over what is counted.
func (w *worker) flush() {
	w.alike.flush(w)
	for _, p := range w.plans.list {
		p.flush(w)
	}
}

// repeat counts records that come n times more.
func (v *inventory) repeat(records []trace.Record, n int) {
	for i := range records {
		v.at(&records[i]).count += n
	}
}
