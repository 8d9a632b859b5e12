package sim

import (
	"fmt"
	"strings"

	"simtrace/internal/suggest"
)

// Profile is the choice among the known programs' habits, one field a habit.
// A habit is prepared data or a branch on these fields outside the innermost
// loop; there is one kernel for all. Switches lists the habits by name.
//
// The zero values are the specification's.
type Profile struct {
	Name        string // the profile that the habits started from
	Flags       FlagMatch
	Setup       Setup
	PhiZero     PhiZero
	InterpOOB   InterpOOB
	RadiusHKL   bool // Gauss, Tophat: the radius is dh^2 Na^2 + ..., not that of the reciprocal vector
	Steps       StepCount
	WeightShare bool // a source without a weight has 1 by their number, not 1
	OmegaKeep   Keep
	PolarKeep   Keep
	// PolarKept leaves the directions as they were, where the polarisation factor
	// else makes them unit vectors once more for the sources behind.
	PolarKept bool
	// CaptureKeep says whose capture fraction multiplies the pixel: KeepLast is the
	// last layer's.
	CaptureKeep   Keep
	Absorption    Absorption
	LayerLast     bool // a pixel is summed on the sensor's front alone, and has the last layer's capture fraction
	LayerPitch    bool // a layer is as thick as the sensor by their number, not by one less
	LayersInside  bool // the layers are the innermost loop of a pixel's position, not the outermost
	SumByPhi      bool // the domains of a phi step are summed before they are added
	Products      Products
	Water         Water
	FOrigin       FOrigin
	FBeyondZero   bool // F is 0 beyond the box of the list, not default_F
	Count16       bool // the number of reflections has 16 bits
	Stops         Stops
	CellFractions bool // a crystal's size in millimetres need not be whole cells
	MillerSingle  bool // the Miller index is rounded to single precision
	AlwaysGauss   bool // the crystal's shape is Gaussian, whatever was given
	DialsMinusZ   bool // Dials: the beam along -z, as dxtbx has it
	Orgx          Orgx
	Odet          Odet
	CloseTwotheta bool // the distance of closest approach follows twotheta too, not the detector's own rotations alone
	OneLambda     bool // a source file's wavelengths are not used
	VectorsRaw    bool // the beam and the detector's axes are used as given, not made unit vectors
	DetectorZYX   bool // the detector turns about z, y and x, in that order, not x, y and z
	MissetZYX     bool // the missetting turns the crystal likewise
	MosaicFirst   MosaicFirst
	MosaicDouble  bool // the domains' random numbers and their spread are float64, not float32
	// SourceComments counts the comment lines of a source file as sources,
	// words as zeros.
	SourceComments bool
	Traced         Traced
}

// profileInfo is a profile and what is known of the program behind it.
type profileInfo struct {
	profile Profile
	title   string
	// What it was held against; "" where nothing was recorded.
	held string
}

// cctbxProfile has what all programs of cctbx's simtbx share: they hold members of
// one object.
func cctbxProfile(name string, change func(p *Profile)) Profile {
	p := Profile{
		Name: name, InterpOOB: InterpOOBNever, RadiusHKL: true, Steps: StepsWeighed, CaptureKeep: KeepEvery, Absorption: Absorb234,
		SourceComments: true, LayersInside: true, Products: ProductsPolarFirst, PolarKept: true, Water: WaterNone, FOrigin: FOriginZero,
		DialsMinusZ: true, Orgx: OrgxUnset, CellFractions: true, Odet: OdetRegenerateSided, MosaicFirst: MosaicFirstNoDraw, MosaicDouble: true,
	}
	change(&p)
	return p
}

// bl831 is what the programs of bl831/nanoBragg share.
func bl831Profile(name string, change func(p *Profile)) Profile {
	p := Profile{Name: name, PhiZero: PhiZeroCarry, InterpOOB: InterpOOBNearest, OmegaKeep: KeepFirst, PolarKeep: KeepFirst, SourceComments: true}
	change(&p)
	return p
}

// profileTable lists the profiles. What no switch covers is told in the titles.
var profileTable = []profileInfo{
	{bl831Profile("nanobragg", func(p *Profile) { p.Flags = FlagsSubstring }),
		"nanoBragg.c of hoidn/nanoBragg (branch feature/spec-based-2), one thread: every number and quirk", "51 recorded configurations, traces and images"},
	{bl831Profile("bl831-c", func(p *Profile) { p.Flags = FlagsBl831 }),
		"nanoBragg.c of bl831/nanoBragg 455534a (July 2026), one thread", "24 recorded images"},
	{bl831Profile("bl831-cuda", func(p *Profile) {
		p.Flags, p.PhiZero, p.InterpOOB, p.RadiusHKL = FlagsBl831CUDA, PhiZeroFresh, InterpOOBNever, true
		p.OmegaKeep, p.CaptureKeep, p.PolarKeep, p.PolarKept = KeepEvery, KeepEvery, KeepFirstElse1, true
		p.LayersInside, p.Products, p.Water, p.Absorption = true, ProductsPolarFirst, WaterFirst, AbsorbNothing
		p.Count16, p.Stops = true, StopsBl831CUDA
	}), "nanoBraggCUDA.cu of bl831/nanoBragg 455534a (July 2026), its kernel in float64; render --arith has its own arithmetic", "32 recorded images"},
	{cctbxProfile("cctbx", func(p *Profile) {
		p.PhiZero, p.InterpOOB, p.OmegaKeep, p.PolarKeep, p.PolarKept = PhiZeroCarry, InterpOOBSkip, KeepEvery, KeepLastLit, false
	}), "add_nanoBragg_spots of cctbx's simtbx 8a8adcb6d9 (August 2026)", "39 recorded images, 36 of them bit for bit"},
	{cctbxProfile("cctbx-nks", func(p *Profile) {
		p.OmegaKeep, p.PolarKeep, p.SumByPhi, p.Stops = KeepLast, KeepFinal, true, StopsCurved
	}), "add_nanoBragg_spots_nks of cctbx's simtbx 8a8adcb6d9 (August 2026)", "31 recorded images"},
	{cctbxProfile("cctbx-cuda", func(p *Profile) {
		p.InterpOOB, p.OmegaKeep, p.PolarKeep, p.FOrigin = InterpOOBLocal, KeepEvery, KeepLast, FOriginZeroListed
	}), "add_nanoBragg_spots_cuda of cctbx's simtbx 8a8adcb6d9 (August 2026), compiled in double precision", "28 recorded images"},
	{cctbxProfile("cctbx-kokkos", func(p *Profile) {
		p.OmegaKeep, p.PolarKeep, p.FBeyondZero, p.Products = KeepEvery, KeepLast, true, ProductsStepsFirst
	}), "the Kokkos kernel of cctbx's simtbx 8a8adcb6d9 (August 2026); its reciprocals in place of divisions are not modelled", "28 recorded images, to one unit in the last place"},
	{cctbxProfile("diffbragg", func(p *Profile) {
		p.AlwaysGauss, p.Steps, p.OmegaKeep, p.PolarKeep = true, StepsLayers, KeepEvery, KeepCentre
	}), "diffBragg of cctbx 8a8adcb6d9 (August 2026), read, not run: its full matrix N, anisotropic mosaicity and diffuse scattering are not modelled", "no recorded image"},
	{Profile{
		Name: "hoidn-torch", Flags: FlagsTorch, Setup: SetupSingle, Odet: OdetKeep, VectorsRaw: true, CloseTwotheta: true,
		OneLambda: true, PolarKeep: KeepEvery, MosaicFirst: MosaicFirstTurned, Water: WaterAfter, LayerPitch: true, LayerLast: true, CaptureKeep: KeepCentre, Traced: TracedCentre,
	}, "the PyTorch port of hoidn/nanoBragg (branch feature/spec-based-2) in float64: its mosaic domains' random numbers, its curved detector and its interpolation are not modelled", "17 recorded traces, 16 to the rounding of its float32 setup"},
	{ProfileSpec, "the specification that ports are written to: fresh rotations, the last sample's factors", ""},
}

var (
	// ProfileSpec is the specification: rotations are fresh at every step.
	ProfileSpec = Profile{Name: "spec"}
	// ProfileNanoBragg does all that the C reference does with one thread.
	ProfileNanoBragg = profileTable[0].profile
)

// ProfileByName returns a profile, or an error that lists the known ones.
func ProfileByName(name string) (Profile, error) {
	for _, p := range profileTable {
		if p.profile.Name == name {
			return p.profile, nil
		}
	}
	return Profile{}, fmt.Errorf("unknown profile %q%s (known: %s)", name, suggest.Nearest(name, ProfileNames()), strings.Join(ProfileNames(), ", "))
}

// ProfileNames lists the profiles, the reference first and the specification
// last.
func ProfileNames() []string {
	var names []string
	for _, p := range profileTable {
		names = append(names, p.profile.Name)
	}
	return names
}

// Title says which program a named profile stands for, what of it no switch
// models, and what it was held against; "" for a name that is none.
func (p Profile) Title() string {
	for _, q := range profileTable {
		switch {
		case q.profile.Name != p.Name:
		case q.held == "":
			return q.title
		default:
			return q.title + "; held against " + q.held
		}
	}
	return ""
}

// Changes lists the switches, as "name=value" in the order of Switches, that
// differ from the profile's own.
func (p Profile) Changes() []string {
	own, err := ProfileByName(p.Name)
	if err != nil {
		return nil
	}
	var out []string
	for _, s := range switchTable {
		if v := s.Get(p); v != s.Get(own) {
			out = append(out, s.Name+"="+v)
		}
	}
	return out
}

// String shows the profile with what was changed: "nanobragg, phi-zero=fresh".
func (p Profile) String() string {
	return strings.Join(append([]string{p.Name}, p.Changes()...), ", ")
}
