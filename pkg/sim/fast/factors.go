package fast

import "math"

// The functions of this file fill in the structure factors that the general
// sweeps multiply by.

// miller computes the Miller indices at an orientation.
func (o *Orientation) miller(x, y, z float64) (h, k, l float64) {
	h = float64(o[0]*x) + float64(o[1]*y) + float64(o[2]*z)
	k = float64(o[3]*x) + float64(o[4]*y) + float64(o[5]*z)
	l = float64(o[6]*x) + float64(o[7]*y) + float64(o[8]*z)
	return h, k, l
}

// nearestFactors takes the structure factors of the nearest reflections.
func nearestFactors(b *Block, n int, l *Lattice, ray *Ray, table []Orientation, f *Factors) {
	for i := range n {
		x, y, z := b.scatter(i, ray)
		for j := range table {
			h, k, m := table[j].miller(x, y, z)
			f[i/Lanes][j][i%Lanes] = l.factor(nearest(h), nearest(k), nearest(m))
		}
	}
}

// Interpolated fills in structure factors that are interpolated between
// reflections. box is for its use, and keeps the last box from call to call.
func (k *Kernels) Interpolated(b *Block, n int, l *Lattice, ray *Ray, table []Orientation, f *Factors, box *Box) {
	for i := 0; i < n; i += Lanes {
		for from := 0; ; k.load(l, box) {
			if from = k.interpolate(b, i, l, ray, table, from, box, &f[i/Lanes]); from >= len(table) {
				break
			}
		}
	}
}

// load fills the box from the indices of its floor.
func load(l *Lattice, box *Box) {
	box.Edge = 0
	for j, floors := range box.Floor {
		for _, f := range floors {
			if f < l.Inner[j] || f > l.Outer[j] {
				box.Edge = 1
			}
		}
	}
	strideH, strideK := int(l.Stride[0]), int(l.Stride[1])
	for i := range Lanes {
		p := box.Floor[2][i] - 1 + l.Base
		p = fma(box.Floor[1][i]-1, l.Stride[1], p)
		p = fma(box.Floor[0][i]-1, l.Stride[0], p)
		for row := range 16 {
			v := (*[4]float64)(l.F[int(p)+row/4*strideH+row%4*strideK:])
			for m := range v {
				box.F[4*row+m][i] = v[m]
			}
		}
	}
}

// interpolate computes the structure factors of eight pixels from the i-th on,
// from one orientation on, until one leaves the box. It returns that orientation
// and sets the box's floor to where it is to be; len(table) where none does.
func interpolate(b *Block, i int, l *Lattice, ray *Ray, table []Orientation, from int, box *Box, f *[Steps][Lanes]float64) int {
	var q [Lanes][3]float64
	for lane := range q {
		q[lane][0], q[lane][1], q[lane][2] = b.scatter(i+lane, ray)
	}
	for ; from < len(table); from++ {
		o := &table[from]
		var index [Lanes][3]float64
		moved := false
		for lane := range index {
			v, s := &index[lane], &q[lane]
			v[0], v[1], v[2] = o.miller(s[0], s[1], s[2])
			for j := range v {
				moved = moved || l.floor(v[j], j) != box.Floor[j][lane]
			}
		}
		if moved {
			for lane := range index {
				for j, v := range index[lane] {
					box.Floor[j][lane] = l.floor(v, j)
				}
			}
			return from
		}
		for lane := range index {
			f[from][lane] = l.within(&index[lane], box, lane)
		}
	}
	return from
}

// floor is the whole index below x.
func (l *Lattice) floor(x float64, axis int) float64 {
	return clamp(math.Floor(x), l.Least[axis], l.Most[axis])
}

// within interpolates in a box, or takes what a sample out of range takes.
func (l *Lattice) within(index *[3]float64, box *Box, lane int) float64 {
	var w [3][4]float64
	outside := false
	for j, x := range index {
		outside = outside || x-l.Low[j]+3 > l.Count[j] || x-2 < l.Low[j]
		w[j] = weights(x - box.Floor[j][lane])
	}
	var plane [4]float64
	for h := range plane {
		var line [4]float64
		for k := range line {
			row := box.F[16*h+4*k:]
			line[k] = cubic(&w[2], row[0][lane], row[1][lane], row[2][lane], row[3][lane])
		}
		plane[h] = cubic(&w[1], line[0], line[1], line[2], line[3])
	}
	v := cubic(&w[0], plane[0], plane[1], plane[2], plane[3])
	if outside {
		return l.Outside
	}
	return v
}

// The denominators of the basis polynomials, as factors.
const (
	Sixth = 1.0 / 6
	Half  = 1.0 / 2
)

// weights are the values at t of the cubic polynomials that are one at one of
// -1, 0, 1, 2 and zero at the others (Lagrange).
func weights(t float64) [4]float64 {
	a, c, d := t+1, t-1, t-2
	tc, ad := float64(t*c), float64(a*d)
	return [4]float64{
		float64(float64(tc*d) * -Sixth), float64(float64(ad*c) * Half),
		float64(float64(ad*t) * -Half), float64(float64(tc*a) * Sixth),
	}
}

// cubic is the polynomial through four values.
func cubic(w *[4]float64, a, b, c, d float64) float64 {
	return fma(w[3], d, fma(w[2], c, fma(w[1], b, float64(w[0]*a))))
}
