package trace

import (
	"math"
	"strconv"
	"strings"
)

// FormatFloat writes v exactly as C's printf("%.15g") does with glibc: at most
// 15 significant digits without trailing zeros, an exponent of two digits at
// least, "inf", and "-nan" for a NaN whose sign bit is set.
func FormatFloat(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	case math.IsNaN(v) && math.Signbit(v):
		return "-nan"
	case math.IsNaN(v):
		return "nan"
	}
	return strconv.FormatFloat(v, 'g', 15, 64)
}

// parseFloat reads a number as C, Go and Python print it.
func parseFloat(s string) (float64, bool) {
	if s == "" || !isNumberStart(s[0]) {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	if err == nil {
		return v, true
	}
	// strconv has no NaN with a sign, and C prints one where the bit is set.
	if strings.EqualFold(s, "-nan") {
		return math.Copysign(math.NaN(), -1), true
	}
	if strings.EqualFold(s, "+nan") {
		return math.NaN(), true
	}
	return 0, false
}

// isNumberStart sorts out most words before they reach strconv.
func isNumberStart(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' ||
		c == 'i' || c == 'I' || c == 'n' || c == 'N'
}

// units are the words that may stand behind the numbers of a quantity.
var units = map[string]bool{
	"m": true, "mm": true, "meters": true, "metres": true, "um": true, "A": true, "Å": true,
	"Angstroms": true, "Angstrom": true, "1/A": true, "1/Å": true, "A^-1": true, "Å^-1": true, "Å⁻¹": true,
	"1/m": true, "m^-1": true, "m⁻¹": true, "m⁻³": true, "A^3": true, "Å^3": true, "Å³": true, "Å^-3": true, "m³": true,
	"sr": true, "rad": true, "radians": true, "deg": true, "degrees": true, "eV": true, "%": true,
	"photons": true, "photons/m^2": true, "electrons": true, "pixels": true,
}

// numbers reads a list of numbers: apart by blanks or commas, with or without
// brackets, each with or without a name ("rotx:0"), and with or without a unit
// at the end. It appends to dst; why says what is wrong, "" if nothing is.
func numbers(s string, dst []Value) (vs []Value, unit, why string) {
	open, group := 0, ""
	for i := 0; i < len(s); {
		switch c := s[i]; c {
		case ' ', '\t', ',', ';':
			i++
			continue
		case '[', '(':
			open++
			i++
			continue
		case ']', ')':
			if open--; open < 0 {
				return dst, "", "a bracket closes that was not opened"
			}
			if open == 0 {
				group = ""
			}
			i++
			continue
		}
		if v, n := plainDecimal(s[i:]); n > 0 {
			dst = append(dst, Value{})
			last := &dst[len(dst)-1]
			last.Name, last.Num, last.Text = group, v, s[i:i+n]
			i += n
			continue
		}
		j := i + tokenLen(s[i:])
		token := s[i:j]
		i = j
		label, num := splitLabel(token)
		if label != "" && num == "" && i < len(s) && s[i] == '[' {
			group = label
			continue
		}
		v, ok := parseFloat(num)
		if !ok && units[token] && strings.TrimSpace(s[i:]) == "" {
			unit = token
			break
		}
		if !ok {
			return dst, "", "not a number: " + quoted(token)
		}
		if label == "" {
			label = group
		}
		dst = append(dst, Value{Name: label, Num: v, Text: num})
	}
	if open != 0 {
		return dst, "", "a bracket is not closed"
	}
	return dst, unit, ""
}

// tokenLen returns the length of the token at the beginning of s.
func tokenLen(s string) int {
	for i := range len(s) {
		if endsToken[s[i]] {
			return i
		}
	}
	return len(s)
}

// endsToken tells the bytes that stand between numbers.
var endsToken = [256]bool{' ': true, '\t': true, ',': true, ';': true, '[': true, ']': true, '(': true, ')': true}

// trimBlanks drops leading blanks and tabs.
func trimBlanks(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	return s
}

// splitLabel parts "rotx:0" into name and number; a token without a name is
// all number.
func splitLabel(token string) (label, num string) {
	i := strings.IndexByte(token, ':')
	if i <= 0 || !isLetter(token[0]) {
		return "", token
	}
	return token[:i], token[i+1:]
}

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

func quoted(s string) string { return strconv.Quote(shortened(s)) }
