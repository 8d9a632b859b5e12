package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Colour adds escape sequences and changes nothing else, the tables' columns
// included.
func TestColourAddsColourOnly(t *testing.T) {
	for name, r := range reports(t) {
		var black, dyed bytes.Buffer
		if err := Terminal(&black, r); err != nil {
			t.Fatal(err)
		}
		if err := TerminalColour(&dyed, r); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(dyed.String(), "\x1b[") {
			t.Errorf("%s: no colour", name)
		}
		if got := escapes.ReplaceAllString(dyed.String(), ""); got != black.String() {
			t.Errorf("%s: with colour\n%s\nwithout\n%s", name, got, black.String())
		}
		if strings.ContainsRune(escapes.ReplaceAllString(dyed.String(), ""), '\x1b') {
			t.Errorf("%s: an escape sequence of the log reaches the terminal", name)
		}
	}
}
