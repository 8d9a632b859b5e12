package parity_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
)

// TestMissingLines: lines that one side lacks are lost, and shift nothing of what
// follows, however many there are and however long the log.
func TestMissingLines(t *testing.T) {
	testkit.NotUnderRace(t)
	for _, c := range []struct {
		lines, at, gap int
		row            bool
	}{{1_000_000, 500_000, 1, false}, {60_000, 20_000, 5000, false}, {3000, 1500, 1, true}, {3000, 1000, 700, true}} {
		rng := rand.New(rand.NewPCG(1, 2))
		var ref, got strings.Builder
		for i := range c.lines {
			line := fmt.Sprintf("value %.17g\n", rng.Float64())
			if c.row {
				line = fmt.Sprintf("%.12f %.12f\n", rng.Float64(), rng.Float64())
			}
			ref.WriteString(line)
			if i < c.at || i >= c.at+c.gap {
				got.WriteString(line)
			}
		}
		r := compare(t, ref.String(), got.String())
		lost := c.gap
		if c.row {
			lost *= 2
		}
		if r.Verdict != parity.Diverged || r.Counts.Lost != lost || r.Counts.Diverged != 0 {
			t.Errorf("%+v: %s, %+v", c, r.Verdict, r.Counts)
			continue
		}
		if first := r.FirstRow(); first == nil || first.Ref == nil || first.Ref.Pos.Line != c.at+1 {
			t.Errorf("%+v: the first that is lost is not line %d: %s", c, c.at+1, r.Headline)
		}
	}
}
