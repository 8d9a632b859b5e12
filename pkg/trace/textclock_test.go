package trace

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

// hideClockSlowly looks for dates and times in the whole line.
func hideClockSlowly(anywhere *regexp.Regexp, s string) (string, int) {
	b, n := []byte(s), 0
	for _, m := range anywhere.FindAllStringIndex(s, -1) {
		if m[0] > 0 && (isWordByte(s[m[0]-1]) || s[m[0]-1] == '.') || m[1] < len(s) && isWordByte(s[m[1]]) {
			continue
		}
		for i := m[0]; i < m[1]; i++ {
			b[i] = ' '
		}
		n++
	}
	return string(b), n
}

// Dates and times are found by their signs where the regular expression finds them.
func TestHideClock(t *testing.T) {
	testkit.NotUnderRace(t)
	var all []string
	for _, e := range []*regexp.Regexp{clockTime(), shortDate(), duration()} {
		all = append(all, "(?:"+strings.TrimPrefix(e.String(), "^")+")")
	}
	anywhere := regexp.MustCompile(strings.Join(all, "|"))
	pieces := []string{
		"2026-11-27", "11/27/2026", "27-11-2026", "11/27/26", "27 Nov 2026", "Nov 27", "Wednesday, ", "Mon ", "2026", "10:11:12", "10:11", "1:02", "120:30", "10: 11: 12", ".5", ",123", " PM", "AM", " UTC", "Z", "+01:00", "T", "_", " at ",
		"3 days, ", "1h", "2m05s", "12m", "30s", "4.5s", "1 day ", "12/100", "3/4", "row 7: 1.5", "x:", ":", " ", "  ", "-", "/", ".", "(", ")", "[", "energy = 1.5", "Decimal", "March", "Sept 3", "a1", "7", "-5.0", "std::vector", "1e-3", "0x1f",
	}
	r := rand.New(rand.NewPCG(9, 4))
	hidden := 0
	for range 60000 {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(2) == 0 {
				b.WriteByte(' ')
			}
		}
		s := b.String()
		want, n := hideClockSlowly(anywhere, s)
		hidden += n
		if got, m := hideClock(s); got != want || m != n {
			t.Fatalf("%q without its times is\n%q, not\n%q", s, got, want)
		}
	}
	if hidden < 20000 {
		t.Errorf("%d times only", hidden)
	}
	for _, s := range []string{"row 7: 1.5 2.5", "thread 12 block 3: x=1.5", "Epoch: [1][12/100]", "ratio 12/100", strings.Repeat("1.5 ", 100)} {
		if i := clockSign(s, 0); i < len(s) {
			t.Errorf("%q is looked at for times because of its byte %d", s, i)
		}
	}
}
