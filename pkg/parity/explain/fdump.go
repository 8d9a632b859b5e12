package explain

import (
	"fmt"

	"simtrace/pkg/trace/schema"
)

var staleFdump = Rule{
	ID:    "stale-fdump",
	Title: "structure factors from another table",
	Text: `The reference reads a Fdump.bin of an earlier run where -hkl is missing. Then the two sides have other structure factors
for the same reflection. Another .hkl file, another default_F, or a table that is read by other axes looks the same.

How it shows: hkl_frac and hkl_rounded agree, F_cell does not, and neither log says that it interpolates.

How to check: delete Fdump.bin and give -hkl to both; look the reflection up in the file.`,
	Example: `c.log:   TRACE_C: hkl_rounded -7 -1 -14    F_cell 190.27
py.log:  TRACE_PY: hkl_rounded -7 -1 -14   F_cell 48.42`,
	Find: findFdump,
}

func findFdump(c *Context) ([]Cause, string) {
	rows := c.open(schema.FCell, schema.FCellNearest)
	if len(rows) == 0 {
		return nil, "F_cell is no root"
	}
	if c.found[interpolation.ID] || c.found[interpolationLatch.ID] {
		return nil, "interpolation accounts for it"
	}
	if !c.agrees(schema.HKLRounded) {
		return nil, "hkl_rounded differs, or is not on both sides"
	}
	for _, s := range c.sides() {
		near, _, ok1 := s.Num(schema.FCellNearest)
		interp := s.Rec(schema.FCellInterpolated)
		if v, ok := num(interp); ok && (!ok1 || v != near) {
			return nil, s.Name + " interpolates"
		}
		if !tabled(s.recOr(schema.FCell)) {
			return nil, "F_cell of " + s.Name + " has more digits than a list, and may be interpolated"
		}
	}
	return []Cause{{
		Role: IsCause, Confidence: 0.7, order: schema.FCell, Explains: rows,
		Title: "the two sides have other structure factors for the same reflection",
		Evidence: []string{fmt.Sprintf("hkl_rounded is %s on both sides (%s).", valueText(c.Ref.Rec(schema.HKLRounded)), c.Ref.Rec(schema.HKLRounded).Pos), show(rows[0]) + ".",
			"Where the table came from the logs do not tell: a stale Fdump.bin, another .hkl, or another default_F."},
		Findings: []Finding{finding(rows[0], "another table of structure factors")},
	}}, ""
}
