// Package assembly has code that the compiler does not print.
package assembly

// Add is in assembly.
func Add(a, b float64) float64

// Twice is not.
func Twice(a float64) float64 { return a + a }
