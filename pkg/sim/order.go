package sim

// turnXYZ turns v about the fixed axes x, y and z by angles in radians, in that
// order, R = Rz Ry Rx, or in the reverse, R = Rx Ry Rz.
func turnXYZ(v, angles Vec3, reversed bool) Vec3 {
	if !reversed {
		return rotateXYZ(v, angles)
	}
	for axis := 2; axis >= 0; axis-- {
		one := Vec3{}
		one[axis] = angles[axis]
		v = rotateXYZ(v, one)
	}
	return v
}
