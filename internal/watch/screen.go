package watch

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Screen shows reports: on a terminal the last one alone, as much of it as there is
// room for; elsewhere one below the other.
type Screen struct {
	w     io.Writer
	size  func() (width, height int, ok bool) // nil where w is no terminal
	shown []byte                              // the report on the terminal
	lines int                                 // height when it was drawn
	drawn bool
}

// NewScreen shows reports on w.
func NewScreen(w io.Writer) *Screen {
	s := &Screen{w: w}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		s.size = func() (int, int, bool) {
			width, height, err := term.GetSize(int(f.Fd()))
			return width, height, err == nil && height >= 4
		}
	}
	return s
}

// The escape sequences. Lines that are too long are cut by the terminal, which knows
// how wide a character is; a terminal that knows "synchronised" shows a frame at once.
const (
	beginFrame = "\x1b[?2026h\x1b[?7l\x1b[H"
	endFrame   = "\x1b[J\x1b[?7h\x1b[?2026l"
	endLine    = "\x1b[K"
)

// Show shows a report with a title above it.
func (s *Screen) Show(title string, report []byte) error {
	text := append([]byte(title+"\n"), report...)
	if s.size == nil {
		if s.drawn {
			text = append([]byte("\n"), text...)
		}
		s.drawn = true
		_, err := s.w.Write(text)
		return err
	}
	s.shown = text
	return s.draw()
}

// Resized draws again where the terminal has another height.
func (s *Screen) Resized() error {
	if s.size == nil || s.shown == nil {
		return nil
	}
	if _, height, ok := s.size(); !ok || height == s.lines {
		return nil
	}
	return s.draw()
}

// draw writes the frame in one piece over the last one: nothing is cleared before
// something else stands there, so that nothing flickers.
func (s *Screen) draw() error {
	_, height, ok := s.size()
	if !ok {
		height = 24
	}
	var b bytes.Buffer
	if !s.drawn {
		// What stood on the terminal goes up into its history.
		b.WriteString(strings.Repeat("\n", height-1))
	}
	s.drawn, s.lines = true, height
	b.WriteString(beginFrame)
	lines := strings.Split(strings.TrimRight(string(s.shown), "\n"), "\n")
	room := height - 1 // the last line is the status
	more := ""
	if len(lines) > room {
		more = fmt.Sprintf("lines not shown: %d; ", len(lines)-room)
		lines = lines[:room]
	}
	for _, l := range lines {
		b.WriteString(l + endLine + "\r\n")
	}
	b.WriteString(more + "watching; Ctrl-C ends" + endLine + endFrame)
	_, err := s.w.Write(b.Bytes())
	return err
}

// Busy says on the last line of a terminal that a run has begun.
func (s *Screen) Busy() error {
	if s.size == nil || !s.drawn {
		return nil
	}
	_, err := io.WriteString(s.w, "\rcomparing …"+endLine)
	return err
}

// End leaves the last report where it is.
func (s *Screen) End() error {
	if s.size == nil || !s.drawn {
		return nil
	}
	_, err := io.WriteString(s.w, "\r"+endLine)
	return err
}
