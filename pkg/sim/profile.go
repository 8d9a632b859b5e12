package sim

import (
	"fmt"
	"sort"
	"strings"
)

// Profile is the choice among the known programs' habits, one field a habit.
// A habit is prepared data or a branch on these fields outside the innermost
// loop; there is one kernel for all.
type Profile struct {
	Name       string
	PhiZero    PhiZero
	InterpOOB  InterpOOB
	OmegaKeep  Keep
	PolarKeep  Keep
	FlagPrefix bool // flags match by substring, as in C: -twotheta_axis also sets -twotheta
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

// InterpOOB says what the sample that first leaves the interpolation's range
// takes. Either way interpolation stays off from there on.
type InterpOOB uint8

const (
	// InterpOOBDefault takes default_F.
	InterpOOBDefault InterpOOB = iota
	// InterpOOBNearest takes the nearest reflection.
	InterpOOBNearest
)

// Keep says which sample's value of a factor stands for the whole pixel.
type Keep uint8

const (
	// KeepLast keeps the last sample's.
	KeepLast Keep = iota
	// KeepFirst keeps the first sample's.
	KeepFirst
)

var (
	// ProfileSpec is the specification: rotations are fresh at every step.
	ProfileSpec = Profile{Name: "spec"}
	// ProfileNanoBragg does all that the C reference does with one thread.
	ProfileNanoBragg = Profile{
		Name: "nanobragg", PhiZero: PhiZeroCarry, InterpOOB: InterpOOBNearest,
		OmegaKeep: KeepFirst, PolarKeep: KeepFirst, FlagPrefix: true, SourceComments: true,
	}
)

var profiles = map[string]Profile{
	ProfileSpec.Name:      ProfileSpec,
	ProfileNanoBragg.Name: ProfileNanoBragg,
}

// ProfileByName returns a profile, or an error that lists the known ones.
func ProfileByName(name string) (Profile, error) {
	if p, ok := profiles[name]; ok {
		return p, nil
	}
	return Profile{}, fmt.Errorf("unknown profile %q (known: %s)", name, strings.Join(ProfileNames(), ", "))
}

// ProfileNames lists the profiles, sorted.
func ProfileNames() []string {
	var names []string
	for n := range profiles {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Switches lists the profile's habits by name, for headers and snapshots.
func (p Profile) Switches() map[string]string {
	keep := [...]string{KeepLast: "last", KeepFirst: "first"}
	match, comments := "exact", "skipped"
	if p.SourceComments {
		comments = "counted"
	}
	if p.FlagPrefix {
		match = "substring"
	}
	return map[string]string{
		"phi-zero":   [...]string{"fresh", "carry"}[p.PhiZero],
		"interp-oob": [...]string{"default", "nearest"}[p.InterpOOB],
		"omega":      keep[p.OmegaKeep],
		"polar":      keep[p.PolarKeep],
		"flags":      match,
		"comments":   comments,
	}
}
