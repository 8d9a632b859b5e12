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
