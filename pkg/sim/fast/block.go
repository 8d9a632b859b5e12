package fast

// Width is the number of pixels in a block: eight arrays of it fit the L1
// cache beside a table of orientations.
const Width = 256

// Lanes divides the number of pixels that a kernel is asked for: what an
// AVX-512 register holds.
const Lanes = 8

// Steps is the number of orientations that a sweep takes at once. What it keeps
// of them stays in the L1 cache.
const Steps = 64

// Block is the state of up to Width neighbouring pixels of a row.
type Block struct {
	X, Y, Z [Width]float64 // unit vectors from the sample to the pixels
	R       [Width]float64 // distances, metres
	Inverse [Width]float64 // 1/R
	Sum     [Width]float64 // I before scaling
	Polar   [Width]float64 // polarisation factors
	Omega   [Width]float64 // solid angles, steradian
	Capture [Width]float64 // captured fractions
	Image   [Width]float32 // photons

	// What a sweep keeps of each orientation.
	Miller  [Steps][3][Lanes]float64
	Changed [Steps]uint8

	// What the general sweeps multiply by; see GeneralSweep.
	Weight [Width]float64 // each term
	Factor [Width]float64 // the sum behind each term
	Idle   [Width]float64 // in place of Factor where the lattice factor is zero

	Sin, Cos [Width]float64 // for Bend
}

// Factors are the structure factors of a block's samples: of eight neighbouring
// pixels, of each orientation.
type Factors [Width / Lanes][Steps][Lanes]float64

// Box holds the structure factors that eight pixels interpolate between.
type Box struct {
	Floor [3][Lanes]float64  // the whole indices below the pixels' own
	F     [64][Lanes]float64 // at -1, 0, 1 and 2 from there, h slowest
	Edge  int64              // 1 where a pixel there may be out of range
}

// Range sets what interpolation needs to know of the list's bounds, inclusive.
func (l *Lattice) Range(axis int, least, most float64) {
	n := most - least + 1
	l.Least[axis], l.Most[axis] = least, most-1
	l.Low[axis], l.Count[axis] = least, n
	l.Inner[axis], l.Outer[axis] = least+2, least+n-4
}

// Turn is a rotation of a curved detector: about a unit vector.
type Turn struct{ Axis [3]float64 }

// Layer is what the fraction is computed from that a layer absorbs: exponents
// times the cosine of the incidence, at its two faces, and the normal.
type Layer struct {
	Normal        [3]float64
	Front, Behind float64
}

// Row says where the pixels of a block are. The coordinate of pixel i along the
// fast axis is Sub*(First + i*Stride) + Half metres, that along the others is
// in Slow and Layer already.
type Row struct {
	First, Stride float64    // whole numbers, in subpixels
	Sub, Half     float64    // a subpixel and a half, metres
	Fast          [3]float64 // unit vector
	Slow          [3]float64 // the slow axis times the coordinate, metres
	Layer         [3]float64 // the normal times the depth, metres
	Origin        [3]float64 // of the detector, metres
}

// Kahn is what the polarisation factor is computed from: unit vectors of the
// beam and of the two directions across it, and Kahn's factor.
type Kahn struct {
	Beam, B, E [3]float64
	Factor     float64
}

// Solid is what the solid angle is computed from: Area/r^2, and times Close/r
// unless Point is set.
type Solid struct {
	Area, Close float64
	Point       int64 // 0 or 1
}

// Ray is one source: its unit vector towards the sample, and the wavelength in
// metres.
type Ray struct {
	Incident [3]float64
	Lambda   float64
}

// Orientation is the cell's three vectors, metres.
type Orientation [9]float64

// Lattice is the crystal, as the sweep needs it.
type Lattice struct {
	Cells [3]float64 // whole numbers from 1

	// F is a box of structure factors with a rim of one cell, which holds the
	// factor of all that lies outside. Miller indices are clamped to Lo..Hi, the
	// place of h k l is Base + h*Stride[0] + k*Stride[1] + l. NaN is a factor that
	// is not at hand.
	F      []float64
	Lo, Hi [3]float64
	Stride [2]float64
	Base   float64

	// The shapes other than the parallelepiped.
	Volume float64       // the factor at a reflection
	Fudge  float64       // scales the squared radius
	Star   [3][3]float64 // reciprocal vectors, 1/m; see Reciprocal
	// Reciprocal measures the radius from a reflection in reciprocal space, in
	// place of fractions of the cell times the number of cells.
	Reciprocal bool

	// Interpolation. The whole indices below a sample's are clamped to
	// Least..Most, so that the box around them lies within F. A sample is out of
	// range where h - Low + 3 > Count or h - 2 < Low, and takes Outside. That can be
	// where the index below is less than Inner or more than Outer.
	Least, Most  [3]float64
	Low, Count   [3]float64
	Inner, Outer [3]float64
	Outside      float64
}
