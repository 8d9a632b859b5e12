package sim

import "math"

// rtd is degrees per radian, as the reference rounds it: 180 times the double
// nearest to 1/pi. Angles are divided by it.
const rtd = 180.0 * float64(0.31830988618379067153776752674503)

func sin(x float64) float64      { return math.Sin(x) }
func cos(x float64) float64      { return math.Cos(x) }
func exp(x float64) float64      { return math.Exp(x) }
func atan2(y, x float64) float64 { return math.Atan2(y, x) }
