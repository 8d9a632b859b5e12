// Package marked holds a wanted math.FMA and an abuse of the mark.
package marked

import "math"

// Product returns a*b and its rounding error.
func Product(a, b float64) (float64, float64) {
	p := a * b
	return p, math.FMA(a, b, -p) //fma:wanted the exact error of the product
}

// Hidden has no math.FMA on the marked line.
func Hidden(a, b, c float64) float64 {
	return a*b + c //fma:wanted a mark alone allows nothing
}
