package imagecmp

import (
	"context"
	"math"
	"slices"
)

// Telling is a pixel worth tracing, and why.
type Telling struct {
	Spot
	Why string
}

// apartBy is how far further pixels keep from those chosen, in pixels: those of
// one spot tell the same story.
const apartBy = 8

// Telling chooses up to n pixels that say most about the disagreement: the one
// that differs most, then those on the two sides of the place where
// disagreement begins in scan order, the one with the largest relative
// difference, and after them the next largest differences, away from those. Only
// the first out of tolerance may be one that is not a finite number. Without a
// pixel out of tolerance there is none.
func (r *Report) Telling(ctx context.Context, n int) []Telling {
	var out []Telling
	add := func(s *Spot, why string) {
		if s == nil || len(out) >= n || s.Slow < 0 {
			return
		}
		for _, t := range out {
			if t.At == s.At {
				return
			}
		}
		out = append(out, Telling{*s, why})
	}
	if r.First == nil {
		return nil
	}
	if r.MaxAbs.Delta() != 0 {
		add(&r.MaxAbs, "largest difference")
	}
	add(r.First, "first in scan order out of tolerance")
	add(r.Before, "last in scan order that agrees before it")
	if r.MaxRel.Delta() != 0 {
		add(&r.MaxRel, "largest relative difference")
	}
	for _, s := range r.worst(ctx, out, n-len(out)) {
		add(&s, "next largest difference")
	}
	return out
}

// worst lists up to n pixels out of tolerance, the largest difference first,
// apart from each other and from those chosen; of equals the first in scan order.
func (r *Report) worst(ctx context.Context, chosen []Telling, n int) []Spot {
	var out []Spot
	for len(out) < n {
		taken := make([]At, 0, len(chosen)+len(out))
		for _, t := range chosen {
			taken = append(taken, t.At)
		}
		for _, s := range out {
			taken = append(taken, s.At)
		}
		i := r.largestApart(ctx, taken)
		if i < 0 || ctx.Err() != nil {
			break
		}
		out = append(out, r.spot(i))
	}
	return out
}

// largestApart is the index of the pixel out of tolerance that differs most of
// those apart from some; -1 for none.
func (r *Report) largestApart(ctx context.Context, taken []At) int {
	type best struct {
		at int
		by float64
	}
	parts := make([]best, r.bandCount())
	r.bands(ctx, func() func(band, from, to int) {
		w := r.newRows()
		return func(band, from, to int) {
			b := best{at: -1}
			for slow := from; slow < to; slow++ {
				lo, hi, mask := w.chosen(slow)
				x, y := r.Ref.row(slow, w.ref), r.Got.row(slow, w.got)
				for i := lo; i < hi; i++ {
					d := math.Abs(y[i] - x[i])
					if !(d > b.by) || mask != nil && mask[i] == 0 || !finite(x[i]) || !finite(y[i]) || !r.beyond(x[i], y[i]) {
						continue
					}
					if !slices.ContainsFunc(taken, func(p At) bool { return closeBy(p, At{slow, i}, apartBy) }) {
						b = best{slow*r.Ref.Fast + i, d}
					}
				}
			}
			parts[band] = b
		}
	})
	all := best{at: -1}
	for _, b := range parts {
		if b.by > all.by {
			all = b
		}
	}
	return all.at
}

func closeBy(a, b At, d int) bool {
	return max(a.Slow-b.Slow, b.Slow-a.Slow) < d && max(a.Fast-b.Fast, b.Fast-a.Fast) < d
}
