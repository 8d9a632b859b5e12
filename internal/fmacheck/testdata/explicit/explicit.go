// Package explicit holds what the FMA check must not find.
package explicit

import "math"

// Vec has a method of each kind, to be looked for in the assembly.
type Vec [3]float64

// Dot rounds every product.
func (v Vec) Dot(w Vec) float64 {
	return float64(v[0]*w[0]) + float64(v[1]*w[1]) + float64(v[2]*w[2])
}

// Add has sums only.
func (v *Vec) Add(w Vec) {
	for i := range v {
		v[i] += w[i]
	}
}

func product(a, b float64) float64 { return float64(a * b) }

// Inlined rounds within the inlined function.
func Inlined(a, b, c float64) float64 { return product(a, b) + c }

// Difference rounds the product.
func Difference(a, b, c float64) float64 { return c - float64(a*b) }

// Rounded uses functions that are exact everywhere.
func Rounded(x float64) float64 { return math.Sqrt(math.Floor(x)) }

// Sine calls a function that is not.
func Sine(x float64) float64 { return math.Sin(x) }

// Integer products have no rounding to keep.
func Integer(a, b, c int) int { return a*b + c }

// Generic is compiled where it is used.
func Generic[T float32 | float64](a, b, c T) T { return T(a*b) + c }

func init() { sink = Generic(1, 2, 3.0) }

var sink float64
