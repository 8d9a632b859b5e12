package causes

import (
	"math"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// fingerprint is how closely, relatively, a number must meet the one that a cause
// predicts. A wrong prediction passes by chance once in a million; 15 printed
// digits leave nine of headroom for lengths that are small differences of large
// ones.
const fingerprint = 1e-6

// meets reports whether a is the predicted number.
func meets(a, want float64) bool {
	return a == want || math.Abs(a-want) <= fingerprint*math.Abs(want)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// closeTo reports whether two numbers are equal to a relative tolerance.
func closeTo(a, b, tolerance float64) bool {
	return a == b || math.Abs(a-b) <= tolerance*math.Max(math.Abs(a), math.Abs(b))
}

// oneRatio returns the ratio got/ref that all components share. Components
// that vanish on both sides say nothing; all may not vanish. Small components
// are held to the size of the whole.
func oneRatio(ref, got []float64) (float64, bool) {
	rr, rg := 0.0, 0.0
	for i := range min(len(ref), len(got)) {
		rr += float64(ref[i] * ref[i])
		rg += float64(ref[i] * got[i])
	}
	if len(ref) == 0 || len(ref) != len(got) || rr == 0 || !finite(rr) || !finite(rg) || rg == 0 {
		return 0, false
	}
	ratio := rg / rr
	limit := fingerprint * math.Abs(ratio) * math.Sqrt(rr)
	for i := range ref {
		if !(math.Abs(got[i]-float64(ratio*ref[i])) <= limit) {
			return 0, false
		}
	}
	return ratio, true
}

// rowRatio is oneRatio of a row.
func rowRatio(r *diff.Row) (float64, bool) {
	ref, got, ok := pairOf(r)
	ratio, one := oneRatio(ref, got)
	return ratio, ok && one
}

// powerOfTen returns the exponent where the ratio is a power of ten other than
// 1.
func powerOfTen(ratio float64) (int, bool) {
	if !(ratio > 0) || math.IsInf(ratio, 0) {
		return 0, false
	}
	n := math.Round(math.Log10(ratio))
	return int(n), n != 0 && meets(ratio, math.Pow(10, n))
}

// eitherWay reports whether the ratio is f or 1/f, and which.
func eitherWay(ratio, f float64) (inverse, ok bool) {
	if f == 0 || !finite(f) || meets(f, 1) {
		return false, false
	}
	inverse = !meets(ratio, f) && meets(ratio, 1/f)
	return inverse, inverse || meets(ratio, f)
}

// offBy is how far two sets of numbers are apart, over their size or the scale.
func offBy(a, b []float64, scale float64) (float64, bool) {
	size, off := 0.0, 0.0
	for i := range a {
		if !finite(a[i]) || !finite(b[i]) {
			return 0, false
		}
		size = math.Hypot(size, math.Max(math.Abs(a[i]), math.Abs(b[i])))
		off = math.Hypot(off, a[i]-b[i])
	}
	if size = math.Max(size, scale); size > 0 {
		off /= size
	}
	return off, true
}

// float32Share returns how many of the numbers are float32 numbers as far as
// their printed digits tell, and how many numbers can tell at all: those that
// are no short decimals.
func float32Share(values []trace.Value) (single, all int) {
	for _, v := range values {
		// A large number without decimals shows all that it has, zeros at the end included.
		whole := math.Abs(v.Num) >= 1e6 && v.Num == math.Trunc(v.Num) && !strings.ContainsAny(v.Text, ".e")
		if !finite(v.Num) || diff.Digits(v.Text) < 9 && !whole {
			continue
		}
		all++
		if isFloat32(v.Num) {
			single++
		}
	}
	return single, all
}

// isFloat32 reports whether a number is one of float32: 15 digits round it by at most 5e-15 of it.
func isFloat32(v float64) bool { return math.Abs(v-float64(float32(v))) <= 5e-15*math.Abs(v) }

// shorter reports whether got is ref written with fewer digits, rounded or cut
// off: three digits or more, and fewer than ref has.
func shorter(ref, got trace.Value) bool {
	d := diff.Digits(got.Text)
	if d < 3 || d >= diff.Digits(ref.Text) || ref.Num == 0 || ref.Num == got.Num {
		return false
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(ref.Num)))-float64(d-1))
	// Cutting off loses less than one unit, and never adds: towards zero.
	off := (ref.Num - got.Num) / math.Copysign(unit, ref.Num)
	return off > -0.5-1e-6 && off < 1
}
