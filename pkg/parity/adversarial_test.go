package parity_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

// Numbers changed by hand, each by a factor of its own, have no cause that the
// rules know: what they may say of them is that a log contradicts itself.
// SIMTRACE_LONG takes more pairs.
func TestRandomFaultsHaveNoFalseCause(t *testing.T) {
	testkit.NotUnderRace(t)
	base := testkit.File(t, "testdata/carry.log")
	lines := strings.Split(base, "\n")
	pairs := 400
	if testkit.Long() {
		pairs = 20000
	}
	bad := map[string]int{}
	for n := range pairs {
		rng := rand.New(rand.NewPCG(12, uint64(n)))
		changed := append([]string(nil), lines...)
		var what []string
		for range 1 + rng.IntN(4) {
			i := rng.IntN(len(lines))
			if !strings.HasPrefix(lines[i], "TRACE_C: ") && !strings.HasPrefix(lines[i], "TRACE_C_PHI") {
				continue
			}
			spans := floatNumber.FindAllStringIndex(lines[i], -1)
			if len(spans) == 0 {
				continue
			}
			s := spans[rng.IntN(len(spans))]
			v, err := strconv.ParseFloat(lines[i][s[0]:s[1]], 64)
			if err != nil {
				t.Fatal(err)
			}
			// No factor that means anything.
			f := 1 + 0.0137*(1+rng.Float64())
			changed[i] = lines[i][:s[0]] + strconv.FormatFloat(v*f, 'g', 15, 64) + lines[i][s[1]:]
			what = append(what, fmt.Sprintf("%.40s by %.4f", lines[i], f))
		}
		r := compare(t, base, strings.Join(changed, "\n"))
		for _, c := range r.Causes {
			all := strings.Join(what, " ")
			switch {
			case c.ID == "self-inconsistent":
				continue
			case c.ID == "interpolation" && strings.Contains(all, "F_cell") && strings.Contains(all, "I_before_scaling"):
				continue // nothing tells that from a factor that was interpolated
			}
			if bad[c.ID]++; bad[c.ID] <= 2 {
				t.Errorf("pair %d, %v: a cause is named: %s, %s", n, what, c.ID, strings.Join(c.Evidence, " "))
			}
		}
	}
	if len(bad) > 0 {
		t.Logf("of %d pairs: %v", pairs, bad)
	}
}
