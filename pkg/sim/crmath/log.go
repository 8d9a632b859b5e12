package crmath

import "math"

// Log returns the natural logarithm of x with an error below 0.5001 ulp where
// x is a normal double other than those within 1e-3 of 1, and math.Log
// elsewhere.
//
// One step of Newton's method on math.Log's result y: the rest of the
// logarithm is log(x e^-y) = d - d^2/2 + ..., d = (x - e^y)/e^y, and so small
// that the first term is enough.
func Log(x float64) float64 {
	y := math.Log(x)
	if !(x >= 0x1p-1000 && x <= 0x1p1000) || math.Abs(x-1) < 1e-3 {
		return y
	}
	p, k := power(-y)
	// x e^-y - 1, the product exactly.
	m, e := math.Frexp(x)
	h, l := twoProd(m, p.h)
	l += float64(m * p.l)
	scale := math.Ldexp(1, e+k)
	d := (float64(h*scale) - 1) + float64(l*scale)
	return y + d
}

// power returns e^x as p 2^k, p to about 2^-70 of itself, for |x| <= 700.
func power(x float64) (p dd, k int) {
	kf := math.RoundToEven(float64(x * expStepsPerUnit))
	n := int(kf)
	h := x - float64(kf*ln64a) // exact: see Exp
	a, b := twoProd(kf, ln64b)
	h, l := twoSum(h, -a)
	l -= b
	r := dd{h, l}
	r2 := r.mul(r)
	tail := float64(float64(r2.h*h) * (1.0/6 + float64(h*(1.0/24+float64(h*(1.0/120+float64(h*(1.0/720+float64(h*(1.0/5040))))))))))
	m := r.add(dd{float64(0.5 * r2.h), float64(0.5*r2.l) + tail})
	t := expTable[n&63]
	return t.add(t.mul(m)), n >> 6
}

// Tan returns the tangent of x (radians) with an error below 0.5001 ulp for
// |x| <= 1e6; beyond 1.6e6 it is math.Tan.
//
// The quotient of sine and cosine, with the rest of the division carried out.
func Tan(x float64) float64 {
	ax := math.Abs(x)
	switch {
	case !(ax <= maxReduced):
		return math.Tan(x)
	case ax < 0x1p-26:
		if x == 0 {
			return x // with its sign
		}
		return x + float64(x*x*x)/3
	}
	s, c := sinCos(x)
	q := s.h / c.h
	rest := math.FMA(-q, c.h, s.h) //fma:wanted the remainder of the division, exactly
	return q + (rest+(s.l-float64(q*c.l)))/c.h
}
