package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"simtrace/pkg/nanobragg"
)

// bar shows on a terminal how far a rendering is, how fast, and how long it
// will take, once it has taken longer than anybody waits without asking.
type bar struct {
	w     io.Writer // nil for no bar
	begin time.Time
	mu    sync.Mutex
	last  time.Time
	unit  string // what is counted
	shown bool
}

const (
	barAfter = 2 * time.Second
	barEvery = 100 * time.Millisecond
	barWidth = 30
)

func (p *program) progress(b *nanobragg.Builder) *bar {
	f, ok := p.stderr.(*os.File)
	if !ok || b.NoProgress || !term.IsTerminal(int(f.Fd())) {
		return &bar{}
	}
	return &bar{w: f, begin: time.Now(), unit: "row"}
}

// update may be called from many goroutines.
func (b *bar) update(done, total int) {
	if b.w == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if now.Sub(b.begin) < barAfter || now.Sub(b.last) < barEvery {
		return
	}
	b.last, b.shown = now, true
	fmt.Fprintf(b.w, "\r\x1b[K%s", barLine(b.unit, done, total, now.Sub(b.begin)))
}

// barLine is the bar after some rows in some time.
func barLine(unit string, done, total int, spent time.Duration) string {
	part := float64(done) / float64(max(total, 1))
	rate := float64(done) / spent.Seconds()
	line := fmt.Sprintf("[%-*s] %s %d of %d, %.3g a second", barWidth, strings.Repeat("=", int(part*barWidth)), unit, done, total, rate)
	if done > 0 {
		line += fmt.Sprintf(", %v left", time.Duration(float64(spent)*(1-part)/part).Round(time.Second))
	}
	return line
}

// finish takes the bar away.
func (b *bar) finish() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shown {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}
