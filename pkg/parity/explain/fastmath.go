package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
)

var fastMath = Rule{
	ID:    "fast-math",
	Title: "NaN on one side: a test for NaN may be compiled away",
	Text: `nanoBragg marks what was not given by NaN and tests for it. With -ffast-math the compiler takes such tests for
false, and the NaN goes into the calculation.

How it shows: the first quantity that was not given, or that follows from one, is NaN on one side and a number on
the other.

How to check: compile without -ffast-math (or -Ofast). A division of 0 by 0 in a port looks the same.`,
	Example: `c.log:   TRACE_C:Fclose_m=nan
py.log:  TRACE_PY:Fclose_m=0.2175`,
	Find: findFastMath,
}

func findFastMath(c *Context) ([]Cause, string) {
	var rows []*diff.Row
	side := -1
	for _, r := range c.Roots {
		ref, got, ok := pairOf(r)
		if !ok || c.claimed[r] {
			continue
		}
		for i := range ref {
			if math.IsNaN(ref[i]) == math.IsNaN(got[i]) {
				continue
			}
			mine := 1
			if math.IsNaN(ref[i]) {
				mine = 0
			}
			if side >= 0 && side != mine {
				return nil, "both sides have NaN where the other has numbers"
			}
			side = mine
			rows = append(rows, r)
			break
		}
	}
	if len(rows) == 0 {
		return nil, "no root is NaN on one side"
	}
	return []Cause{{
		Role: IsCause, Confidence: 0.7, order: rows[0].Key, Explains: rows,
		Title:    fmt.Sprintf("%s is NaN in %s, and a number on the other side", rows[0].Name(), c.sides()[side].Name),
		Evidence: []string{show(rows[0]) + "; what it is computed from agrees."},
		Findings: []Finding{finding(rows[0], "NaN on one side")},
	}}, ""
}
