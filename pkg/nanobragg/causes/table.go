package causes

import (
	"fmt"
	"math"
	"strconv"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

var tableLookup = Rule{
	ID: "stale-fdump", Stage: schema.StructureFactor,
	Title: "structure factors from another table, or another place of it",
	Text: `The reference reads a Fdump.bin of an earlier run where -hkl is missing. Then the two sides have other structure factors
for the same reflection. Another .hkl file, another default_F, an index beyond the table that is clamped to its edge, a table with padded rows
that returns a neighbour, or a table that is read by other axes looks the same.

How it shows: hkl_frac and hkl_rounded agree, F_cell does not, and neither log says that it interpolates. Where one side has default_F, it
takes the reflection for one outside of its table.

How to check: delete Fdump.bin and give -hkl to both; look the reflection up in the file, and its neighbours.`,
	Do: "Look the reflection up in the .hkl file: the side that has another number reads another table, or another place of it.",
	Example: `c.log:   TRACE_C: hkl_rounded -7 -1 -14    F_cell 190.27
py.log:  TRACE_PY: hkl_rounded -7 -1 -14   F_cell 48.42`,
	Find: func(c *Context) ([]Cause, string) {
		rows := c.Open(schema.FCell, schema.FCellNearest)
		if len(rows) == 0 {
			return nil, "F_cell is no root that is left to explain"
		}
		if !c.Agrees(schema.HKLRounded) {
			return nil, "hkl_rounded differs, or is not on both sides"
		}
		for _, s := range c.Sides() {
			near, _, ok1 := s.Num(schema.FCellNearest)
			if v, ok := num(s.Rec(schema.FCellInterpolated)); ok && (!ok1 || v != near) {
				return nil, fmt.Sprintf("%s prints %.6g as interpolated", s.Name, v)
			}
			if !tabled(s.RecOr(schema.FCell)) {
				return nil, "F_cell of " + s.Name + " has more digits than a list, and may be interpolated"
			}
		}
		title := "the two sides have other structure factors (F_cell) for the same reflection"
		checks := []string{fmt.Sprintf("hkl_rounded is %s on both sides (%s)", valueText(c.Ref.Rec(schema.HKLRounded)), c.Ref.Rec(schema.HKLRounded).Pos)}
		for _, s := range c.Sides() {
			v, rec, _ := s.Num(schema.FCell)
			d, ok := set(c, s, "default F")
			if o, _, ok2 := other(c, s).Num(schema.FCell); ok && ok2 && v == d && o != d {
				title = fmt.Sprintf("%s takes default_F, as outside the range of its table, %s another structure factor", s.Name, other(c, s).Name)
				checks = append(checks, fmt.Sprintf("%s is default_F (%s)", text(rec), rec.Pos))
			}
		}
		return one(rows, title, checks, show(rows[0])+".",
			"Where the table came from the logs do not tell: a stale Fdump.bin, another .hkl, another default_F, an index outside the table or a neighbour of it."), ""
	},
}

// tableDigits is the most digits that a structure factor of a list has.
const tableDigits = 7

// tabled reports whether a structure factor has the digits of a list, be it
// read into a float32.
func tabled(r *trace.Record) bool {
	v, ok := num(r)
	return ok && (diff.Digits(r.Values[0].Text) <= tableDigits || math.Abs(v-float64(float32(v))) <= 5e-15*math.Abs(v) && diff.Digits(strconv.FormatFloat(v, 'g', -1, 32)) <= tableDigits)
}
