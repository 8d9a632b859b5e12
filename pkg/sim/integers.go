package sim

import "simtrace/pkg/sim/fast"

// Integers makes the pixels of an integer image: scaled, with an offset added,
// rounded to the nearest integer and cut to 0 and 65535; what is not a number
// is 0. The sum is rounded to single precision on the way, as in the reference.
func Integers(out []uint16, image []float32, scale, offset float64) {
	fast.All()[0].Integers(out, image, scale, offset)
}
