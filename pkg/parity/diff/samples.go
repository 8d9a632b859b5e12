package diff

import (
	"math"

	"simtrace/pkg/trace"
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
	r, g := seriesOf(ref, a.whole.blindPixel), seriesOf(got, a.whole.blindPixel)
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
