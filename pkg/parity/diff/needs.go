package diff

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Needs are the smallest limits with which a row would have passed, each term
// alone. +Inf where no limit suffices, NaN where nothing was measured.
type Needs struct{ Abs, Rel, ULP float64 }

func noNeeds() Needs { return Needs{math.NaN(), math.NaN(), math.NaN()} }

// add takes another component into account.
func (n *Needs) add(abs, rel, ulp float64) {
	grow := func(into *float64, v float64) {
		if math.IsNaN(v) {
			v = math.Inf(1)
		}
		if math.IsNaN(*into) || v > *into {
			*into = v
		}
	}
	grow(&n.Abs, abs)
	grow(&n.Rel, rel)
	grow(&n.ULP, ulp)
}

// WouldPass is the smallest tolerance, in the terms of the row's own rule, with
// which a diverged row would have passed, rounded up to three digits: "rel
// 1.47e-03". It is "" where no tolerance helps.
func (r *Row) WouldPass() string {
	if !r.Diverged() && r.Status != Waived || r.Hopeless() {
		return ""
	}
	return r.Rule.Words(RoundUp(r.Needs.Abs), RoundUp(r.Needs.Rel), RoundUp(r.Needs.ULP), "%.2e")
}

// Hopeless reports whether no tolerance would let the row pass.
func (r *Row) Hopeless() bool { return !finite(r.Needs.Rel) }

// RoundUp returns the smallest number of three digits that is not below v.
func RoundUp(v float64) float64 {
	if !finite(v) || v <= 0 {
		return v
	}
	text := strconv.FormatFloat(v, 'e', 2, 64)
	out, _ := strconv.ParseFloat(text, 64)
	if out >= v {
		return out
	}
	// The next number of three digits, counted in units of the third: in
	// decimal, where it is exact.
	mantissa, exp, _ := strings.Cut(text, "e")
	digits, _ := strconv.Atoi(strings.Replace(mantissa, ".", "", 1))
	e, _ := strconv.Atoi(exp)
	out, _ = strconv.ParseFloat(fmt.Sprintf("%de%d", digits+1, e-2), 64)
	return out
}

// ulps counts the units in the last place of scale, or of the larger of the two
// values where scale is NaN, that fit into abs.
func ulps(abs, scale, ref, got float64) float64 {
	if abs == 0 {
		return 0
	}
	if math.IsNaN(scale) {
		scale = math.Max(math.Abs(ref), math.Abs(got))
	}
	unit := math.Nextafter(scale, math.Inf(1)) - scale
	return math.Abs(abs) / unit
}
