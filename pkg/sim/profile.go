package sim

import (
	"fmt"
	"strings"
)

// Profile is the choice among the known programs' habits, one field a habit.
// A habit is prepared data or a branch on these fields outside the innermost
// loop; there is one kernel for all. Switches lists the habits by name.
//
// The zero values are the specification's.
type Profile struct {
	Name        string // the profile that the habits started from
	PhiZero     PhiZero
	InterpOOB   InterpOOB
	RadiusHKL   bool // Gauss, Tophat: the radius is dh^2 Na^2 + ..., not that of the reciprocal vector
	WeighSource bool // a sample counts times its source's weight, and steps leave the sources out
	OmegaKeep   Keep
	PolarKeep   Keep
	// CaptureEach multiplies every sample by its layer's capture fraction, in
	// place of the whole pixel by the last layer's.
	CaptureEach  bool
	DialsMinusZ  bool // Dials: the beam along -z, as dxtbx has it
	OrgxWhole    bool // ORGX counts whole pixels, without the half
	OdetKept     bool // a given detector normal is kept, whatever its length
	VectorsRaw   bool // the beam and the detector's axes are used as given, not made unit vectors
	DetectorZYX  bool // the detector turns about z, y and x, in that order, not x, y and z
	MissetZYX    bool // the missetting turns the crystal likewise
	MosaicNoDraw bool // the first domain draws no random numbers
	FlagPrefix   bool // flags match by substring, as in C: -twotheta_axis also sets -twotheta
	// SourceComments counts the comment lines of a source file as sources,
	// words as zeros.
	SourceComments bool
}

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
)

// profileInfo is a profile and what is known of the program behind it.
type profileInfo struct {
	profile Profile
	title   string
}

// profileTable lists the profiles. The facts about the programs were read from
// their sources; what no switch covers is told in the titles.
var profileTable = []profileInfo{
	{Profile{
		Name: "nanobragg", PhiZero: PhiZeroCarry, InterpOOB: InterpOOBNearest,
		OmegaKeep: KeepFirst, PolarKeep: KeepFirst, FlagPrefix: true, SourceComments: true,
	}, "nanoBragg.c of bl831/nanoBragg and hoidn/nanoBragg, one thread: every number and quirk, held against recorded figures"},
	{Profile{
		Name: "bl831-cuda", InterpOOB: InterpOOBNever, RadiusHKL: true,
		OmegaKeep: KeepEvery, CaptureEach: true, PolarKeep: KeepFirst, FlagPrefix: true, SourceComments: true,
	}, "nanoBraggCUDA.cu of bl831/nanoBragg; its single precision and its way to add water are not modelled"},
	{Profile{
		Name: "cctbx", PhiZero: PhiZeroCarry, InterpOOB: InterpOOBSkip, RadiusHKL: true, WeighSource: true,
		OmegaKeep: KeepEvery, CaptureEach: true, DialsMinusZ: true, OrgxWhole: true, MosaicNoDraw: true,
	}, "add_nanoBragg_spots of cctbx's simtbx; its order of loops and last multiplications, and its separate background, are not modelled"},
	{Profile{
		Name: "cctbx-nks", InterpOOB: InterpOOBNever, RadiusHKL: true, WeighSource: true,
		CaptureEach: true, DialsMinusZ: true, OrgxWhole: true, MosaicNoDraw: true,
	}, "add_nanoBragg_spots_nks, CUDA and Kokkos of cctbx's simtbx, as cctbx otherwise"},
	{ProfileSpec, "the specification that ports are written to: fresh rotations, the last sample's factors"},
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
	return Profile{}, fmt.Errorf("unknown profile %q (known: %s)", name, strings.Join(ProfileNames(), ", "))
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

// Title says which program a named profile stands for, and what of it no switch
// models; "" for a name that is none.
func (p Profile) Title() string {
	for _, q := range profileTable {
		if q.profile.Name == p.Name {
			return q.title
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
