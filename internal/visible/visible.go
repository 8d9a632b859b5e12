// Package visible shows text of unknown origin: names in files and on command lines
// may hold codes that move a terminal's cursor, colour it or turn its writing round.
package visible

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text returns s with every character that does not show written as Go writes it in
// a string, such as \x1b or \u202e; bytes that are no UTF-8 as \xff. Text that shows,
// blanks included, stays as it is.
func Text(s string) string {
	if strings.IndexFunc(s, hidden) < 0 && utf8.ValidString(s) {
		return s
	}
	var out strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if hidden(r) || r == utf8.RuneError && n == 1 {
			quoted := strconv.Quote(s[:n])
			out.WriteString(quoted[1 : len(quoted)-1])
		} else {
			out.WriteString(s[:n])
		}
		s = s[n:]
	}
	return out.String()
}

func hidden(r rune) bool { return !unicode.IsGraphic(r) }

// Line returns s as one line, with single blanks, and what does not show as Text
// writes it: errors are told in one line each.
func Line(s string) string { return Text(strings.Join(strings.Fields(s), " ")) }
