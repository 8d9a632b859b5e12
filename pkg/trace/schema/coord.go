package schema

// MaxIndex is how many index keys a schema may have.
const MaxIndex = 8

// Coord says which evaluation of a quantity a record belongs to: one value for
// each key of a schema's index, outermost first, and -1 where the log does not
// say and nothing allows to infer it.
type Coord [MaxIndex]int32

// Nowhere is the Coord of which nothing is known.
var Nowhere = Coord{-1, -1, -1, -1, -1, -1, -1, -1}

// The index of nanoBragg. A log in which a program prints its setup again
// begins another run. A pixel is slow before fast, counted from 0. Sub is the
// subpixel, subS*oversample + subF, or a running number over the samples of a
// pixel where the log has no index. Phi is the phi step (phi_tic).
const (
	Run = iota
	Slow
	Fast
	Layer
	Sub
	Source
	Domain
	Phi
)

// AtPixel returns Nowhere but for the pixel.
func AtPixel(slow, fast int) Coord {
	c := Nowhere
	c[Slow], c[Fast] = int32(slow), int32(fast)
	return c
}

// Joined is what either of two coordinates of the same evaluation tells.
func (c Coord) Joined(o Coord) Coord {
	for i, v := range c {
		if v < 0 {
			c[i] = o[i]
		}
	}
	return c
}
