package diff

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"unsafe"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// worker compares jobs on one thread.
type worker struct {
	e      *Engine
	dec    *decisions
	reader [2]*trace.Reader
	at     [2]*trace.Cursor
	buf    [2][]byte
	window [2]span
	shared bool       // both windows are the same bytes
	pieces [2][]piece // room

	inv        [2]*inventory
	problems   [2]problemList
	narrow     [2]*narrowing
	records    [2]int
	traceLines [2]int
	varied     map[string][2]int
	alike      *alike
	ignored    map[*trace.Symbol]bool // by quantity: it is left out by name
	unchosen   [2]int                 // numbers of those
	sink       Sink
	broken     map[int][]Row // of long jobs

	plans    plans
	pairs    pairs
	rows     []Row // of a job whose plan is learnt
	one      Row
	state    [2]blockState
	lone     identities // those of records without a partner
	straight [2]piece   // of such a job, by side
	alone    []bool     // by symbol: some record of it has no partner
}

// span is a part of a log, in bytes.
type span struct{ from, to int64 }

func (e *Engine) newWorker() *worker {
	w := &worker{e: e, dec: e.dec, sink: e.opt.NewSink(), pairs: pairs{whole: true}, ignored: map[*trace.Symbol]bool{}, broken: map[int][]Row{}, alike: newAlike()}
	for side := range w.reader {
		w.reader[side] = trace.NewReader(e.opt.Sources[side], e.opt.Names, e.opt.Read[side])
		w.at[side] = e.index[side].Cursor()
		w.inv[side] = newInventory()
		w.inv[side].free = e.opt.Names.Schema.Free
	}
	return w
}

// lines are what a job has in one log.
type lines struct {
	at     schema.Coord
	pieces []piece
}

// piece is a run of lines.
type piece struct {
	text   string
	behind int  // lines before it
	last   bool // of the log
}

// spansOf lists the parts of a log that a job is made of; parts that touch are
// one.
func (w *worker) spansOf(side, job int, out []jobSpan) []jobSpan {
	add := func(i int) {
		p := w.at[side].At(i)
		end := w.at[side].End(i)
		if n := len(out); n > 0 && out[n-1].to == p.Off {
			out[n-1].to, out[n-1].last = end, i+1 == w.e.index[side].Len()
			if out[n-1].at.Setup() {
				out[n-1].at = p.At
			}
			return
		}
		out = append(out, jobSpan{span{p.Off, end}, int(p.Line), p.At, i+1 == w.e.index[side].Len()})
	}
	if w.e.jobs.straight() {
		add(job)
		return out
	}
	for _, i := range w.e.jobs.of(side, job) {
		add(int(i))
	}
	return out
}

// jobSpan is a part of a log with where it belongs.
type jobSpan struct {
	span
	line int
	at   trace.BlockAt
	last bool
}

// batch compares the jobs from one to another.
func (w *worker) batch(ctx context.Context, from, to int) error {
	for side := range w.window {
		if err := w.fetch(side, from, to); err != nil {
			return err
		}
	}
	var spans [2][]jobSpan
	for job := from; job < to; job++ {
		if w.e.jobs.straight() {
			if job += w.sameJobs(job, to); job == to {
				break
			}
			if done, err := w.straightJob(job); done && err == nil {
				continue
			} else if err != nil {
				return err
			}
		}
		for side := range spans {
			spans[side] = w.spansOf(side, job, spans[side][:0])
		}
		if err := w.job(ctx, job, spans); err != nil {
			return err
		}
	}
	return nil
}

// fetch reads at once what the jobs of a batch need of a log, where most of it is
// of use.
func (w *worker) fetch(side, from, to int) error {
	var all span
	used := int64(0)
	var spans []jobSpan
	if w.e.jobs.straight() {
		all = span{w.at[side].At(from).Off, w.at[side].End(to - 1)}
		used, from = all.to-all.from, to
	}
	for job := from; job < to; job++ {
		spans = w.spansOf(side, job, spans[:0])
		for _, s := range spans {
			if used == 0 {
				all = s.span
			}
			all.from, all.to, used = min(all.from, s.from), max(all.to, s.to), used+s.to-s.from
		}
	}
	w.window[side] = span{}
	if side == 1 {
		w.shared = false
	}
	if used == 0 || used > w.e.opt.Sizes.Long || all.to-all.from > 2*used+w.e.opt.Sizes.Batch/4 {
		return nil
	}
	if side == 1 && all == w.window[0] && all.to <= w.e.equal {
		w.window[1], w.shared = all, true
		return nil
	}
	buf, err := w.e.opt.Sources[side].ReadSpan(w.buf[side], all.from, all.to)
	if err != nil {
		return err
	}
	w.buf[side], w.window[side] = buf, all
	return nil
}

// text returns a part of a log; it is good until the next batch.
func (w *worker) text(side int, s span) (string, error) {
	if text := w.held(side, s); text != "" {
		return text, nil
	}
	b, err := w.e.opt.Sources[side].ReadSpan(nil, s.from, s.to)
	return unsafe.String(unsafe.SliceData(b), len(b)), err
}

// held is text of the part that was read of a log; "" for what is not in it.
func (w *worker) held(side int, s span) string {
	win := w.window[side]
	if s.from < win.from || s.to > win.to || win.to == win.from {
		return ""
	}
	buf := w.buf[side]
	if side == 1 && w.shared {
		buf = w.buf[0]
	}
	b := buf[s.from-win.from : s.to-win.from]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// load reads the lines of a job.
func (w *worker) load(side int, spans []jobSpan) (lines, error) {
	out := lines{at: w.atOf(spans), pieces: w.pieces[side][:0]}
	for _, s := range spans {
		text, err := w.text(side, s.span)
		if err != nil {
			return out, err
		}
		out.pieces = append(out.pieces, piece{text, s.line, s.last})
	}
	w.pieces[side] = out.pieces
	return out, nil
}

// read reads the records of a job's lines, and counts them.
func (w *worker) read(side int, l lines) *trace.Block {
	b := w.readBlock(side, l)
	w.takeChosen(side, b)
	return b
}

// readBlock reads the records of a job's lines.
func (w *worker) readBlock(side int, l lines) *trace.Block {
	r := w.reader[side]
	if len(l.pieces) == 1 {
		p := l.pieces[0]
		r.ReadBlock(l.at, p.text, p.behind, p.last)
	} else {
		r.Begin(l.at)
		for _, p := range l.pieces {
			r.Read(p.text, p.behind, p.last)
		}
	}
	return r.Block()
}

// takeChosen drops what is left out by name, and counts the rest.
func (w *worker) takeChosen(side int, b *trace.Block) {
	b.Records = w.chosen(side, b.Records)
	w.take(side, b)
}

// take counts what a block holds.
func (w *worker) take(side int, b *trace.Block) {
	w.inv[side].add(b.Records)
	w.problems[side].take(b.Problems, b.Unlisted)
	w.records[side] += len(b.Records)
	w.traceLines[side] += b.TraceLines
	w.narrow[side] = w.narrow[side].with(b)
	w.leftOut(side, b.Varied, 1)
}

// leftOut counts what so many blocks hold that is not compared because it varies by
// run.
func (w *worker) leftOut(side int, varied map[string]int, blocks int) {
	if len(varied) > 0 && w.varied == nil {
		w.varied = map[string][2]int{}
	}
	for name, n := range varied {
		both := w.varied[name]
		both[side] += n * blocks
		w.varied[name] = both
	}
}

// surveyed is a job as the survey read it. Of short logs the survey reads all
// jobs: they are compared and listed from what it read, and not read again.
type surveyed struct {
	lines  [2]lines
	blocks [2]*trace.Block
	pairs  pairs // once they were compared
}

// survey reads a job for what it tells of the logs as a whole, and keeps what it
// read where it reads all of them.
func (w *worker) survey(ctx context.Context, job int, keep bool) error {
	var read surveyed
	for side := range w.reader {
		w.reader[side].Keep = keep
		spans := w.spansOf(side, job, nil)
		for i := range spans {
			// Of a long job the beginning and the end are read.
			if s := &spans[i]; s.to-s.from > w.e.opt.Sizes.Long {
				if err := w.e.headOf(ctx, side, s); err != nil {
					return err
				}
			}
		}
		l, err := w.load(side, spans)
		if err != nil {
			return err
		}
		read.lines[side], read.blocks[side] = lines{l.at, slices.Clone(l.pieces)}, w.read(side, l)
	}
	if keep {
		w.e.surveyed = append(w.e.surveyed, read)
	}
	return ctx.Err()
}

// compareSurveyed compares all jobs from what the survey read.
func (w *worker) compareSurveyed(ctx context.Context) (Sink, *Read, error) {
	if w.e.opt.Begin != nil {
		w.e.opt.Begin()
	}
	w.dec = w.e.dec
	for n := range w.e.surveyed {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		s := &w.e.surveyed[n]
		w.compare(n, s.lines, s.blocks, false)
		s.pairs, w.pairs = w.pairs, pairs{whole: true}
	}
	return w.sink, w.summary(), nil
}

// problemList holds problems of a log, of each kind the first MaxProblems, and
// counts all.
type problemList struct {
	list   []trace.Problem
	counts trace.ProblemCounts
}

func (p *problemList) take(list []trace.Problem, unlisted trace.ProblemCounts) {
	p.list = append(p.list, list...)
	for i := range list {
		p.counts[list[i].Kind]++
	}
	for k, n := range unlisted {
		p.counts[k] += n
	}
	if len(p.list) > 4*trace.MaxProblems {
		p.trim()
	}
}

func (p *problemList) merge(o *problemList) {
	p.list = append(p.list, o.list...)
	for k, n := range o.counts {
		p.counts[k] += n
	}
	p.trim()
}

// trim drops what is beyond the first of each kind.
func (p *problemList) trim() {
	slices.SortStableFunc(p.list, func(x, y trace.Problem) int {
		return cmp.Or(cmp.Compare(x.Pos.File, y.Pos.File), cmp.Compare(x.Pos.Line, y.Pos.Line))
	})
	var n trace.ProblemCounts
	p.list = slices.DeleteFunc(p.list, func(x trace.Problem) bool {
		n[x.Kind]++
		return n[x.Kind] > trace.MaxProblems
	})
}

// merge adds what another worker found.
func (w *worker) merge(o *worker) {
	for side := range w.inv {
		w.inv[side].merge(o.inv[side])
		w.problems[side].merge(&o.problems[side])
		w.narrow[side] = w.narrow[side].merge(o.narrow[side])
		w.records[side] += o.records[side]
		w.traceLines[side] += o.traceLines[side]
		for name := range o.reader[side].Renamed() {
			w.reader[side].Renamed()[name] = true
		}
	}
	maps.Copy(w.broken, o.broken)
	for side, n := range o.unchosen {
		w.unchosen[side] += n
	}
	for name, n := range o.varied {
		w.leftOut(0, map[string]int{name: n[0]}, 1)
		w.leftOut(1, map[string]int{name: n[1]}, 1)
	}
	w.sink.Merge(o.sink)
}

// summary is what was read.
func (w *worker) summary() *Read {
	out := &Read{Varied: w.varied, Unchosen: w.unchosen}
	for side := range out.Side {
		s := &out.Side[side]
		s.Records, s.TraceLines = w.records[side], w.traceLines[side]
		s.Problems, s.Counts = w.problems[side].list, w.problems[side].counts
		s.Renamed = w.reader[side].Renamed()
		if src := w.e.opt.Sources[side]; src.Cut {
			s.Problems = append(s.Problems, src.CutProblem(int(w.e.index[side].Lines)))
			s.Counts[trace.Truncated]++
		}
		var seen []*printed
		for _, p := range w.inv[side].seen {
			if p != nil {
				seen = append(seen, p)
			}
		}
		slices.SortFunc(seen, func(x, y *printed) int {
			return cmp.Or(cmp.Compare(x.first.Line, y.first.Line), cmp.Compare(x.symbol.Name, y.symbol.Name))
		})
		for _, p := range seen {
			if n := p.first.Name; !slices.Contains(s.Names[max(0, len(s.Names)-1):], n) {
				s.Names = append(s.Names, n)
			}
		}
	}
	return out
}
