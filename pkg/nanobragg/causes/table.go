package causes

import (
	"fmt"
	"math"
	"strconv"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// findTableLookup recognises stale-fdump.
func findTableLookup(c *Context) ([]Cause, string) {
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
}

// tableDigits is the most digits that a structure factor of a list has.
const tableDigits = 7

// tabled reports whether a structure factor has the digits of a list, be it
// read into a float32.
func tabled(r *trace.Record) bool {
	v, ok := num(r)
	return ok && (diff.Digits(r.Values[0].Text) <= tableDigits || math.Abs(v-float64(float32(v))) <= 5e-15*math.Abs(v) && diff.Digits(strconv.FormatFloat(v, 'g', -1, 32)) <= tableDigits)
}
