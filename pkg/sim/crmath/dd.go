// Package crmath has the elementary functions that a trace passes through,
// correctly rounded in all but a few of a million million cases: the error of
// each is below 0.5001 ulp. Go's own are below one ulp, which is good enough
// for almost everything, but differs from a C library in the last bit in 13 to
// 25 % of arguments; where a factor is near zero, one such bit becomes visible.
//
// Method: the argument is reduced to a small remainder held as an unevaluated
// sum of two doubles ("double-double": Dekker 1971, Numer. Math. 18, 224;
// error-free sums after Knuth, products by fused multiply-add), the values at
// the table points are double-doubles too, and only terms so small that their
// rounding cannot reach the result are summed in plain double precision.
// Reduction by table and short polynomial follows Tang 1991, ACM TOMS 17, 26.
//
// math.FMA is used on purpose: it is exactly specified, so the results are the
// same on every platform. Ordinary products that feed sums are rounded
// explicitly, as everywhere in sim.
package crmath

import "math"

//go:generate go run ./gen

// twoSum returns a+b exactly as s+e.
func twoSum(a, b float64) (s, e float64) {
	s = a + b
	bb := s - a
	return s, (a - (s - bb)) + (b - bb)
}

// fastTwoSum is twoSum for |a| >= |b| or a = 0.
func fastTwoSum(a, b float64) (s, e float64) {
	s = a + b
	return s, b - (s - a)
}

// twoProd returns a*b exactly as p+e, barring underflow.
func twoProd(a, b float64) (p, e float64) {
	p = float64(a * b)
	return p, math.FMA(a, b, -p) //fma:wanted the rounding error of the product, exactly
}

// dd is an unevaluated sum, |l| <= ulp(h)/2.
type dd struct{ h, l float64 }

// mul returns the product to about 2^-102 of its size.
func (a dd) mul(b dd) dd {
	p, e := twoProd(a.h, b.h)
	e += float64(a.h*b.l) + float64(a.l*b.h)
	s, t := fastTwoSum(p, e)
	return dd{s, t}
}

// add returns the sum to about 2^-102 of the larger operand.
func (a dd) add(b dd) dd {
	s, e := twoSum(a.h, b.h)
	e += a.l + b.l
	h, l := fastTwoSum(s, e)
	return dd{h, l}
}
