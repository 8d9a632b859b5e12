package schema

// The quantities in causal order. A comment names the group; the table holds
// the rest.
const (
	None Key = iota

	// Setup: what the user asked for.
	DetectorConvention
	AnglesRad
	BeamCenter
	ConventionMapping
	TwothetaAxis
	SpindleAxisRaw
	SpindleAxis
	SpindleMagnitude
	PolarAxis

	// Setup: the detector's frame.
	InitialFdet
	InitialSdet
	InitialOdet
	Rx
	Ry
	Rz
	RTotal
	FdetAfterRotz
	SdetAfterRotz
	OdetAfterRotz
	FdetAfterTwotheta
	SdetAfterTwotheta
	OdetAfterTwotheta
	Ratio
	Distance
	CloseDistanceSetup
	Fclose
	Sclose
	TermFastBeforeRot
	TermSlowBeforeRot
	TermCloseBeforeRot
	Pix0BeforeRotation
	Pix0AfterRotz
	Pix0AfterTwotheta
	Fbeam
	Sbeam
	TermFast
	TermSlow
	TermBeam
	Pix0Setup

	// One sample of a pixel, the source's direction first: the origin of a
	// detector that is turned about the beam follows from it.
	IncidentVec
	FdetVec
	SdetVec
	Pix0Vector
	PixelPos
	RDistance
	CloseDistance
	OmegaSample
	Obliquity
	DiffractedVec
	LambdaMeters
	LambdaAngstroms
	ScatteringVec
	PolarizationFactor

	// One orientation.
	RotAStar
	RotBStar
	RotCStar
	RotA
	RotB
	RotC
	HKLFrac
	HKLRounded
	FLattA
	FLattB
	FLattC
	FLatt
	PhiDeg
	PhiKFrac
	PhiFLattB
	PhiFLatt

	// Structure factor.
	FCell
	FCellNearest
	TricubicH
	TricubicK
	TricubicL
	TricubicF
	FCellInterpolated

	// Sources.
	SourceIndex
	SourceDirection
	SourceLambda
	SourceWeight
	SourcePolar
	SourceFCell
	SourceFLatt
	SourceFCellSqr
	SourceFLattSqr
	SourceCos2Theta
	SourcePrePolar
	SourcePostPolar

	// Sum and scale. The number of terms, and what a layer of the detector takes,
	// come before the sum.
	CaptureFraction
	Steps
	IBeforeScaling
	IBeforeScalingPrePolar
	Polar
	IBeforeScalingPostPolar
	RESqr
	REMeters
	Fluence
	OversampleThick
	OversamplePolar
	OversampleOmega
	OmegaPixel
	Cos2Theta
	IPixelFinal
	FloatImage

	numKeys
)

// Count is the number of keys, None included: the length of an array indexed
// by Key.
const Count = int(numKeys)
