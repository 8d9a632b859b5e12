package parity

import (
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// tally adds up what a verdict and a report need of the rows. It is the same in
// whatever order they come.
type tally struct {
	Counts
	coverage Coverage
	streams  [trace.NoteStream + 1]streamTally
	own      int // compared by a rule of their own
	smallest
	settings, minor, standIns, unknown int // rows compared, by what they can tell

	quantities map[quantityID]*Quantity
	bySymbol   []*Quantity     // of quantities, that came last with a symbol
	series     map[int]*series // by the quantity's place in the order of rows
	lastSeries int             // the last of these
	waiving    *waiving
	engine     func() *diff.Engine
	labels     *diff.Labels
	each       func(string, *diff.Row)

	noted      int    // the job of which something was noted; -1 for none
	broken     bool   // something of it speaks against a match
	kind       uint64 // tells apart what differs in it
	differ     int
	brokenJobs []int          // the first that differ
	kinds      map[uint64]int // by what differs: the first job
	gone       [2][]int       // jobs that one log alone has, the first few
	pixels     [2]pixelTally
	firstBoth  int // the first job of both logs that is no setup; -1 before
	noResult   int // the first job of both logs without a result; -1 before
}

// streamTally is that of one kind of line.
type streamTally struct {
	diverged, divergedZero int // the latter: an exact 0 on one side only
	placeholders           int
	substance, pixel       int // rows that carry a verdict; those of a pixel
	substanceZero          int
	pixelZero              int
}

// smallest is the smallest tolerance with which no row would differ.
type smallest struct {
	rel      float64 // 0 before the first
	any      bool
	hopeless bool // no tolerance helps
}

func newTally(opt *Options, labels *diff.Labels, engine func() *diff.Engine) *tally {
	return &tally{
		quantities: map[quantityID]*Quantity{}, series: map[int]*series{}, waiving: newWaiving(opt.Waivers, opt.Today), engine: engine, labels: labels,
		kinds: map[uint64]int{}, noted: -1, firstBoth: -1, noResult: -1, each: opt.EachRow,
	}
}

// Row takes a row into account, n times.
func (t *tally) Row(row *diff.Row, n int, at diff.At) {
	if n < 2 {
		t.note(row, at.Job)
	}
	if n == 0 {
		return
	}
	t.waiving.take(row, at, t.labels.Of)
	t.Counts.add(row, n)
	t.quantity(row, n, at)
	t.seriesOf(row, at)
	if t.each != nil {
		t.each(t.labels.Of(row), row)
	}
	s := &t.streams[row.Stream]
	if row.Gap == diff.Placeholder {
		s.placeholders += n
	}
	if !row.Compared() {
		return
	}
	t.count(row, n)
	if row.Rule.Named() {
		t.own += n
	}
	zero := zeroAgainstNumber(row)
	if row.Diverged() {
		s.diverged += n
		if zero {
			s.divergedZero += n
		}
		t.smallest.add(row)
	}
	if !t.engine().Tells(row) {
		return
	}
	s.substance += n
	if zero {
		s.substanceZero += n
	}
	if row.Stream != trace.SetupStream {
		s.pixel += n
		if zero {
			s.pixelZero += n
		}
	}
}

// count counts a row that was compared by what it can tell.
func (t *tally) count(row *diff.Row, n int) {
	e := t.engine()
	if e.IsResult(row) && row.Status != diff.NotFinite {
		t.coverage.Results += n
		if row.Status == diff.Pass {
			t.coverage.Agreeing += n
		}
	}
	switch {
	case row.CrossStream():
		t.standIns += n
	case row.Info == nil:
		t.unknown += n
	case config(row):
		t.settings += n
	case row.Info.Minor:
		t.minor += n
	}
}

// note takes note of what differs in a job; of rows that are counted together for
// several jobs, none is told of here. What kind of difference it is does not hang
// on the order of the rows.
func (t *tally) note(row *diff.Row, job int) {
	if !row.Broken() && row.Gap != diff.Placeholder {
		return
	}
	if job != t.noted {
		t.noted, t.broken, t.kind = job, false, 0
	}
	t.broken = t.broken || row.Broken()
	h := uint64(14695981039346656037)
	for _, c := range []byte(row.Name()) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	t.kind += (h^uint64(row.Stream)<<8^uint64(row.Gap))*1099511628211 | 1
}

// maxListed is of how many blocks that differ all rows are listed: the first so
// many, and the first of so many kinds of difference.
const maxListed = 24

// Job ends a job.
func (t *tally) Job(j diff.Job) {
	if t.noted == j.Number {
		if t.broken {
			t.differ++
		}
		t.brokenJobs = keepFirst(t.brokenJobs, j.Number, maxListed)
		t.addKind(t.kind, j.Number)
	}
	t.noted = -1
	for side := range t.pixels {
		if j.Records[side] > 0 {
			t.pixels[side].add(j.At[side], j.Number)
		}
	}
	switch {
	case j.Setup:
		return
	case j.Has[0] && j.Has[1]:
		t.coverage.Common++
		outside := t.engine().Sequential() && j.At[0][0] < 0 && j.At[1][0] < 0
		if outside {
			t.coverage.Outside++
		}
		t.firstBoth = least(t.firstBoth, j.Number)
		if j.Begun && j.Results == 0 && !outside { // what stands before the first step is no step without its result
			t.coverage.WithoutResult++
			t.noResult = least(t.noResult, j.Number)
		}
	case j.Has[0]:
		t.coverage.OnlyRef++
		t.gone[0] = keepFirst(t.gone[0], j.Number, 4)
	case j.Has[1]:
		t.coverage.OnlyGot++
		t.gone[1] = keepFirst(t.gone[1], j.Number, 4)
	}
}

// addKind notes where a kind of difference was found. It keeps those that come
// first in the logs, whichever is told of first.
func (t *tally) addKind(kind uint64, job int) {
	if first, ok := t.kinds[kind]; ok {
		t.kinds[kind] = min(first, job)
		return
	}
	t.kinds[kind] = job
	if len(t.kinds) <= maxListed {
		return
	}
	last := kind
	for k, first := range t.kinds {
		if first > t.kinds[last] {
			last = k
		}
	}
	delete(t.kinds, last)
}

// least is the smaller of two job numbers, of which -1 is none.
func least(a, b int) int {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}

// keepFirst adds v to the first n of a sorted list.
func keepFirst(list []int, v, n int) []int {
	i, dup := slices.BinarySearch(list, v)
	if dup || i == n {
		return list
	}
	list = slices.Insert(list, i, v)
	return list[:min(len(list), n)]
}

// Merge adds another tally of the same comparison.
func (t *tally) Merge(other diff.Sink) {
	o := other.(*tally)
	t.Counts.merge(o.Counts)
	t.coverage.merge(o.coverage)
	for i := range t.streams {
		t.streams[i].merge(&o.streams[i])
	}
	t.own += o.own
	t.smallest.any = t.smallest.any || o.smallest.any
	t.hopeless = t.hopeless || o.hopeless
	t.rel = max(t.rel, o.rel)
	t.settings += o.settings
	t.minor += o.minor
	t.standIns += o.standIns
	t.unknown += o.unknown
	t.mergeQuantities(o)
	t.mergeSeries(o)
	t.waiving.merge(o.waiving)
	t.differ += o.differ
	for _, job := range o.brokenJobs {
		t.brokenJobs = keepFirst(t.brokenJobs, job, maxListed)
	}
	for kind, job := range o.kinds {
		t.addKind(kind, job)
	}
	for side := range t.gone {
		for _, job := range o.gone[side] {
			t.gone[side] = keepFirst(t.gone[side], job, 4)
		}
		t.pixels[side].merge(&o.pixels[side])
	}
	if o.firstBoth >= 0 {
		t.firstBoth = least(t.firstBoth, o.firstBoth)
	}
	if o.noResult >= 0 {
		t.noResult = least(t.noResult, o.noResult)
	}
}

func (s *streamTally) merge(o *streamTally) {
	s.diverged += o.diverged
	s.divergedZero += o.divergedZero
	s.placeholders += o.placeholders
	s.substance += o.substance
	s.substanceZero += o.substanceZero
	s.pixel += o.pixel
	s.pixelZero += o.pixelZero
}

func (c *Coverage) merge(o Coverage) {
	c.Results += o.Results
	c.Agreeing += o.Agreeing
	c.Common += o.Common
	c.Outside += o.Outside
	c.OnlyRef += o.OnlyRef
	c.OnlyGot += o.OnlyGot
	c.WithoutResult += o.WithoutResult
}

func (c *Counts) add(row *diff.Row, n int) {
	c.Total += n
	switch {
	case row.Status == diff.Missing:
		c.Missing += n
		switch row.Gap {
		case diff.Lost:
			c.Lost += n
		case diff.Placeholder:
			c.Placeholder += n
		case diff.Unresolved:
			c.Unresolved += n
		default:
			c.Unpaired += n
		}
	case row.Status == diff.Pass:
		c.Matched += n
	case row.Status == diff.Waived:
		c.Waived += n
	default:
		c.Diverged += n
		if row.Status == diff.NotFinite {
			c.NotFinite += n
		}
	}
}

func (c *Counts) merge(o Counts) {
	c.Matched += o.Matched
	c.Diverged += o.Diverged
	c.Missing += o.Missing
	c.Waived += o.Waived
	c.Total += o.Total
	c.Lost += o.Lost
	c.Unpaired += o.Unpaired
	c.Placeholder += o.Placeholder
	c.Unresolved += o.Unresolved
	c.NotFinite += o.NotFinite
	c.Unparsed += o.Unparsed
}

func (s *smallest) add(row *diff.Row) {
	if row.Rule.Named() {
		return
	}
	s.any = true
	s.hopeless = s.hopeless || row.Hopeless()
	s.rel = max(s.rel, row.Needs.Rel)
}

// tolerance is the smallest relative tolerance with which no row that it decides
// on would differ, rounded up to three digits; NaN where none differs, or
// where no tolerance helps.
func (s smallest) tolerance() float64 {
	if !s.any || s.hopeless {
		return math.NaN()
	}
	return diff.RoundUp(s.rel)
}

// pixelTally counts pixels, and keeps the first of them.
type pixelTally struct {
	n     int
	first []pixelAt // by job
}

type pixelAt struct {
	job   int
	pixel diff.Pixel
}

const pixelsKept = 4

func (t *pixelTally) add(at schema.Coord, job int) {
	if at[schema.Slow] < 0 || at[schema.Fast] < 0 {
		return
	}
	t.n++
	t.keep(pixelAt{job, diff.Pixel{Slow: int(at[schema.Slow]), Fast: int(at[schema.Fast])}})
}

func (t *pixelTally) keep(p pixelAt) {
	i, _ := slices.BinarySearchFunc(t.first, p, func(a, b pixelAt) int { return a.job - b.job })
	if i == pixelsKept {
		return
	}
	t.first = slices.Insert(t.first, i, p)
	t.first = t.first[:min(len(t.first), pixelsKept)]
}

func (t *pixelTally) merge(o *pixelTally) {
	t.n += o.n
	for _, p := range o.first {
		t.keep(p)
	}
}
