package progress

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestTimeLeft(t *testing.T) {
	for _, c := range []struct {
		spent time.Duration
		done  float64
		want  string
	}{
		{10 * time.Second, 0.25, ", 30s left"}, {90 * time.Second, 0.5, ", 1m30s left"}, {time.Minute, 1, ", 0s left"},
		{500 * time.Millisecond, 0.1, ""}, // too early to tell
		{time.Minute, 0, ""},
		{time.Minute, 2, ", 0s left"},
	} {
		if got := timeLeft(c.spent, c.done); got != c.want {
			t.Errorf("%v spent on %g: %q, want %q", c.spent, c.done, got, c.want)
		}
	}
}

// The line says what is done and is taken away again; what is no terminal gets
// nothing.
func TestLine(t *testing.T) {
	var out bytes.Buffer
	silent := New(&out)
	silent.Step(1, 2, "x")
	silent.Clear()
	if out.Len() > 0 {
		t.Errorf("told a buffer: %q", out.String())
	}
	loud := &Line{w: &out, start: time.Now().Add(-time.Minute)}
	loud.Step(1, 3, "tilted/carry is MATCH")
	loud.Step(2, 2, "too soon")
	loud.Clear()
	if got := out.String(); !strings.Contains(got, "1 of about 4, tilted/carry is MATCH, 3m0s left") || strings.Contains(got, "too soon") || !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("%q", got)
	}
}
