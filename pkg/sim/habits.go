package sim

// FlagMatch says how the words of a command line become flags.
type FlagMatch uint8

const (
	// FlagsExact takes a flag for what it spells.
	FlagsExact FlagMatch = iota
	// FlagsSubstring takes every flag whose name the word contains.
	FlagsSubstring
	// FlagsBl831 is FlagsSubstring with -misset among the names: -misset_seed
	// counts as -misset too.
	FlagsBl831
	// FlagsBl831CUDA is FlagsBl831 as the CUDA program has it: -thick and
	// -oversample are contained in more words, and some flags are unknown.
	FlagsBl831CUDA
	// FlagsTorch is FlagsExact with the PyTorch port's meanings: a vector makes the
	// convention Custom, with the beam along z, and the pivot goes by which flags are
	// there, not by their order.
	FlagsTorch
)

// Setup is the precision of what a pixel is computed from.
type Setup uint8

const (
	// SetupDouble computes everything in double precision.
	SetupDouble Setup = iota
	// SetupSingle computes the cell and its orientations, the detector's axes and the
	// beam centre in pixels in single precision, as the PyTorch port does whatever its
	// pixels are.
	SetupSingle
	// SetupSingleCell is SetupSingle for the cell and its orientations alone.
	SetupSingleCell
	// SetupSingleDetector is SetupSingle for the detector alone.
	SetupSingleDetector
)

// cell and detector report what is in single precision.
func (s Setup) cell() bool     { return s == SetupSingle || s == SetupSingleCell }
func (s Setup) detector() bool { return s == SetupSingle || s == SetupSingleDetector }

// PhiZero says which vectors a phi step uses where phi is exactly zero.
type PhiZero uint8

const (
	// PhiZeroFresh uses the unrotated vectors.
	PhiZeroFresh PhiZero = iota
	// PhiZeroCarry keeps the vectors of the step that was evaluated before,
	// which at the first step is the last step of the previous sweep. Only the
	// first sweep of a run is fresh.
	PhiZeroCarry
)

// InterpOOB says what a sample out of the interpolation's range takes, and
// whether it switches interpolation off for good ("latch").
type InterpOOB uint8

const (
	// InterpOOBDefault latches, and the sample takes default_F.
	InterpOOBDefault InterpOOB = iota
	// InterpOOBNearest latches, and the sample takes the nearest reflection.
	InterpOOBNearest
	// InterpOOBSkip latches, and the sample adds nothing.
	InterpOOBSkip
	// InterpOOBLocal takes the nearest reflection and goes on interpolating.
	InterpOOBLocal
	// InterpOOBNever never interpolates.
	InterpOOBNever
)

// latches reports whether one sample out of range switches interpolation off.
func (o InterpOOB) latches() bool { return o <= InterpOOBSkip }

// Keep says which sample's value of a factor stands for the whole pixel.
type Keep uint8

const (
	// KeepLast keeps the last sample's.
	KeepLast Keep = iota
	// KeepFirst keeps the first sample's.
	KeepFirst
	// KeepEvery multiplies every sample by its own.
	KeepEvery

	// KeepCentre takes that of the pixel's centre on the sensor's front: the
	// polarisation factor with the first source, the capture fraction of the last
	// layer.
	KeepCentre

	// The following are the polarisation factor's alone.

	// KeepFirstElse1 keeps the first sample's, and 1 where the resolution limit
	// cuts all of them.
	KeepFirstElse1
	// KeepLastLit keeps that of the last sample whose lattice factor is not 0.
	KeepLastLit
	// KeepFinal takes that of the very last sample: 1 where its lattice factor is
	// 0, and 0 where the resolution limit cuts it.
	KeepFinal
)

// first reports whether the first sample's factor is kept.
func (k Keep) first() bool { return k == KeepFirst || k == KeepFirstElse1 }

// StepCount says what the sum of a pixel is divided by.
type StepCount uint8

const (
	// StepsSources counts sources, domains, phi steps and subpixels; weights are
	// not used.
	StepsSources StepCount = iota
	// StepsWeighed leaves the sources out: a sample counts times its source's
	// weight.
	StepsWeighed
	// StepsLayers counts sources and layers too, and weighs the sources.
	StepsLayers
)

// weighs reports whether a sample counts times its source's weight.
func (s StepCount) weighs() bool { return s != StepsSources }

// Absorption says what a sensor absorbs whose attenuation depth is not given.
type Absorption uint8

const (
	// AbsorbThickness takes the sensor's thickness for the depth.
	AbsorbThickness Absorption = iota
	// AbsorbNothing takes an infinite depth: the sensor captures no photon.
	AbsorbNothing
	// Absorb234 takes 234 um. The programs that do divide by the depth, where
	// others multiply by its inverse.
	Absorb234
)

// Products is the order of the last multiplications, which shows in the last bit.
type Products uint8

const (
	// ProductsPolarLast multiplies r_e^2, fluence and the sum, divides by the
	// steps, then multiplies by the polarisation factor.
	ProductsPolarLast Products = iota
	// ProductsPolarFirst multiplies by the polarisation factor ahead of the sum.
	ProductsPolarFirst
	// ProductsStepsFirst divides r_e^2 fluence by the steps first.
	ProductsStepsFirst
)

// Water says how the background of water comes into a pixel.
type Water uint8

const (
	// WaterAdded starts the pixel's sum with it.
	WaterAdded Water = iota
	// WaterFirst starts with it times the first sample's factors.
	WaterFirst
	// WaterNone leaves it out.
	WaterNone
	// WaterAfter adds it to the pixel's photons.
	WaterAfter
)

// inSum reports whether it starts the pixel's sum.
func (w Water) inSum() bool { return w == WaterAdded || w == WaterFirst }

// FOrigin says what the structure factor of 0 0 0 is.
type FOrigin uint8

const (
	// FOriginListed is what the list says.
	FOriginListed FOrigin = iota
	// FOriginZero is 0, also where there is no list.
	FOriginZero
	// FOriginZeroListed is 0 in a list, and default_F without one.
	FOriginZeroListed
)

// Stops says what a program refuses to compute.
type Stops uint8

const (
	// StopsNever computes everything.
	StopsNever Stops = iota
	// StopsBl831CUDA refuses Gaussian and flat spots, a fudge factor,
	// interpolation that is asked for, and amorphous backgrounds.
	StopsBl831CUDA
	// StopsCurved refuses curved detectors.
	StopsCurved
)

// Orgx says where ORGX and ORGY count from, and what XDS and Dials make of them.
type Orgx uint8

const (
	// OrgxHalf takes (ORGX - 0.5) pixels.
	OrgxHalf Orgx = iota
	// OrgxWhole takes ORGX pixels.
	OrgxWhole
	// OrgxUnset takes ORGX pixels in the Custom convention. In XDS and Dials the
	// point of closest approach stays as it was: no number where ORGX is given,
	// and Mosflm's beam centre else.
	OrgxUnset
)

// Odet says what becomes of a given detector normal.
type Odet uint8

const (
	// OdetRegenerate makes it fast x slow unless its length is exactly 1.
	OdetRegenerate Odet = iota
	// OdetKeep keeps it.
	OdetKeep
	// OdetRegenerateSided is OdetRegenerate, turned to the side of the normal that
	// was given.
	OdetRegenerateSided
)

// Traced says which samples of a pixel a trace is of.
type Traced uint8

const (
	// TracedSamples traces every subpixel on every layer, with the first source.
	TracedSamples Traced = iota
	// TracedCentre traces the pixel's centre once, with the main beam, whatever the
	// pixel is summed from: reciprocal vectors are turned with the cell, structure factors
	// are interpolated beside the nearest, and the lattice factor is that of a parallelepiped.
	TracedCentre
	// TracedMetres is TracedCentre with the cell in metres where the others have
	// angstrom, and the Miller indices that come of it.
	TracedMetres
)

// MosaicFirst says what becomes of the first mosaic domain.
type MosaicFirst uint8

const (
	// MosaicFirstDraws draws its random numbers, and is not turned.
	MosaicFirstDraws MosaicFirst = iota
	// MosaicFirstNoDraw draws none, and is not turned.
	MosaicFirstNoDraw
	// MosaicFirstTurned is turned as the others.
	MosaicFirstTurned
)
