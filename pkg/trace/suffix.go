package trace

import (
	"slices"
	"strconv"
	"strings"
)

// maxSuffix is how long letters may be that are glued to a number: beyond it, they are
// a word that begins with digits.
const maxSuffix = 8

// gluedNumber reads a number with something glued to it that is no unit of the table:
// "8.49i", "4.33e-01f", "5.98dB", "1.5x2.5", "NaNi". It returns how long the number is,
// and what is glued to it; 0 for a word, such as "3D", "1.0rc1" and a checksum.
func gluedNumber(s string, i int) (v float64, n, glued int) {
	t, exact := s[i:], true
	n = namedValue(t)
	if n == 0 {
		n, exact = mantissaLen(t)
	}
	if n == 0 || n == len(t) {
		return 0, 0, 0
	}
	if t[n] == '_' && !exact {
		return inThousands(t, n)
	}
	glued, ok := gluedBehind(s, i, n, exact)
	if ok {
		v, ok = valueOfText(t[:n], false)
	}
	if !ok {
		return 0, 0, 0
	}
	if isUnit(t[n:n+glued]) && !isFlag(t[:n], t[n:n+glued]) {
		glued = 0 // found where units behind blanks are
	}
	return v, n, glued
}

// gluedBehind is the length of what is glued to the n bytes of a number at index i; false
// where they are part of a word.
func gluedBehind(s string, i, n int, exact bool) (glued int, ok bool) {
	rest := s[i+n:]
	if imaginaryPart(rest) {
		return 0, true
	}
	if exact && len(rest) > 1 && rest[0]|0x20 == 'x' && rest[1]-'0' <= 9 {
		return 1, true // "1.5x2.5"
	}
	glued = suffixLen(rest)
	switch suffix := rest[:glued]; {
	case glued == 0:
		return 0, false
	case isImaginary(suffix) && addsUp(s, i):
		return glued, true
	case namedValue(s[i:]) > 0:
		return glued, isImaginary(suffix)
	case assigned(s[:i]):
		return glued, exact || isSizeWord(suffix)
	}
	return glued, exact && !isRelease(rest[:glued])
}

// isFlag tells a letter that says something of the row of numbers that it stands in,
// "9.70e-01h", although it is a unit, too: times have no exponents.
func isFlag(number, letter string) bool {
	return len(letter) == 1 && letter != "s" && letter != "m" && strings.ContainsAny(number, "eE")
}

// text is what the number says.
func (x *numberAt) text(s string) string {
	if x.apart {
		return strings.Join(strings.Fields(s[x.from:x.to]), "")
	}
	return s[x.from:x.to]
}

// gluedTo is what is glued to some numbers of one quantity, or else their unit.
func gluedTo(s string, list []numberAt, unit string) string {
	if !slices.ContainsFunc(list, func(x numberAt) bool { return x.glued > 0 }) {
		return unit
	}
	var b strings.Builder
	for i, x := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s[x.to:x.end()])
	}
	return b.String()
}

// namedValue is the length of a nan or infinity with its sign; 0 for none.
func namedValue(s string) int {
	n := 0
	if s[0] == '-' || s[0] == '+' {
		n = 1
	}
	if len(s) < n+3 || !strings.EqualFold(s[n:n+3], "nan") && !strings.EqualFold(s[n:n+3], "inf") {
		return 0
	}
	return n + 3
}

// mantissaLen is the length of the decimal number that s begins with; exact tells one
// with a point, or with an exponent that has a sign: letters behind digits alone may
// make a checksum of them, or a name.
func mantissaLen(s string) (n int, exact bool) {
	if s[0] == '-' || s[0] == '+' {
		n = 1
	}
	first := n
	n = digitsEnd(s, n)
	if n < len(s) && s[n] == '.' {
		point := n + 1
		if n = digitsEnd(s, point); n == point {
			return 0, false
		}
		exact = true
	}
	if n == first {
		return 0, false
	}
	if n+1 < len(s) && (s[n]|0x20 == 'e' || s[n]|0x20 == 'd') {
		m := n + 1
		if s[m] == '-' || s[m] == '+' {
			m++
		}
		if d := digitsEnd(s, m); d > m && (exact || m > n+1) {
			return d, true
		}
	}
	return n, exact
}

// suffixLen is the length of letters, or of a unit such as "m/s" and "cm-1", that stand
// before what ends a number; 0 for none.
func suffixLen(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || s[n] >= 0x80 || s[n] == '%' || n > 0 && s[n] == '/') {
		n++
	}
	if n > 0 && strings.IndexByte("msf", s[n-1]) >= 0 { // "cm-1", or Julia's exponent
		n += powerLen(s[n:])
	}
	switch {
	case n == 0 || n > maxSuffix || s[n-1] == '/' || s[0] == '_' && n > 3:
		return 0
	case n == len(s) || strings.IndexByte(" \t,;:)]}|\"'", s[n]) >= 0:
		return n
	case s[n] == '.' && (n+1 == len(s) || s[n+1] == ' '):
		return n
	case isImaginary(s[:n]) && strings.IndexByte("+-*", s[n]) >= 0:
		return n
	}
	return 0
}

// powerLen is the length of the power of a unit, "2" or "^-1", that s begins with.
func powerLen(s string) int {
	n := 0
	for n < len(s) && n < 2 && (s[n] == '^' || s[n] == '-') {
		n++
	}
	if n < len(s) && s[n]-'0' <= 9 {
		return n + 1
	}
	return 0
}

// imaginaryPart tells the second part of a complex number, with its sign.
func imaginaryPart(s string) bool {
	if s[0] != '-' && s[0] != '+' {
		return false
	}
	n := namedValue(s)
	if n == 0 {
		n, _ = mantissaLen(s)
	}
	return n > 0 && isImaginary(s[n:n+suffixLen(s[n:])])
}

// isImaginary tells what stands behind the second part of a complex number.
func isImaginary(s string) bool { return s == "i" || s == "j" || s == "im" }

// addsUp tells whether the number at index i is added to one before it.
func addsUp(s string, i int) bool {
	if s[i] != '-' && s[i] != '+' {
		i = len(strings.TrimRight(s[:i], " \t")) - 1
		if i < 0 || s[i] != '-' && s[i] != '+' {
			return false
		}
	}
	before := strings.TrimRight(s[:i], " \t")
	return before != "" && before[len(before)-1]-'0' <= 9
}

// isRelease tells what stands behind the number of a version.
func isRelease(s string) bool {
	switch s {
	case "a", "b", "rc", "dev", "alpha", "beta", "pre", "post":
		return true
	}
	return false
}

// assigned tells whether what comes next is a value.
func assigned(before string) bool {
	before = strings.TrimRight(before, " \t")
	return before != "" && (before[len(before)-1] == '=' || before[len(before)-1] == ':')
}

// isSizeWord tells what makes a size of digits alone: a unit or a prefix of one, or the
// letter of an imaginary number. "3D" and "2nd" are words.
func isSizeWord(s string) bool {
	if s == "x" || isImaginary(s) || isUnit(s) {
		return true
	}
	for _, base := range [...]string{"", "A", "V", "W", "N", "Nm", "Pa", "J", "K", "C", "F", "H", "T", "S", "Hz", "Ohm", "ohm", "Ω", "eV", "g", "s", "B", "L", "mol", "dB", "dBm", "Wb", "Bq", "yr", "pc"} {
		if prefix, ok := strings.CutSuffix(s, base); ok && (prefix == "" && base != "" || len(prefix) == 1 && strings.Contains("fpnumkKMGT", prefix) || prefix == "µ") {
			return true
		}
	}
	return false
}

// longerNumber is the length of what begins with n bytes that are a number by themselves,
// and is none of a known size: "8'h94" of Verilog, which is compared by its text, because
// each bit counts, and "-nan(ind)" of Microsoft's C.
func longerNumber(s string, n int) int {
	end := n + 1
	for end < len(s) && isWordByte(s[end]) {
		end++
	}
	switch {
	case s[n] == '(' && end < len(s) && s[end] == ')' && strings.EqualFold(strings.TrimLeft(s[:n], "+-"), "nan"):
		return end + 1
	case s[n] == '(' || end < n+3 || strings.IndexByte("hHbBoOdD", s[n+1]) < 0 || end < len(s) && strings.IndexByte(" \t,;:)]}|", s[end]) < 0:
		return n
	}
	return end
}

// inThousands reads "1_234_567".
func inThousands(s string, n int) (float64, int, int) {
	end := n
	for end+3 < len(s) && s[end] == '_' && digitsEnd(s[:end+4], end+1) == end+4 {
		end += 4
	}
	if end == n || n > 4 || end < len(s) && (isWordByte(s[end]) || s[end] == '.') {
		return 0, 0, 0
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(s[:end], "_", ""), 64)
	if err != nil {
		return 0, 0, 0
	}
	return v, end, 0
}
