package bisect

import (
	"context"
	"fmt"
	"math"
	"sort"
	"strings"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// PhiReport says where, along the loops of a simulation, two logs part.
type PhiReport struct {
	Ref, Got  string
	Tolerance float64
	Compared  int // pairs of records
	Diverged  int
	Alone     int // records without a partner
	// Lost counts those of them whose quantity was compared elsewhere: a phi
	// step, or a sample, that one log lacks. LostFirst is the first of them.
	Lost      int
	LostFirst string
	// Unread counts trace lines that could not be read.
	Unread int
	// Cut is set where a log is cut off or ends in a crash: what agrees in it
	// agrees only as far as it goes.
	Cut bool
	// Series are the quantities that were compared, in causal order.
	Series []Series
	// First is the first evaluation, in the order of the loops, at which a
	// quantity is beyond tolerance; nil where there is none.
	First *PhiFirst
	// Before lists quantities outside of the loops that differ: of the setup,
	// or of the whole pixel.
	Before []string
	Notes  []string

	loops *loops
	again string // the command that compares the logs
}

// PhiFirst is an evaluation at which a quantity is beyond tolerance.
type PhiFirst struct {
	Key       string
	Component string
	At        schema.Coord
	Ref, Got  string // as printed
	RefPos    trace.Pos
	GotPos    trace.Pos
	Abs, Rel  float64
}

// Series is one quantity over all its evaluations.
type Series struct {
	Name     string
	Stream   trace.Stream
	Compared int
	Out      int     // beyond tolerance
	Worst    float64 // largest relative difference
	First    *PhiFirst
	// Axes are those along which the quantity was compared at two steps at
	// least. A step stands for the worst of its samples.
	Axes []AxisPattern

	key   schema.Key
	steps []stepsAlong
}

// AxisPattern is a pattern with its axis.
type AxisPattern struct {
	Axis Axis
	Pattern
}

// Refused reports whether nothing can be said: nothing could be compared, or
// what agrees comes from a log that is cut off.
func (r *PhiReport) Refused() bool { return r.Compared == 0 || (r.Cut || r.Unread > 0) && !r.Parts() }

// Parts reports whether the logs differ: a quantity is beyond tolerance, or a
// record is lost.
func (r *PhiReport) Parts() bool { return r.Diverged > 0 || r.Lost > 0 }

// Phi says at which phi step, subpixel, source and domain a quantity first leaves
// tolerance, and whether it comes back. Logs of any length will do. The error is
// that of parity.Sources.
func Phi(ctx context.Context, ref, got *trace.Source, opt parity.Options) (*PhiReport, error) {
	rep := &PhiReport{}
	c := &collector{}
	opt.Threads = 1
	_, engine, read, err := parity.Rows(ctx, ref, got, opt, func(l *diff.Labels, _ func() *diff.Engine) diff.Sink {
		// Where what was guessed of the logs does not hold, all rows come again.
		*rep = PhiReport{Ref: ref.Name, Got: got.Name, Tolerance: opt.Tolerance, loops: loopsOf(l.Names), again: opt.Again}
		*c = collector{report: rep, byID: map[seriesID]*Series{}, alone: map[seriesID]*lonely{}}
		return c
	})
	if err != nil {
		return nil, err
	}
	if engine.Pixels() == diff.OtherPixels && rep.Compared == 0 {
		rep.Notes = append(rep.Notes, "the logs are of different pixels")
	}
	for i, name := range []string{ref.Name, got.Name} {
		s := &read.Side[i]
		if s.Records == 0 {
			rep.Notes = append(rep.Notes, name+" holds no trace lines that can be read")
		}
		rep.Unread += s.Counts[trace.Unparsed]
		for _, p := range s.Problems {
			rep.Cut = rep.Cut || p.Kind == trace.Truncated || p.Kind == trace.Traceback
			if len(rep.Notes) <= maxNotes {
				rep.Notes = append(rep.Notes, p.Pos.String()+": "+p.Kind.String()+": "+p.Why)
			}
		}
	}
	c.finish()
	return rep, nil
}

// maxNotes bounds the problems of the logs that are named.
const maxNotes = 20

type seriesID struct {
	stream trace.Stream
	key    schema.Key
	name   string
}

// collector gathers rows into series.
type collector struct {
	report *PhiReport
	byID   map[seriesID]*Series
	order  []*Series
	alone  map[seriesID]*lonely
}

// lonely are the records of a quantity without a partner.
type lonely struct {
	gone  int // those that the other log should have
	first diff.Row
	at    int // when the first of them came
}

// Row takes a row, n times.
func (c *collector) Row(row *diff.Row, n int, _ diff.At) {
	if n == 0 {
		return // it is counted with its like
	}
	c.report.loops.note(row.At)
	if !row.Compared() {
		c.report.Alone += n
		c.lonely(row, n)
		return
	}
	c.report.Compared += n
	s := c.of(row)
	s.Compared += n
	if row.Rel > s.Worst {
		s.Worst = row.Rel
	}
	out := 0
	if row.Diverged() {
		out = 1
		s.Out++
		c.report.Diverged++
		if s.First == nil || c.report.loops.earlier(row.At, s.First.At) {
			s.First = firstOf(row)
		}
	}
	for i := range s.steps {
		if at := c.report.loops.along(i, row.At); at >= 0 {
			s.add(i, at, n, out, row)
		}
	}
}

// Job ends a job.
func (c *collector) Job(diff.Job) {}

// Merge is not called: the rows of this search come from one thread.
func (c *collector) Merge(diff.Sink) { panic("bisect: rows of several threads") }

// lonely counts a row without a partner.
func (c *collector) lonely(row *diff.Row, n int) {
	l := c.alone[nameOf(row)]
	if l == nil {
		l = &lonely{first: *row.Clone(), at: len(c.alone)}
		c.alone[nameOf(row)] = l
	}
	if row.Gap == diff.Lost || row.Gap == diff.Placeholder {
		l.gone += n
	}
}

// add counts a row at a step of an axis. The step shows the sample that differs
// most.
func (s *Series) add(axis, at, n, out int, row *diff.Row) {
	e := s.steps[axis].at(at)
	e.n += n
	e.out += out
	if row.Rel > e.rel || math.IsNaN(row.Rel) {
		e.rel, e.abs = row.Rel, row.Abs
	}
}

// stepsAlong are the steps along an axis. So that a log of any length takes
// bounded memory, neighbours are put together where there are more than maxSteps:
// by twos, fours and so on.
type stepsAlong struct {
	width int // steps in a group; 0 before the first
	group map[int]*step
}

const maxSteps = 1 << 14

func (s *stepsAlong) at(index int) *step {
	if s.group == nil {
		s.width, s.group = 1, map[int]*step{}
	}
	e := s.group[index/s.width]
	if e == nil {
		for len(s.group) >= maxSteps {
			s.coarsen()
		}
		if e = s.group[index/s.width]; e == nil {
			e = &step{index: index / s.width * s.width, rel: -1}
			s.group[index/s.width] = e
		}
	}
	return e
}

// coarsen makes the groups twice as wide.
func (s *stepsAlong) coarsen() {
	s.width *= 2
	old := s.group
	s.group = make(map[int]*step, len(old)/2+1)
	for _, e := range old {
		g := s.group[e.index/s.width]
		if g == nil {
			e.index = e.index / s.width * s.width
			s.group[e.index/s.width] = e
			continue
		}
		g.n, g.out = g.n+e.n, g.out+e.out
		if e.rel > g.rel || math.IsNaN(e.rel) {
			g.rel, g.abs = e.rel, e.abs
		}
	}
}

// sorted lists the steps, or groups of them, in order.
func (s *stepsAlong) sorted() []step {
	out := make([]step, 0, len(s.group))
	for _, e := range s.group {
		out = append(out, *e)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].index < out[j].index })
	return out
}

func nameOf(row *diff.Row) seriesID {
	id := seriesID{stream: row.Stream, key: row.Key}
	if row.Key == schema.None {
		id.name = row.Name()
	}
	return id
}

// lost counts the records without a partner whose quantity has one elsewhere.
func (c *collector) lost() {
	first := (*lonely)(nil)
	for _, l := range c.alone {
		n := l.gone
		if c.report.Lost += n; n > 0 && (first == nil || l.at < first.at) {
			first = l
		}
	}
	if first == nil {
		return
	}
	rec, lacks := first.first.Ref, c.report.Got
	if rec == nil {
		rec, lacks = first.first.Got, c.report.Ref
	}
	c.report.LostFirst = rec.Name + " at " + c.report.loops.place(first.first.At) + " (" + rec.Pos().String() + ") has no partner in " + lacks
}

func (c *collector) of(row *diff.Row) *Series {
	id := nameOf(row)
	s := c.byID[id]
	if s == nil {
		s = &Series{Name: strings.Clone(row.Name()), Stream: row.Stream, key: row.Key, steps: make([]stepsAlong, len(c.report.loops.axes))}
		c.byID[id] = s
		c.order = append(c.order, s)
	}
	return s
}

func firstOf(row *diff.Row) *PhiFirst {
	f := &PhiFirst{Key: strings.Clone(row.Name()), Component: row.Component, At: row.At, RefPos: row.Ref.Pos(), GotPos: row.Got.Pos(), Abs: row.Abs, Rel: row.Rel}
	if a, b, ok := row.Pair(); ok {
		f.Ref, f.Got = strings.Clone(a.Text), strings.Clone(b.Text)
	}
	return f
}

// finish reads the patterns off and finds the first evaluation.
func (c *collector) finish() {
	c.lost()
	sort.SliceStable(c.order, func(i, j int) bool { return rank(c.order[i].key) < rank(c.order[j].key) })
	for _, s := range c.order {
		loops := false
		for i := range s.steps {
			steps := s.steps[i].sorted()
			loops = loops || len(steps) > 0
			if len(steps) > 1 {
				p := patternOf(steps)
				if p.Width = s.steps[i].width; p.Width > 1 {
					p.Text += fmt.Sprintf(" (steps taken together by %d)", p.Width)
				}
				s.Axes = append(s.Axes, AxisPattern{c.report.loops.name(i), p})
			}
			s.steps[i] = stepsAlong{}
		}
		if f := s.First; f != nil && !loops {
			c.report.Before = append(c.report.Before, s.Name)
		} else if f != nil && (c.report.First == nil || c.report.loops.earlier(f.At, c.report.First.At)) {
			c.report.First = f
		}
		c.report.Series = append(c.report.Series, *s)
	}
}

func rank(k schema.Key) int {
	if k == schema.None {
		return schema.Count
	}
	return int(k)
}
