package fast

import "math"

// bend turns the vectors X, Y, Z about an axis by the angles of Sin and Cos, in
// the exact engine's order of operations, and makes them directions and
// distances.
func bend(b *Block, n int, t *Turn) {
	u := &t.Axis
	for i := range n {
		v, s, c := [3]float64{b.X[i], b.Y[i], b.Z[i]}, b.Sin[i], b.Cos[i]
		d := float64((float64(u[0]*v[0]) + float64(u[1]*v[1]) + float64(u[2]*v[2])) * (1 - c))
		x := float64(u[0]*d) + float64(v[0]*c) + float64((float64(u[1]*v[2])-float64(u[2]*v[1]))*s)
		y := float64(u[1]*d) + float64(v[1]*c) + float64((float64(u[2]*v[0])-float64(u[0]*v[2]))*s)
		z := float64(u[2]*d) + float64(v[2]*c) + float64((float64(u[0]*v[1])-float64(u[1]*v[0]))*s)
		r := math.Sqrt(float64(x*x) + float64(y*y) + float64(z*z))
		b.X[i], b.Y[i], b.Z[i], b.R[i], b.Inverse[i] = x/r, y/r, z/r, r, 1/r
	}
}

// absorb computes Capture from the directions.
func absorb(b *Block, n int, l *Layer) {
	for i := range n {
		parallax := float64(b.X[i]*l.Normal[0]) + float64(b.Y[i]*l.Normal[1]) + float64(b.Z[i]*l.Normal[2])
		b.Capture[i] = Exp(l.Front/parallax) - Exp(l.Behind/parallax)
	}
}
