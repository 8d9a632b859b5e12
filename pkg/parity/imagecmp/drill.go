package imagecmp

import (
	"context"
	"math"
	"sort"
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
// apart from each other and from those chosen.
func (r *Report) worst(ctx context.Context, chosen []Telling, n int) []Spot {
	if n <= 0 {
		return nil
	}
	delta := func(i int) float64 { return math.Abs(r.Got.Pix[i] - r.Ref.Pix[i]) }
	// Each that is chosen keeps a square of others away: no more than these count.
	all := r.largest(ctx, delta, n+(n+len(chosen))*(2*apartBy-1)*(2*apartBy-1))
	sort.SliceStable(all, func(a, b int) bool { return delta(all[a]) > delta(all[b]) })
	var out []Spot
	far := func(p At) bool {
		for _, t := range chosen {
			if near(p, t.At, apartBy) {
				return false
			}
		}
		for _, s := range out {
			if near(p, s.At, apartBy) {
				return false
			}
		}
		return true
	}
	for _, i := range all {
		if p := r.Ref.at(i); far(p) {
			out = append(out, Spot{p, r.Ref.Pix[i], r.Got.Pix[i]})
			if len(out) == n {
				break
			}
		}
	}
	return out
}

// largest lists up to n pixels out of tolerance in scan order: those with the largest
// differences, of equal ones the first.
func (r *Report) largest(ctx context.Context, delta func(i int) float64, n int) []int {
	var all []int
	var values []float64
	for i, b := range r.beyond {
		if ended(ctx, i) {
			return nil
		}
		if b && finite(r.Ref.Pix[i]) && finite(r.Got.Pix[i]) {
			all, values = append(all, i), append(values, delta(i))
		}
	}
	if len(all) <= n {
		return all
	}
	bound := kth(ctx, values, len(values)-n)
	above := 0
	for _, i := range all {
		above += one(delta(i) > bound)
	}
	out, equal := make([]int, 0, n), n-above
	for _, i := range all {
		d := delta(i)
		if d == bound && equal > 0 {
			equal--
			out = append(out, i)
		} else if d > bound {
			out = append(out, i)
		}
	}
	return out
}

func near(a, b At, d int) bool {
	return max(a.Slow-b.Slow, b.Slow-a.Slow) < d && max(a.Fast-b.Fast, b.Fast-a.Fast) < d
}
