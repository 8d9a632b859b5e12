package bisect

import "simtrace/pkg/parity"

// largest is the relative difference that passes, as parity.Options means it:
// zero is the default, and a negative number is none.
func largest(tolerance float64) float64 {
	switch {
	case tolerance < 0:
		return 0
	case tolerance == 0:
		return parity.DefaultTolerance
	}
	return tolerance
}
