package parity

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// The bounds of what is kept of how differences grow: so many points a quantity,
// neighbours joined where there are more steps, and so many quantities, the first
// in the order of reports.
const (
	maxPoints = 2000
	maxSeries = 256
)

// series is how one quantity differs along the steps of a sequential index. It is
// the same in whatever order the rows come: points are joined where all of them
// are too many, and what is kept of each is a largest or a smallest.
type series struct {
	name   string
	symbol *trace.Symbol
	shift  uint    // a point is 2^shift steps
	points []point // by step
	scale  float64 // the largest magnitude of the values that differ
	unit   float64 // how far printing alone may put them off
	single bool    // all numbers are those of single precision
	// reached says at which step the relative difference first was at least
	// 10^(i-leastDecade), exactly, whatever the points were joined to.
	reached [decades]stepAt
}

// point is what differs at some neighbouring steps: the first of them, and the
// largest differences.
type point struct {
	step     stepAt
	rel, abs float64
}

// stepAt is a step by its number, from 1 so that 0 is none, and its coordinate.
type stepAt struct {
	number int64
	coord  int32
}

const (
	leastDecade = 20
	decades     = leastDecade + 2
)

// seriesOf takes a row into account that differs at some step.
func (t *tally) seriesOf(row *diff.Row, at diff.At) {
	if !(row.Rel > 0) || !row.Compared() {
		return
	}
	e := t.engine()
	number, coord, ok := e.Step(row, at)
	if !ok {
		return
	}
	rank := e.Rank(row.Symbol())
	s := t.series[rank]
	if s == nil {
		if len(t.series) == maxSeries && rank > t.lastSeries {
			return
		}
		s = &series{name: strings.Clone(row.Name()), symbol: row.Symbol(), single: true}
		if row.Info != nil {
			s.name = row.Info.Name
		}
		t.series[rank] = s
		t.fewerSeries()
	}
	s.add(row, stepAt{number + 1, coord}, e.Printed(row))
}

// fewerSeries drops the last quantities of too many.
func (t *tally) fewerSeries() {
	ranks := slices.Sorted(maps.Keys(t.series))
	for ; len(ranks) > maxSeries; ranks = ranks[:len(ranks)-1] {
		delete(t.series, ranks[len(ranks)-1])
	}
	if len(ranks) > 0 {
		t.lastSeries = ranks[len(ranks)-1]
	}
}

// add takes a row into account; printed is what its digits leave open.
func (s *series) add(row *diff.Row, at stepAt, printed float64) {
	p := point{at, row.Rel, math.Abs(row.Abs)}
	if math.IsInf(p.rel, 1) || math.IsNaN(p.abs) || math.IsInf(p.abs, 0) {
		p.rel, p.abs = 2, math.Inf(1)
	} else {
		s.scale = max(s.scale, p.abs/p.rel)
	}
	s.unit = max(s.unit, printed)
	if s.single {
		ref, got, ok := row.Pair()
		s.single = ok && isSingle(ref.Num, printed) && isSingle(got.Num, printed)
	}
	for i := range min(decades, int(math.Floor(math.Log10(p.rel)))+leastDecade+1) {
		s.reached[i] = earlier(s.reached[i], at)
	}
	s.put(p)
}

// isSingle tells a number that single precision holds, as far as it is printed.
func isSingle(v, printed float64) bool { return math.Abs(float64(float32(v))-v) <= printed }

func earlier(a, b stepAt) stepAt {
	if a.number == 0 || b.number != 0 && b.number < a.number {
		return b
	}
	return a
}

// put adds a point, or joins it with the one that is there.
func (s *series) put(p point) {
	bucket := func(q point) int64 { return q.step.number >> s.shift }
	n := len(s.points)
	i, have := n, false
	if n > 0 && bucket(s.points[n-1]) >= bucket(p) {
		i, have = slices.BinarySearchFunc(s.points, p, func(x, y point) int { return cmp.Compare(bucket(x), bucket(y)) })
	}
	if have {
		s.points[i] = s.points[i].with(p)
		return
	}
	s.points = slices.Insert(s.points, i, p)
	for len(s.points) > maxPoints {
		s.coarser(s.shift + 1)
	}
}

func (p point) with(q point) point {
	return point{earlier(p.step, q.step), max(p.rel, q.rel), max(p.abs, q.abs)}
}

// coarser joins points until each is 2^shift steps.
func (s *series) coarser(shift uint) {
	if shift <= s.shift {
		return
	}
	s.shift = shift
	out := s.points[:0]
	for _, p := range s.points {
		if n := len(out); n > 0 && out[n-1].step.number>>shift == p.step.number>>shift {
			out[n-1] = out[n-1].with(p)
		} else {
			out = append(out, p)
		}
	}
	s.points = out
}

// merge adds another series of the same quantity.
func (s *series) merge(o *series) {
	s.scale, s.unit, s.single = max(s.scale, o.scale), max(s.unit, o.unit), s.single && o.single
	for i := range s.reached {
		s.reached[i] = earlier(s.reached[i], o.reached[i])
	}
	s.coarser(o.shift)
	for _, p := range o.points {
		s.put(p)
	}
}

func (t *tally) mergeSeries(o *tally) {
	for rank, b := range o.series {
		if a := t.series[rank]; a != nil {
			a.merge(b)
		} else {
			t.series[rank] = b
		}
	}
	t.fewerSeries()
}
