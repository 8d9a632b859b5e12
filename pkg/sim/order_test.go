package sim

import (
	"math"
	"testing"
)

// Turning by the negated angles in the reverse order undoes a turn, and the
// matrices that traces print are the turns themselves.
func TestOrderOfRotations(t *testing.T) {
	v, angles := Vec3{0.3, -0.5, 0.7}, Vec3{0.2, -0.4, 1.1}
	for _, reversed := range []bool{false, true} {
		turned := turnXYZ(v, angles, reversed)
		if back := turnXYZ(turned, scale(angles, -1), !reversed); norm(less(back, v)) > 1e-15 {
			t.Errorf("reversed %v: %v comes back as %v", reversed, v, back)
		}
		_, _, _, total := RotationMatrices(angles, reversed)
		if d := norm(less(total.apply(v), turned)); d > 1e-15 { // three roundings of numbers below 1
			t.Errorf("reversed %v: the printed matrix is %g off", reversed, d)
		}
	}
	if d := norm(less(turnXYZ(v, angles, true), turnXYZ(v, angles, false))); d < 0.1 || math.IsNaN(d) {
		t.Errorf("the orders differ by %g", d)
	}
}

func less(a, b Vec3) Vec3 { return Vec3{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }
