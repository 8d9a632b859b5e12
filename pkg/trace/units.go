package trace

import (
	"math"
	"strings"
)

// Unit is a unit of measurement: so many of its dimension's own unit, which is
// m, s, kg, rad and the like.
type Unit struct {
	Dimension string
	Size      float64
}

// unitWords are the words that may stand behind the numbers of a quantity.
var unitWords = map[string]Unit{
	"m": {"m", 1}, "meters": {"m", 1}, "metres": {"m", 1}, "meter": {"m", 1}, "cm": {"m", 1e-2}, "mm": {"m", 1e-3}, "um": {"m", 1e-6}, "µm": {"m", 1e-6},
	"nm": {"m", 1e-9}, "pm": {"m", 1e-12}, "km": {"m", 1e3}, "A": {"m", 1e-10}, "Å": {"m", 1e-10}, "Angstroms": {"m", 1e-10}, "Angstrom": {"m", 1e-10},
	"angstrom": {"m", 1e-10}, "Ang": {"m", 1e-10}, "bohr": {"m", 5.29177210903e-11}, "Bohr": {"m", 5.29177210903e-11},
	"1/m": {"1/m", 1}, "m^-1": {"1/m", 1}, "m⁻¹": {"1/m", 1}, "1/A": {"1/m", 1e10}, "1/Å": {"1/m", 1e10}, "A^-1": {"1/m", 1e10}, "Å^-1": {"1/m", 1e10}, "Å⁻¹": {"1/m", 1e10},
	"m³": {"m^3", 1}, "m^3": {"m^3", 1}, "A^3": {"m^3", 1e-30}, "Å^3": {"m^3", 1e-30}, "Å³": {"m^3", 1e-30}, "m⁻³": {"1/m^3", 1}, "Å^-3": {"1/m^3", 1e30},
	"s": {"s", 1}, "sec": {"s", 1}, "ms": {"s", 1e-3}, "us": {"s", 1e-6}, "µs": {"s", 1e-6}, "ns": {"s", 1e-9}, "ps": {"s", 1e-12}, "fs": {"s", 1e-15},
	"min": {"s", 60}, "h": {"s", 3600}, "Hz": {"1/s", 1}, "kHz": {"1/s", 1e3}, "MHz": {"1/s", 1e6}, "GHz": {"1/s", 1e9},
	"m/s": {"m/s", 1}, "km/s": {"m/s", 1e3}, "cm/s": {"m/s", 1e-2}, "mm/s": {"m/s", 1e-3}, "km/h": {"m/s", 1 / 3.6},
	"kg": {"kg", 1}, "g": {"kg", 1e-3}, "mg": {"kg", 1e-6}, "N": {"N", 1}, "kN": {"N", 1e3},
	"Pa": {"Pa", 1}, "hPa": {"Pa", 1e2}, "kPa": {"Pa", 1e3}, "MPa": {"Pa", 1e6}, "GPa": {"Pa", 1e9}, "bar": {"Pa", 1e5}, "mbar": {"Pa", 1e2}, "kbar": {"Pa", 1e8}, "atm": {"Pa", 101325},
	"J": {"J", 1}, "kJ": {"J", 1e3}, "eV": {"J", 1.602176634e-19}, "keV": {"J", 1.602176634e-16}, "meV": {"J", 1.602176634e-22}, "Ry": {"J", 2.1798723611035e-18},
	"Ha": {"J", 4.3597447222071e-18}, "kcal/mol": {"J/mol", 4184}, "kJ/mol": {"J/mol", 1e3}, "kcal": {"J", 4184}, "cal": {"J", 4.184},
	"K": {"K", 1}, "W": {"W", 1}, "kW": {"W", 1e3}, "V": {"V", 1}, "mV": {"V", 1e-3}, "mol": {"mol", 1},
	"rad": {"rad", 1}, "radians": {"rad", 1}, "mrad": {"rad", 1e-3}, "deg": {"rad", math.Pi / 180}, "degrees": {"rad", math.Pi / 180}, "°": {"rad", math.Pi / 180},
	"sr": {"sr", 1}, "%": {"", 1e-2}, "photons": {"photons", 1}, "photons/m^2": {"photons/m^2", 1}, "electrons": {"electrons", 1}, "pixels": {"pixels", 1}, "pixel": {"pixels", 1},
}

// UnitOf returns what a word says as a unit; ok is false for an unknown one.
func UnitOf(word string) (Unit, bool) {
	u, ok := unitWords[strings.TrimSpace(word)]
	return u, ok
}

// isUnit tells a word that is a unit.
func isUnit(word string) bool {
	_, ok := unitWords[word]
	return ok
}
