package crmath

import "math"

// turn is the sine (sh + sl) and cosine (ch + cl) of a table angle.
type turn struct{ sh, sl, ch, cl float64 }

const (
	// maxQuick is the largest argument of the quick way: the number of steps
	// stays below 2^24, so that its products with the parts are exact.
	maxQuick = 1 << 18
	// minQuick is the smallest result of it, where its error is still relative.
	minQuick = 1.0 / (1 << 8)
	// quickError bounds the relative error of the quick way, see quick.
	quickError = 1.0 / (1 << 61)

	nearestInt   = 3 << 51 // adding it leaves an integer in the lowest bits
	nearestTwo34 = 3 << 17 // adding it leaves multiples of 2^-34
)

// quick returns the sine of x + ahead pi/128 as the accurate way rounds it, in
// half the time: it computes the result to some 63 bits in two doubles, and
// where that leaves the rounding in doubt, once in about a hundred arguments,
// falls back to the accurate way (Ziv 1991, ACM TOMS 17, 410). ahead is 0 for
// the sine and 64 for the cosine.
//
// With a the table angle and r the rest of x, |r| <= pi/256 = 2^-6.3,
//
//	sin(a + r) = sin a + cos a r + (sin a (cos r - 1) + cos a (sin r - r)).
//
// The first sum is exact: cos a and r are cut to 24 and 34 fractional bits, so
// that their product has at most 53. What was cut, and the bracket, which is at
// most 2^-13.7 of sin a or 2^-15 of r, are summed in plain doubles.
//
// Errors, relative to the result: the bracket's products, and the sum of the
// small terms, round to 2^-53 of 2^-13.7 a few times, together some 2^-64, and
// twice that next to a = 0, where the result is half of sin a; the series are
// cut at r^9/9! (2^-75) and r^8/8! (2^-66); the parts of pi/128 leave 2^-92
// absolutely, 2^-84 of the smallest result. Measured against 256-bit arithmetic
// on a million random arguments, the largest was 2^-63.4. The accurate way adds
// 2^-69. quickError is five times as much as that.
func quick(x float64, ahead int) float64 {
	if !(math.Abs(x) <= maxQuick) {
		return accurate(x, ahead)
	}
	y := float64(x*turnsPerRadian) + nearestInt
	t := &turns[(int(math.Float64bits(y))+ahead)&255]
	kf := y - nearestInt
	// pi128a and b have 28 bits and kf 24: the products are exact. So is the
	// first difference, and the second with its rest: where |p| > |h|, h is a
	// multiple of the last bit of p, and nothing is rounded.
	h := x - float64(kf*pi128a)
	p := float64(kf * pi128b)
	r := h - p
	e := ((h - r) - p) - float64(kf*pi128c)
	h = r
	r = h + e
	e += h - r

	r2 := float64(r * r)
	sinRest := float64(float64(r*r2) * (q3 + float64(r2*(q5+float64(r2*q7)))))
	cosRest := float64(r2 * (q2 + float64(r2*(q4+float64(r2*q6)))))
	rh := (r + nearestTwo34) - nearestTwo34
	first := float64(t.ch * rh)
	s := t.sh + first
	small := first - (s - t.sh)
	small += t.sl + (float64(t.ch*(r-rh)) + float64(t.cl*r))
	small += float64(t.sh*cosRest) + float64((t.ch+t.cl)*(sinRest+e))

	doubt := float64(s * quickError)
	v := s + (small + doubt)
	if v != s+(small-doubt) || math.Abs(v) < minQuick {
		return accurate(x, ahead)
	}
	return v
}

// Coefficients of sine and cosine.
const (
	q2, q4, q6 = -1.0 / 2, 1.0 / 24, -1.0 / 720
	q3, q5, q7 = -1.0 / 6, 1.0 / 120, -1.0 / 5040
)

// accurate is the sine (ahead 0) or cosine (64) of x in double-double.
func accurate(x float64, ahead int) float64 {
	if ahead == 0 {
		return accurateSin(x)
	}
	return accurateCos(x)
}
