package explain

import "math"

// Vec is a vector of three components.
type Vec [3]float64

func (a Vec) add(b Vec) Vec       { return Vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }
func (a Vec) sub(b Vec) Vec       { return Vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }
func (a Vec) scale(f float64) Vec { return Vec{a[0] * f, a[1] * f, a[2] * f} }
func (a Vec) dot(b Vec) float64   { return float64(a[0]*b[0]) + float64(a[1]*b[1]) + float64(a[2]*b[2]) }
func (a Vec) norm() float64       { return math.Sqrt(a.dot(a)) }
func (a Vec) angle(b Vec) float64 { return math.Atan2(a.cross(b).norm(), a.dot(b)) }
func (a Vec) cross(b Vec) Vec {
	return Vec{
		float64(a[1]*b[2]) - float64(a[2]*b[1]),
		float64(a[2]*b[0]) - float64(a[0]*b[2]),
		float64(a[0]*b[1]) - float64(a[1]*b[0]),
	}
}

// dual returns the vectors that are reciprocal to three others: a.a* = 1,
// a.b* = 0 and so on.
func dual(v []Vec) []Vec {
	volume := v[0].dot(v[1].cross(v[2]))
	return []Vec{
		v[1].cross(v[2]).scale(1 / volume),
		v[2].cross(v[0]).scale(1 / volume),
		v[0].cross(v[1]).scale(1 / volume),
	}
}

// duality returns the largest deviation of a.a*, b.b*, c.c* from 1 and of the
// six mixed products from 0.
func duality(real, star []Vec) float64 {
	worst := 0.0
	for i, a := range real {
		for j, s := range star {
			want := 0.0
			if i == j {
				want = 1
			}
			worst = math.Max(worst, math.Abs(a.dot(s)-want))
		}
	}
	return worst
}
