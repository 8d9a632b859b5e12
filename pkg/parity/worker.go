package parity

import (
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// worker compares pairs of parts and adds up what comes of it. What it adds up
// is the same in whatever order the pairs come.
type worker struct {
	logs *twoLogs
	at   *diff.Whole
	read [2]*partReader
	seg  [2]*trace.Cursor

	survey      [2]*diff.Survey
	problems    [2]problemList
	records     [2]int
	traceLines  [2]int
	pixels      [2]pixelTally
	shared      int // pixels with records in both logs
	firstShared int // the job of the first of them

	totals  totals
	waiving *waiving
	sums    quantities
	differ  int
	kinds   map[uint64]int // by what differs: the first job
	broken  []int          // the first jobs of any kind

	forms forms
	buf   [2][]byte
}

// maxListed is of how many pixels that differ all rows are listed: the first so
// many, and the first of so many kinds of difference.
const maxListed = 24

func newWorker(l *twoLogs, at *diff.Whole) *worker {
	w := &worker{logs: l, at: at, waiving: newWaiving(l.opt.Waivers, l.opt.Today), sums: quantities{}, kinds: map[uint64]int{}}
	for side := range w.read {
		w.read[side], w.seg[side] = newPartReader(l, side), l.seg[side].Cursor()
		w.survey[side] = diff.NewSurvey(l.src[side].Name)
	}
	return w
}

// whole is the judgement of all that was read, the setup included.
func (w *worker) whole(l *twoLogs) *diff.Whole {
	for side, s := range w.survey {
		s.Add(diff.NewPart(l.head[side]))
		p := w.problems[side]
		p.list = slices.Clone(p.list)
		p.take(l.head[side])
		p.trim()
		s.SetProblems(p.list)
	}
	return diff.NewWhole(w.survey[refSide], w.survey[gotSide], l.opt.Tolerances.with(l.opt.tolerance()))
}

// batch compares the jobs from one to another.
func (w *worker) batch(from, to int) error {
	var span [2]stretch
	for job := from; job < to; job++ {
		for side, list := range w.logs.segmentsOf(job) {
			if len(list) > 0 {
				span[side].add(w.seg[side], list[0])
			}
		}
	}
	for side := range span {
		if err := w.fetch(side, &span[side]); err != nil {
			return err
		}
	}
	for job := from; job < to; job++ {
		var parts [2][]piece
		for side, list := range w.logs.segmentsOf(job) {
			for _, i := range list {
				text, err := w.text(side, i, &span[side])
				if err != nil {
					return err
				}
				parts[side] = append(parts[side], w.piece(side, i, text))
			}
		}
		if err := w.pair(job, parts); err != nil {
			return err
		}
	}
	return nil
}

// stretch is the piece of a log that the segments of a batch lie in, and how
// much of it they are.
type stretch struct {
	from, to, used int64
}

func (s *stretch) add(seg *trace.Cursor, i int) {
	from, to := seg.At(i).Off, seg.End(i)
	if s.used == 0 {
		s.from, s.to = from, to
	}
	s.from, s.to, s.used = min(s.from, from), max(s.to, to), s.used+to-from
}

// fetch reads the stretch at once where most of it is of use.
func (w *worker) fetch(side int, s *stretch) error {
	if s.to-s.from > 2*s.used+batch/4 {
		s.from, s.to = 0, 0
		return nil
	}
	text, err := w.logs.src[side].read(w.buf[side], s.from, s.to)
	w.buf[side] = text
	return err
}

func (w *worker) text(side, i int, s *stretch) ([]byte, error) {
	from, to := w.seg[side].At(i).Off, w.seg[side].End(i)
	if from >= s.from && to <= s.to {
		return w.buf[side][from-s.from : to-s.from], nil
	}
	return w.logs.src[side].read(nil, from, to)
}

// pair compares the two parts of a job.
func (w *worker) pair(job int, parts [2][]piece) error {
	if len(parts[refSide])+len(parts[gotSide]) == 0 {
		return nil // the pixel was there before
	}
	if w.quick(job, parts) {
		return nil
	}
	return w.general(job, parts)
}

// general compares two parts as whole logs are compared.
func (w *worker) general(job int, parts [2][]piece) error {
	var p [2]*diff.Part
	var logs [2]*trace.Log
	for side := range parts {
		l, err := w.parse(side, parts[side])
		if err != nil {
			return err
		}
		logs[side], p[side] = l, diff.NewPart(l)
		w.survey[side].Add(p[side])
		w.problems[side].take(l)
		w.note(side, firstWith(l, parts[side]), len(l.Records), l.TraceLines)
	}
	if len(logs[refSide].Records) > 0 && len(logs[gotSide].Records) > 0 {
		w.share(job)
	}
	rows := w.at.Compare(p[refSide], p[gotSide])
	kind := kindOf{}
	for i := range rows {
		w.row(&rows[i], [2]int{job + 1, i}, &kind)
	}
	w.close(job, kind)
	return w.learn(parts, p, rows)
}

// firstWith is the first segment of a part that holds records.
func firstWith(l *trace.Log, pieces []piece) int {
	seg := 0
	for i, p := range pieces {
		if i == 0 || len(l.Records) > 0 && p.behind < l.Records[0].Pos.Line {
			seg = p.seg
		}
	}
	return seg
}

// note counts what a part holds.
func (w *worker) note(side, seg, records, traceLines int) {
	w.records[side] += records
	w.traceLines[side] += traceLines
	if records > 0 {
		w.pixels[side].add(seg)
	}
}

// share counts a pixel of both logs.
func (w *worker) share(job int) {
	if w.shared++; w.shared == 1 {
		w.firstShared = job // jobs come in rising order
	}
}

// row takes a row into account.
func (w *worker) row(row *diff.Row, at [2]int, kind *kindOf) {
	w.waiving.take(row, labelOfMany)
	w.totals.add(row, 1)
	w.sums.of(row, at).add(row, at)
	kind.add(row)
}

// labelOfMany names a row of a log of several pixels.
func labelOfMany(row *diff.Row) string { return row.Label(2) }

// close ends a job.
func (w *worker) close(job int, kind kindOf) {
	if kind.hash == 0 {
		return
	}
	if kind.broken {
		w.differ++
	}
	// The jobs of a worker come in rising order: those that it met before are
	// the first.
	if len(w.broken) < maxListed {
		w.broken = append(w.broken, job)
	}
	if _, ok := w.kinds[kind.hash]; !ok && len(w.kinds) < maxListed {
		w.kinds[kind.hash] = job
	}
}

// kindOf tells pixels apart by what differs, whatever the numbers.
type kindOf struct {
	hash   uint64 // 0 where nothing differs
	broken bool   // something speaks against a match
}

func (k *kindOf) add(row *diff.Row) {
	if !row.Broken() && row.Gap != diff.Placeholder {
		return
	}
	k.broken = k.broken || row.Broken()
	h := k.hash | 1
	for _, c := range []byte(row.Name()) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	k.hash = (h^uint64(row.Stream)<<8^uint64(row.Gap))*1099511628211 | 1
}

// pixelTally counts pixels, and keeps the first of them.
type pixelTally struct {
	n     int
	first []int // segments, sorted
}

const pixelsKept = 4

func (t *pixelTally) add(seg int) {
	t.n++
	t.keep(seg)
}

func (t *pixelTally) keep(seg int) {
	if len(t.first) == pixelsKept && seg > t.first[pixelsKept-1] {
		return
	}
	i, _ := slices.BinarySearch(t.first, seg)
	t.first = slices.Insert(t.first, i, seg)
	t.first = t.first[:min(len(t.first), pixelsKept)]
}

func (w *worker) merge(o *worker) {
	for side := range w.survey {
		w.survey[side].Merge(o.survey[side])
		w.problems[side].merge(&o.problems[side])
		w.records[side] += o.records[side]
		w.traceLines[side] += o.traceLines[side]
		w.pixels[side].n += o.pixels[side].n
		for _, seg := range o.pixels[side].first {
			w.pixels[side].keep(seg)
		}
		for name := range o.read[side].hit {
			w.read[side].hit[name] = true
		}
	}
	if o.shared > 0 && (w.shared == 0 || o.firstShared < w.firstShared) {
		w.firstShared = o.firstShared
	}
	w.shared += o.shared
	w.totals.merge(&o.totals)
	w.waiving.merge(o.waiving)
	w.sums.merge(o.sums)
	w.differ += o.differ
	w.broken = append(w.broken, o.broken...)
	for kind, job := range o.kinds {
		if mine, ok := w.kinds[kind]; !ok || job < mine {
			w.kinds[kind] = job
		}
	}
}
