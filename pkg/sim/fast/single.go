package fast

import "math"

// This file has the kernels of the pixel path in single precision, where every
// operation is rounded to float32, sines and exponentials too. Nothing may differ
// from the exact engine, whose functions are correctly rounded: they are computed
// in double precision here and rounded, and where that leaves the rounding in
// doubt, the pixel is left to the exact engine.

// Block32 is the state of up to Width neighbouring pixels of a row.
type Block32 struct {
	X, Y, Z [Width]float32 // unit vectors from the sample to the pixels
	Sum     [Width]float32 // I before scaling
	// Doubt is the smallest distance, in units in the last place of float64, of a
	// number of the pixel from the middle between two float32, plus DoubtAt: up to
	// twice that its rounding is in doubt.
	Doubt [Width]uint64
}

// DoubtAt is more than the error of the functions in double precision.
const DoubtAt = 16

// Certain is a Doubt of no number yet.
const Certain = 1 << 28

// Ray32, Orientation32 and Lattice32 are Ray, Orientation and Lattice, rounded.
type (
	Ray32 struct {
		Incident [3]float32
		Lambda   float32
	}
	Orientation32 [9]float32
	Lattice32     struct {
		Cells      [3]float32 // at least 1 for a parallelepiped
		Volume     float32
		Fudge      float32
		Star       [3][3]float32
		Reciprocal bool

		F       []float32 // at h*StrideH + k*StrideK + l + Base
		Lo, Hi  [3]float32
		StrideH int32
		StrideK int32
		Base    int32
	}
)

// Sweep32 adds the squared amplitudes of all orientations to the sums.
type Sweep32 = func(b *Block32, n int, l *Lattice32, ray *Ray32, table []Orientation32)

// doubted notes how near a number is to the middle between two float32, and rounds
// it.
func (b *Block32) doubted(i int, v float64) float32 {
	const low = 1<<29 - 1 // the bits that a float32 has not
	b.Doubt[i] = min(b.Doubt[i], (math.Float64bits(v)-(1<<28-DoubtAt))&low)
	return float32(v)
}

// reduced is x less the nearest multiple of pi.
func reduced(x float32) float64 {
	d := float64(x)
	return reduce(d, math.RoundToEven(float64(d*InvPi)))
}

// sin is that of x, up to a sign; cos is that of x, up to the same.
func (b *Block32) sin(i int, x float32) float32 { return b.doubted(i, sinReduced(reduced(x))) }
func (b *Block32) cos(i int, x float32) float32 { return b.doubted(i, cosReduced(reduced(x))) }

// miller computes the Miller indices at an orientation.
func (o *Orientation32) miller(x, y, z float32) [3]float32 {
	return [3]float32{
		float32(o[0]*x) + float32(o[1]*y) + float32(o[2]*z),
		float32(o[3]*x) + float32(o[4]*y) + float32(o[5]*z),
		float32(o[6]*x) + float32(o[7]*y) + float32(o[8]*z),
	}
}

func nearest32(x float32) float32 { return float32(math.Ceil(float64(x - 0.5))) }

// factor is the structure factor of a reflection.
func (l *Lattice32) factor(h0 [3]float32) float32 {
	var at [3]int32
	for i, x := range h0 {
		at[i] = int32(clamp(float64(x), float64(l.Lo[i]), float64(l.Hi[i])))
	}
	return l.F[at[0]*l.StrideH+at[1]*l.StrideK+at[2]+l.Base]
}

// sweep32 is the loop over pixels and orientations; latt is the lattice factor of
// pixel i at indices h, of which the nearest whole ones are h0.
func (l *Lattice32) sweep32(b *Block32, n int, ray *Ray32, table []Orientation32, latt func(i int, h, h0 [3]float32) float32) {
	for i := range n {
		x, y, z := (b.X[i]-ray.Incident[0])/ray.Lambda, (b.Y[i]-ray.Incident[1])/ray.Lambda, (b.Z[i]-ray.Incident[2])/ray.Lambda
		sum := b.Sum[i]
		for j := range table {
			h := table[j].miller(x, y, z)
			h0 := [3]float32{nearest32(h[0]), nearest32(h[1]), nearest32(h[2])}
			f := l.factor(h0)
			if f == 0 {
				continue
			}
			v := latt(i, h, h0)
			sum += float32(float32(float32(f*f)*v) * v)
		}
		b.Sum[i] = sum
	}
}

func square32(b *Block32, n int, l *Lattice32, ray *Ray32, table []Orientation32) {
	l.sweep32(b, n, ray, table, func(i int, h, _ [3]float32) float32 {
		f := float32(1)
		for j, h := range h {
			x := float32(math.Pi * h)
			one := float32(b.sin(i, float32(x*l.Cells[j])) / b.sin(i, x))
			if x == 0 {
				one = l.Cells[j]
			}
			f = float32(f * one)
		}
		return f
	})
}

func round32(b *Block32, n int, l *Lattice32, ray *Ray32, table []Orientation32) {
	l.sweep32(b, n, ray, table, func(i int, h, h0 [3]float32) float32 {
		x := float32(math.Pi * float32(math.Sqrt(float64(float32(l.radius(h, h0)*l.Fudge)))))
		v := float32(float32(3*(float32(b.sin(i, x)/x)-b.cos(i, x))) / float32(x*x))
		if x == 0 {
			v = 1
		}
		return float32(l.Volume * v)
	})
}

// LeastExp32 is where an exponential is no normal float32 any more, and its square
// times any other factor nothing.
const LeastExp32 = -87

func gauss32(b *Block32, n int, l *Lattice32, ray *Ray32, table []Orientation32) {
	l.sweep32(b, n, ray, table, func(i int, h, h0 [3]float32) float32 {
		x := -float32(float32(l.radius(h, h0)/0.63) * l.Fudge)
		e := Exp(float64(x))
		if x < LeastExp32 {
			e = 0
		}
		return float32(l.Volume * b.doubted(i, e))
	})
}

func tophat32(b *Block32, n int, l *Lattice32, ray *Ray32, table []Orientation32) {
	l.sweep32(b, n, ray, table, func(_ int, h, h0 [3]float32) float32 {
		if float32(l.radius(h, h0)*l.Fudge) < 0.3969 {
			return l.Volume
		}
		return 0
	})
}

// radius is Lattice's.
func (l *Lattice32) radius(h, h0 [3]float32) float32 {
	dh, dk, dl := h[0]-h0[0], h[1]-h0[1], h[2]-h0[2]
	na, nb, nc := l.Cells[0], l.Cells[1], l.Cells[2]
	if !l.Reciprocal {
		return float32(float32(float32(dh*dh)*na)*na) + float32(float32(float32(dk*dk)*nb)*nb) + float32(float32(float32(dl*dl)*nc)*nc)
	}
	var d [3]float32
	for i := range d {
		d[i] = float32(dh*l.Star[0][i]) + float32(dk*l.Star[1][i]) + float32(dl*l.Star[2][i])
	}
	r2 := float32(d[0]*d[0]) + float32(d[1]*d[1]) + float32(d[2]*d[2])
	r2 = float32(float32(r2*na) * na)
	r2 = float32(float32(r2*nb) * nb)
	return float32(float32(r2*nc) * nc)
}
