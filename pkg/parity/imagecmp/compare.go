package imagecmp

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
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
	r.choose()
	var x, y []float64
	for _, step := range []func(){
		func() { x, y = r.count(ctx) },
		func() { r.sums(x, y) },
		func() { r.deviation(x, y) },
		func() { r.correlation(x, y) },
		func() { r.ulps(ctx, x, y) },
		r.edge,
		func() { r.Peaks = r.peaks(ctx) },
		func() { r.decide(x, y) },
	} {
		if step(); ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return r, nil
}

// lookEvery is after how many pixels a context is looked at; a pixel takes some
// nanoseconds.
const lookEvery = 1 << 16

// ended reports at every so many pixels whether ctx has ended.
func ended(ctx context.Context, pixel int) bool { return pixel%lookEvery == 0 && ctx.Err() != nil }

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

// choose marks the pixels that are compared.
func (r *Report) choose() {
	r.used = make([]bool, r.Ref.Pixels())
	r.beyond = make([]bool, r.Ref.Pixels())
	area := ROI{0, r.Ref.Fast - 1, 0, r.Ref.Slow - 1}
	if r.Options.ROI != nil {
		area = *r.Options.ROI
	}
	for slow := area.SlowMin; slow <= area.SlowMax; slow++ {
		for fast := area.FastMin; fast <= area.FastMax; fast++ {
			i := slow*r.Ref.Fast + fast
			r.used[i] = r.Options.Mask == nil || r.Options.Mask.Pix[i] != 0
		}
	}
}

// count sorts the pixels into the counts and returns those that are finite.
func (r *Report) count(ctx context.Context) (x, y []float64) {
	c := &r.Counts
	x, y = make([]float64, 0, len(r.used)), make([]float64, 0, len(r.used))
	for i, used := range r.used {
		if ended(ctx, i) {
			return nil, nil
		}
		if !used {
			c.Left++
			continue
		}
		c.Compared++
		a, b := r.Ref.Pix[i], r.Got.Pix[i]
		c.NaNRef, c.InfRef = c.NaNRef+one(math.IsNaN(a)), c.InfRef+one(math.IsInf(a, 0))
		c.NaNGot, c.InfGot = c.NaNGot+one(math.IsNaN(b)), c.InfGot+one(math.IsInf(b, 0))
		switch {
		case a == b || math.IsNaN(a) && math.IsNaN(b):
			c.Equal++
		case finite(a) && finite(b) && (relative(a, b) <= r.Options.Tolerance || math.Abs(b-a) <= r.Options.Abs):
			c.Within++
		default:
			c.Beyond++
			r.beyond[i] = true
		}
		if !finite(a) || !finite(b) {
			c.NotFinite++
			continue
		}
		x, y = append(x, a), append(y, b)
		r.extremes(i)
	}
	return x, y
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// extremes keeps the pixels that differ most; the first of equals.
func (r *Report) extremes(i int) {
	s := Spot{r.Ref.at(i), r.Ref.Pix[i], r.Got.Pix[i]}
	if r.MaxAbs.Slow < 0 || math.Abs(s.Delta()) > math.Abs(r.MaxAbs.Delta()) {
		r.MaxAbs = s
	}
	if r.MaxRel.Slow < 0 || relative(s.Ref, s.Got) > r.Smallest() {
		r.MaxRel = s
	}
}

func (r *Report) sums(x, y []float64) {
	if len(x) == 0 {
		return
	}
	r.RefSum, r.GotSum = floats.SumCompensated(x), floats.SumCompensated(y)
	if r.RefSum != 0 {
		r.SumRatio = r.GotSum / r.RefSum
	}
}

func (r *Report) deviation(x, y []float64) {
	if len(x) == 0 {
		return
	}
	d := make([]float64, len(x))
	for i := range x {
		d[i] = (y[i] - x[i]) * (y[i] - x[i])
	}
	r.MSE = floats.SumCompensated(d) / float64(len(d))
	r.RMSE = math.Sqrt(r.MSE)
}

func (r *Report) correlation(x, y []float64) {
	switch {
	case len(x) == 0:
	case constant(x) || constant(y):
	case floats.Equal(x, y):
		r.Correlation = 1 // by definition; summed up, it may be off by a rounding
	default:
		r.Correlation = stat.Correlation(x, y, nil)
	}
}

func constant(x []float64) bool {
	for _, v := range x {
		if v != x[0] {
			return false
		}
	}
	return true
}

// edge finds where disagreement begins in scan order, which is the order in
// which a simulator computes pixels.
func (r *Report) edge() {
	spot := func(i int) *Spot { return &Spot{r.Ref.at(i), r.Ref.Pix[i], r.Got.Pix[i]} }
	last := -1
	for i, used := range r.used {
		switch {
		case !used:
		case r.beyond[i]:
			r.First = spot(i)
			if last >= 0 {
				r.Before = spot(last)
			}
			return
		case r.Ref.Pix[i] != 0 && finite(r.Ref.Pix[i]):
			last = i
		}
	}
}

// decide gives the verdict and says why.
func (r *Report) decide(x, y []float64) {
	say := func(v Verdict, format string, args ...any) {
		r.Verdict, r.Reasons = v, append(r.Reasons, fmt.Sprintf(format, args...))
	}
	c := r.Counts
	switch {
	case c.Compared == 0:
		say(Refused, "No pixel is left to compare.")
		return
	case len(x) == 0:
		say(Refused, "No pixel is finite on both sides.")
		return
	case constant(x) || constant(y):
		for _, side := range []struct {
			name string
			pix  []float64
		}{{"reference", x}, {"other image", y}} {
			if constant(side.pix) {
				say(Refused, "The %s is constant: every pixel is %s.", side.name, number(side.pix[0]))
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
		say(Diverged, "%d of %d pixels differ by more than the tolerance.", c.Beyond, c.Compared)
		return
	}
	say(Match, "All %d pixels agree, %d of them to the last bit.", c.Compared, c.Equal)
}

// thresholds holds the figures against their bounds. A figure that is undefined
// does not pass, and neither does a pixel that is finite on one side only.
func (r *Report) thresholds(say func(Verdict, string, ...any)) {
	t := r.Options.Thresholds
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
			say(Diverged, "The %s is %s, below %s.", b.what, number(b.got), number(b.bound))
		} else if !b.least && !(b.got <= b.bound) {
			say(Diverged, "The %s is %s, above %s.", b.what, number(b.got), number(b.bound))
		}
	}
	if n := r.unequalNotFinite(); n > 0 {
		say(Diverged, "%d pixels are nan or infinite on one side, or differently so on both.", n)
	}
	if r.Verdict == Match {
		say(Match, "All thresholds hold; %d of %d pixels differ by more than the tolerance.", r.Counts.Beyond, r.Counts.Compared)
	}
}

func (r *Report) unequalNotFinite() (n int) {
	for i, b := range r.beyond {
		if b && !(finite(r.Ref.Pix[i]) && finite(r.Got.Pix[i])) {
			n++
		}
	}
	return n
}
