package procgroup

import (
	"bytes"
	"strings"
)

// keptTail is how much of the end of a program's standard error is kept.
const keptTail = 4096

// Tail keeps the end of what is written to it, for a program's last words.
type Tail struct{ b []byte }

func (t *Tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if over := len(t.b) - keptTail; over > 0 {
		t.b = append(t.b[:0], t.b[over:]...)
	}
	return len(p), nil
}

// LastLine returns the last line written that is not blank, "" for none.
func (t *Tail) LastLine() string { return LastLine(t.b) }

// LastLine returns the last line of a text that is not blank, "" for none.
func LastLine(text []byte) string {
	lines := strings.Split(string(bytes.ToValidUTF8(text, []byte("?"))), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if s := strings.TrimSpace(lines[i]); s != "" {
			return s
		}
	}
	return ""
}
