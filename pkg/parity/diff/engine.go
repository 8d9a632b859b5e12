package diff

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Options of a comparison of two logs.
type Options struct {
	Names      *trace.Names     // of both logs
	Sources    [2]*trace.Source // the reference, and what is held against it
	Read       [2]trace.Options
	Tolerances Tolerances
	NaNEqual   bool // nan agrees with nan, and inf with inf
	Common     bool // blocks that one log alone has are left out
	Threads    int  // 0 means GOMAXPROCS
	// Ignore leaves out quantities by name or pattern, Only all others.
	Ignore, Only []string
	Sizes        Sizes
	// EachRow is set where a sink has to see every row by itself, with its
	// numbers, in the order of the logs.
	EachRow bool
	// Begin is called before the rows come; where what was guessed of the logs
	// does not hold, they come again.
	Begin func()
	// Decimal is the decimal mark of both logs; 0 finds it out.
	Decimal byte
	// NewSink makes the sink of one thread.
	NewSink func() Sink
}

// Sizes are how many bytes of a log are held at a time; 0 means the usual. What is
// found does not depend on them, but for Long: the samples of a job that is too long
// are paired by the numbers that the reader gives them, and one without a counter by
// its lines, where a shorter one is paired quantity by quantity.
type Sizes struct {
	Batch   int64 // about as much is read at a time
	Long    int64 // a longer job is compared in stretches
	Stretch int64
}

// Sink takes the rows of a comparison. What it makes of them must not depend on
// the order of the jobs: those of several threads are merged.
type Sink interface {
	// Row takes a row that occurs n times. Where n is not 1, or at.Job is
	// negative, the row agrees, or lacks a side, and its numbers and pixel are
	// those of one of the n. Where n is 0 the row is counted later, with its like
	// of other jobs: it says no more than that this job has one that is lost. The
	// row's memory is reused: Clone what is kept.
	Row(row *Row, n int, at At)
	// Job ends a job, after its rows.
	Job(Job)
	Merge(Sink)
}

// At is the place of a row: its job, and its number within it.
type At struct{ Job, Number int }

// Before orders places.
func (a At) Before(b At) bool {
	return a.Job < b.Job || a.Job == b.Job && a.Number < b.Number
}

// Job says what was found at one place of the two logs.
type Job struct {
	Number  int
	At      [2]schema.Coord // where it is, in either log
	Has     [2]bool         // which of the logs has lines of it
	Records [2]int
	Results int  // results that were compared and are finite
	Begun   bool // a log has begun a block that has results
	Setup   bool // it is a run's setup alone
}

// Engine compares two logs.
type Engine struct {
	opt   Options
	index [2]*trace.Index
	equal int64 // bytes that the logs begin with in common
	jobs  *jobs
	dec   *decisions
	outer int // how many index keys the blocks are joined by
	order ordering

	garbledText [2][]string
	narrow      [2]*narrowing
	surveyed    []surveyed    // by job, of short logs
	broken      map[int][]Row // of long jobs, see keptBroken
	inBlocks    bool          // see resultsInBlocks
}

// New scans two logs, and joins their blocks. The error is one of the input, or
// ctx's.
func New(ctx context.Context, opt Options) (*Engine, error) {
	if opt.Threads <= 0 {
		opt.Threads = runtime.GOMAXPROCS(0)
	}
	long := int64(16 << 20)
	if s := opt.Names.Schema; s.Free && len(s.Index) == 0 {
		long = 1 << 20 // line by line there is little to hold
	}
	opt.Sizes = Sizes{cmp.Or(opt.Sizes.Batch, 1<<20), cmp.Or(opt.Sizes.Long, long), cmp.Or(opt.Sizes.Stretch, 1<<20)}
	e := &Engine{opt: opt, outer: 1}
	if e.isNanoBragg() {
		e.outer = schema.Fast + 1
	}
	var err error
	if e.index, e.equal, err = trace.ScanBoth(ctx, opt.Sources, opt.Names, opt.Read); err != nil {
		return nil, err
	}
	if e.equal > 0 && opt.Read[1].Rename != nil {
		e.equal = 0 // the same lines have other names
	}
	for side := range e.opt.Read {
		e.index[side].Apply(&e.opt.Read[side])
		e.opt.Read[side].Comma = opt.Decimal == ',' || opt.Decimal == 0 && e.index[side].Comma
	}
	if e.opt.Read[0].Comma != e.opt.Read[1].Comma {
		e.equal = 0
	}
	e.inBlocks = resultsInBlocks(opt.Names.Schema)
	if e.jobs, err = e.join(ctx); err != nil {
		return nil, err
	}
	e.order = e.newOrdering()
	return e, nil
}

func (e *Engine) isNanoBragg() bool { return e.opt.Names.Schema == schema.NanoBragg() }

// resultsInBlocks tells whether some result of the schema belongs to a block: one
// of the whole run is not to be looked for in each.
func resultsInBlocks(s *schema.Schema) bool {
	return len(s.Index) == 0 || slices.ContainsFunc(s.Results(), func(k schema.Key) bool { return s.Info(k).Depth > 0 })
}

// Index returns where the blocks of a log stand.
func (e *Engine) Index(side int) *trace.Index { return e.index[side] }

// Jobs is how many places the two logs have together.
func (e *Engine) Jobs() int { return e.jobs.n }

// Pixels says how the pixels of the logs were brought together.
func (e *Engine) Pixels() PixelMatch { return e.jobs.match }

// guessFrom is of how many jobs the whole is guessed.
const guessFrom = 24

// Run compares all jobs, and returns the sink of them all.
func (e *Engine) Run(ctx context.Context) (Sink, *Read, error) {
	w := e.newWorker()
	n := min(guessFrom, e.jobs.n)
	whole := n == e.jobs.n && max(e.index[0].Size, e.index[1].Size) <= e.opt.Sizes.Long
	for i := range n {
		job := i
		if i > 2 && n > 1 {
			job = i * (e.jobs.n - 1) / (n - 1) // from all over the logs
		}
		if err := w.survey(ctx, job, whole); err != nil {
			return nil, nil, err
		}
	}
	e.takeProblems(w)
	e.dec = e.decide(w.inv)
	if whole {
		return w.compareSurveyed(ctx)
	}
	// What was guessed of the whole from a part is held against what the whole
	// is. Where that decides otherwise, all is done again.
	for {
		sum, err := e.all(ctx)
		if err != nil {
			return nil, nil, err
		}
		changed := e.takeProblems(sum)
		exact := e.decide(sum.inv)
		if !changed && exact.same(e.dec) {
			e.dec, e.broken = exact, sum.broken
			return sum.sink, sum.summary(), nil
		}
		e.dec = exact
	}
}

// takeProblems notes which lines could not be read, and what the logs say of
// themselves; it tells whether that was not known before.
func (e *Engine) takeProblems(w *worker) bool {
	changed := false
	for side := range w.problems {
		var text []string
		w.problems[side].trim()
		for i := range w.problems[side].list {
			if p := &w.problems[side].list[i]; p.Kind != trace.Traceback && p.Text != "" && len(text) < maxGarbled {
				text = append(text, p.Text)
			}
		}
		changed = changed || !slices.Equal(text, e.garbledText[side])
		e.garbledText[side] = text
		changed = e.takeNarrowing(side, w.narrow[side]) || changed
	}
	return changed
}

// maxGarbled bounds the lines in which names are looked for.
const maxGarbled = 1000

// all compares all jobs on several threads.
func (e *Engine) all(ctx context.Context) (*worker, error) {
	if e.opt.Begin != nil {
		e.opt.Begin()
	}
	batches := e.batches()
	threads := max(1, min(e.opt.Threads, len(batches)-1))
	if e.opt.EachRow {
		threads = 1
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	workers, errs := make([]*worker, threads), make([]error, threads)
	for t := range workers {
		workers[t] = e.newWorker()
		wg.Go(func() {
			for errs[t] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(batches)-1 {
					break
				}
				if errs[t] = ctx.Err(); errs[t] == nil {
					errs[t] = workers[t].batch(ctx, batches[i], batches[i+1])
				}
			}
			workers[t].flush()
			if errs[t] != nil {
				next.Store(int64(len(batches))) // the others need not go on
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	for _, w := range workers[1:] {
		workers[0].merge(w)
	}
	return workers[0], nil
}

// batches cuts the jobs where about as many bytes have come; they end with the
// count of jobs.
func (e *Engine) batches() []int {
	if e.jobs.straight() {
		return e.index[0].Cuts(e.opt.Sizes.Batch)
	}
	out := []int{0}
	c := [2]*trace.Cursor{e.index[0].Cursor(), e.index[1].Cursor()}
	size := int64(0)
	for job := range e.jobs.n {
		if size >= e.opt.Sizes.Batch {
			out, size = append(out, job), 0
		}
		for side := range c {
			for _, i := range e.jobs.of(side, job) {
				size += c[side].End(int(i)) - c[side].At(int(i)).Off
			}
		}
	}
	return append(out, e.jobs.n)
}

// Read is what was read of the two logs.
type Read struct {
	Side [2]ReadSide
	// Varied counts what was left out because it differs on every run of a program,
	// by name, in either log.
	Varied map[string][2]int
	// Unchosen counts the numbers of quantities that Ignore and Only leave out.
	Unchosen [2]int
}

// ReadSide is what was read of one log.
type ReadSide struct {
	Records    int
	TraceLines int
	Problems   []trace.Problem
	Counts     trace.ProblemCounts
	Renamed    map[string]bool
	Names      []string // of the quantities, in the order in which they come first
}
