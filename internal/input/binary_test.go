package input

import (
	"strings"
	"testing"
)

// TestIsBinary: an image is no log, and a log with zero bytes in it is one.
func TestIsBinary(t *testing.T) {
	for text, want := range map[string]bool{
		"step 1\nx 0.5\n":                        false,
		"step 1\nx 0.5\n\x00\x00\x00\nstep 2\n":  false,
		"Å 1\n\x00 2\n":                          false,
		"\x00\x02?\x03\x04\n":                    true,
		strings.Repeat("\x00", 2000):             true,
		"\x00\x00\x80\x3f\n\x9a\x99\x19\x3f\x00": true,
		"":                                       false,
	} {
		if got := isBinary(strings.NewReader(text)); got != want {
			t.Errorf("%.20q: %v", text, got)
		}
	}
}
