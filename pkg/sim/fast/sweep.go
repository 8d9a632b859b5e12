package fast

import "math"

// sample is what a lattice factor is computed from: fractional Miller indices,
// and the nearest whole ones.
type sample struct{ h, k, l, h0, k0, l0 float64 }

// miller computes the Miller indices of a scattering vector in the exact
// engine's order of operations.
func miller(o *Orientation, x, y, z float64) sample {
	var s sample
	s.h = float64(o[0]*x) + float64(o[1]*y) + float64(o[2]*z)
	s.k = float64(o[3]*x) + float64(o[4]*y) + float64(o[5]*z)
	s.l = float64(o[6]*x) + float64(o[7]*y) + float64(o[8]*z)
	s.h0, s.k0, s.l0 = nearest(s.h), nearest(s.k), nearest(s.l)
	return s
}

// clamp is x between lo and hi, and hi where x is NaN.
func clamp(x, lo, hi float64) float64 {
	if !(x < hi) {
		x = hi
	}
	if !(x > lo) {
		x = lo
	}
	return x
}

// factor is the structure factor of the nearest reflection. The place is
// computed in floating point, without error: all numbers are whole and small.
func (l *Lattice) factor(s *sample) float64 {
	p := clamp(s.l0, l.Lo[2], l.Hi[2]) + l.Base
	p = fma(clamp(s.k0, l.Lo[1], l.Hi[1]), l.Stride[1], p)
	p = fma(clamp(s.h0, l.Lo[0], l.Hi[0]), l.Stride[0], p)
	return l.F[int(p)]
}

// scatter computes the scattering vector of pixel i.
func (b *Block) scatter(i int, ray *Ray) (x, y, z float64) {
	return (b.X[i] - ray.Incident[0]) / ray.Lambda, (b.Y[i] - ray.Incident[1]) / ray.Lambda, (b.Z[i] - ray.Incident[2]) / ray.Lambda
}

// sweepSquare adds (F F_latt)^2 of all orientations to the sums of the first n
// pixels, for a parallelepiped. It is written out for speed: what it does is
// miller, factor, and a grating for each axis.
func sweepSquare(b *Block, n int, l *Lattice, ray *Ray, table []Orientation) {
	na, nb, nc := l.Cells[0], l.Cells[1], l.Cells[2]
	for i := range n {
		x, y, z := b.scatter(i, ray)
		sum := b.Sum[i]
		last := sample{h0: math.NaN()}
		var f float64
		var hi, lo [3]float64 // h0, k0, l0 times pi
		for j := range table {
			o := &table[j]
			h := float64(o[0]*x) + float64(o[1]*y) + float64(o[2]*z)
			k := float64(o[3]*x) + float64(o[4]*y) + float64(o[5]*z)
			m := float64(o[6]*x) + float64(o[7]*y) + float64(o[8]*z)
			h0, k0, m0 := nearest(h), nearest(k), nearest(m)
			if h0 != last.h0 || k0 != last.k0 || m0 != last.l0 {
				last.h0, last.k0, last.l0 = h0, k0, m0
				f = l.factor(&last)
				hi[0], lo[0] = multiple(h0)
				hi[1], lo[1] = multiple(k0)
				hi[2], lo[2] = multiple(m0)
			}
			if f == 0 {
				continue
			}
			xh, xk, xm := float64(math.Pi*h), float64(math.Pi*k), float64(math.Pi*m)
			den := float64(float64(sinReduced(xh-hi[0]-lo[0])*sinReduced(xk-hi[1]-lo[1])) * sinReduced(xm-hi[2]-lo[2]))
			num := float64(float64(sinTimes(xh, na)*sinTimes(xk, nb)) * sinTimes(xm, nc))
			if den == 0 {
				num, den = limits(xh, h0, na, xk, k0, nb, xm, m0, nc)
			}
			v := float64(f * (num / den))
			sum = fma(v, v, sum)
		}
		b.Sum[i] = sum
	}
}

// multiple returns m pi as a sum. Subtracting hi from a number within pi/2 of it
// makes no error, and as long as m stays the same costs no multiplication.
func multiple(m float64) (hi, lo float64) {
	hi = float64(m * PiHi)
	return hi, fma(m, PiLo, fma(m, PiHi, -hi))
}

// sinTimes is sin(x n), up to a sign. The argument is rounded as the exact engine
// rounds it, and then reduced: the factor is the one of the exact engine even
// where the rounding of an argument is all that it consists of.
func sinTimes(x, n float64) float64 {
	y := float64(x * n)
	return sinReduced(reduce(y, math.RoundToEven(float64(y*InvPi))))
}

// limits is the products once more, where a sine is zero: N over 1 is the limit of
// a grating there.
func limits(xh, h0, na, xk, k0, nb, xm, m0, nc float64) (num, den float64) {
	num, den = grating(xh, h0, na)
	n, d := grating(xk, k0, nb)
	num, den = float64(num*n), float64(den*d)
	n, d = grating(xm, m0, nc)
	return float64(num * n), float64(den * d)
}

// grating returns numerator and denominator of sin(N x)/sin(x) for x = pi h, up
// to a common sign.
func grating(x, h0, cells float64) (num, den float64) {
	if x == 0 {
		return cells, 1
	}
	hi, lo := multiple(h0)
	return sinTimes(x, cells), sinReduced(x - hi - lo)
}

// sweepRound is sweepSquare for an ellipsoid, whose lattice factor is 3 (sin x /
// x - cos x) / x^2.
func sweepRound(b *Block, n int, l *Lattice, ray *Ray, table []Orientation) {
	sweepRadial(b, n, l, ray, table, l.ball)
}

// sweepGauss is sweepSquare for Gaussian spots.
func sweepGauss(b *Block, n int, l *Lattice, ray *Ray, table []Orientation) {
	sweepRadial(b, n, l, ray, table, func(r2 float64) float64 {
		return float64(l.Volume * Exp(-float64(float64(r2/0.63)*l.Fudge)))
	})
}

// sweepTophat is sweepSquare for flat spots.
func sweepTophat(b *Block, n int, l *Lattice, ray *Ray, table []Orientation) {
	sweepRadial(b, n, l, ray, table, func(r2 float64) float64 {
		if float64(r2*l.Fudge) < 0.3969 {
			return l.Volume
		}
		return 0
	})
}

func sweepRadial(b *Block, n int, l *Lattice, ray *Ray, table []Orientation, latt func(r2 float64) float64) {
	for i := range n {
		x, y, z := b.scatter(i, ray)
		sum := b.Sum[i]
		for j := range table {
			s := miller(&table[j], x, y, z)
			f := l.factor(&s)
			if f == 0 {
				continue
			}
			v := float64(f * latt(l.radius(&s)))
			sum = fma(v, v, sum)
		}
		b.Sum[i] = sum
	}
}

// radius is the squared distance to the nearest reflection, in the exact
// engine's order of operations: a flat spot's edge is there.
func (l *Lattice) radius(s *sample) float64 {
	h, k, m := s.h-s.h0, s.k-s.k0, s.l-s.l0
	na, nb, nc := l.Cells[0], l.Cells[1], l.Cells[2]
	if !l.Reciprocal {
		return float64(float64(float64(h*h)*na)*na) + float64(float64(float64(k*k)*nb)*nb) + float64(float64(float64(m*m)*nc)*nc)
	}
	var d [3]float64
	for i := range d {
		d[i] = float64(h*l.Star[0][i]) + float64(k*l.Star[1][i]) + float64(m*l.Star[2][i])
	}
	r2 := float64(d[0]*d[0]) + float64(d[1]*d[1]) + float64(d[2]*d[2])
	r2 = float64(float64(r2*na) * na)
	r2 = float64(float64(r2*nb) * nb)
	return float64(float64(r2*nc) * nc)
}

// ball is the lattice factor of an ellipsoid. The two terms cancel for small
// x, in the exact engine too: it has to judge there itself.
func (l *Lattice) ball(r2 float64) float64 {
	x := float64(math.Pi * math.Sqrt(float64(r2*l.Fudge)))
	if x == 0 {
		return l.Volume
	}
	if x < SmallBall {
		return math.NaN()
	}
	m := math.RoundToEven(float64(x * InvPi))
	r := reduce(x, m) // sin x and cos x have the same sign too few or too many
	return float64(l.Volume*float64(3*(sinReduced(r)/x-cosReduced(r)))) / float64(x*x)
}

// SmallBall is where sin x / x and cos x share so many digits that a rounding
// error of either comes close to one of float32: 3 * 2^-53 / x^2 is 3e-10.
const SmallBall = 1e-3
