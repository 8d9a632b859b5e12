package diff

import (
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// The logs print no index for layers and subpixels; the reader counts a pixel's
// samples. One line or one block more, or less, would shift the numbers of all
// samples behind it. Two repairs come before pairing:
//
//   - A line printed twice does not begin a sample.
//   - Where one log has fewer samples of a pixel, they are those of the other
//     log that lie where they lie (pixel_pos_meters), in the same order.
//
// Where both have as many, the order decides: positions that are shifted by one
// subpixel are a finding and no reason to pair otherwise.

// renumbered holds the sample numbers that differ from those of the reader.
type renumbered map[*trace.Record]int

// at returns where the record belongs, with its sample's number in common.
func (a *aligner) at(r *trace.Record) trace.Where {
	w := r.At
	if n, ok := a.samples[r]; ok {
		w.Sub = n
	}
	return w
}

// placeOf is the place of a record with its sample's number in common.
func (a *aligner) placeOf(r *trace.Record, mask [7]bool) place {
	p := placeOf(r, mask)
	if n, ok := a.samples[r]; ok && !mask[3] {
		p[3] = n
	}
	return p
}

// alignSamples brings the sample numbers of the two logs together: those of the
// log that has more of a pixel hold for both.
func (a *aligner) alignSamples(ref, got []trace.Record) {
	r, g := seriesOf(ref, a.blindPixel), seriesOf(got, a.blindPixel)
	a.samples = renumbered{}
	for id, s := range r {
		a.samples.add(s, matchSamples(id, s, g[id]))
	}
	for id, s := range g {
		a.samples.add(s, matchSamples(id, s, r[id]))
	}
}

func (n renumbered) add(s *series, names []int) {
	for i, m := range s.members {
		sub := s.subs[i]
		if names != nil {
			sub = names[sub]
		}
		if sub != m.At.Sub {
			n[m] = sub
		}
	}
}

// seriesID names a run of counted samples: those of a pixel's block, or those
// of phi rows that stand outside of it and are counted by themselves.
type seriesID struct {
	pixel Pixel
	rows  bool
}

// series is the samples of one pixel in one log.
type series struct {
	lines   [][]trace.Record
	members []*trace.Record
	subs    []int // of the members: the sample's number
	count   int
	pos     map[int]*trace.Record // by number: where the sample lies
}

// seriesOf collects the samples that a log has without an index of its own;
// blind says that all are of one pixel, named or not.
func seriesOf(records []trace.Record, blind bool) map[seriesID]*series {
	out := map[seriesID]*series{}
	current, closed := map[Pixel]int{}, map[Pixel]bool{}
	for i := 0; i < len(records); {
		line := lineAt(records, i)
		i += len(line)
		at, stream := line[0].At, line[0].Stream
		p := Pixel{at.Slow, at.Fast}
		if blind {
			p = Pixel{}
		}
		if at.Sub < 0 || at.Layer >= 0 {
			closed[p] = closed[p] || stream == trace.PixelStream
			continue
		}
		sub, known := current[p]
		id := seriesID{p, stream == trace.PhiStream && (!known || closed[p] || sub != at.Sub)}
		if !id.rows {
			current[p], closed[p] = at.Sub, false
		}
		if out[id] == nil {
			out[id] = &series{pos: map[int]*trace.Record{}}
		}
		out[id].lines = append(out[id].lines, line)
	}
	for id, s := range out {
		s.number(id.rows)
	}
	return out
}

// lineAt returns the records from index i on that stand on one line.
func lineAt(records []trace.Record, i int) []trace.Record {
	j := i + 1
	for j < len(records) && records[j].Pos == records[i].Pos && records[j].At == records[i].At {
		j++
	}
	return records[i:j:j]
}

// counter numbers samples as the reader does: one begins with a quantity that
// the sample has already, or with a phi row whose step does not increase.
type counter struct {
	sub  int
	seen [schema.Count]bool
	keys int // of seen
	tic  int
	tics map[int]bool // of rows that stand by themselves
}

func newCounter() *counter { return &counter{sub: -1, tic: -1, tics: map[int]bool{}} }

// begins tells whether the line begins a sample.
func (c *counter) begins(line []trace.Record, rows bool) bool {
	r := &line[0]
	switch {
	case rows:
		return c.sub < 0 || r.At.Phi <= c.tic
	case !perSample(r):
		return c.sub < 0
	}
	return c.sub < 0 || c.seen[r.Key]
}

func (c *counter) take(line []trace.Record, rows, begins bool) {
	if begins {
		c.sub++
		c.keys, c.seen = 0, [schema.Count]bool{}
		clear(c.tics)
	}
	r := &line[0]
	if perSample(r) && !c.seen[r.Key] {
		c.keys++
		c.seen[r.Key] = true
	}
	if rows {
		c.tic = r.At.Phi
		c.tics[c.tic] = true
	}
}

func perSample(r *trace.Record) bool {
	return r.Stream == trace.PixelStream && r.Key != schema.None && schema.Info(r.Key).Scope == schema.PerSample
}

// number numbers the samples, lines that are printed twice left out. Where the
// reader's numbers are not those of its rule, the log told them: they stay.
func (s *series) number(rows bool) {
	plain, mended := newCounter(), newCounter()
	ruled := true
	for i, line := range s.lines {
		plain.take(line, rows, plain.begins(line, rows))
		ruled = ruled && plain.sub == line[0].At.Sub
		begins := mended.begins(line, rows) && !s.double(i, mended, rows)
		if rows && begins {
			begins = !s.outOfOrder(i, mended)
		}
		mended.take(line, rows, begins)
		for k := range line {
			s.members = append(s.members, &line[k])
			s.subs = append(s.subs, mended.sub)
		}
	}
	for i, m := range s.members {
		if !ruled {
			s.subs[i] = m.At.Sub
		}
		n := s.subs[i]
		s.count = max(s.count, n+1)
		if m.Key == schema.PixelPos && len(m.Values) == 3 && s.pos[n] == nil {
			s.pos[n] = m
		}
	}
}

// double tells whether line i repeats the one before it within its sample. In
// a log of one line a sample, the next line does not go on with the sample.
func (s *series) double(i int, c *counter, rows bool) bool {
	if i == 0 || !sameLine(s.lines[i-1], s.lines[i]) {
		return false
	}
	if c.keys > 1 || len(c.tics) > 1 {
		return true
	}
	return i+1 < len(s.lines) && !sameQuantity(s.lines[i], s.lines[i+1]) && !c.begins(s.lines[i+1], rows) &&
		(rows || perSample(&s.lines[i+1][0]))
}

// outOfOrder tells whether row i, whose step does not increase, stands behind a
// later one of its own sample: the sample lacks it, and does not go on with a
// step that it has.
func (s *series) outOfOrder(i int, c *counter) bool {
	tic := s.lines[i][0].At.Phi
	if c.sub < 0 || c.tics[tic] {
		return false
	}
	if i+1 == len(s.lines) {
		return true
	}
	next := s.lines[i+1][0].At.Phi
	return next <= tic || !c.tics[next]
}

// sameLine tells two lines that say the same, save for the sample's number.
func sameLine(x, y []trace.Record) bool {
	if !sameQuantity(x, y) {
		return false
	}
	for i := range x {
		if !sameText(&x[i], &y[i]) {
			return false
		}
	}
	return true
}

// sameQuantity tells two lines of the same names at the same place, save for
// the sample's number.
func sameQuantity(x, y []trace.Record) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		a, b := x[i].At, y[i].At
		a.Sub, b.Sub = 0, 0
		if a != b || x[i].Stream != y[i].Stream || x[i].Name != y[i].Name {
			return false
		}
	}
	return true
}

// maxMatched bounds the work of matching samples: the product of the counts.
const maxMatched = 1 << 22

// matchSamples returns what the other log calls the samples of s. It is nil
// where they keep their numbers: the other has no more, or their places do not
// tell.
func matchSamples(id seriesID, s, other *series) []int {
	if id.rows || other == nil || s.count >= other.count || s.count*other.count > maxMatched {
		return nil
	}
	return nearest(s, other)
}

// nearest finds for every sample of few one of many, in the same order, so that
// their distances have the least sum. It is nil where they do not lie where
// the others lie, to a tenth of what these are apart: the subpixels of another
// oversampling are no part of them.
func nearest(few, many *series) []int {
	apart := many.spacing()
	n, m := few.count, many.count
	cost := make([][]float64, n+1) // of the first i of few among the first j of many
	for i := range cost {
		cost[i] = make([]float64, m+1)
		for j := range cost[i] {
			switch {
			case i == 0:
			case j < i:
				cost[i][j] = math.Inf(1)
			default:
				d := distanceOf(few.pos[i-1], many.pos[j-1], apart/4)
				cost[i][j] = math.Min(cost[i][j-1], cost[i-1][j-1]+d)
			}
		}
	}
	out := make([]int, n)
	for i, j := n, m; i > 0; j-- {
		if i < j && cost[i][j] == cost[i][j-1] {
			continue
		}
		d := distanceOf(few.pos[i-1], many.pos[j-1], 0)
		if !(d < apart/10) {
			return nil
		}
		i--
		out[i] = j - 1
	}
	return out
}

// spacing is the smallest distance between samples that follow one another; 0
// where nothing tells.
func (s *series) spacing() float64 {
	least := math.Inf(1)
	for i := 1; i < s.count; i++ {
		if d := distanceOf(s.pos[i-1], s.pos[i], 0); d > 0 {
			least = math.Min(least, d)
		}
	}
	if math.IsInf(least, 1) {
		return 0
	}
	return least
}

// distanceOf returns how far apart two positions are, or what to take where
// one of them is not there.
func distanceOf(x, y *trace.Record, unknown float64) float64 {
	if x == nil || y == nil {
		return unknown
	}
	sum := 0.0
	for i := range x.Values {
		d := x.Values[i].Num - y.Values[i].Num
		sum += float64(d * d)
	}
	if d := math.Sqrt(sum); !math.IsNaN(d) {
		return d
	}
	return math.Inf(1)
}
