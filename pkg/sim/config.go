package sim

import "math"

// Config is an experiment in the units that users type: millimetres, degrees,
// angstroms, milliradians, microns. Prepare turns it into an Experiment in SI
// units; nothing else converts.
//
// DefaultConfig gives nanoBragg's defaults. A float that is NaN, and an int
// that is negative, is "not given": Prepare derives it.
type Config struct {
	Crystal  CrystalConfig
	Beam     BeamConfig
	Detector DetectorConfig
	Rotation RotationConfig
	Sampling SamplingConfig
	Profile  Profile
	Dtype    Dtype // of the pixel path
}

// Shape is the crystal's shape, which chooses the lattice factor.
type Shape uint8

// The crystal shapes of nanoBragg.
const (
	Square Shape = iota // parallelepiped: sin(N x)/sin(x) per axis
	Round               // ellipsoid: sinc3
	Gauss               // Gaussian spots, no fringes
	Tophat              // flat spots, no fringes
)

// String returns the name in nanoBragg's flags.
func (s Shape) String() string { return [...]string{"square", "round", "gauss", "tophat"}[s] }

// Interpolation says how the structure factor between reflections is found.
type Interpolation uint8

const (
	// InterpolateAuto interpolates where a crystal edge is at most 2 cells.
	InterpolateAuto Interpolation = iota
	// InterpolateOn is tricubic.
	InterpolateOn
	// InterpolateOff takes the nearest reflection.
	InterpolateOff
)

// CrystalConfig describes the crystal.
type CrystalConfig struct {
	Cell         *[6]float64 // a b c (angstrom), alpha beta gamma (degrees); zeros take a and 90
	Matrix       *[9]float64 // the nine numbers of a .mat file: vectors in columns, 1/(lambda angstrom)
	Misset       *[3]float64 // rotations about x, y, z in degrees
	MissetRandom bool        // a random orientation drawn from MissetSeed
	MissetSeed   int64       // as -misset_seed takes it
	Cells        [3]float64  // Na, Nb, Nc
	SizeMM       [3]float64  // full widths; a positive one replaces the count of cells
	Shape        Shape
	Fudge        float64 // scales the lattice factor's radius
	MosaicDeg    float64 // full mosaic spread; negative: not given
	Domains      int
	MosaicSeed   int64  // as -mosaic_seed takes it
	F            *FGrid // structure factors, nil for none
	DefaultF     float64
	Interpolate  Interpolation
	DminA        float64 // resolution cut in angstrom, 0 for none
}

// Source is one point of the X-ray source. What is NaN was not given.
type Source struct {
	Direction Vec3    // from the crystal to the source, any length; NaN takes 10 m up the beam
	Weight    float64 // printed, but used only where the profile weighs sources; NaN takes 1, or then 1 by their number
	LambdaM   float64 // wavelength in metres; NaN takes the experiment's
}

// BeamConfig describes the incident beam.
type BeamConfig struct {
	LambdaA      float64 // angstrom; ignored where EnergyEV is positive
	EnergyEV     float64
	Fluence      float64 // photons/m^2, replaced where Flux is given
	Flux         float64 // photons/s
	ExposureS    float64
	BeamsizeMM   float64
	Polarization float64 // Kahn factor
	NoPolar      bool
	Dispersion   SweepConfig // percent
	HDivergence  SweepConfig // milliradians
	VDivergence  SweepConfig // milliradians
	SquareDiv    bool        // keep the corners of the divergence grid
	Sources      []Source    // replaces divergence and dispersion
	WaterUM      float64     // thickness of water background in microns
}

// SweepConfig is a range sampled in steps.
type SweepConfig struct {
	Range float64 // negative: not given
	Step  float64 // negative: not given
	Steps int     // negative: not given
}

// Convention names a frame of axes and the meaning of the beam centre.
type Convention uint8

// The conventions of nanoBragg.
const (
	Custom Convention = iota
	Adxv
	Mosflm
	XDS
	Dials
	Denzo
)

// String returns the name as traces print it.
func (c Convention) String() string {
	return [...]string{"CUSTOM", "ADXV", "MOSFLM", "XDS", "DIALS", "DENZO"}[c]
}

// Pivot is the point that detector rotations keep in place.
type Pivot uint8

const (
	// PivotSample turns the detector about the crystal.
	PivotSample Pivot = iota
	// PivotBeam keeps the direct beam on the same pixel.
	PivotBeam
)

// String returns the name that -pivot takes.
func (p Pivot) String() string { return [...]string{"sample", "beam"}[p] }

// DetectorConfig describes the detector. Coordinates along the axes are in
// millimetres, XDS origins in pixels.
type DetectorConfig struct {
	Convention   Convention
	Pivot        Pivot // counts in the Custom convention alone; the others have their own
	PixelMM      float64
	PixelsFast   int // 0: from the size
	PixelsSlow   int
	SizeFastMM   float64
	SizeSlowMM   float64
	DistanceMM   float64
	CloseMM      float64 // distance of closest approach; NaN: from DistanceMM
	Xbeam, Ybeam float64
	YbeamM       float64 // Ybeam in metres, as a mask's header has it; counts where Ybeam is NaN
	Xclose       float64
	Yclose       float64
	ORGX, ORGY   float64
	RotDeg       [3]float64 // about x, y, z
	TwothetaDeg  float64
	TwothetaAxis Vec3
	Fdet         Vec3
	Sdet         Vec3
	Odet         Vec3
	Beam         Vec3
	Polar        Vec3
	Spindle      Vec3
	Curved       bool
	PointPixel   bool    // leave out the obliquity, and the pixel's area with it
	AbsorbUM     float64 // attenuation depth; +Inf: transparent; negative: not given
	ThickUM      float64
	ThickSteps   int // negative: not given
}

// RotationConfig describes the spindle rotation in degrees.
type RotationConfig struct {
	PhiDeg     float64
	OscDeg     float64 // negative: not given
	PhistepDeg float64 // negative: not given
	Phisteps   int     // negative: not given
}

// SamplingConfig describes what is computed for a pixel, and for which.
type SamplingConfig struct {
	Oversample      int // negative: as recommended for the crystal's size
	OversampleThick bool
	OversamplePolar bool
	OversampleOmega bool
	ROI             [4]int   // fast min, fast max, slow min, slow max, inclusive; negative: not given
	Mask            []uint16 // zero-flagged pixels are skipped; nil for none; fast axis first
}

// DefaultConfig returns nanoBragg's defaults with the specification's profile.
func DefaultConfig() Config {
	nan := math.NaN()
	return Config{
		Crystal: CrystalConfig{
			Cells: [3]float64{1, 1, 1}, Fudge: 1, MosaicDeg: -1, Domains: -1, MosaicSeed: 12345678, MissetSeed: 1,
		},
		Beam: BeamConfig{
			LambdaA: 1, Fluence: 125932015286227086360700780544, ExposureS: 1, BeamsizeMM: 0.1,
			Dispersion:  SweepConfig{Range: 0, Step: -1, Steps: -1},
			HDivergence: SweepConfig{Range: -1, Step: -1, Steps: -1},
			VDivergence: SweepConfig{Range: -1, Step: -1, Steps: -1},
		},
		Detector: DetectorConfig{
			Convention: Mosflm, Pivot: PivotBeam, PixelMM: 0.1, SizeFastMM: 102.4, SizeSlowMM: 102.4,
			DistanceMM: 100, CloseMM: nan, Xbeam: nan, Ybeam: nan, YbeamM: nan, Xclose: nan, Yclose: nan, ORGX: nan, ORGY: nan,
			TwothetaAxis: Vec3{0, 1, 0}, Fdet: Vec3{0, 0, 1}, Sdet: Vec3{0, -1, 0}, Odet: Vec3{1, 0, 0},
			Beam: Vec3{1, 0, 0}, Polar: Vec3{0, 0, 1}, Spindle: Vec3{0, 0, 1}, AbsorbUM: -1, ThickSteps: -1,
		},
		Rotation: RotationConfig{OscDeg: -1, PhistepDeg: -1, Phisteps: -1},
		Sampling: SamplingConfig{Oversample: -1, ROI: [4]int{-1, -1, -1, -1}},
		Profile:  ProfileSpec,
	}
}
