package imagecmp

import (
	"context"
	"math"
	"sort"
)

// Gate is how far apart two peaks may be to be the same, in pixels.
const Gate = 1.0

// topPeaks is how many of the brightest peaks the nearest distances are of.
const topPeaks = 10

// Peak is a local maximum: no neighbour of the eight is brighter, and of equal
// neighbours it is the first in scan order.
type Peak struct {
	At
	Value float64
}

// PeakPair is a peak of the reference with its partner in the other image.
type PeakPair struct{ Ref, Got Peak }

// Distance is that between the two maxima, in pixels.
func (p PeakPair) Distance() float64 { return between(p.Ref, p.Got) }

func between(a, b Peak) float64 {
	return math.Hypot(float64(b.Slow-a.Slow), float64(b.Fast-a.Fast))
}

// Peaks are the peaks of both images, and which are the same: the largest
// number of pairs within the gate, and of such choices the one with the
// smallest sum of distances. Positions are whole pixels.
type Peaks struct {
	Above        float64 // a peak's value is above this, the percentile of the reference
	AboveGot     float64 // the same of the other image, whose scale may be another
	InRef, InGot int
	Pairs        []PeakPair // in scan order of the reference
	LostRef      []Peak     // without a partner
	LostGot      []Peak
	Moved        int // pairs whose maxima are on different pixels
	MeanSlow     float64
	MeanFast     float64 // mean offsets got - ref, pixels; NaN without pairs
	MeanDist     float64
	MaxDist      float64
	MeanNearest  float64 // from the reference's ten brightest to the nearest of the other's ten, ungated
	MaxNearest   float64 // NaN where an image has no peak
}

func (r *Report) peaks(ctx context.Context) Peaks {
	all := func(float64) bool { return true }
	var p Peaks
	p.Above = percentile(ctx, r.values(r.Ref, all), r.Options.PeakPercentile)
	p.AboveGot = percentile(ctx, r.values(r.Got, all), r.Options.PeakPercentile)
	a, b := r.maxima(ctx, r.Ref, p.Above), r.maxima(ctx, r.Got, p.AboveGot)
	if ctx.Err() != nil {
		return p
	}
	p.InRef, p.InGot = len(a), len(b)
	p.match(a, b)
	p.nearest(brightest(a), brightest(b))
	return p
}

// values collects the compared finite pixels of an image that are wanted.
func (r *Report) values(im *Image, want func(float64) bool) []float64 {
	out := make([]float64, 0, len(r.used))
	for i, used := range r.used {
		if v := im.Pix[i]; used && finite(v) && want(v) {
			out = append(out, v)
		}
	}
	return out
}

// maxima finds the peaks among the compared pixels.
func (r *Report) maxima(ctx context.Context, im *Image, above float64) []Peak {
	var out []Peak
	for i, used := range r.used {
		if ended(ctx, i) {
			return nil
		}
		if v := im.Pix[i]; used && finite(v) && v > above && r.isMaximum(im, i) {
			out = append(out, Peak{im.at(i), v})
		}
	}
	return out
}

func (r *Report) isMaximum(im *Image, i int) bool {
	at, v := im.at(i), im.Pix[i]
	for dy := -1; dy <= 1; dy++ {
		for dx := -1; dx <= 1; dx++ {
			y, x := at.Slow+dy, at.Fast+dx
			if dy == 0 && dx == 0 || y < 0 || x < 0 || y >= im.Slow || x >= im.Fast {
				continue
			}
			j := y*im.Fast + x
			if w := im.Pix[j]; r.used[j] && (w > v || w == v && j < i) {
				return false
			}
		}
	}
	return true
}

// match pairs the peaks. Those that can reach each other through the gate form
// small groups, and each is solved by itself.
func (p *Peaks) match(a, b []Peak) {
	reach := withinGate(a, b)
	partner := make([]int, len(a))
	for i := range partner {
		partner[i] = -1
	}
	for _, g := range groups(reach, len(b)) {
		cost := make([][]float64, len(g.rows))
		for i, row := range g.rows {
			cost[i] = make([]float64, len(g.cols))
			for j, col := range g.cols {
				cost[i][j] = between(a[row], b[col])
				if cost[i][j] > Gate {
					cost[i][j] = math.Inf(1)
				}
			}
		}
		for i, j := range assign(cost) {
			if j >= 0 {
				partner[g.rows[i]] = g.cols[j]
			}
		}
	}
	p.collect(a, b, partner)
}

func (p *Peaks) collect(a, b []Peak, partner []int) {
	taken := make([]bool, len(b))
	var slow, fast, dist float64
	for i, j := range partner {
		if j < 0 {
			p.LostRef = append(p.LostRef, a[i])
			continue
		}
		taken[j] = true
		pair := PeakPair{a[i], b[j]}
		p.Pairs = append(p.Pairs, pair)
		slow += float64(b[j].Slow - a[i].Slow)
		fast += float64(b[j].Fast - a[i].Fast)
		dist += pair.Distance()
		p.MaxDist = math.Max(p.MaxDist, pair.Distance())
		p.Moved += one(pair.Distance() > 0)
	}
	for j := range b {
		if !taken[j] {
			p.LostGot = append(p.LostGot, b[j])
		}
	}
	n := float64(len(p.Pairs)) // 0/0 is nan, as it should be
	p.MeanSlow, p.MeanFast, p.MeanDist = slow/n, fast/n, dist/n
	if n == 0 {
		p.MaxDist = math.NaN()
	}
}

// withinGate lists for each of a the indices in b within the gate.
func withinGate(a, b []Peak) [][]int {
	at := make(map[At]int, len(b))
	for j := range b {
		at[b[j].At] = j
	}
	out := make([][]int, len(a))
	for i, p := range a {
		for _, d := range []At{{-1, 0}, {0, -1}, {0, 0}, {0, 1}, {1, 0}} { // all steps of the gate
			if j, ok := at[At{p.Slow + d.Slow, p.Fast + d.Fast}]; ok {
				out[i] = append(out[i], j)
			}
		}
	}
	return out
}

func brightest(p []Peak) []Peak {
	p = append([]Peak(nil), p...)
	sort.SliceStable(p, func(i, j int) bool { return p[i].Value > p[j].Value })
	return p[:min(len(p), topPeaks)]
}

func (p *Peaks) nearest(a, b []Peak) {
	p.MeanNearest, p.MaxNearest = math.NaN(), math.NaN()
	if len(a) == 0 || len(b) == 0 {
		return
	}
	p.MeanNearest, p.MaxNearest = 0, 0
	for _, x := range a {
		best := math.Inf(1)
		for _, y := range b {
			best = math.Min(best, between(x, y))
		}
		p.MeanNearest += best / float64(len(a))
		p.MaxNearest = math.Max(p.MaxNearest, best)
	}
}
