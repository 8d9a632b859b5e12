package crmath

import "math"

// Exp returns e^x with an error below 0.5001 ulp; results too small for a
// normal double are math.Exp's.
func Exp(x float64) float64 {
	const smallest, largest = -708, 709.782712893384 // e^smallest is normal
	if !(x >= smallest && x <= largest) {
		return math.Exp(x)
	}
	kf := math.RoundToEven(float64(x * expStepsPerUnit))
	k := int(kf)
	// |kf| < 2^17 and ln64a has 34 bits: the product is exact, and so is the
	// difference.
	h := x - float64(kf*ln64a)
	p, q := twoProd(kf, ln64b)
	h, l := twoSum(h, -p)
	l -= q
	r := dd{h, l}
	// e^r - 1 = r + r^2/2 + tail, |r| <= ln 2/128
	r2 := r.mul(r)
	tail := float64(float64(r2.h*h) * (1.0/6 + float64(h*(1.0/24+float64(h*(1.0/120+float64(h*(1.0/720+float64(h*(1.0/5040))))))))))
	m := r.add(dd{float64(0.5 * r2.h), float64(0.5*r2.l) + tail})
	t := expTable[k&63]
	tm := t.mul(m)
	h, e := fastTwoSum(t.h, tm.h)
	return math.Ldexp(h+(e+(t.l+tm.l)), k>>6)
}
