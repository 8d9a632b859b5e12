package trace

import "strings"

// plainText returns the line without what terminals read as colours, and with
// the typographic minus as the one of numbers, and blanks that join words as blanks.
func plainText(s string) string {
	if strings.IndexByte(s, 0x1b) >= 0 {
		s = withoutEscapes(s)
	}
	if strings.IndexByte(s, 0xe2) >= 0 {
		s = strings.ReplaceAll(s, "\u2212", "-")
	}
	if strings.IndexByte(s, 0xc2) >= 0 {
		s = strings.ReplaceAll(s, "\u00a0", " ")
	}
	return s
}

// withoutEscapes drops control sequences (ESC [ … letter, ESC ] … BEL or ESC \).
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
		} else if i+1 < len(s) && s[i+1] == ']' {
			for i < len(s) && s[i] != 7 && !strings.HasPrefix(s[i:], "\x1b\\") {
				i++ // the title of a window or a link
			}
			if i < len(s) && s[i] == 0x1b {
				i++
			}
		}
	}
	return b.String()
}
