package sim

import "math"

// sincg is the Fourier transform of a grating of n slits, sin(n x)/sin(x).
func sincg[T float](x, n T) T {
	if x == 0 {
		return n
	}
	return sin(x*n) / sin(x)
}

// sinc3 is the Fourier transform of a ball.
func sinc3[T float](x T) T {
	if x == 0 {
		return 1
	}
	return 3.0 * (sin(x)/x - cos(x)) / (x * x)
}

// nearest is the reference's rounding, ceil(x - 0.5): halves go down.
func nearest[T float](x T) T { return T(math.Ceil(float64(x - 0.5))) }

// squareLattice is the lattice factor of a parallelepiped: one grating per
// axis, left out where the crystal is one cell thick.
func squareLattice[T float](cells *[3]T, h, k, l T) (a, b, c, f T) {
	a, b, c, f = 1, 1, 1, 1
	if cells[0] > 1 {
		a = sincg(math.Pi*h, cells[0])
		f *= a
	}
	if cells[1] > 1 {
		b = sincg(math.Pi*k, cells[1])
		f *= b
	}
	if cells[2] > 1 {
		c = sincg(math.Pi*l, cells[2])
		f *= c
	}
	return a, b, c, f
}

// ballCorrection is for the root of the volume ratio of cube and ball.
const ballCorrection = 0.723601254558268

// roundLattice is the lattice factor of the other shapes. dh, dk, dl is the
// distance to the nearest reflection in fractions of a cell. Gaussian and flat
// spots have a radius in reciprocal space, or, where the profile says so, that of
// Round.
func (e *kernel[T]) roundLattice(dh, dk, dl T) T {
	shape, fudge := e.Config.Crystal.Shape, e.fudge
	na, nb, nc := e.cells[0], e.cells[1], e.cells[2]
	r2 := T(dh*dh*na*na) + T(dk*dk*nb*nb) + T(dl*dl*nc*nc)
	if shape == Round {
		return na * nb * nc * ballCorrection * sinc3(math.Pi*sqrt(r2*fudge))
	}
	if !e.Config.Profile.RadiusHKL {
		var d [3]T
		for i := range d {
			d[i] = T(dh*e.star[0][i]) + T(dk*e.star[1][i]) + T(dl*e.star[2][i])
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
