package imagecmp

import (
	"context"
	"math"
)

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
	r.bands(ctx, func() func(band, from, to int) {
		w := r.newRows()
		return func(band, from, to int) {
			t := newTally()
			for slow := from; slow < to; slow++ {
				t.row(w, slow)
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

// row adds the pixels of a row, in loops that each do a little.
func (t *tally) row(w *rows, slow int) {
	p := w.pairs(slow)
	t.counts.Compared += p.compared
	t.counts.Left += w.r.Ref.Fast - p.compared
	t.finite += len(p.ref)
	t.sums(p.ref, p.got)
	t.differences(w.r, &p, slow*w.r.Ref.Fast)
	t.distances(w.r.ulpKind(), p.ref, p.got)
	if t.first < 0 || p.compared > len(p.ref) {
		t.oneByOne(w, slow)
	}
}

// sums adds up finite pixels and keeps their bounds.
func (t *tally) sums(x, y []float64) {
	y = y[:len(x)]
	sx, sy := t.x, t.y
	refLow, refHigh, gotLow, gotHigh := t.refLow, t.refHigh, t.gotLow, t.gotHigh
	for i, a := range x {
		b := y[i]
		sx.total, sx.lost = plus(sx.total, sx.lost, a)
		sy.total, sy.lost = plus(sy.total, sy.lost, b)
		if a < refLow {
			refLow = a
		}
		if a > refHigh {
			refHigh = a
		}
		if b < gotLow {
			gotLow = b
		}
		if b > gotHigh {
			gotHigh = b
		}
	}
	t.x, t.y = sx, sy
	t.refLow, t.refHigh, t.gotLow, t.gotHigh = refLow, refHigh, gotLow, gotHigh
}

// differences takes the pairs of a row, whose first pixel has the index start.
func (t *tally) differences(r *Report, p *pairs, start int) {
	x, y := p.ref, p.got[:len(p.ref)]
	tolerance, abs, squares := r.Options.Tolerance, r.Options.Abs, t.squares
	maxAbs, maxRel, equal, within := -1, -1, 0, 0
	maxAbsBy, relBy := t.maxAbsBy, t.relBy
	for i, a := range x {
		b := y[i]
		if a == b {
			equal++
			continue
		}
		squares.total, squares.lost = plus(squares.total, squares.lost, float64((b-a)*(b-a)))
		d, larger := math.Abs(b-a), math.Abs(a)
		if m := math.Abs(b); m > larger {
			larger = m
		}
		rel := d / larger
		if d > maxAbsBy {
			maxAbs, maxAbsBy = i, d
		}
		if rel > relBy {
			maxRel, relBy = i, rel
		}
		if rel <= tolerance || d <= abs {
			within++
		}
	}
	t.squares, t.maxAbsBy, t.relBy = squares, maxAbsBy, relBy
	if t.maxAbs < 0 && len(x) > 0 {
		t.maxAbs, t.maxRel = start+p.column(0), start+p.column(0)
	}
	if maxAbs >= 0 {
		t.maxAbs = start + p.column(maxAbs)
	}
	if maxRel >= 0 {
		t.maxRel = start + p.column(maxRel)
	}
	t.same = t.same && equal == len(x)
	t.counts.Equal += equal
	t.counts.Within += within
	t.counts.Beyond += len(x) - equal - within
}

// oneByOne takes what hangs on the order of a row's pixels, and those that are not
// finite.
func (t *tally) oneByOne(w *rows, slow int) {
	from, to, mask := w.chosen(slow)
	x, y := w.r.Ref.row(slow, w.ref), w.r.Got.row(slow, w.got)
	for i := from; i < to; i++ {
		if mask != nil && mask[i] == 0 {
			continue
		}
		at, a, b := slow*w.r.Ref.Fast+i, x[i], y[i]
		if !finite(a) || !finite(b) {
			t.notFinite(w.r, at, a, b)
			continue
		}
		if t.first >= 0 {
			continue
		}
		if a != b && w.r.beyond(a, b) {
			t.begin(at)
		} else if a != 0 {
			t.agreeing = at
		}
	}
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
