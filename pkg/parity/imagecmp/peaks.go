package imagecmp

import (
	"context"
	"math"
	"slices"

	"simtrace/internal/hugepage"
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
	above := func(im *Image) float64 {
		return r.quantile(ctx, r.Options.PeakPercentile, placeBits(im), func(w *rows, slow int, d *digits) { w.values(im, slow, false, d) })
	}
	p := Peaks{Above: above(r.Ref), AboveGot: above(r.Got)}
	a, b := r.maxima(ctx, r.Ref, p.Above), r.maxima(ctx, r.Got, p.AboveGot)
	if p.InRef, p.InGot = len(a), len(b); ctx.Err() != nil {
		return p
	}
	p.match(a, b)
	p.nearest(brightest(a), brightest(b))
	return p
}

// match pairs the peaks: first those on the same pixel, which are most of them and
// reach no others, as no two peaks of an image touch. The others that can reach each
// other through the gate form small groups, and each is solved by itself.
func (p *Peaks) match(a, b []Peak) {
	partner := make([]int32, len(a))
	restA, restB := onSamePixel(a, b, partner)
	inGroups(withinGate(a, b, restA, restB), withinGate(b, a, restB, restA), func(g *group) {
		if len(g.rows) == 1 && len(g.cols) == 1 {
			partner[restA[g.rows[0]]] = restB[g.cols[0]]
			return
		}
		cost := make([][]float64, len(g.rows))
		for i, row := range g.rows {
			cost[i] = make([]float64, len(g.cols))
			for j, col := range g.cols {
				cost[i][j] = between(a[restA[row]], b[restB[col]])
				if cost[i][j] > Gate {
					cost[i][j] = math.Inf(1)
				}
			}
		}
		for i, j := range assign(cost) {
			if j >= 0 {
				partner[restA[g.rows[i]]] = restB[g.cols[j]]
			}
		}
	})
	p.collect(a, b, partner)
}

// onSamePixel notes the partners on the same pixel, -1 for none, and returns the
// indices of the peaks of each image that have none there.
func onSamePixel(a, b []Peak, partner []int32) (restA, restB []int32) {
	j := 0
	for i, x := range a {
		for ; j < len(b) && (b[j].Slow < x.Slow || b[j].Slow == x.Slow && b[j].Fast < x.Fast); j++ {
			restB = append(restB, int32(j))
		}
		if j < len(b) && b[j].At == x.At {
			partner[i] = int32(j)
			j++
			continue
		}
		partner[i] = -1
		restA = append(restA, int32(i))
	}
	for ; j < len(b); j++ {
		restB = append(restB, int32(j))
	}
	return restA, restB
}

func (p *Peaks) collect(a, b []Peak, partner []int32) {
	taken, pairs := make([]bool, len(b)), 0
	for _, j := range partner {
		if j >= 0 {
			taken[j] = true
			pairs++
		}
	}
	p.Pairs = hugepage.Make[PeakPair](pairs)[:0]
	p.LostRef, p.LostGot = lost(len(a)-pairs), lost(len(b)-pairs)
	var slow, fast, dist float64
	for i, j := range partner {
		if j < 0 {
			p.LostRef = append(p.LostRef, a[i])
			continue
		}
		pair := PeakPair{a[i], b[j]}
		p.Pairs = append(p.Pairs, pair)
		slow += float64(b[j].Slow - a[i].Slow)
		fast += float64(b[j].Fast - a[i].Fast)
		d := pair.Distance()
		dist += d
		p.MaxDist = max(p.MaxDist, d)
		p.Moved += one(d > 0)
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

// lost makes room for peaks without a partner; nil for none.
func lost(n int) []Peak {
	if n == 0 {
		return nil
	}
	return hugepage.Make[Peak](n)[:0]
}

// near lists for each of some peaks those of others that it reaches: of peak i,
// to[from[i]:from[i+1]].
type near struct{ from, to []int32 }

func (n *near) of(i int32) []int32 { return n.to[n.from[i]:n.from[i+1]] }

// withinGate lists for each of some peaks in a, those of the indices of, which of the
// indices among lead to peaks in b within the gate, rising. All are in scan order:
// what is near in a row above, in the same and in a row below is found by three
// fingers that move on.
func withinGate(a, b []Peak, of, among []int32) near {
	n := near{make([]int32, 1, len(of)+1), make([]int32, 0, len(of))}
	var finger [3]int
	for _, i := range of {
		p := a[i]
		for row, slow := range [3]int{p.Slow - 1, p.Slow, p.Slow + 1} {
			first, last := p.Fast, p.Fast
			if row == 1 {
				first, last = p.Fast-1, p.Fast+1
			}
			f := finger[row]
			for f < len(among) && (b[among[f]].Slow < slow || b[among[f]].Slow == slow && b[among[f]].Fast < first) {
				f++
			}
			finger[row] = f
			for ; f < len(among) && b[among[f]].Slow == slow && b[among[f]].Fast <= last; f++ {
				n.to = append(n.to, int32(f))
			}
		}
		n.from = append(n.from, int32(len(n.to)))
	}
	return n
}

// brightest are the ten brightest peaks, the brightest first, and of equals the
// first in scan order.
func brightest(p []Peak) []Peak {
	var top []Peak
	for _, x := range p {
		if len(top) == topPeaks && !(x.Value > top[topPeaks-1].Value) {
			continue
		}
		i := len(top)
		for i > 0 && x.Value > top[i-1].Value {
			i--
		}
		top = slices.Insert(top, i, x)
		top = top[:min(len(top), topPeaks)]
	}
	return top
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
