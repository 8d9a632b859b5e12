package trace

import (
	"errors"
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

// parseFloat reads a number as C, Go, Python and Fortran print it. A number that
// did not fit its field, "****", is not a number of a known size: nan.
func parseFloat(s string) (float64, bool) {
	if s == "" || !isNumberStart(s[0]) || strings.IndexByte(s, '_') >= 0 {
		return 0, false // strconv takes 1_000 for a thousand
	}
	v, err := strconv.ParseFloat(s, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) && !hasLetters(s) {
		return v, true
	}
	return otherFloat(s)
}

// quickFloat is parseFloat, and faster for plain decimals, which most numbers are.
func quickFloat(s string) (float64, bool) {
	if v, n := plainDecimal(s); n > 0 && n == len(s) {
		return v, true
	}
	return parseFloat(s)
}

// hasLetters tells a text with letters beside those of an exponent.
func hasLetters(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c >= 'a' && c <= 'z' && c != 'e' {
			return true
		}
	}
	return false
}

// otherFloat reads what strconv does not: a nan with a sign, which C prints where
// the bit is set, Fortran's D exponents and those without a letter (.14-270),
// fields that overflowed, and the nan and inf of Microsoft's C.
func otherFloat(s string) (float64, bool) {
	switch {
	case strings.EqualFold(s, "-nan"):
		return math.Copysign(math.NaN(), -1), true
	case strings.EqualFold(s, "+nan"), len(s) > 2 && strings.Trim(s, "*") == "":
		// One star or two are a product or a power in somebody's words.
		return math.NaN(), true
	case strings.HasPrefix(s, "0x"), strings.HasPrefix(s, "-0x"):
		return 0, false
	}
	if mantissa, word, ok := strings.Cut(s, "#"); ok {
		word = strings.TrimRight(word, "0")
		switch {
		case strings.TrimLeft(mantissa, "+-") != "1.":
			return 0, false
		case word == "INF":
			return math.Inf(1 - 2*strings.Count(mantissa, "-")), true
		}
		return math.NaN(), word == "IND" || word == "QNAN" || word == "SNAN"
	}
	if i := strings.IndexAny(s, "dDqQ"); i > 0 && i+1 < len(s) {
		return decimalFloat(s[:i] + "e" + s[i+1:])
	}
	if i := strings.LastIndexAny(s, "+-"); i > 0 && s[i-1] != 'e' && s[i-1] != 'E' && len(s)-i == 4 && strings.IndexByte(s[:i], '.') >= 0 {
		return decimalFloat(s[:i] + "e" + s[i:])
	}
	return 0, false
}

// decimalFloat reads a number that has nothing but digits, signs, a point and an
// exponent.
func decimalFloat(s string) (float64, bool) {
	if strings.Trim(s, "0123456789+-.e") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil || errors.Is(err, strconv.ErrRange)
}

// isNumberStart sorts out most words before they reach strconv.
func isNumberStart(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' ||
		c == 'i' || c == 'I' || c == 'n' || c == 'N' || c == '*'
}

// numbers reads a list of numbers: apart by blanks or commas, with or without
// brackets, each with or without a name ("rotx:0"), and with or without a unit
// at the end, and within the words that Python puts around them (array([1.]),
// np.float64(1.0)). It appends to dst; why says what is wrong, "" if nothing is.
func (r *Reader) numbers(s string, dst []Value) (vs []Value, unit, why string) {
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
		if v, n := plainDecimal(s[i:]); n > 0 && !(r.opt.Comma && decimalComma(s, i+n)) {
			dst = append(dst, Value{})
			last := &dst[len(dst)-1]
			last.Name, last.Num, last.Text = group, v, s[i:i+n]
			i += n
			continue
		}
		j := i + tokenLen(s[i:])
		if r.opt.Comma && decimalComma(s, j) {
			j += 1 + tokenLen(s[j+1:])
			if decimalComma(s, j) {
				return dst, "", "a second comma in a number: " + quoted(s[i:j+1+tokenLen(s[j+1:])])
			}
		}
		token := s[i:j]
		i = j
		if wraps(token, s[i:]) {
			continue
		}
		label, num := splitLabel(token)
		if label != "" && num == "" && i < len(s) && s[i] == '[' {
			group = label
			continue
		}
		if r.opt.Comma {
			num = strings.Replace(num, ",", ".", 1)
		}
		v, ok := parseFloat(num)
		if !ok && len(dst) > 0 && isUnit(token) && strings.TrimSpace(s[i:]) == "" {
			unit = token
			break
		}
		if !ok && label == "" && len(num) > 1 {
			if head, u := attachedUnit(num); u != "" && strings.TrimSpace(s[i:]) == "" {
				v, ok, num, unit = head, true, num[:len(num)-len(u)], u
			}
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
		return dst, "", openBracket
	}
	return dst, unit, ""
}

// decimalComma tells a comma between two digits at index i.
func decimalComma(s string, i int) bool {
	return i > 0 && i+1 < len(s) && s[i] == ',' && s[i-1]-'0' <= 9 && s[i+1]-'0' <= 9
}

// wraps tells a word that Python puts around its numbers, and what it says
// behind them of their type; rest is what follows.
func wraps(token, rest string) bool {
	if strings.HasPrefix(rest, "(") {
		token = token[strings.LastIndexByte(token, '.')+1:]
		switch token {
		case "array", "tensor", "Tensor", "Parameter", "matrix", "float64", "float32", "float16", "int64", "int32", "complex128":
			return true
		}
	}
	key, _, ok := strings.Cut(token, "=")
	if !ok {
		return false
	}
	switch key {
	case "dtype", "device", "grad_fn", "requires_grad", "shape":
		return true
	}
	return false
}

// attachedUnit parts "0.5mm" into number and unit.
func attachedUnit(s string) (v float64, unit string) {
	i := len(s)
	for i > 0 && (isLetter(s[i-1]) || s[i-1] == '/' || s[i-1] == '%') {
		i--
	}
	if i == 0 || i == len(s) || !isUnit(s[i:]) {
		return 0, ""
	}
	v, ok := parseFloat(s[:i])
	if !ok {
		return 0, ""
	}
	return v, s[i:]
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
