package fast

// Kernels is one sort of the kernels. All of them take a number of pixels that
// is a multiple of Lanes and at most Width, and at most Steps orientations.
type Kernels struct {
	Name string // "avx512", "avx2", "go"

	// Positions computes the directions and distances of the pixels.
	Positions func(b *Block, n int, row *Row)
	// SolidAngles computes their solid angles from the distances.
	SolidAngles func(b *Block, n int, s *Solid)
	// Normalize makes the directions unit vectors once more.
	Normalize func(b *Block, n int)
	// Polarize computes the polarisation factors.
	Polarize func(b *Block, n int, k *Kahn)
	// Square, Round, Gauss and Tophat add the squared amplitudes of all
	// orientations to the sums, for one shape of the crystal.
	Square, Round, Gauss, Tophat func(b *Block, n int, l *Lattice, ray *Ray, table []Orientation)
	// Finish computes the image: the sums times scale and the factors.
	Finish func(b *Block, n int, scale float64)

	// Bend turns vectors into directions and distances on a curved detector.
	Bend func(b *Block, n int, t *Turn)
	// Absorb computes the fractions that a layer captures.
	Absorb func(b *Block, n int, l *Layer)
	// Nearest fills in the structure factors of the nearest reflections.
	Nearest func(b *Block, n int, l *Lattice, ray *Ray, table []Orientation, f *Factors)
	// The sweeps for structure factors that are given, by shape. Plain is for one
	// cell: its lattice factor is one.
	GeneralSquare, GeneralRound, GeneralGauss, GeneralTophat GeneralSweep
	GeneralPlain                                             func(b *Block, n int, f *Factors, steps int)

	// Integers makes the pixels of an integer image: scaled, with an offset, rounded
	// and cut to 0 and 65535. The number of pixels is any.
	Integers func(out []uint16, image []float32, scale, offset float64)

	// The sweeps in single precision, by shape.
	Square32, Round32, Gauss32, Tophat32 Sweep32

	// Exp replaces numbers by their exponentials; see the function of that name.
	Exp func(x []float64)

	// See Interpolated.
	load        func(l *Lattice, box *Box)
	interpolate func(b *Block, i int, l *Lattice, ray *Ray, table []Orientation, from int, box *Box, f *[Steps][Lanes]float64) int
}

// plain are the kernels in Go.
var plain = Kernels{
	Name: "go", Positions: positions, SolidAngles: solidAngles, Normalize: normalize, Polarize: polarize,
	Square: sweepSquare, Round: sweepRound, Gauss: sweepGauss, Tophat: sweepTophat, Finish: finish,
	Bend: bend, Absorb: absorb, Nearest: nearestFactors, load: load, interpolate: interpolate, Integers: integers, Exp: exps, GeneralPlain: generalPlain,
	GeneralSquare: generalSquare, GeneralRound: generalRound, GeneralGauss: generalGauss, GeneralTophat: generalTophat,
	Square32: square32, Round32: round32, Gauss32: gauss32, Tophat32: tophat32,
}

// all are the kernels that this processor can run, the fastest first.
var all = append(assembled(), plain)

// All lists the kernels that this processor can run, the fastest first.
func All() []Kernels { return all }

// ByName returns one of All.
func ByName(name string) (Kernels, bool) {
	for _, k := range all {
		if k.Name == name {
			return k, true
		}
	}
	return Kernels{}, false
}
