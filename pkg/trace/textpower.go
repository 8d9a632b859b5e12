package trace

import "strings"

// superscripts are the characters of exponents, with what stands for them.
var superscripts = strings.NewReplacer("⁻", "-", "⁺", "+", "⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9")

// timesTen are the signs between a number and its power of ten.
var timesTen = [...]string{"·10", "×10", "⋅10", " · 10", " × 10", " ⋅ 10"}

// withoutSuperscripts writes powers of ten as exponents, "2.5·10⁻⁴" as "2.5e-4", with
// blanks up to where they ended.
func (t *textReader) withoutSuperscripts(s string) string {
	if strings.IndexByte(s, 0xe2) < 0 && strings.IndexByte(s, 0xc2) < 0 {
		return s
	}
	for _, sign := range timesTen {
		for at := 0; ; {
			i := strings.Index(s[at:], sign)
			if i < 0 {
				break
			}
			i += at
			at = i + len(sign)
			rest := s[at:]
			exponent := rest[:superscriptEnd(rest)]
			if exponent == "" || i == 0 || s[i-1]-'0' > 9 {
				continue
			}
			end, power := at+len(exponent), "e"+superscripts.Replace(exponent)
			s = s[:i] + power + strings.Repeat(" ", end-i-len(power)) + s[end:]
			t.noteRigid()
		}
	}
	return s
}

// superscriptEnd is where the superscripts end that a text begins with.
func superscriptEnd(s string) int {
	for i, c := range s {
		if !strings.ContainsRune("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", c) {
			return i
		}
	}
	return len(s)
}
