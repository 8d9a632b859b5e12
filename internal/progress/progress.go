// Package progress tells people at a terminal how far a long run is.
package progress

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// Line tells on a terminal how far a search is and how long it will take.
// Elsewhere it is silent, and so is nil. It may be told from many goroutines.
type Line struct {
	w     io.Writer // nil for silence
	start time.Time
	mu    sync.Mutex
	last  time.Time
	dirty bool
}

// tickEvery is how often the line changes.
const tickEvery = 100 * time.Millisecond

// New begins a line on standard error; what is no terminal gets nothing.
func New(stderr io.Writer) *Line {
	t := &Line{start: time.Now()}
	if f, ok := stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		t.w = stderr
	}
	return t
}

// Step tells that done steps have ended and about left more will come; text
// says what of.
func (t *Line) Step(done, left int, text string) {
	t.Part(float64(done)/float64(max(done+left, 1)), fmt.Sprintf("%d of about %d, %s", done, done+left, text))
}

// Part tells what part of the work is done, from 0 to 1.
func (t *Line) Part(done float64, text string) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if t.w == nil || now.Sub(t.last) < tickEvery {
		return
	}
	t.last, t.dirty = now, true
	fmt.Fprintf(t.w, "\r\x1b[K%s%s", text, timeLeft(now.Sub(t.start), done))
}

// timeLeft is the estimate, as far as there is one: the rest takes as long in
// proportion.
func timeLeft(spent time.Duration, done float64) string {
	if !(done > 0) || spent < time.Second {
		return ""
	}
	left := time.Duration(float64(spent) * (1 - min(done, 1)) / min(done, 1))
	return fmt.Sprintf(", %v left", left.Round(time.Second))
}

// Of begins with another program and returns what is told its percentages.
func (t *Line) Of(program string) func(percent int) {
	if t == nil {
		return func(int) {}
	}
	t.mu.Lock()
	t.start = time.Now()
	t.mu.Unlock()
	return func(percent int) { t.Part(float64(percent)/100, fmt.Sprintf("%s: %d %% done", program, percent)) }
}

// Clear takes the line away.
func (t *Line) Clear() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dirty {
		fmt.Fprint(t.w, "\r\x1b[K")
		t.dirty = false
	}
}
