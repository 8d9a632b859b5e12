package fast

// Scene is an image as a device outside of this processor computes it: all that
// the kernels take, for every pixel, sample and source.
type Scene struct {
	Setup   Setup
	Samples []Sample
	Sources []Source
	Table   []Orientation
	F       []float64 // as in Lattice

	Shape       SceneShape
	General     bool // sums compound, or structure factors are interpolated
	Interpolate bool // they are, in pixels of an index below Latch

	First, Width int // the first pixel's fast coordinate, and pixels in a row
	Pitch        int // pixels in a row of the detector: index = slow*Pitch + fast
	Latch        int

	// Placer, where not nil, returns a function for one goroutine that computes directions
	// and distances of n neighbouring pixels at a sample: the device is given them.
	Placer func() func(slow, fast, n, sample int, places [][4]float64)
}

// SceneShape numbers the kernels of the lattice factor.
type SceneShape int

const (
	SceneSquare SceneShape = iota
	SceneRound
	SceneGauss
	SceneTophat
	SceneOneCell // of which the general sums know that the factor is one
)

// What a sample computes: bits of Sample.What.
const (
	SampleOmega          = 1 << iota // the solid angle
	SampleCapture                    // the captured fraction
	SampleWater                      // the factors of the sum so far
	SampleNormalize                  // the direction once more, behind each source but the last
	SampleNormalizeFirst             // behind the first source
	SamplePolarFirst                 // the polarisation factor, of the first source
	SamplePolarLast                  // of the last source
)

// What all samples do: bits of Setup.What.
const (
	SetupWeighed    = 1 << iota // a term counts times its source's weight,
	SetupCaptured               // its captured fraction,
	SetupOmegaed                // its solid angle
	SetupThick                  // the sum is multiplied by the captured fraction behind each term,
	SetupPolar                  // the polarisation factor,
	SetupOmegas                 // the solid angle
	SetupWater                  // that is so where a term is zero, too
	SetupEndCapture             // the last factors count in the terms already
	SetupEndOmega
	SetupEndPolar
	SetupPlaced     // Scene.Placer says where the pixels are
	SetupReciprocal // as Lattice.Reciprocal
	SetupPoint      // as Solid.Point
)

// Setup is what all samples share. Its members have eight bytes each, in the order
// of the struct Scene of a kernel's source.
type Setup struct {
	Fast, Slow, Normal, Origin    [3]float64 // of the detector: unit vectors; metres
	Subpixel, Centre, Thick       float64    // metres; Centre is half a subpixel
	Area, Close                   float64    // as in Solid
	Background, Scale, Dmin       float64    // Dmin in metres, 0 for none
	Cells                         [3]float64
	Volume, Fudge                 float64
	Star                          [3][3]float64
	Lo, Hi                        [3]float64
	Stride                        [2]float64
	Base                          float64
	Least, Most, Low, Count       [3]float64
	Outside                       float64
	Oversample                    int64
	NSamples, NSources, NOriented int64
	What                          int64
}

// Sample is one subpixel on one layer; see Setup for the layout.
type Sample struct {
	Front, Behind     float64 // as in Layer
	Layer, SubS, SubF int64
	What              int64
}

// Source is a Ray and its Kahn; see Setup for the layout.
type Source struct {
	Ray
	Kahn
	Weight float64
}

// Device computes images elsewhere than on this processor, with the bits of the
// kernels in plain Go.
type Device interface {
	Name() string
	// Painter prepares a scene. The error says what the device has no room for, or
	// what its compiler said.
	Painter(s *Scene) (Painter, error)
}

// Painter computes rows of a scene.
type Painter interface {
	// Rows is how many rows a brush should be asked for at once.
	Rows() int
	// Brush returns what one goroutine computes with. Some of them keep a device busy.
	Brush() (Brush, error)
	// Close gives the memory back; no brush may be used behind it.
	Close()
}

// Brush computes rows; one goroutine at a time may use it.
type Brush interface {
	// Paint computes n rows from one on, at most Rows, into an array of them; NaN where
	// the exact engine has to.
	Paint(slow, n int, into []float32) error
	Close()
}
