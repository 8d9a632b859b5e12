package imagecmp

import (
	"context"
	"math"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
)

// bandRows is how many rows one goroutine takes at a time. What is added up of
// each such band is added in their order, so that threads do not show.
const bandRows = 16

// bands calls do for each band of rows, from as many goroutines as there are
// processors; each has a worker of its own. When ctx ends it leaves out the rest:
// whoever reads what came of it looks at ctx first.
func (r *Report) bands(ctx context.Context, worker func() func(band, from, to int)) {
	inBands(ctx, r.Ref.Slow, worker)
}

func inBands(ctx context.Context, rows int, worker func() func(band, from, to int)) {
	n := (rows + bandRows - 1) / bandRows
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			do := worker()
			for band := int(next.Add(1)) - 1; band < n && ctx.Err() == nil; band = int(next.Add(1)) - 1 {
				do(band, band*bandRows, min((band+1)*bandRows, rows))
			}
		})
	}
	wg.Wait()
}

func (r *Report) bandCount() int { return (r.Ref.Slow + bandRows - 1) / bandRows }

// rows decodes rows of both images and tells which of their pixels are compared.
type rows struct {
	r              *Report
	ref, got, mask []float64 // buffers
}

func (r *Report) newRows() *rows {
	w := &rows{r: r, ref: make([]float64, r.Ref.Fast), got: make([]float64, r.Ref.Fast)}
	if r.Options.Mask != nil {
		w.mask = make([]float64, r.Ref.Fast)
	}
	return w
}

// chosen returns which columns of a row may be compared, from and up to, and the
// mask's row, nil for none: a pixel is left out where that is zero.
func (w *rows) chosen(slow int) (from, to int, mask []float64) {
	to = w.r.Ref.Fast
	if a := w.r.Options.ROI; a != nil {
		if from, to = a.FastMin, a.FastMax+1; slow < a.SlowMin || slow > a.SlowMax {
			return 0, 0, nil
		}
	}
	if m := w.r.Options.Mask; m != nil {
		mask = m.row(slow, w.mask)
	}
	return from, to, mask
}

// sum is a compensated one (Neumaier 1974).
type sum struct{ total, lost float64 }

func (s *sum) add(x float64) {
	t := s.total + x
	if math.Abs(s.total) >= math.Abs(x) {
		s.lost += (s.total - t) + x
	} else {
		s.lost += (x - t) + s.total
	}
	s.total = t
}

func (s *sum) join(o sum) {
	s.add(o.total)
	s.lost += o.lost
}

func (s *sum) value() float64 { return s.total + s.lost }

// tally is what one pass over the pixels of both images, or a part of them, tells.
type tally struct {
	counts           Counts
	unequal          int // beyond tolerance, and not finite on both sides
	finite           int // on both sides
	x, y, squares    sum // of those, and of their squared differences
	refLow, refHigh  float64
	gotLow, gotHigh  float64
	same             bool // all finite pixels are equal
	ulps             [65]uint64
	maxAbs, maxRel   int // indices; -1 for none
	maxAbsBy, relBy  float64
	first            int // beyond tolerance, in scan order; -1 for none
	before, agreeing int // the last that agrees and holds signal: before first; so far, while there is no first
}

func newTally() tally {
	inf := math.Inf(1)
	return tally{same: true, refLow: inf, refHigh: -inf, gotLow: inf, gotHigh: -inf, maxAbs: -1, maxRel: -1, first: -1, before: -1, agreeing: -1}
}

// tally goes over all pixels.
func (r *Report) tally(ctx context.Context) *tally {
	parts := make([]tally, r.bandCount())
	gap := r.gap()
	r.bands(ctx, func() func(band, from, to int) {
		w := r.newRows()
		return func(band, from, to int) {
			t := newTally()
			for slow := from; slow < to; slow++ {
				t.row(w, slow, gap)
			}
			parts[band] = t
		}
	})
	all := newTally()
	for i := range parts {
		all.join(&parts[i])
	}
	return &all
}

// row adds the pixels of a row.
func (t *tally) row(w *rows, slow int, gap func(a, b float64) uint64) {
	from, to, mask := w.chosen(slow)
	t.counts.Left += w.r.Ref.Fast - (to - from)
	if from == to {
		return
	}
	x, y := w.r.Ref.row(slow, w.ref), w.r.Got.row(slow, w.got)
	for i := from; i < to; i++ {
		if mask != nil && mask[i] == 0 {
			t.counts.Left++
			continue
		}
		t.counts.Compared++
		at := slow*w.r.Ref.Fast + i
		a, b := x[i], y[i]
		if !finite(a) || !finite(b) {
			t.notFinite(w.r, at, a, b)
			continue
		}
		t.finite++
		t.x.add(a)
		t.y.add(b)
		t.refLow, t.refHigh = min(t.refLow, a), max(t.refHigh, a)
		t.gotLow, t.gotHigh = min(t.gotLow, b), max(t.gotHigh, b)
		if t.maxAbs < 0 {
			t.maxAbs, t.maxRel = at, at
		}
		if a == b {
			t.counts.Equal++
			t.ulps[0]++
		} else {
			t.differs(w.r, at, a, b)
			t.ulps[bits.Len64(gap(a, b))]++
		}
		if a != 0 && t.first < 0 {
			t.agreeing = at
		}
	}
}

// differs takes two finite pixels that are not equal.
func (t *tally) differs(r *Report, at int, a, b float64) {
	t.same = false
	d, rel := math.Abs(b-a), relative(a, b)
	t.squares.add(float64((b - a) * (b - a)))
	if d > t.maxAbsBy {
		t.maxAbs, t.maxAbsBy = at, d
	}
	if rel > t.relBy {
		t.maxRel, t.relBy = at, rel
	}
	if rel <= r.Options.Tolerance || d <= r.Options.Abs {
		t.counts.Within++
		return
	}
	t.counts.Beyond++
	t.begin(at)
}

// begin notes a pixel beyond tolerance.
func (t *tally) begin(at int) {
	if t.first < 0 {
		t.first, t.before = at, t.agreeing
	}
}

// notFinite takes two pixels of which one or both are not finite.
func (t *tally) notFinite(r *Report, at int, a, b float64) {
	c := &t.counts
	c.NotFinite++
	c.NaNRef, c.InfRef = c.NaNRef+one(math.IsNaN(a)), c.InfRef+one(math.IsInf(a, 0))
	c.NaNGot, c.InfGot = c.NaNGot+one(math.IsNaN(b)), c.InfGot+one(math.IsInf(b, 0))
	if r.beyond(a, b) {
		c.Beyond++
		t.unequal++
		t.begin(at)
		return
	}
	c.Equal++
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// join adds the tally of the pixels that follow.
func (t *tally) join(o *tally) {
	c, d := &t.counts, &o.counts
	c.Compared, c.Left, c.Equal, c.Within, c.Beyond = c.Compared+d.Compared, c.Left+d.Left, c.Equal+d.Equal, c.Within+d.Within, c.Beyond+d.Beyond
	c.NaNRef, c.NaNGot, c.InfRef, c.InfGot, c.NotFinite = c.NaNRef+d.NaNRef, c.NaNGot+d.NaNGot, c.InfRef+d.InfRef, c.InfGot+d.InfGot, c.NotFinite+d.NotFinite
	t.unequal, t.finite, t.same = t.unequal+o.unequal, t.finite+o.finite, t.same && o.same
	t.x.join(o.x)
	t.y.join(o.y)
	t.squares.join(o.squares)
	t.refLow, t.refHigh = min(t.refLow, o.refLow), max(t.refHigh, o.refHigh)
	t.gotLow, t.gotHigh = min(t.gotLow, o.gotLow), max(t.gotHigh, o.gotHigh)
	for i, n := range o.ulps {
		t.ulps[i] += n
	}
	if t.maxAbs < 0 || o.maxAbsBy > t.maxAbsBy {
		t.maxAbs, t.maxAbsBy = o.maxAbs, o.maxAbsBy
	}
	if t.maxRel < 0 || o.relBy > t.relBy {
		t.maxRel, t.relBy = o.maxRel, o.relBy
	}
	if t.first < 0 && o.first >= 0 {
		t.first = o.first
		if t.before = o.before; t.before < 0 {
			t.before = t.agreeing
		}
	}
	if o.agreeing >= 0 {
		t.agreeing = o.agreeing
	}
}

// correlation is Pearson's, in a second pass with the means (Chan, Golub and
// LeVeque 1983). Uncompensated, the sums over millions of pixels would make it
// more than one in the tenth digit.
func (r *Report) correlation(ctx context.Context, xMean, yMean, n float64) float64 {
	type moments struct{ xx, yy, xy, x, y sum }
	parts := make([]moments, r.bandCount())
	r.bands(ctx, func() func(band, from, to int) {
		w := r.newRows()
		return func(band, from, to int) {
			var m moments
			for slow := from; slow < to; slow++ {
				lo, hi, mask := w.chosen(slow)
				x, y := r.Ref.row(slow, w.ref), r.Got.row(slow, w.got)
				for i := lo; i < hi; i++ {
					if mask != nil && mask[i] == 0 || !finite(x[i]) || !finite(y[i]) {
						continue
					}
					dx, dy := x[i]-xMean, y[i]-yMean
					m.xx.add(float64(dx * dx))
					m.yy.add(float64(dy * dy))
					m.xy.add(float64(dx * dy))
					m.x.add(dx)
					m.y.add(dy)
				}
			}
			parts[band] = m
		}
	})
	var m moments
	for _, p := range parts {
		m.xx.join(p.xx)
		m.yy.join(p.yy)
		m.xy.join(p.xy)
		m.x.join(p.x)
		m.y.join(p.y)
	}
	x, y := m.x.value(), m.y.value()
	xx, yy := m.xx.value()-float64(x*x)/n, m.yy.value()-float64(y*y)/n
	return (m.xy.value() - float64(x*y)/n) / (math.Sqrt(xx) * math.Sqrt(yy))
}
