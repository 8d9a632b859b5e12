package sim

import "math"

// The generator is the minimal standard with a 32-entry Bays-Durham shuffle
// (Park and Miller 1988; Press et al., Numerical Recipes, "ran1"), and returns
// float32 values, because the reference draws them so.
const (
	ranIA   = 16807
	ranIM   = 2147483647
	ranIQ   = 127773
	ranIR   = 2836
	ranTab  = 32
	ranDiv  = 1 + (ranIM-1)/ranTab
	ranAM   = 1.0 / ranIM
	ranRNMX = 1.0 - 1.2e-7
)

// shuffle is the part of the generator's state that all streams of a run
// share: a stream that starts with a positive seed goes on with whatever table
// an earlier one left.
type shuffle struct {
	last  int64
	table [ranTab]int64
}

// random is one stream of uniform deviates. A seed of zero or below starts the
// table afresh.
type random struct {
	shared *shuffle
	seed   int64
	double bool // deviates are float64, and so is the spread of a rotation
}

func (r *random) step() {
	k := r.seed / ranIQ
	r.seed = ranIA*(r.seed-k*ranIQ) - ranIR*k
	if r.seed < 0 {
		r.seed += ranIM
	}
}

func (r *random) start() {
	if -r.seed < 1 {
		r.seed = 1
	} else {
		r.seed = -r.seed
	}
	for j := ranTab + 7; j >= 0; j-- {
		r.step()
		if j < ranTab {
			r.shared.table[j] = r.seed
		}
	}
	r.shared.last = r.shared.table[0]
}

// uniform returns the next deviate, 0 < u < 1, as the reference rounds it.
func (r *random) uniform() float32 {
	u := float32(r.deviate())
	if float64(u) > ranRNMX {
		return float32(ranRNMX)
	}
	return u
}

// deviate returns the next deviate, 0 < u < 1, before it is rounded.
func (r *random) deviate() float64 {
	if r.seed <= 0 || r.shared.last == 0 {
		r.start()
	}
	r.step()
	j := r.shared.last / ranDiv
	r.shared.last = r.shared.table[j]
	r.shared.table[j] = r.seed
	return ranAM * float64(r.shared.last)
}

// symmetric returns the next deviate on (-1, 1).
func (r *random) symmetric() float64 {
	if r.double {
		return 2.0*math.Min(r.deviate(), ranRNMX) - 1.0
	}
	return 2.0*float64(r.uniform()) - 1.0
}

// randomRotation draws a rotation by at most spread (radians) about an axis
// uniform on the sphere. The angle is cut to float32 twice, as the reference
// does: spread itself, unless the deviates are float64, and (1-r^2)^(1/3).
func randomRotation(spread float64, r *random) Mat3 {
	r1, r2, r3 := r.symmetric(), r.symmetric(), r.symmetric()
	xy := math.Sqrt(1.0 - float64(r2*r2))
	root := cubeRoot32(1.0 - float64(r3*r3))
	rot := float64(float32(spread) * root)
	if r.double {
		rot = spread * float64(root)
	}
	v := Vec3{xy * sin(math.Pi*r1), xy * cos(math.Pi*r1), r2}

	t1, t8 := cos(rot), sin(rot)
	t2 := 1.0 - t1
	t6 := t2 * v[0]
	t7, t11 := float64(t6*v[1]), float64(t6*v[2])
	t9, t12, t20 := float64(t8*v[2]), float64(t8*v[1]), float64(t8*v[0])
	t19 := float64(t2 * v[1] * v[2])
	return Mat3{
		t1 + float64(t2*float64(v[0]*v[0])), t7 - t9, t11 + t12,
		t7 + t9, t1 + float64(t2*float64(v[1]*v[1])), t19 - t20,
		t11 - t12, t19 + t20, t1 + float64(t2*float64(v[2]*v[2])),
	}
}

// cubeRoot32 is x^(1/3) in single precision, both arguments rounded to it, as the
// reference's library has it.
func cubeRoot32(x float64) float32 {
	const third = float32(1.0 / 3.0)
	if v := float32(x); v > 1e-30 {
		return powf(v, third)
	}
	return float32(math.Pow(float64(float32(x)), float64(third)))
}

// missetAngles returns the rotations about x, y and z that a rotation matrix
// amounts to.
func missetAngles(u Mat3) Vec3 {
	for row := range 3 {
		r := Vec3{u[3*row], u[3*row+1], u[3*row+2]}
		// Twice, as the reference does; the second time moves the last bit.
		for range 2 {
			r, _ = unit(r)
		}
		copy(u[3*row:], r[:])
	}
	if u[6]*u[6] < 1.0 {
		return Vec3{
			atan2(u[7], u[8]),
			atan2(-u[6], math.Sqrt(float64(u[7]*u[7])+float64(u[8]*u[8]))),
			atan2(u[3], u[0]),
		}
	}
	return Vec3{atan2(1.0, 1.0) * 4, atan2(1.0, 1.0) * 2, atan2(u[1], -u[4])}
}
