package sim

import "math"

// neighbourhood is the 4x4x4 box that an interpolation uses.
type neighbourhood[T float] struct {
	H, K, L [4]T
	F       [64]T // h slowest
}

// collect fills the box around a fractional index, which must be interpolable.
// It reports false where a window leaves a part of it out.
func (n *neighbourhood[T]) collect(g *FGrid, h, k, l T) bool {
	h0, k0, l0 := int(math.Floor(float64(h))), int(math.Floor(float64(k))), int(math.Floor(float64(l)))
	if !g.Stored(h0-1, k0-1, l0-1) || !g.Stored(h0+2, k0+2, l0+2) {
		return false
	}
	for i := range 4 {
		n.H[i], n.K[i], n.L[i] = T(h0-1+i), T(k0-1+i), T(l0-1+i)
		for j := range 4 {
			base := g.index(h0-1+i, k0-1+j, l0-1)
			for m, f := range g.data[base : base+4] {
				n.F[16*i+4*j+m] = T(f)
			}
		}
	}
	return true
}

// interpolate evaluates the tricubic Lagrange polynomial of the neighbourhood.
func (n *neighbourhood[T]) interpolate(h, k, l T) T {
	wh, wk, wl := lagrangeProducts(&n.H, h), lagrangeProducts(&n.K, k), lagrangeProducts(&n.L, l)
	var plane [4]T
	for i := range 4 {
		var line [4]T
		for j := range 4 {
			line[j] = lagrange4(&wl, (*[4]T)(n.F[16*i+4*j:]))
		}
		plane[i] = lagrange4(&wk, &line)
	}
	return lagrange4(&wh, &plane)
}

// lagrangeProducts are the numerators of the four basis polynomials at x.
func lagrangeProducts[T float](xa *[4]T, x T) [4]T {
	a, b, c, d := x-xa[0], x-xa[1], x-xa[2], x-xa[3]
	return [4]T{b * c * d, a * c * d, a * b * d, a * b * c}
}

// lagrange4 is the cubic through four points one apart, in the reference's
// order. The denominators of the basis polynomials are small whole numbers and
// therefore exact.
func lagrange4[T float](w, ya *[4]T) T {
	return T(w[0]*ya[0]/-6) + T(w[1]*ya[1]/2) + T(w[2]*ya[2]/-2) + T(w[3]*ya[3]/6)
}
