package imagecmp

import (
	"context"
	"math"
	"slices"
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

// maxima finds the peaks among the compared pixels. It counts them first: a noisy
// image has so many that memory for more of them than there are would tell.
func (r *Report) maxima(ctx context.Context, im *Image, above float64) []Peak {
	counts := make([]int, r.bandCount()+1)
	r.maximaInBands(ctx, im, above, func(band int, peaks []Peak) { counts[band+1] = len(peaks) })
	for i := range counts[1:] {
		counts[i+1] += counts[i]
	}
	if ctx.Err() != nil {
		return nil
	}
	out := make([]Peak, counts[len(counts)-1])
	r.maximaInBands(ctx, im, above, func(band int, peaks []Peak) { copy(out[counts[band]:], peaks) })
	return out
}

// maximaInBands calls take with the peaks of each band, from many goroutines.
func (r *Report) maximaInBands(ctx context.Context, im *Image, above float64, take func(band int, peaks []Peak)) {
	r.bands(ctx, func() func(band, from, to int) {
		w := r.newRows()
		// The rows of a band and those about it, a pixel of nothing at their ends.
		width := im.Fast + 2
		buf := make([]float64, (bandRows+2)*width)
		var peaks []Peak
		return func(band, from, to int) {
			for slow := from - 1; slow <= to; slow++ {
				w.comparable(im, slow, buf[(slow-from+1)*width:][:width])
			}
			peaks = peaks[:0]
			for slow := from; slow < to; slow++ {
				peaks = appendMaxima(peaks, slow, above, buf[(slow-from)*width:][:3*width], width)
			}
			take(band, peaks)
		}
	})
}

// comparable copies a row of an image, with NaN in place of what is not compared,
// beside the row, and of a row that there is not.
func (w *rows) comparable(im *Image, slow int, into []float64) {
	for i := range into {
		into[i] = math.NaN()
	}
	if slow < 0 || slow >= im.Slow {
		return
	}
	from, to, mask := w.chosen(slow)
	row := im.row(slow, w.ref)
	copy(into[1+from:], row[from:to])
	for i, m := range mask {
		if m == 0 {
			into[1+i] = math.NaN()
		}
	}
}

// appendMaxima appends the peaks of the middle of three rows, which are finite: of
// nine pixels the brightest, and the first of equals.
func appendMaxima(peaks []Peak, slow int, above float64, buf []float64, width int) []Peak {
	up, row, down := buf[:width], buf[width:2*width], buf[2*width:]
	for i := 1; i < width-1; i++ {
		v := row[i]
		if !(v > above) || !finite(v) || row[i-1] >= v || row[i+1] > v {
			continue
		}
		if up[i-1] >= v || up[i] >= v || up[i+1] >= v || down[i-1] > v || down[i] > v || down[i+1] > v {
			continue
		}
		peaks = append(peaks, Peak{At{slow, i - 1}, v})
	}
	return peaks
}

// match pairs the peaks. Those that can reach each other through the gate form
// small groups, and each is solved by itself.
func (p *Peaks) match(a, b []Peak) {
	partner := make([]int32, len(a))
	for i := range partner {
		partner[i] = -1
	}
	inGroups(withinGate(a, b), withinGate(b, a), func(g *group) {
		if len(g.rows) == 1 && len(g.cols) == 1 {
			partner[g.rows[0]] = g.cols[0]
			return
		}
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
	})
	p.collect(a, b, partner)
}

func (p *Peaks) collect(a, b []Peak, partner []int32) {
	taken := make([]bool, len(b))
	p.Pairs = make([]PeakPair, 0, len(a))
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

// near lists for each of some peaks those of others that it reaches: of peak i,
// to[from[i]:from[i+1]].
type near struct{ from, to []int32 }

func (n *near) of(i int32) []int32 { return n.to[n.from[i]:n.from[i+1]] }

// withinGate lists for each of a the indices in b within the gate, rising. Both
// are in scan order: what is near in a row above, in the same and in a row below
// is found by three fingers that move on.
func withinGate(a, b []Peak) near {
	n := near{make([]int32, 1, len(a)+1), make([]int32, 0, len(a))}
	var finger [3]int
	for _, p := range a {
		for row, slow := range [3]int{p.Slow - 1, p.Slow, p.Slow + 1} {
			first, last := p.Fast, p.Fast
			if row == 1 {
				first, last = p.Fast-1, p.Fast+1
			}
			f := finger[row]
			for f < len(b) && (b[f].Slow < slow || b[f].Slow == slow && b[f].Fast < first) {
				f++
			}
			finger[row] = f
			for ; f < len(b) && b[f].Slow == slow && b[f].Fast <= last; f++ {
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
