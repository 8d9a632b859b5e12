package diff

import (
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// The logs print no index for layers and subpixels; the reader counts a pixel's
// samples. One line or one block more, or less, would shift the numbers of all
// samples behind it, and a program that goes through the subpixels in another
// order would number them otherwise. Three repairs come before pairing:
//
//   - A line printed twice does not begin a sample.
//   - Where one log has fewer samples of a pixel, they are those of the other
//     log that lie where they lie (the schema's Place), in the same order.
//   - Where both have as many, and all lie where samples of the other lie, they
//     are those.
//
// Phi rows that stand outside of their samples have no position: see matchRows.
//
// Where places do not tell, the order decides: positions that are shifted by one
// subpixel are a finding and no reason to pair otherwise.

// alignSamples gives the samples of the two logs of a job common numbers.
func alignSamples(list [2][]trace.Record, out *pairs) {
	if !counted(list[0]) && !counted(list[1]) {
		return
	}
	var s [2][2]*series
	for side := range list {
		s[side] = seriesOf(list[side])
	}
	for side := range list {
		mine, theirs := s[side], s[1-side]
		names := matchSamples(mine[blockSeries], theirs[blockSeries], side == 1)
		sub := mine[blockSeries].renumber(list[side], nil, names)
		out.sub[side] = mine[rowSeries].renumber(list[side], sub, matchRows(mine, theirs, names, [2][]trace.Record{list[side], list[1-side]}))
	}
	for side := range s {
		for kind := range s[side] {
			if s[side][kind].count != s[1-side][kind].count || s[side][kind].repeats {
				out.byNumbers = true
			}
		}
	}
	if s[0][blockSeries].count > 1 {
		// Whether the samples come in another order, their positions tell.
		out.byNumbers = true
	}
}

// counted tells whether a record is of another sample than the first.
func counted(records []trace.Record) bool {
	for i := range records {
		if records[i].At[schema.Sub] > 0 && records[i].At[schema.Layer] < 0 {
			return true
		}
	}
	return false
}

// renumber notes the sample numbers of the records that differ from those of the
// reader; names are what the other log calls the samples, or nil.
func (s *series) renumber(records []trace.Record, sub, names []int32) []int32 {
	for k, i := range s.members {
		n := s.subs[k]
		if names != nil {
			n = names[n]
		}
		if n == records[i].At[schema.Sub] {
			continue
		}
		if sub == nil {
			sub = make([]int32, len(records))
			for x := range records {
				sub[x] = records[x].At[schema.Sub]
			}
		}
		sub[i] = n
	}
	return sub
}

// matchSamples returns what the other log calls the samples of s. It is nil
// where they keep their numbers: the other has no more, or their places do not
// tell. Of two logs with as many samples, the second takes the numbers of the
// first.
func matchSamples(s, other *series, second bool) []int32 {
	if s.count == 0 || s.count > other.count || s.count == other.count && !second {
		return nil
	}
	if s.count < other.count {
		return inSameOrder(s, other)
	}
	return inAnyOrder(s, other)
}

// inSameOrder finds for every sample of few one of many that lies where it lies,
// to a tenth of what these are apart, in the same order. It is nil where one has
// none: the subpixels of another oversampling are no part of these.
func inSameOrder(few, many *series) []int32 {
	near := many.spacing() / 10
	out := make([]int32, few.count)
	j := 0
	for i := range out {
		p := few.pos[i]
		if p == nil {
			// A sample without a position stands behind the one before it.
			out[i] = int32(j)
			j++
			continue
		}
		for j < many.count && !(many.pos[j] != nil && distanceOf(p, many.pos[j]) < near) {
			j++
		}
		if j == many.count {
			return nil
		}
		out[i] = int32(j)
		j++
	}
	return out
}

// inAnyOrder finds for every sample of s one of other that lies where it lies.
// It is nil where one has none, where two have the same, and where all are in
// order already.
func inAnyOrder(s, other *series) []int32 {
	near := other.spacing() / 10
	if !(near > 0) {
		return nil
	}
	inOrder := true
	for i := range s.count {
		p, q := s.pos[i], other.pos[i]
		if p == nil || q == nil {
			return nil
		}
		inOrder = inOrder && distanceOf(p, q) < near
	}
	if inOrder {
		return nil
	}
	grid := newGrid(other, near)
	out, taken := make([]int32, s.count), make([]bool, s.count)
	for i := range out {
		j, ok := grid.nearest(other, s.pos[i], near)
		if !ok || taken[j] {
			return nil
		}
		out[i], taken[j] = int32(j), true
	}
	return out
}

// grid finds the sample that lies at a place.
type grid struct {
	size  float64
	cells map[[3]int64][]int
}

func newGrid(s *series, near float64) *grid {
	g := &grid{size: 4 * near, cells: map[[3]int64][]int{}}
	for i := range s.count {
		c := g.cell(s.pos[i])
		g.cells[c] = append(g.cells[c], i)
	}
	return g
}

func (g *grid) cell(r *trace.Record) (c [3]int64) {
	for i := range c {
		c[i] = int64(math.Floor(r.Values[i].Num / g.size))
	}
	return c
}

func (g *grid) nearest(s *series, at *trace.Record, near float64) (int, bool) {
	c := g.cell(at)
	for n := range 27 {
		around := [3]int64{c[0] + int64(n%3) - 1, c[1] + int64(n/3%3) - 1, c[2] + int64(n/9) - 1}
		for _, i := range g.cells[around] {
			if distanceOf(s.pos[i], at) < near {
				return i, true
			}
		}
	}
	return 0, false
}

// spacing is the smallest distance between samples that follow one another; 0
// where nothing tells.
func (s *series) spacing() float64 {
	least := math.Inf(1)
	for i := 1; i < s.count; i++ {
		if s.pos[i-1] == nil || s.pos[i] == nil {
			continue
		}
		if d := distanceOf(s.pos[i-1], s.pos[i]); d > 0 {
			least = min(least, d)
		}
	}
	if math.IsInf(least, 1) {
		return 0
	}
	return least
}

// distanceOf returns how far apart two positions are.
func distanceOf(x, y *trace.Record) float64 {
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
