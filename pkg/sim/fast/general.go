package fast

import "math"

// GeneralSweep adds the squared amplitudes of all orientations to the sums, of
// structure factors that are given: a term counts Weight times, and the sum is
// multiplied by Factor behind each, or by Idle where the lattice factor is zero.
type GeneralSweep = func(b *Block, n int, l *Lattice, ray *Ray, table []Orientation, f *Factors)

// add is what a general sweep does to the sum of pixel i at an orientation.
func (b *Block) add(i int, sum, f, latt float64) float64 {
	v := float64(f * latt)
	sum = fma(float64(v*v), b.Weight[i], sum)
	if latt == 0 {
		return float64(sum * b.Idle[i])
	}
	return float64(sum * b.Factor[i])
}

// generalPlain is for a crystal of one cell, whose lattice factor is one.
func generalPlain(b *Block, n int, f *Factors, steps int) {
	for i := range n {
		sum := b.Sum[i]
		for j := range steps {
			sum = b.add(i, sum, f[i/Lanes][j][i%Lanes], 1)
		}
		b.Sum[i] = sum
	}
}

// generalSquare is for a parallelepiped.
func generalSquare(b *Block, n int, l *Lattice, ray *Ray, table []Orientation, f *Factors) {
	for i := range n {
		x, y, z := b.scatter(i, ray)
		sum := b.Sum[i]
		for j := range table {
			h, k, m := table[j].miller(x, y, z)
			at := reflection{nearest(h), nearest(k), nearest(m)}
			pi := at.multiples()
			sum = b.add(i, sum, f[i/Lanes][j][i%Lanes], l.gratings(h, k, m, &at, &pi))
		}
		b.Sum[i] = sum
	}
}

// generalRound is for an ellipsoid.
func generalRound(b *Block, n int, l *Lattice, ray *Ray, table []Orientation, f *Factors) {
	l.general(b, n, ray, table, f, l.ball)
}

// generalGauss is for Gaussian spots.
func generalGauss(b *Block, n int, l *Lattice, ray *Ray, table []Orientation, f *Factors) {
	l.general(b, n, ray, table, f, l.gauss)
}

// generalTophat is for flat spots.
func generalTophat(b *Block, n int, l *Lattice, ray *Ray, table []Orientation, f *Factors) {
	l.general(b, n, ray, table, f, l.tophat)
}

// general is the sweep for lattice factors of the squared distance from the
// nearest reflection.
func (l *Lattice) general(b *Block, n int, ray *Ray, table []Orientation, f *Factors, latt func(r2 float64) float64) {
	for i := range n {
		x, y, z := b.scatter(i, ray)
		sum := b.Sum[i]
		for j := range table {
			h, k, m := table[j].miller(x, y, z)
			r2 := l.radius(h-nearest(h), k-nearest(k), m-nearest(m))
			sum = b.add(i, sum, f[i/Lanes][j][i%Lanes], latt(r2))
		}
		b.Sum[i] = sum
	}
}

// The exponents between which a correctly rounded exp comes to be zero, at
// -745.1332: below the first it is, and in between the exact engine has to tell.
const (
	ExpZero    = -745.14
	ExpNonzero = -745.13
)

// gauss is the lattice factor of Gaussian spots, zero where the exact engine's is.
func (l *Lattice) gauss(r2 float64) float64 {
	x := l.exponent(r2)
	v := float64(l.Volume * Exp(x))
	if x < ExpNonzero {
		v = math.NaN()
	}
	if x < ExpZero {
		v = 0
	}
	return v
}

// exponent is that of a Gaussian spot.
func (l *Lattice) exponent(r2 float64) float64 { return -float64(float64(r2/0.63) * l.Fudge) }

// tophat is the lattice factor of flat spots.
func (l *Lattice) tophat(r2 float64) float64 {
	if float64(r2*l.Fudge) < 0.3969 {
		return l.Volume
	}
	return 0
}
