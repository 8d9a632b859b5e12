package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// esc escapes prose for Markdown, tables included.
func esc(s string) string {
	var b strings.Builder
	for _, c := range printable(s) {
		if strings.ContainsRune("\\`*_[]<>|~#", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// code sets a log's own text as code, also where it holds backticks or bars.
func code(s string) string {
	s = strings.ReplaceAll(printable(s), "|", "\\|")
	if s == "" {
		return "-"
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

// printable replaces what a terminal or a table cell must not get: line ends,
// control characters, broken UTF-8.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n', c == '\r', c == '\t':
			return ' '
		case c == utf8.RuneError, unicode.IsControl(c):
			return '?'
		}
		return c
	}, s)
}

// upper starts a sentence.
func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || strings.HasPrefix(s, "F_") || strings.HasPrefix(s, "I_") || strings.HasPrefix(s, "k_frac") {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
