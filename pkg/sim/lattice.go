package sim

import "math"

// sincg is the Fourier transform of a grating of n slits, sin(n x)/sin(x).
func sincg(x, n float64) float64 {
	if x == 0 {
		return n
	}
	return sin(x*n) / sin(x)
}

// sinc3 is the Fourier transform of a ball.
func sinc3(x float64) float64 {
	if x == 0 {
		return 1
	}
	return 3.0 * (sin(x)/x - cos(x)) / (x * x)
}

// nearest is the reference's rounding, ceil(x - 0.5): halves go down.
func nearest(x float64) float64 { return math.Ceil(x - 0.5) }

// squareLattice is the lattice factor of a parallelepiped: one grating per
// axis, left out where the crystal is one cell thick.
func (x *Crystal) squareLattice(h, k, l float64) (a, b, c, f float64) {
	a, b, c, f = 1, 1, 1, 1
	if x.Cells[0] > 1 {
		a = sincg(math.Pi*h, x.Cells[0])
		f *= a
	}
	if x.Cells[1] > 1 {
		b = sincg(math.Pi*k, x.Cells[1])
		f *= b
	}
	if x.Cells[2] > 1 {
		c = sincg(math.Pi*l, x.Cells[2])
		f *= c
	}
	return a, b, c, f
}

// ballCorrection is for the root of the volume ratio of cube and ball.
const ballCorrection = 0.723601254558268

// roundLattice is the lattice factor of the other shapes. dh, dk, dl is the
// distance to the nearest reflection in fractions of a cell. Gaussian and flat
// spots have a radius in reciprocal space, or, where hkl says so, that of Round.
func (x *Crystal) roundLattice(shape Shape, hkl bool, fudge, dh, dk, dl float64) float64 {
	na, nb, nc := x.Cells[0], x.Cells[1], x.Cells[2]
	r2 := float64(dh*dh*na*na) + float64(dk*dk*nb*nb) + float64(dl*dl*nc*nc)
	if shape == Round {
		return na * nb * nc * ballCorrection * sinc3(math.Pi*math.Sqrt(r2*fudge))
	}
	if !hkl {
		var d Vec3
		for i := range d {
			d[i] = float64(dh*x.Star[0][i]) + float64(dk*x.Star[1][i]) + float64(dl*x.Star[2][i])
		}
		r2 = dot(d, d) * na * na * nb * nb * nc * nc
	}
	if shape == Gauss {
		return na * nb * nc * exp(-(r2 / 0.63 * fudge))
	}
	if r2*fudge < 0.3969 {
		return na * nb * nc
	}
	return 0
}
