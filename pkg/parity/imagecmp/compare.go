package imagecmp

import (
	"context"
	"fmt"
	"math"
	"strings"

	"simtrace/internal/doc"
)

// Compare compares got with ref. What cannot be compared is refused, with the reason
// in the report; the only error is that of ctx, where it ends before.
func Compare(ctx context.Context, ref, got *Image, opt Options) (*Report, error) {
	nan := math.NaN()
	r := &Report{Ref: ref, Got: got, Options: opt, Correlation: nan, MSE: nan, RMSE: nan, RefSum: nan, GotSum: nan, SumRatio: nan}
	r.MaxAbs, r.MaxRel = Spot{At{-1, -1}, nan, nan}, Spot{At{-1, -1}, nan, nan}
	if why := r.unfit(); why != "" {
		r.Verdict, r.Reasons = Refused, []string{why}
		return r, ctx.Err()
	}
	t := r.tally(ctx)
	r.Counts, r.unequal = t.counts, t.unequal
	r.statistics(ctx, t)
	r.MaxAbs, r.MaxRel = r.spot(t.maxAbs), r.spot(t.maxRel)
	if t.first >= 0 {
		first := r.spot(t.first)
		r.First = &first
		if t.before >= 0 {
			before := r.spot(t.before)
			r.Before = &before
		}
	}
	if r.Peaks = r.peaks(ctx); ctx.Err() != nil {
		return nil, ctx.Err()
	}
	r.decide(t)
	return r, nil
}

// spot is a pixel of an index; nowhere, and not a number, for -1.
func (r *Report) spot(i int) Spot {
	if i < 0 {
		return Spot{At{-1, -1}, math.NaN(), math.NaN()}
	}
	return Spot{r.Ref.at(i), r.Ref.value(i), r.Got.value(i)}
}

// unfit says why no pixel can be compared with another.
func (r *Report) unfit() string {
	ref, got, opt := r.Ref, r.Got, r.Options
	if ref.Shape != got.Shape {
		r.ShapesDiffer = true
		return fmt.Sprintf("The shapes differ: %v against %v pixels (slow x fast).", ref.Shape, got.Shape)
	}
	if m := opt.Mask; m != nil && m.Shape != ref.Shape {
		return fmt.Sprintf("The mask is of %v pixels (slow x fast), the images of %v.", m.Shape, ref.Shape)
	}
	if a := opt.ROI; a != nil && (a.FastMin < 0 || a.SlowMin < 0 || a.FastMin > a.FastMax || a.SlowMin > a.SlowMax || a.FastMax >= ref.Fast || a.SlowMax >= ref.Slow) {
		return fmt.Sprintf("The region of interest (fast %d to %d, slow %d to %d) is not inside of %v pixels (slow x fast).",
			a.FastMin, a.FastMax, a.SlowMin, a.SlowMax, ref.Shape)
	}
	return ""
}

// beyond reports whether two pixels differ by more than the tolerance. Where both
// are nan, or the same infinity, there is no number that could agree.
func (r *Report) beyond(a, b float64) bool {
	if !finite(a) || !finite(b) {
		return !r.Options.NaNEqual || !(a == b || math.IsNaN(a) && math.IsNaN(b))
	}
	return !(relative(a, b) <= r.Options.Tolerance || math.Abs(b-a) <= r.Options.Abs)
}

func (r *Report) statistics(ctx context.Context, t *tally) {
	n := float64(t.finite)
	if n == 0 {
		return
	}
	r.RefSum, r.GotSum = t.x.value(), t.y.value()
	if r.RefSum != 0 {
		r.SumRatio = r.GotSum / r.RefSum
	}
	r.MSE = t.squares.value() / n
	r.RMSE = math.Sqrt(r.MSE)
	switch {
	case t.refLow == t.refHigh || t.gotLow == t.gotHigh:
	case t.same:
		r.Correlation = 1 // by definition; summed up, it may be off by a rounding
	default:
		r.Correlation = r.correlation(ctx, r.RefSum/n, r.GotSum/n, n)
	}
	r.ULPKind = r.ulpKind()
	for n, c := range t.ulps {
		if c == 0 {
			continue
		}
		b := Bin{Pixels: c}
		if n > 0 {
			b.From, b.To = 1<<(n-1), 1<<(n-1)+(1<<(n-1)-1)
		}
		r.ULP = append(r.ULP, b)
	}
}

// decide gives the verdict and says why.
func (r *Report) decide(t *tally) {
	say := func(v Verdict, format string, args ...any) {
		r.Verdict, r.Reasons = v, append(r.Reasons, fmt.Sprintf(format, args...))
	}
	c := r.Counts
	switch {
	case c.Compared == 0:
		say(Refused, "No pixel is left to compare.")
		return
	case t.finite == 0:
		say(Refused, "No pixel is finite on both sides.")
		return
	case t.refLow == t.refHigh || t.gotLow == t.gotHigh:
		for _, side := range []struct {
			name      string
			low, high float64
		}{{r.Names()[0], t.refLow, t.refHigh}, {r.Names()[1], t.gotLow, t.gotHigh}} {
			if side.low == side.high {
				say(Refused, "%s is constant: every pixel is %s.", doc.Upper(side.name), number(side.low+0))
			}
		}
		return
	}
	r.Verdict = Match
	if r.Options.Thresholds.Any() {
		r.thresholds(say)
		return
	}
	if c.Beyond > 0 {
		say(Diverged, "%s", doc.Upper(strings.TrimPrefix(r.identical(), "Not identical: ")))
		if n := r.unequal; n > 0 {
			r.Reasons = append(r.Reasons, fmt.Sprintf("%d of them are nan or infinite%s.", n, r.orMasked()))
		}
		return
	}
	say(Match, "All %d pixels agree, %d of them to the last bit.", c.Compared, c.Equal)
}

// orMasked says what a user can do about pixels that are not finite.
func (r *Report) orMasked() string {
	if r.Options.NaNEqual {
		return " on one side, or differently so on both"
	}
	return ": --mask leaves pixels out, --nan equal lets equal ones agree"
}

// thresholds holds the figures against their bounds. A figure that is undefined
// does not pass, and neither does a pixel that is not finite.
func (r *Report) thresholds(say func(Verdict, string, ...any)) {
	t := r.Options.Thresholds
	var holds []string
	for _, b := range []struct {
		what       string
		got, bound float64
		least      bool
	}{
		{"correlation", r.Correlation, t.CorrMin, true},
		{"ratio of sums", r.SumRatio, t.SumRatioMin, true},
		{"ratio of sums", r.SumRatio, t.SumRatioMax, false},
		{"largest absolute difference", math.Abs(r.MaxAbs.Delta()), t.MaxAbsMax, false},
	} {
		if math.IsNaN(b.bound) {
			continue
		}
		if b.least && !(b.got >= b.bound) {
			say(Diverged, "The %s is %s, below %s.", b.what, short(b.got), number(b.bound))
		} else if !b.least && !(b.got <= b.bound) {
			say(Diverged, "The %s is %s, above %s.", b.what, short(b.got), number(b.bound))
		} else if b.least {
			holds = append(holds, fmt.Sprintf("%s %s ≥ %s", b.what, short(b.got), number(b.bound)))
		} else {
			holds = append(holds, fmt.Sprintf("%s %s ≤ %s", b.what, short(b.got), number(b.bound)))
		}
	}
	if n := r.unequal; n > 0 {
		say(Diverged, "%d pixels are nan or infinite%s.", n, r.orMasked())
	}
	if r.Verdict == Match {
		say(Match, "Passes: %s. %s", strings.Join(holds, ", "), r.identical())
	}
}

// identical says how far images that pass are from equal.
func (r *Report) identical() string {
	switch c := r.Counts; {
	case c.Equal == c.Compared:
		return "Identical: every pixel is equal."
	case c.Beyond == 0:
		return fmt.Sprintf("Every pixel agrees within %g.", r.Options.Tolerance)
	case c.Beyond == c.Compared:
		return fmt.Sprintf("Not identical: all %d pixels differ by more than %g.", c.Compared, r.Options.Tolerance)
	default:
		return fmt.Sprintf("Not identical: %d of %d pixels differ by more than %g.", c.Beyond, c.Compared, r.Options.Tolerance)
	}
}
