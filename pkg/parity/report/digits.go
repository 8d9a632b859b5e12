package report

import (
	"strconv"
	"strings"
)

// digits is a printed number in two parts: what it shares with the other side's
// number from the left, and the rest, which differs.
type digits struct{ Same, Rest string }

// setOff parts two printed numbers where their digits part. Numbers of another
// sign or another size share nothing: a common first digit of 9.5 and 95 says
// nothing. Words that differ are set off whole.
func setOff(ref, got string) (digits, digits) {
	ref, got = shown(ref), shown(got)
	if ref == got || sameNumber(ref, got) {
		return digits{Same: ref}, digits{Same: got}
	}
	if decade(ref) == "" || decade(ref) != decade(got) {
		return digits{Rest: ref}, digits{Rest: got}
	}
	n := 0
	for n < len(ref) && n < len(got) && ref[n] == got[n] {
		n++
	}
	return digits{ref[:n], ref[n:]}, digits{got[:n], got[n:]}
}

// shown is printable that keeps the ends of lines.
func shown(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return strings.Join(lines, "\n")
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
