package parity

import "simtrace/pkg/parity/diff"

// SetSizes sets how many bytes of the logs are held at a time, and returns a
// function that sets it back.
func SetSizes(s diff.Sizes) func() {
	old := sizes
	sizes = s
	return func() { sizes = old }
}
