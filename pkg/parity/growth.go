package parity

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// Growth is how the differences grow along the sequential index.
type Growth struct {
	Index    string // the key that counts
	Kind     GrowthKind
	Quantity string // that jumps, or else the one that differs first
	Text     string // one sentence
	// Points are steps at which something differs, neighbours joined where there
	// are many; a gap between them is agreement to the last digit.
	Points []GrowthPoint
	// Rounding is up to which size rounding alone explains a difference at once.
	Rounding float64
	// Jump is the step of the jump, NaN without one.
	Jump float64
}

// GrowthPoint is the size of what differs at a step: a difference over the largest
// magnitude of its quantity, at most 2.
type GrowthPoint struct {
	Step     float64
	All, Own float64 // of all quantities, and of Growth.Quantity
	Gap      bool    // steps before this one agree
}

// GrowthKind says what a difference looks like as it grows.
type GrowthKind string

const (
	// Jump is a difference that rounding does not make within a step, and that
	// no growth before it leads to: a mistake.
	Jump GrowthKind = "jump"
	// FromRounding is a difference that begins in the last digits and grows from
	// step to step: chaos, or an unstable method.
	FromRounding GrowthKind = "growth out of rounding"
	// Undecided is a difference of which size and rate do not tell.
	Undecided GrowthKind = "undecided"
)

const (
	// operations is how many roundings a value has gone through, at most, that is
	// off by rounding alone.
	operations = 256
	// operationsSingle is the same in single precision, where programs take more
	// care of sums.
	operationsSingle = 64
	// jumpAtLeast is how many times beyond rounding, and beyond what was before,
	// a difference is that comes at once; in powers of ten.
	jumpAtLeast = 2.0
	// jumpOverRate is how many times faster than elsewhere a jump grows, on a
	// logarithmic scale: a log that prints every thousandth step grows a
	// thousandfold between any two.
	jumpOverRate = 4.0
	// full is the size at which two runs have nothing to do with each other.
	full = 0.3
)

// rounding is up to which share of its magnitude rounding explains a difference.
func (s *series) rounding() float64 {
	level := operations * 0x1p-52
	if s.single {
		level = operationsSingle * 0x1p-23
	}
	return max(level, 4*s.unit/s.scale)
}

// size is a difference over the magnitude of its quantity.
func (s *series) size(p point) float64 { return min(2, p.abs/s.scale) }

// growth looks at how the differences grow; nil where they do not, or where the
// logs have too few steps to tell.
func (c *comparison) growth(r *Report) *Growth {
	if !c.engine.Sequential() || r.Verdict == Refused || c.engine.Jobs() < 3 {
		return nil
	}
	g := &growing{c: c, jump: -1}
	for _, s := range c.sum.seriesInOrder() {
		if s.scale > 0 {
			g.list = append(g.list, s)
		}
	}
	if len(g.list) == 0 {
		return nil
	}
	g.lineUp()
	if g.most() < 1 && r.Verdict == Match {
		return nil // rounding, and it stays so
	}
	g.findJump()
	return g.describe(r)
}

// seriesInOrder lists the series in the order of reports.
func (t *tally) seriesInOrder() []*series {
	ranks := make([]int, 0, len(t.series))
	for rank := range t.series {
		ranks = append(ranks, rank)
	}
	slices.Sort(ranks)
	out := make([]*series, len(ranks))
	for i, rank := range ranks {
		out[i] = t.series[rank]
	}
	return out
}

// growing is what is found out about the growth of differences.
type growing struct {
	c    *comparison
	list []*series
	// Of every point: its bucket of steps, its first step, the largest size of
	// all quantities, and how many times beyond rounding that is, so far.
	bucket []int64
	step   []stepAt
	size   []float64
	beyond []float64 // never below 1
	jump   int       // point; -1 for none
	at     stepAt    // of the jump
	of     *series   // that jumps
}

// lineUp brings all series to the same points.
func (g *growing) lineUp() {
	shift := uint(0)
	for _, s := range g.list {
		shift = max(shift, s.shift)
	}
	type sum struct {
		step         stepAt
		size, beyond float64
	}
	all := map[int64]sum{}
	for i, s := range g.list {
		cp := *s
		cp.points = slices.Clone(s.points)
		cp.coarser(shift)
		g.list[i] = &cp
		for _, p := range cp.points {
			b := p.step.number >> shift
			x := all[b]
			size := cp.size(p)
			all[b] = sum{earlier(x.step, p.step), max(x.size, size), max(x.beyond, size/cp.rounding())}
		}
	}
	for b := range all {
		g.bucket = append(g.bucket, b)
	}
	slices.Sort(g.bucket)
	most := 1.0
	for _, b := range g.bucket {
		most = max(most, all[b].beyond)
		g.step, g.size, g.beyond = append(g.step, all[b].step), append(g.size, all[b].size), append(g.beyond, most)
	}
}

// most is how many times the largest difference is beyond rounding; below 1 where
// it is within.
func (g *growing) most() float64 {
	out := 0.0
	for _, s := range g.list {
		for _, p := range s.points {
			out = max(out, s.size(p)/s.rounding())
		}
	}
	return out
}

// gain is by how many powers of ten the differences grow at a point.
func (g *growing) gain(i int) float64 {
	before := 1.0
	if i > 0 {
		before = g.beyond[i-1]
	}
	return math.Log10(g.beyond[i] / before)
}

// findJump looks for the first step at which the differences grow by more than
// rounding can, and much faster than at others.
func (g *growing) findJump() {
	last := len(g.bucket) - 1
	top := g.beyond[last]
	first, end := -1, last // of the growth
	for i := range g.bucket {
		if first < 0 && g.beyond[i] > 1 {
			first = i
		}
		if g.beyond[i] >= top/10 {
			end = i
			break
		}
	}
	if first < 0 {
		return
	}
	for i := first; i <= end; i++ {
		gain := g.gain(i)
		if gain < jumpAtLeast {
			continue
		}
		elsewhere := math.Log10(top) - gain
		if steps := float64(g.bucket[end] - g.bucket[first]); steps > 0 && gain < jumpOverRate*elsewhere/steps {
			continue
		}
		if g.place(i) {
			g.jump = i
			return
		}
	}
}

// place finds the quantity that jumps at a point, and its step: the first one, in
// the order of reports, whose difference is the first to be far beyond what it was.
func (g *growing) place(i int) bool {
	first := map[*trace.Symbol]*diff.Row{}
	for _, q := range g.c.sum.quantities {
		if q.First != nil {
			first[q.symbol] = q.First
		}
	}
	for _, s := range g.list {
		at, ok := g.jumps(s, i)
		if !ok {
			continue
		}
		earlier := g.of == nil || at.number < g.at.number
		if g.of != nil && at.number == g.at.number {
			// Within a step, the rows beyond tolerance say what comes first.
			x, y := first[s.symbol], first[g.of.symbol]
			earlier = x != nil && (y == nil || g.c.engine.Order(x, y) < 0)
		}
		if earlier {
			g.of, g.at = s, at
		}
	}
	return g.of != nil
}

// jumps tells whether a quantity jumps at a point, and at which step.
func (g *growing) jumps(s *series, i int) (at stepAt, ok bool) {
	before, now := 0.0, point{}
	for _, p := range s.points {
		switch b := p.step.number >> s.shift; {
		case b < g.bucket[i]:
			before = max(before, p.rel)
		case b == g.bucket[i]:
			now = p
		}
	}
	if s.size(now) < math.Pow(10, jumpAtLeast/2)*s.rounding() || now.rel < 10*before {
		return at, false
	}
	if s.shift > 0 {
		// Of joined points, the step is that of the first difference of a size in
		// between.
		d := int(math.Floor((math.Log10(max(before, s.rounding()))+math.Log10(now.rel))/2)) + leastDecade
		if d >= 0 && d < decades && s.reached[d].number>>s.shift == g.bucket[i] {
			return s.reached[d], true
		}
	}
	return now.step, true
}

// label is a step as the log prints it.
func (g *growing) label(coord int32) string {
	if text, ok := g.c.labels.Names.CoordText(coord); ok {
		return text
	}
	return strconv.Itoa(int(coord))
}

// position is a step on an axis: its number in the log, or how many came before.
func (g *growing) position(s stepAt) float64 {
	if v, err := strconv.ParseFloat(g.label(s.coord), 64); err == nil {
		return v
	}
	return float64(s.number)
}

// index names the key that counts, in a sentence.
func (g *growing) index() string {
	s := g.c.opt.Schema
	return s.Index[s.Time()].Name
}

func about(v float64) string {
	mantissa, exponent, ok := fmt.Sprintf("%.0e", v), "", false
	if mantissa, exponent, ok = cutExponent(mantissa); !ok {
		return mantissa
	}
	return mantissa + "e" + exponent
}

// cutExponent parts 2e-02 into 2 and -2.
func cutExponent(s string) (mantissa, exponent string, ok bool) {
	for i := range len(s) {
		if s[i] != 'e' {
			continue
		}
		n, err := strconv.Atoi(s[i+1:])
		return s[:i], strconv.Itoa(n), err == nil
	}
	return s, "", false
}
