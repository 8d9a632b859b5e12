package sim

import (
	"math"

	"simtrace/pkg/sim/crmath"
)

// DegreesPerRadian is degrees per radian, as the reference rounds it: 180 times the double
// nearest to 1/pi. Angles are divided by it.
const DegreesPerRadian = 180.0 * float64(0.31830988618379067153776752674503)

// The functions that traced quantities pass through are correctly rounded, so
// that our own last bits are nobody's finding.
//
// In single precision the result is rounded a second time, which leaves an
// error of at most 0.5 + 2^-30 ulp of float32, within crmath's own bound: the
// second rounding can go the other way only where the first ended exactly half
// way between two float32 numbers. Of all float32 arguments up to 1e6 that is
// so for the sine of 9830.3984375, and for no other sine, cosine or
// exponential.

func sin[T float](x T) T      { return T(crmath.Sin(float64(x))) }
func cos[T float](x T) T      { return T(crmath.Cos(float64(x))) }
func exp[T float](x T) T      { return T(crmath.Exp(float64(x))) }
func atan2[T float](y, x T) T { return T(crmath.Atan2(float64(y), float64(x))) }

// sqrt is correctly rounded in single precision too: two roundings of a root are
// one where the first keeps more than twice the bits (Figueroa 1995, SIGNUM
// Newsletter 30, 20).
func sqrt[T float](x T) T { return T(math.Sqrt(float64(x))) }
