package crmath

import "math"

// Atan2 returns the angle of the point (x, y) with an error below 0.5001 ulp
// where |x| and |y| lie between 1e-140 and 1e140, and math.Atan2 elsewhere.
//
// One step of Newton's method on the angle that math.Atan2 finds: with s and c
// its sine and cosine, the rest of the angle is (y c - x s)/(x c + y s), and so
// small that its arctangent is itself.
func Atan2(y, x float64) float64 {
	a := math.Atan2(y, x)
	if !inRange(x) || !inRange(y) {
		return a
	}
	s, c := sinCos(a)
	if math.Abs(a) < 0x1p-27 {
		s, c = dd{a, -a * a * a / 6}, dd{1, -a * a / 2}
	}
	yc, xs := c.mul(dd{y, 0}), s.mul(dd{x, 0})
	num := yc.add(dd{-xs.h, -xs.l})
	return a + num.h/(float64(x*c.h)+float64(y*s.h))
}

func inRange(v float64) bool {
	v = math.Abs(v)
	return v > 1e-140 && v < 1e140
}
