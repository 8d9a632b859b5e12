package sim

import "simtrace/pkg/sim/crmath"

// rtd is degrees per radian, as the reference rounds it: 180 times the double
// nearest to 1/pi. Angles are divided by it.
const rtd = 180.0 * float64(0.31830988618379067153776752674503)

// The functions that traced quantities pass through are correctly rounded, so
// that our own last bits are nobody's finding.

func sin(x float64) float64      { return crmath.Sin(x) }
func cos(x float64) float64      { return crmath.Cos(x) }
func exp(x float64) float64      { return crmath.Exp(x) }
func atan2(y, x float64) float64 { return crmath.Atan2(y, x) }
