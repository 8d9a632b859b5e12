package parity

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// inPartsFrom is how many bytes two logs must have together to be compared pixel
// by pixel. Below, every row of theirs fits a report.
const inPartsFrom = 2 * LargeLog

// CompareSources compares two logs of any size. Small ones are compared as
// CompareChecked does. Large ones are compared pixel by pixel, in the memory
// that a few pixels take and 5 to 20 bytes for every pixel: the verdict, its reasons
// and the counts are those of CompareChecked, the rows are listed of the setup
// and of some pixels alone, and Report.Summary has the rest. Logs that cannot be
// read in parts, because they name no pixels or print the setup among them, are
// compared in memory, and so are those of another program, see Options.Schema.
//
// Whatever Options.Threads is, the report is the same.
func CompareSources(ctx context.Context, ref, got *Source, opt Options) (*Report, error) {
	if opt.Schema != nil {
		return compareForeign(ref, got, opt)
	}
	if opt.ByPixel || ref.Size+got.Size >= inPartsFrom {
		r, err := compareInParts(ctx, ref, got, opt)
		if !errors.As(err, new(notInParts)) {
			return r, err
		}
	}
	a, err := ref.Log()
	if err != nil {
		return nil, err
	}
	b, err := got.Log()
	if err != nil {
		return nil, err
	}
	return CompareChecked(a, b, opt)
}

// notInParts says why logs cannot be compared pixel by pixel.
type notInParts struct{ why string }

func (e notInParts) Error() string { return "the logs cannot be compared in parts: " + e.why }

// twoLogs are the logs of a comparison in parts.
type twoLogs struct {
	src   [2]*Source
	seg   [2]*trace.Segments
	at    [2]*trace.Cursor // of the goroutine that made this
	head  [2]*trace.Log    // what stands before the first pixel
	mates *mates
	opt   Options
	names map[string]string // to be given to got's quantities
}

// The sides of twoLogs.
const (
	refSide = iota
	gotSide
)

func compareInParts(ctx context.Context, ref, got *Source, opt Options) (*Report, error) {
	l := &twoLogs{src: [2]*Source{ref, got}, opt: opt}
	if l.opt.Threads <= 0 {
		l.opt.Threads = runtime.GOMAXPROCS(0)
	}
	if err := l.open(); err != nil {
		return nil, err
	}
	whole, err := l.guess()
	if err != nil {
		return nil, err
	}
	// What was guessed of the whole from its beginning is held against what
	// the whole is. Where that decides otherwise, all is done again.
	for range 2 {
		sum, err := l.compare(ctx, whole)
		if err != nil {
			return nil, err
		}
		exact := sum.whole(l)
		if exact.Same(whole) {
			return l.report(sum, whole)
		}
		whole = exact
	}
	return nil, notInParts{"what they print changes while they are read"}
}

// open finds the pixels of both logs, and reads what is before them.
func (l *twoLogs) open() error {
	var err error
	if l.names, err = renaming(l.opt.Map); err != nil {
		return err
	}
	for i, s := range l.src {
		if l.seg[i], err = trace.FindSegments(s, s.Size, l.opt.Threads); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		if l.seg[i].Odd != "" {
			return notInParts{s.Name + ": " + l.seg[i].Odd}
		}
		l.at[i] = l.seg[i].Cursor()
		if l.seg[i].Len() < 2 {
			return notInParts{s.Name + " names fewer than two pixels"}
		}
		if l.head[i], err = l.readHead(i); err != nil {
			return err
		}
	}
	l.mates = mate(l.seg[refSide], l.seg[gotSide])
	return nil
}

func (l *twoLogs) readHead(side int) (*trace.Log, error) {
	data, err := l.src[side].read(nil, 0, l.at[side].At(0).Off)
	if err != nil {
		return nil, err
	}
	r := newPartReader(l, side)
	r.Begin()
	if err := r.Read(bytes.TrimPrefix(data, []byte("\ufeff")), 0, false); err != nil {
		return nil, err
	}
	log := r.Log()
	for i := range log.Records {
		if log.Records[i].At.Slow >= 0 {
			return nil, notInParts{log.Records[i].Pos.String() + ": a pixel stands before the first that is named"}
		}
	}
	if r.Open() {
		return nil, notInParts{"a crash report goes on in another part"}
	}
	return r.renamed(log), nil
}

// guessFrom is of how many pixels the whole is guessed.
const guessFrom = 12

// guess reads the setup and a few pixels, to tell what the logs print.
func (l *twoLogs) guess() (*diff.Whole, error) {
	w := newWorker(l, nil)
	n := min(guessFrom, l.jobs())
	for i := range n {
		job := i * (l.jobs() - 1) / max(1, n-1) // from all over the log
		parts, err := w.load(job)
		if err != nil {
			return nil, err
		}
		for side := range parts {
			p, err := w.parse(side, parts[side])
			if err != nil {
				return nil, err
			}
			w.survey[side].Add(diff.NewPart(p))
		}
	}
	return w.whole(l), nil
}

// jobs is how many pairs of parts there are, of which one may be empty.
func (l *twoLogs) jobs() int { return l.mates.n[refSide] + len(l.mates.got) }

// batch is how many bytes of the reference are compared at a time.
var batch int64 = 1 << 20

// compare compares all pairs of parts, each on one of the threads.
func (l *twoLogs) compare(ctx context.Context, whole *diff.Whole) (*worker, error) {
	batches := l.batches()
	var next atomic.Int64
	var wg sync.WaitGroup
	n := max(1, min(l.opt.Threads, len(batches)-1))
	workers, errs := make([]*worker, n), make([]error, n)
	for t := range workers {
		workers[t] = newWorker(l, whole)
		wg.Go(func() {
			for errs[t] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(batches)-1 {
					return
				}
				if errs[t] = ctx.Err(); errs[t] == nil {
					errs[t] = workers[t].batch(batches[i], batches[i+1])
				}
			}
			next.Store(int64(len(batches))) // the others need not go on
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	for _, w := range workers {
		if err := w.flush(); err != nil {
			return nil, err
		}
		if w != workers[0] {
			workers[0].merge(w)
		}
	}
	return workers[0], nil
}

// batches cuts the jobs where about as many bytes have come; they end with the
// count of jobs.
func (l *twoLogs) batches() []int {
	out := []int{0}
	size := int64(0)
	for job := range l.jobs() {
		side, i := l.segment(job)
		if size >= batch || job == l.mates.n[refSide] && size > 0 {
			out, size = append(out, job), 0
		}
		size += l.at[side].End(i) - l.at[side].At(i).Off
	}
	return append(out, l.jobs())
}

// segment is the first segment of a job: of the reference, or of got where the
// reference has none.
func (l *twoLogs) segment(job int) (side, i int) {
	if job < l.mates.n[refSide] {
		return refSide, job
	}
	return gotSide, int(l.mates.got[job-l.mates.n[refSide]])
}
