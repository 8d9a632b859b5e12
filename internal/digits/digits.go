// Package digits shows where two printed numbers part.
package digits

import (
	"strconv"
	"strings"
)

// Parts is a printed number in two parts: what it shares with the other side's
// number from the left, and the rest, which differs.
type Parts struct{ Same, Rest string }

// SetOff parts two printed numbers where their digits part. Numbers of another
// sign or another size share nothing: a common first digit of 9.5 and 95 says
// nothing. Words that differ are set off whole.
func SetOff(ref, got string) (Parts, Parts) {
	if ref == got || sameNumber(ref, got) {
		return Parts{Same: ref}, Parts{Same: got}
	}
	if decade(ref) == "" || decade(ref) != decade(got) {
		return Parts{Rest: ref}, Parts{Rest: got}
	}
	n := 0
	for n < len(ref) && n < len(got) && ref[n] == got[n] {
		n++
	}
	return Parts{ref[:n], ref[n:]}, Parts{got[:n], got[n:]}
}

// SetOffBoth sets off the digits only where both sides have some.
func SetOffBoth(ref, got string) (Parts, Parts) {
	if ref == "" || got == "" {
		return Parts{Same: ref}, Parts{Same: got}
	}
	return SetOff(ref, got)
}

// differing is how many digits a number keeps from the first that differs on.
const differing = 4

// Cut shortens two printed numbers to the digits that they share and the first
// few that differ, rounded. What is no number, or of another size, keeps so many digits;
// words stay.
func Cut(ref, got string) (string, string) {
	x, err1 := strconv.ParseFloat(ref, 64)
	y, err2 := strconv.ParseFloat(got, 64)
	if err1 != nil || err2 != nil {
		return ref, got
	}
	keep := differing
	if a, b := SetOff(ref, got); a.Same != "" && a.Rest+b.Rest != "" {
		keep += significant(a.Same)
	}
	return cutTo(ref, x, keep), cutTo(got, y, keep)
}

// significant counts the digits from the first that is not 0 on.
func significant(s string) int {
	s, _, _ = strings.Cut(strings.ToLower(s), "e")
	return len(strings.TrimLeft(signs.Replace(s), "0"))
}

var signs = strings.NewReplacer("-", "", "+", "", ".", "")

// cutTo writes a number with so many digits, or as it was printed where that has no
// more, or is shorter.
func cutTo(text string, v float64, digits int) string {
	if short := strconv.FormatFloat(v, 'g', digits, 64); significant(text) > digits && len(short) < len(text) {
		return short
	}
	return text
}

func sameNumber(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && (x == y || x != x && y != y)
}

// decade tells sign, number of digits before the point, and exponent; "" for
// what is no finite number. Digits at one place count the same only where all
// of it agrees.
func decade(s string) string {
	if _, err := strconv.ParseFloat(s, 64); err != nil || strings.ContainsAny(s, "nNxXpP_") {
		return ""
	}
	sign, rest := "+", s
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, rest = s[:1], s[1:]
	}
	mantissa, exp, _ := strings.Cut(strings.ToLower(rest), "e")
	before, _, _ := strings.Cut(mantissa, ".")
	e, _ := strconv.Atoi(exp)
	return sign + strconv.Itoa(len(before)) + "e" + strconv.Itoa(e)
}
