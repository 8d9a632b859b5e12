package sim

import (
	"fmt"
	"strings"
)

// Switch is one habit in which the known programs differ. Values lists its
// settings; Get and Profile.Set read and change it, so that a search can try
// them all.
type Switch struct {
	Name   string
	Help   string
	Values []SwitchValue

	get func(p *Profile) int
	set func(p *Profile, i int)
}

// SwitchValue is one setting of a Switch.
type SwitchValue struct{ Name, Help string }

// Switches lists all habits, in the order of a pixel's computation.
func Switches() []Switch { return append([]Switch(nil), switchTable...) }

// Get returns the name of the switch's setting in p.
func (s Switch) Get(p Profile) string { return s.Values[s.get(&p)].Name }

// ValueNames lists the names of the settings.
func (s Switch) ValueNames() []string {
	var names []string
	for _, v := range s.Values {
		names = append(names, v.Name)
	}
	return names
}

// Set changes one habit. The error of an unknown name or value lists the known
// ones.
func (p *Profile) Set(name, value string) error {
	var names []string
	for _, s := range switchTable {
		if names = append(names, s.Name); s.Name != name {
			continue
		}
		for i, v := range s.Values {
			if v.Name == value {
				s.set(p, i)
				return nil
			}
		}
		return fmt.Errorf("switch %s has no value %q (known: %s)", name, value, strings.Join(s.ValueNames(), ", "))
	}
	return fmt.Errorf("unknown switch %q (known: %s)", name, strings.Join(names, ", "))
}

// Switches returns the profile's habits by name, for headers and snapshots.
func (p Profile) Switches() map[string]string {
	m := map[string]string{}
	for _, s := range switchTable {
		m[s.Name] = s.Get(p)
	}
	return m
}

// choice makes a switch of a field that counts from zero in the order of values.
func choice[T ~uint8](name, help string, field func(p *Profile) *T, values ...SwitchValue) Switch {
	return Switch{
		Name: name, Help: help, Values: values,
		get: func(p *Profile) int { return int(*field(p)) },
		set: func(p *Profile, i int) { *field(p) = T(i) },
	}
}

// yesNo makes a switch of a boolean field; the values are those of false and
// true.
func yesNo(name, help string, field func(p *Profile) *bool, no, yes SwitchValue) Switch {
	return Switch{
		Name: name, Help: help, Values: []SwitchValue{no, yes},
		get: func(p *Profile) int {
			if *field(p) {
				return 1
			}
			return 0
		},
		set: func(p *Profile, i int) { *field(p) = i == 1 },
	}
}

var switchTable = []Switch{
	yesNo("flags", "how flags match", func(p *Profile) *bool { return &p.FlagPrefix },
		SwitchValue{"exact", "a flag is what it spells"},
		SwitchValue{"substring", "every flag whose name the argument contains, so that -twotheta_axis also sets -twotheta"}),
	yesNo("comments", "lines of a source file that start with #", func(p *Profile) *bool { return &p.SourceComments },
		SwitchValue{"skipped", "are comments"},
		SwitchValue{"counted", "count as sources, words as zeros"}),
	yesNo("dials-axes", "the frame of -dials", func(p *Profile) *bool { return &p.DialsMinusZ },
		SwitchValue{"plus-z", "beam +z, slow +y, spindle y"},
		SwitchValue{"minus-z", "beam -z, slow -y, spindle x"}),
	yesNo("orgx", "where ORGX and ORGY count from", func(p *Profile) *bool { return &p.OrgxWhole },
		SwitchValue{"half-pixel", "(ORGX - 0.5) pixels"},
		SwitchValue{"none", "ORGX pixels"}),
	yesNo("odet", "a given detector normal", func(p *Profile) *bool { return &p.OdetKept },
		SwitchValue{"regenerate", "becomes fast x slow unless its length is exactly 1"},
		SwitchValue{"keep", "is kept, whatever its length"}),
	yesNo("vectors", "given vectors of the beam and the detector's axes", func(p *Profile) *bool { return &p.VectorsRaw },
		SwitchValue{"unit", "are made unit vectors"},
		SwitchValue{"as-given", "are used with the length they have"}),
	yesNo("detector-order", "order of the detector's rotations rotx, roty and rotz", func(p *Profile) *bool { return &p.DetectorZYX },
		SwitchValue{"xyz", "about x first: R = Rz Ry Rx"},
		SwitchValue{"zyx", "about z first: R = Rx Ry Rz"}),
	yesNo("misset-order", "order of the missetting's rotations", func(p *Profile) *bool { return &p.MissetZYX },
		SwitchValue{"xyz", "about x first: R = Rz Ry Rx"},
		SwitchValue{"zyx", "about z first: R = Rx Ry Rz"}),
	yesNo("mosaic-0", "the first mosaic domain, which is not turned", func(p *Profile) *bool { return &p.MosaicNoDraw },
		SwitchValue{"draw", "draws its random numbers all the same"},
		SwitchValue{"no-draw", "draws none, so that the others draw what it would have drawn"}),
	choice("phi-zero", "vectors of a step at phi = 0 exactly", func(p *Profile) *PhiZero { return &p.PhiZero },
		SwitchValue{"fresh", "unrotated"},
		SwitchValue{"carry", "those of the step before, also across pixels; the run's first sweep is fresh"}),
	yesNo("gauss-radius", "squared radius of Gaussian and flat spots", func(p *Profile) *bool { return &p.RadiusHKL },
		SwitchValue{"reciprocal", "|dh a* + dk b* + dl c*|^2 (Na Nb Nc)^2"},
		SwitchValue{"hkl", "dh^2 Na^2 + dk^2 Nb^2 + dl^2 Nc^2"}),
	choice("interp-oob", "a sample out of the interpolation's range", func(p *Profile) *InterpOOB { return &p.InterpOOB },
		SwitchValue{"latch-default", "takes default_F; interpolation is off from there on"},
		SwitchValue{"latch-nearest", "takes the nearest F; interpolation is off from there on"},
		SwitchValue{"latch-skip", "adds nothing; interpolation is off from there on"},
		SwitchValue{"nearest", "takes the nearest F; interpolation stays on"},
		SwitchValue{"off", "no interpolation anywhere"}),
	yesNo("steps", "what the sum is divided by", func(p *Profile) *bool { return &p.WeighSource },
		SwitchValue{"with-sources", "sources too; weights are not used"},
		SwitchValue{"without-sources", "not sources; every sample counts times its source's weight"}),
	yesNo("capture", "the layers' capture fraction", func(p *Profile) *bool { return &p.CaptureEach },
		SwitchValue{"last-layer", "the last layer's multiplies the pixel"},
		SwitchValue{"every", "every sample is multiplied by its layer's"}),
	choice("polar", "polarisation factor of the pixel", func(p *Profile) *Keep { return &p.PolarKeep },
		SwitchValue{"last", "the last sample's"},
		SwitchValue{"first", "the first sample's"}),
	choice("omega", "solid angle of the pixel", func(p *Profile) *Keep { return &p.OmegaKeep },
		SwitchValue{"last", "the last sample's"},
		SwitchValue{"first", "the first sample's"},
		SwitchValue{"every", "every sample is multiplied by its own"}),
}
