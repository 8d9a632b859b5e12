package fast

import "math"

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

// factor is the structure factor of a reflection. The place is computed in
// floating point, without error: all numbers are whole and small.
func (l *Lattice) factor(h0, k0, l0 float64) float64 {
	p := clamp(l0, l.Lo[2], l.Hi[2]) + l.Base
	p = fma(clamp(k0, l.Lo[1], l.Hi[1]), l.Stride[1], p)
	p = fma(clamp(h0, l.Lo[0], l.Hi[0]), l.Stride[0], p)
	return l.F[int(p)]
}

// scatter computes the scattering vector of pixel i.
func (b *Block) scatter(i int, ray *Ray) (x, y, z float64) {
	return (b.X[i] - ray.Incident[0]) / ray.Lambda, (b.Y[i] - ray.Incident[1]) / ray.Lambda, (b.Z[i] - ray.Incident[2]) / ray.Lambda
}

// sweepSquare adds (F F_latt)^2 of all orientations to the sums of the first n
// pixels, for a parallelepiped: a grating for each axis. The Miller indices are computed
// in the exact engine's order of operations; structure factors, and multiples of
// pi, once for as long as the reflection stays the same.
func sweepSquare(b *Block, n int, l *Lattice, ray *Ray, table []Orientation) {
	for i := range n {
		x, y, z := b.scatter(i, ray)
		sum := b.Sum[i]
		last := reflection{math.NaN()} // none
		var pi multiples
		f := 0.0
		for j := range table {
			h, k, m := table[j].miller(x, y, z)
			at := reflection{nearest(h), nearest(k), nearest(m)}
			if at != last {
				last, f, pi = at, l.factor(at[0], at[1], at[2]), at.multiples()
			}
			if f == 0 {
				continue
			}
			v := float64(f * l.gratings(h, k, m, &at, &pi))
			sum = fma(v, v, sum)
		}
		b.Sum[i] = sum
	}
}

// reflection is the Miller index nearest to a sample.
type reflection [3]float64

// multiples are a reflection's indices times pi, as sums; see multiple.
type multiples struct{ hi, lo [3]float64 }

func (r *reflection) multiples() (m multiples) {
	for i, x := range r {
		m.hi[i], m.lo[i] = multiple(x)
	}
	return m
}

// gratings is the lattice factor of a parallelepiped at h, k, m, near a reflection.
func (l *Lattice) gratings(h, k, m float64, at *reflection, pi *multiples) float64 {
	na, nb, nc := l.Cells[0], l.Cells[1], l.Cells[2]
	xh, xk, xm := float64(math.Pi*h), float64(math.Pi*k), float64(math.Pi*m)
	den := float64(float64(sinReduced(xh-pi.hi[0]-pi.lo[0])*sinReduced(xk-pi.hi[1]-pi.lo[1])) * sinReduced(xm-pi.hi[2]-pi.lo[2]))
	num := float64(float64(sinTimes(xh, na)*sinTimes(xk, nb)) * sinTimes(xm, nc))
	if den == 0 {
		num, den = limits(xh, at[0], na, xk, at[1], nb, xm, at[2], nc)
	}
	return num / den
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
	return sinTimes(x, cells), sinOver(x, h0)
}

// sinOver is sin(x) for x near m pi, up to a sign.
func sinOver(x, m float64) float64 {
	hi, lo := multiple(m)
	return sinReduced(x - hi - lo)
}

// sweepRound is sweepSquare for an ellipsoid, whose lattice factor is 3 (sin x /
// x - cos x) / x^2.
func sweepRound(b *Block, n int, l *Lattice, ray *Ray, table []Orientation) {
	var at near
	for i := range n {
		sum := b.Sum[i]
		for j := range at.reflections(b, i, l, ray, table) {
			v := float64(at.f[j] * l.ball(at.r2[j]))
			sum = fma(v, v, sum)
		}
		b.Sum[i] = sum
	}
}

// sweepGauss is sweepSquare for Gaussian spots.
func sweepGauss(b *Block, n int, l *Lattice, ray *Ray, table []Orientation) {
	var at near
	for i := range n {
		sum := b.Sum[i]
		for j := range at.reflections(b, i, l, ray, table) {
			v := float64(at.f[j] * float64(l.Volume*Exp(l.exponent(at.r2[j]))))
			sum = fma(v, v, sum)
		}
		b.Sum[i] = sum
	}
}

// sweepTophat is sweepSquare for flat spots.
func sweepTophat(b *Block, n int, l *Lattice, ray *Ray, table []Orientation) {
	var at near
	for i := range n {
		sum := b.Sum[i]
		for j := range at.reflections(b, i, l, ray, table) {
			v := float64(at.f[j] * l.tophat(at.r2[j]))
			sum = fma(v, v, sum)
		}
		b.Sum[i] = sum
	}
}

// near is what one pixel's samples find: structure factors that are not zero, and
// squared distances from those reflections.
type near struct{ f, r2 [Steps]float64 }

// reflections returns how many samples have a structure factor that is not zero.
func (at *near) reflections(b *Block, i int, l *Lattice, ray *Ray, table []Orientation) int {
	x, y, z := b.scatter(i, ray)
	last := reflection{math.NaN()} // none
	f, n := 0.0, 0
	for j := range table {
		h, k, m := table[j].miller(x, y, z)
		r := reflection{nearest(h), nearest(k), nearest(m)}
		if r != last {
			last, f = r, l.factor(r[0], r[1], r[2])
		}
		if f != 0 {
			at.f[n], at.r2[n] = f, l.radius(h-r[0], k-r[1], m-r[2])
			n++
		}
	}
	return n
}

// radius is the squared distance to the nearest reflection, in the exact
// engine's order of operations: a flat spot's edge is there.
func (l *Lattice) radius(h, k, m float64) float64 {
	na, nb, nc := l.Cells[0], l.Cells[1], l.Cells[2]
	if !l.Reciprocal {
		return float64(float64(float64(h*h)*na)*na) + float64(float64(float64(k*k)*nb)*nb) + float64(float64(float64(m*m)*nc)*nc)
	}
	s := &l.Star
	x := float64(h*s[0][0]) + float64(k*s[1][0]) + float64(m*s[2][0])
	y := float64(h*s[0][1]) + float64(k*s[1][1]) + float64(m*s[2][1])
	z := float64(h*s[0][2]) + float64(k*s[1][2]) + float64(m*s[2][2])
	r2 := float64(x*x) + float64(y*y) + float64(z*z)
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
