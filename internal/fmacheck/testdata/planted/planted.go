// Package planted holds what the FMA check must find.
package planted

import "math"

// Fused is fused wherever the compiler fuses.
func Fused(a, b, c float64) float64 { return a*b + c }

// Difference is fused where the processor has a fused multiply-subtract.
func Difference(a, b, c float64) float64 { return c - a*b }

// Single is Fused in single precision.
func Single(a, b, c float32) float32 { return a*b + c }

func product(a, b float64) float64 { return a * b }

// Inlined is fused across a call that the compiler inlines.
func Inlined(a, b, c float64) float64 { return product(a, b) + c }

// Statements is fused across statements: an assignment does not round.
func Statements(a, b, c float64) float64 {
	p := a * b
	return p + c
}

// Intrinsic asks for it by name.
func Intrinsic(a, b, c float64) float64 { return math.FMA(a, b, c) }

var table = []func(a, b, c float64) float64{math.FMA}

// Indirect reaches math.FMA through a table.
func Indirect(a, b, c float64) float64 { return table[0](a, b, c) }
