package sim

// Vec3 is a vector of three components, in the laboratory frame unless its
// name says otherwise.
//
// The operations below evaluate in the reference's order, and every product
// that feeds a sum is rounded explicitly, so that no platform fuses the two:
// results are the same bits everywhere.
type Vec3 [3]float64

func dot[T float](a, b [3]T) T {
	return T(a[0]*b[0]) + T(a[1]*b[1]) + T(a[2]*b[2])
}

// dotOf is dot without copies of the vectors, for the innermost loop.
func dotOf[T float](a, b *[3]T) T {
	return T(a[0]*b[0]) + T(a[1]*b[1]) + T(a[2]*b[2])
}

func cross[T float](a, b [3]T) [3]T {
	return [3]T{
		T(a[1]*b[2]) - T(a[2]*b[1]),
		T(a[2]*b[0]) - T(a[0]*b[2]),
		T(a[0]*b[1]) - T(a[1]*b[0]),
	}
}

// norm is sqrt(x^2 + y^2 + z^2), without the scaling that math.Hypot does.
func norm[T float](v [3]T) T { return sqrt(dot(v, v)) }

func scale[T float](v [3]T, s T) [3]T { return [3]T{s * v[0], s * v[1], s * v[2]} }

// unit returns v/|v| and |v|; the zero vector stays zero.
func unit[T float](v [3]T) ([3]T, T) {
	m := sqrt(dot(v, v)) // norm, so short that unit is inlined
	if m == 0 {
		return [3]T{}, 0
	}
	return [3]T{v[0] / m, v[1] / m, v[2] / m}, m
}

// rescale returns v with the given length.
func rescale(v Vec3, length float64) Vec3 {
	m := norm(v)
	if m <= 0 {
		m = 1
	}
	return scale(v, length/m)
}

// rotateXYZ turns v about the fixed axes x, then y, then z, by angles in
// radians. An angle of exactly zero leaves the vector's bits alone.
func rotateXYZ(v Vec3, angles Vec3) Vec3 {
	if a := angles[0]; a != 0 {
		s, c := sin(a), cos(a)
		v = Vec3{v[0], float64(v[1]*c) + float64(v[2]*-s), float64(v[1]*s) + float64(v[2]*c)}
	}
	if a := angles[1]; a != 0 {
		s, c := sin(a), cos(a)
		// The zero products keep the reference's signs of zero.
		v = Vec3{
			float64(v[0]*c) + float64(v[1]*0) + float64(v[2]*s),
			v[1],
			float64(v[0]*-s) + float64(v[1]*0) + float64(v[2]*c),
		}
	}
	if a := angles[2]; a != 0 {
		s, c := sin(a), cos(a)
		v = Vec3{float64(v[0]*c) + float64(v[1]*-s), float64(v[0]*s) + float64(v[1]*c), v[2]}
	}
	return v
}

// rotateAxis turns v about the unit vector u by phi radians, right-handed
// (Rodrigues: u (u.v)(1-cos) + v cos + (u x v) sin).
func rotateAxis[T float](v, u [3]T, phi T) [3]T {
	s, c := sin(phi), cos(phi)
	d := dot(u, v) * (1 - c)
	return [3]T{
		T(u[0]*d) + T(v[0]*c) + T((T(-u[2]*v[1])+T(u[1]*v[2]))*s),
		T(u[1]*d) + T(v[1]*c) + T((T(u[2]*v[0])-T(u[0]*v[2]))*s),
		T(u[2]*d) + T(v[2]*c) + T((T(-u[1]*v[0])+T(u[0]*v[1]))*s),
	}
}

// Mat3 is a 3x3 matrix, rows first.
type Mat3 [9]float64

var identity = Mat3{1, 0, 0, 0, 1, 0, 0, 0, 1}

func (m *Mat3) apply(v Vec3) Vec3 {
	return Vec3{
		float64(m[0]*v[0]) + float64(m[1]*v[1]) + float64(m[2]*v[2]),
		float64(m[3]*v[0]) + float64(m[4]*v[1]) + float64(m[5]*v[2]),
		float64(m[6]*v[0]) + float64(m[7]*v[1]) + float64(m[8]*v[2]),
	}
}

func (m *Mat3) mul(n *Mat3) Mat3 {
	var out Mat3
	for i := range 3 {
		for j := range 3 {
			sum := 0.0
			for k := range 3 {
				sum += float64(m[3*i+k] * n[3*k+j])
			}
			out[3*i+j] = sum
		}
	}
	return out
}

// RotationMatrices returns the matrices of rotations about x, y and z by the
// angles (radians), and their product Rz Ry Rx, or Rx Ry Rz where reversed. The
// geometry does not use them; traces print them.
func RotationMatrices(angles Vec3, reversed bool) (rx, ry, rz, total Mat3) {
	cx, sx := cos(angles[0]), sin(angles[0])
	cy, sy := cos(angles[1]), sin(angles[1])
	cz, sz := cos(angles[2]), sin(angles[2])
	rx = Mat3{1, 0, 0, 0, cx, -sx, 0, sx, cx}
	ry = Mat3{cy, 0, sy, 0, 1, 0, -sy, 0, cy}
	rz = Mat3{cz, -sz, 0, sz, cz, 0, 0, 0, 1}
	if reversed {
		tmp := ry.mul(&rz)
		return rx, ry, rz, rx.mul(&tmp)
	}
	tmp := ry.mul(&rx)
	return rx, ry, rz, rz.mul(&tmp)
}
