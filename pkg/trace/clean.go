package trace

import "strings"

// plainText returns the line without what terminals read as colours, and with
// the typographic minus as the one of numbers.
func plainText(s string) string {
	if strings.IndexByte(s, 0x1b) >= 0 {
		s = withoutEscapes(s)
	}
	if strings.IndexByte(s, 0xe2) >= 0 {
		s = strings.ReplaceAll(s, "\u2212", "-")
	}
	return s
}

// withoutEscapes drops control sequences (ESC [ … letter).
func withoutEscapes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != 0x1b {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '[' {
			i += 2
			for i < len(s) && (s[i] < '@' || s[i] > '~') {
				i++
			}
		}
	}
	return b.String()
}
