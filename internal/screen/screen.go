// Package screen finds out what a report on standard output is fitted to.
package screen

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/term"

	"simtrace/internal/checked"
	"simtrace/internal/doc"
)

// Of is what a report on w is fitted to: a terminal's width, colours and links. The flags
// --color and --hyperlinks are auto, always or never, or empty as auto; they come before NO_COLOR, and that before FORCE_COLOR. COLUMNS, where it is set,
// is the width of a pipe, too; without it a pipe has no line broken.
func Of(colours, hyperlinks string, w io.Writer) (doc.Screen, error) {
	fd, isTerminal := terminalOf(w)
	var s doc.Screen
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		s.Width = max(n, 40)
	} else if width, _, err := term.GetSize(fd); isTerminal && err == nil {
		s.Width = max(width, 40)
	}
	able := isTerminal && os.Getenv("TERM") != "dumb"
	colour := able
	switch {
	case os.Getenv("NO_COLOR") != "":
		colour = false
	case os.Getenv("FORCE_COLOR") != "" && os.Getenv("FORCE_COLOR") != "0":
		colour = true
	}
	links := able
	for _, f := range []struct {
		name, value string
		to          *bool
	}{{"color", colours, &colour}, {"hyperlinks", hyperlinks, &links}} {
		switch f.value {
		case "always":
			*f.to = true
		case "never":
			*f.to = false
		case "auto", "":
		default:
			return s, fmt.Errorf("--%s %s: one of auto, always, never is needed", f.name, f.value)
		}
	}
	s.Colour = colour
	if links {
		s.Link = fileURL
	}
	return s, nil
}

// terminalOf is the file behind a writer, and whether it is a terminal.
func terminalOf(w io.Writer) (int, bool) {
	if c, ok := w.(*checked.Writer); ok {
		w = c.W
	}
	f, ok := w.(*os.File)
	if !ok {
		return -1, false
	}
	return int(f.Fd()), term.IsTerminal(int(f.Fd()))
}

// fileURL is the address of a place such as logs/c.log:12; "" where there is no such
// file.
func fileURL(target string) string {
	path := target
	if i := strings.LastIndexByte(target, ':'); i > 0 {
		path = target[:i]
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	if _, err := os.Stat(abs); err != nil {
		return ""
	}
	host, _ := os.Hostname()
	u := url.URL{Scheme: "file", Host: host, Path: filepath.ToSlash(abs)}
	return u.String()
}
