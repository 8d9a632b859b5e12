package fast

import "math"

// The functions of this file and of sweep.go are the kernels in plain Go. n is
// a multiple of Lanes, at most Width.

// positions computes the directions and distances of the first n pixels.
func positions(b *Block, n int, row *Row) {
	for i := range n {
		f := float64(row.Sub*(row.First+float64(row.Stride*float64(i)))) + row.Half
		x := float64(f*row.Fast[0]) + row.Slow[0] + row.Layer[0] + row.Origin[0]
		y := float64(f*row.Fast[1]) + row.Slow[1] + row.Layer[1] + row.Origin[1]
		z := float64(f*row.Fast[2]) + row.Slow[2] + row.Layer[2] + row.Origin[2]
		r := math.Sqrt(float64(x*x) + float64(y*y) + float64(z*z))
		b.X[i], b.Y[i], b.Z[i], b.R[i], b.Inverse[i] = x/r, y/r, z/r, r, 1/r
	}
}

// solidAngles computes Omega from R.
func solidAngles(b *Block, n int, s *Solid) {
	for i := range n {
		r := b.R[i]
		o := s.Area / r / r
		if s.Point == 0 {
			o = float64(o*s.Close) / r
		}
		b.Omega[i] = o
	}
}

// normalize makes the directions unit vectors once more, as the exact engine
// does after each polarisation factor.
func normalize(b *Block, n int) {
	for i := range n {
		x, y, z := b.X[i], b.Y[i], b.Z[i]
		r := math.Sqrt(float64(x*x) + float64(y*y) + float64(z*z))
		b.X[i], b.Y[i], b.Z[i] = x/r, y/r, z/r
	}
}

// polarize computes Polar. cos(2 psi) for psi = -atan2(b, e) is (e^2 - b^2)/(e^2 +
// b^2).
func polarize(b *Block, n int, k *Kahn) {
	for i := range n {
		x, y, z := b.X[i], b.Y[i], b.Z[i]
		c := float64(k.Beam[0]*x) + float64(k.Beam[1]*y) + float64(k.Beam[2]*z)
		u := float64(x*k.B[0]) + float64(y*k.B[1]) + float64(z*k.B[2])
		v := float64(x*k.E[0]) + float64(y*k.E[1]) + float64(z*k.E[2])
		c2, u2, v2 := float64(c*c), float64(u*u), float64(v*v)
		cos2psi := (v2 - u2) / (v2 + u2)
		turn := float64(float64(k.Factor*cos2psi) * (1 - c2))
		b.Polar[i] = float64(0.5 * (1 + c2 - turn))
	}
}

// finish computes Image from Sum and the three factors.
func finish(b *Block, n int, scale float64) {
	for i := range n {
		v := float64(scale * b.Sum[i])
		v = float64(v * b.Capture[i])
		v = float64(v * b.Polar[i])
		b.Image[i] = float32(v * b.Omega[i])
	}
}

// integers makes the pixels of an integer image. The sum is rounded to single
// precision on the way, as in the reference; what is not a number is zero.
func integers(out []uint16, image []float32, scale, offset float64) {
	out = out[:len(image)]
	for i, v := range image {
		v := float64(float64(v)*scale) + offset
		if !(v >= 0) {
			v = 0
		} else if v > 65535.0 {
			v = 65535.0
		}
		out[i] = uint16(int32(float32(v + 0.5)))
	}
}
