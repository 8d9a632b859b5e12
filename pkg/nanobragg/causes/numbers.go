package causes

import (
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// fingerprint is how closely, relatively, a number must meet the one that a cause
// predicts. A wrong prediction passes by chance once in a million; 15 printed
// digits leave nine of headroom for lengths that are small differences of large
// ones.
const fingerprint = 1e-6

// meets reports whether a is the predicted number.
func meets(a, want float64) bool {
	return a == want || math.Abs(a-want) <= fingerprint*math.Abs(want)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// closeTo reports whether two numbers are equal to a relative tolerance.
func closeTo(a, b, tolerance float64) bool {
	return a == b || math.Abs(a-b) <= tolerance*math.Max(math.Abs(a), math.Abs(b))
}

// oneRatio returns the ratio got/ref that all components share. Components
// that vanish on both sides say nothing; all may not vanish. Small components
// are held to the size of the whole.
func oneRatio(ref, got []float64) (float64, bool) {
	rr, rg := 0.0, 0.0
	for i := range min(len(ref), len(got)) {
		rr += float64(ref[i] * ref[i])
		rg += float64(ref[i] * got[i])
	}
	if len(ref) == 0 || len(ref) != len(got) || rr == 0 || !finite(rr) || !finite(rg) || rg == 0 {
		return 0, false
	}
	ratio := rg / rr
	limit := fingerprint * math.Abs(ratio) * math.Sqrt(rr)
	for i := range ref {
		if !(math.Abs(got[i]-float64(ratio*ref[i])) <= limit) {
			return 0, false
		}
	}
	return ratio, true
}

// rowRatio is oneRatio of a row.
func rowRatio(r *diff.Row) (float64, bool) {
	ref, got, ok := pairOf(r)
	ratio, one := oneRatio(ref, got)
	return ratio, ok && one
}

// powerOfTen returns the exponent where the ratio is a power of ten other than
// 1.
func powerOfTen(ratio float64) (int, bool) {
	if !(ratio > 0) || math.IsInf(ratio, 0) {
		return 0, false
	}
	n := math.Round(math.Log10(ratio))
	return int(n), n != 0 && meets(ratio, math.Pow(10, n))
}

// eitherWay reports whether the ratio is f or 1/f, and which.
func eitherWay(ratio, f float64) (inverse, ok bool) {
	if f == 0 || !finite(f) || meets(f, 1) {
		return false, false
	}
	inverse = !meets(ratio, f) && meets(ratio, 1/f)
	return inverse, inverse || meets(ratio, f)
}

// offBy is how far two sets of numbers are apart, over their size or the scale.
func offBy(a, b []float64, scale float64) (float64, bool) {
	size, off := 0.0, 0.0
	for i := range a {
		if !finite(a[i]) || !finite(b[i]) {
			return 0, false
		}
		size = math.Hypot(size, math.Max(math.Abs(a[i]), math.Abs(b[i])))
		off = math.Hypot(off, a[i]-b[i])
	}
	if size = math.Max(size, scale); size > 0 {
		off /= size
	}
	return off, true
}

// float32Share returns how many of the numbers are float32 numbers as far as
// their printed digits tell, and how many numbers can tell at all: those that
// are no short decimals.
func float32Share(values []trace.Value) (single, all int) {
	for _, v := range values {
		// A large number without decimals shows all that it has, zeros at the end included.
		whole := math.Abs(v.Num) >= 1e6 && v.Num == math.Trunc(v.Num) && !strings.ContainsAny(v.Text, ".e")
		if !finite(v.Num) || diff.Digits(v.Text) < 9 && !whole {
			continue
		}
		all++
		if isFloat32(v.Num) {
			single++
		}
	}
	return single, all
}

// isFloat32 reports whether a number is one of float32: 15 digits round it by at most 5e-15 of it.
func isFloat32(v float64) bool { return math.Abs(v-float64(float32(v))) <= 5e-15*math.Abs(v) }

// shorter reports whether got is ref written with fewer digits, rounded or cut
// off: three digits or more, and fewer than ref has.
func shorter(ref, got trace.Value) bool {
	d := diff.Digits(got.Text)
	if d < 3 || d >= diff.Digits(ref.Text) || ref.Num == 0 || ref.Num == got.Num {
		return false
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(ref.Num)))-float64(d-1))
	// Cutting off loses less than one unit, and never adds: towards zero.
	off := (ref.Num - got.Num) / math.Copysign(unit, ref.Num)
	return off > -0.5-1e-6 && off < 1
}

// Vec is a vector of three components.
type Vec [3]float64

func (a Vec) add(b Vec) Vec       { return Vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }
func (a Vec) sub(b Vec) Vec       { return Vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }
func (a Vec) scale(f float64) Vec { return Vec{a[0] * f, a[1] * f, a[2] * f} }
func (a Vec) unit() Vec           { return a.scale(1 / a.norm()) }
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

// near reports whether a is the predicted vector: within fingerprint of the
// length of scale.
func (a Vec) near(want Vec, scale float64) bool {
	return a.sub(want).norm() <= fingerprint*scale
}

func (a Vec) text(decimals int) string {
	return fmt.Sprintf("(%.*f, %.*f, %.*f)", decimals, a[0], decimals, a[1], decimals, a[2])
}

func expText(v Vec) string { return fmt.Sprintf("(%+.3g, %+.3g, %+.3g)", v[0], v[1], v[2]) }

func volumeOf(v []Vec) float64 { return math.Abs(v[0].dot(v[1].cross(v[2]))) }

// dual returns the vectors that are reciprocal to three others: a.a* = 1,
// a.b* = 0 and so on.
func dual(v []Vec) []Vec {
	volume := v[0].dot(v[1].cross(v[2]))
	return []Vec{v[1].cross(v[2]).scale(1 / volume), v[2].cross(v[0]).scale(1 / volume), v[0].cross(v[1]).scale(1 / volume)}
}

// offUnit is the largest deviation of the products of two sets of three vectors from the unit matrix.
func offUnit(a, b []Vec) float64 {
	worst := 0.0
	for i := range a {
		for j := range b {
			want := 0.0
			if i == j {
				want = 1
			}
			worst = math.Max(worst, math.Abs(a[i].dot(b[j])-want))
		}
	}
	return worst
}

// turnOf is a rotation: by so many degrees, from 0 to 180, about a unit vector.
type turnOf struct {
	m     []Vec // the matrix, rows first
	axis  Vec
	angle float64 // degrees
	scale float64 // the vectors' common ratio besides
}

// rotationOf reads the rotation, and one common ratio, that takes three vectors
// into three others: the sum of the outer products of the latter with the duals of the former.
// It is none where the matrix is not orthogonal to within 3e-7, which is what single precision leaves of one.
func rotationOf(from, to []Vec) (turnOf, bool) {
	m := make([]Vec, 3)
	for i, d := range dual(from) {
		for r := range m {
			m[r] = m[r].add(d.scale(to[i][r]))
		}
	}
	det := m[0].dot(m[1].cross(m[2]))
	t := turnOf{m: m, scale: math.Cbrt(det)}
	for i := range m {
		m[i] = m[i].scale(1 / t.scale)
	}
	if !(det > 0) || !finite(det) || !(offUnit(m, m) <= 3e-7) {
		return turnOf{}, false
	}
	v := Vec{m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]}
	t.angle = math.Atan2(v.norm(), m[0][0]+m[1][1]+m[2][2]-1) * 180 / math.Pi
	if v.norm() > 1e-12 {
		t.axis = v.unit()
		return t, true
	}
	for i := range 3 {
		t.axis[i] = math.Sqrt(math.Max(0, (m[i][i]+1)/2))
	}
	return t, true
}

// about reports whether the rotation is by the angle, in degrees, about the axis.
func (t turnOf) about(axis Vec, angle float64) bool {
	for i := range 3 {
		var e Vec
		e[i] = 1
		image := Vec{t.m[0][i], t.m[1][i], t.m[2][i]}
		if !(image.sub(spin(e, axis, angle)).norm() < 6e-7) {
			return false
		}
	}
	return true
}

// spin rotates v by so many degrees about the unit vector u.
func spin(v, u Vec, angle float64) Vec {
	sin, cos := math.Sincos(angle * math.Pi / 180)
	return v.scale(cos).add(u.cross(v).scale(sin)).add(u.scale(u.dot(v) * (1 - cos)))
}

// still reports whether there is no rotation to speak of.
func (t turnOf) still() bool { return t.angle < 3e-5 }

func (t turnOf) text() string {
	return fmt.Sprintf("%.6g degrees about %s", t.angle, t.axis.text(6))
}
