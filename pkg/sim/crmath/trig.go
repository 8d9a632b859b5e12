package crmath

import "math"

// maxReduced is the largest argument that the fixed-point parts of pi/64 can
// reduce: the number of steps must stay below 2^25, so that its products with
// the parts are exact.
const maxReduced = 1.6e6

// reduce returns x - k pi/64 for the nearest k, to about 2^-117 absolutely,
// and k. |x| must be at most maxReduced.
func reduce(x float64) (r dd, k int) {
	kf := math.RoundToEven(float64(x * stepsPerRadian))
	// pi64a..c have at most 28 bits, kf at most 25: the products are exact,
	// and so is the first difference, of two numbers within a factor of two.
	h := x - float64(kf*pi64a)
	h, e := twoSum(h, -float64(kf*pi64b))
	h, f := twoSum(h, -float64(kf*pi64c))
	p, q := twoProd(kf, pi64d)
	h, g := twoSum(h, -p)
	l := e + f + g - q
	h, l = fastTwoSum(h, l)
	return dd{h, l}, int(kf)
}

// Coefficients of the tails; the errors of the truncated series at
// |r| <= pi/128 are below 2^-78 of the sum.
const (
	s5, s7, s9, s11   = 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800
	c4, c6, c8, c10   = 1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800
	thirdHi, thirdLow = -1.0 / 6, -9.25185853854297065662e-18 // -1/6 in two parts
)

// sinCosSmall returns sin r and cos r - 1 for |r| <= pi/128.
func sinCosSmall(r dd) (s, m dd) {
	r2h, r2l := twoProd(r.h, r.h)
	r2l += 2 * float64(r.h*r.l)
	// sin r = r - r^3/6 + tail
	r3 := dd{r2h, r2l}.mul(r)
	t := r3.mul(dd{thirdHi, thirdLow})
	tail := float64(float64(r3.h*r2h) * (s5 + float64(r2h*(s7+float64(r2h*(s9+float64(r2h*s11)))))))
	h, e := fastTwoSum(r.h, t.h)
	e += r.l + (t.l + tail)
	s.h, s.l = fastTwoSum(h, e)
	// cos r - 1 = -r^2/2 + tail
	tail = float64(float64(r2h*r2h) * (c4 + float64(r2h*(c6+float64(r2h*(c8+float64(r2h*c10)))))))
	m.h, m.l = fastTwoSum(float64(-0.5*r2h), float64(-0.5*r2l)+tail)
	return s, m
}

// rotated returns a + a m + b s: sine or cosine of a table angle plus r.
func rotated(a, b, s, m dd) dd {
	bs, am := b.mul(s), a.mul(m)
	h, e := twoSum(a.h, bs.h)
	h, f := twoSum(h, am.h)
	h, e = fastTwoSum(h, e+f+(a.l+bs.l+am.l))
	return dd{h, e}
}

// sinCos returns both as double-doubles, to about 2^-69 of each.
func sinCos(x float64) (sin, cos dd) {
	r, k := reduce(x)
	s, m := sinCosSmall(r)
	k &= 127
	st, ct := sinTable[k], sinTable[(k+32)&127]
	return rotated(st, ct, s, m), rotated(ct, dd{-st.h, -st.l}, s, m)
}

// Sin returns the sine of x (radians), with an error below 0.5001 ulp for
// |x| <= 1e6; beyond 1.6e6 it is math.Sin.
func Sin(x float64) float64 { return quick(x, 0) }

// Cos returns the cosine of x (radians), with an error below 0.5001 ulp for
// |x| <= 1e6; beyond 1.6e6 it is math.Cos.
func Cos(x float64) float64 { return quick(x, 64) }

func accurateSin(x float64) float64 {
	if ax := math.Abs(x); !(ax <= maxReduced) {
		return math.Sin(x)
	} else if ax < 0x1p-27 {
		if x == 0 {
			return x // with its sign
		}
		return x - x*x*x/6 // what rounds to x or next to it
	}
	r, k := reduce(x)
	s, m := sinCosSmall(r)
	k &= 127
	v := rotated(sinTable[k], sinTable[(k+32)&127], s, m)
	return v.h + v.l
}

func accurateCos(x float64) float64 {
	if !(math.Abs(x) <= maxReduced) {
		return math.Cos(x)
	}
	r, k := reduce(x)
	s, m := sinCosSmall(r)
	k = (k + 32) & 127
	v := rotated(sinTable[k], sinTable[(k+32)&127], s, m)
	return v.h + v.l
}
