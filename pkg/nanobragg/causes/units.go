package causes

import (
	"fmt"
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

func findUnitLabel(c *Context) ([]Cause, string) {
	var out []Cause
	why := "no root with a unit has a power of ten, or 2 pi, as its ratio"
	seen := map[schema.Key]bool{}
	for _, row := range c.Open() {
		if seen[row.Key] || row.Info == nil || row.Info.Unit == "" {
			continue
		}
		seen[row.Key] = true
		rows := c.Open(row.Key)
		ratio, what, ok := rowsRatio(rows)
		if !ok {
			continue
		}
		below, agree := c.Downstream(row.Key)
		if group := labelled(c, ratio, below); !agree && group != nil {
			rows, below, agree = append(rows, group...), unlabelled(below, group), true
		}
		if len(below) == 0 || !agree {
			why = fmt.Sprintf("%s has the ratio %s; of the %d rows that are computed from it not all agree", row.Name(), what, len(below))
			continue
		}
		cause := one(rows, fmt.Sprintf("%s is printed %s times as large: a label, nothing comes of it", row.Name(), what),
			[]string{fmt.Sprintf("every component has the ratio %.9g", ratio), fmt.Sprintf("what is computed from it agrees in %d rows, %s first (%s, %s)", len(below), below[0].Name(), below[0].Ref.Pos, below[0].Got.Pos)}, show(row)+".")[0]
		cause.Of, cause.PrintOnly, cause.Share = row.Name(), true, noShare("only printed: what is computed from it agrees")
		out = append(out, cause)
	}
	return out, why
}

// labelled returns the roots and rows computed from a row that have its ratio as well, where nothing else that is
// computed from them differs: they are printed in one other unit, together. nil where there are none.
func labelled(c *Context, ratio float64, below []*diff.Row) []*diff.Row {
	var group []*diff.Row
	for _, r := range below {
		if !r.Diverged() {
			continue
		}
		if v, ok := rowRatio(r); !ok || !meets(v, ratio) {
			return nil
		}
		further, agree := c.Downstream(r.Key)
		if len(further) == 0 || !agree {
			return nil
		}
		group = append(group, r)
	}
	return group
}

// unlabelled are the rows that are not of the group.
func unlabelled(rows, group []*diff.Row) []*diff.Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r *diff.Row) bool { return slices.Contains(group, r) })
}

// rowsRatio returns the ratio of all rows where it is that of two units.
func rowsRatio(rows []*diff.Row) (ratio float64, what string, ok bool) {
	for i, row := range rows {
		r, one := rowRatio(row)
		if !one || i > 0 && !meets(r, ratio) {
			return 0, "", false
		}
		ratio = r
	}
	what, ok = unitRatio(ratio)
	return ratio, what, ok
}

// unitRatio names a ratio of two units: a power of ten, or 2 pi, where the reciprocal
// lattice has another convention.
func unitRatio(ratio float64) (string, bool) {
	if n, ten := powerOfTen(ratio); ten {
		return fmt.Sprintf("1e%d", n), true
	}
	inverse, pi := eitherWay(ratio, 2*math.Pi)
	if inverse {
		return "1/(2 pi)", pi
	}
	return "2 pi", pi
}

// findPrintUnit recognises print-unit.
func findPrintUnit(c *Context) ([]Cause, string) {
	rows := c.Open(realKeys...)
	if len(rows) == 0 {
		return nil, "no real vector is a root that is left to explain"
	}
	realR, ok1 := vecs(c.Ref, realKeys...)
	realG, ok2 := vecs(c.Got, realKeys...)
	if !ok1 || !ok2 {
		return nil, notPrinted(realKeys...)
	}
	// The crystal may be turned otherwise besides.
	turned, ok := rotationOf(realR, realG)
	n := int(math.Round(math.Log10(turned.scale)))
	ten := ok && n != 0 && closeTo(turned.scale, math.Pow(10, float64(n)), 1e-3) // a cell that is no dual has 1e-4 more
	if c.Agrees(schema.HKLFrac) {
		return nil, "hkl_frac agrees: the unit is wrong in the print of the cell alone"
	}
	if !ok || !ten {
		return nil, fmt.Sprintf("the real vectors have no power of ten as their one ratio, but %.6g", turned.scale)
	}
	what := fmt.Sprintf("1e%d", n)
	s := c.Got
	if n > 0 {
		s = c.Ref
	}
	latt, lr, ok1 := s.Num(schema.FLatt)
	cell, _, ok2 := s.Num(schema.FCell)
	sum, sr, ok3 := s.Num(schema.IBeforeScaling)
	steps, _, ok4 := s.Num(schema.Steps)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return nil, notPrinted(schema.FLatt, schema.FCell, schema.IBeforeScaling, schema.Steps)
	}
	made := cell * cell * latt * latt * steps
	if closeTo(sum, made, 0.1) {
		return nil, fmt.Sprintf("I_before_scaling of %s is %.6g, as its printed factors make it: the unit is wrong in the sum as well", s.Name, sum)
	}
	// What the trace computes from the cell follows; the sum does not.
	rows = append(rows, c.Open(append(append([]schema.Key{schema.HKLFrac, schema.HKLRounded, schema.PhiKFrac}, latticeKeys...), factorKeys...)...)...)
	cause := one(rows, fmt.Sprintf("the unit of the printed cell is %s times another in got: the rows behind it follow in print, the intensity does not", what),
		[]string{"all nine components have the one ratio " + what, fmt.Sprintf("I_before_scaling of %s is %.6g (%s), and its printed factors would make %.6g (F_latt at %s)", s.Name, sum, sr.Pos, made, lr.Pos)}, show(rows[0])+".")
	cause[0].PrintOnly, cause[0].Share = true, noShare("the printed factors do not make the sum")
	return cause, ""
}

// findUnitScale recognises unit-scale.
func findUnitScale(c *Context) ([]Cause, string) {
	why := "no root has a power of ten as the ratio of its components"
	for _, row := range c.Open() {
		// What it is computed from may differ as well: then its own inputs tell.
		if r, ref, got, ok := ownRatio(c, row.Key); ok && row.Info != nil && row.Info.Stage <= schema.Miller {
			if what, known := unitRatio(r); known && (ref.rel <= fingerprint || got.rel <= fingerprint) {
				return one(c.Open(row.Key), fmt.Sprintf("%s is %s times as large in got as its own inputs make it: another unit, and it goes into the calculation", row.Name(), what),
					[]string{ref.text(c.Ref), got.text(c.Got)}, show(row)+"."), ""
			}
		}
	}
	for _, row := range c.Open() {
		if row.Info == nil || row.Info.Kind == schema.Int || row.Info.Result || row.Info.Stage == schema.Sum || row.Info.Stage == schema.Lattice {
			continue
		}
		n, comps, ok := scaledBy(row)
		if !ok {
			continue
		}
		if below, agree := c.Downstream(row.Key); len(below) == 0 || agree {
			why = fmt.Sprintf("%s is 1e%d times as large, and what is computed from it agrees, or is not printed", row.Name(), n)
			continue
		}
		rows := []*diff.Row{row}
		for _, r := range c.Open() {
			// A centre in another unit moves what is computed from it by no
			// single ratio.
			m, _, same := scaledBy(r)
			if r != row && (same && m == n || row.Info.Config && r.Info != nil && r.Info.Stage <= schema.Origin && !r.Info.Config) {
				rows = append(rows, r)
			}
		}
		return one(rows, fmt.Sprintf("%s is 1e%d times as large in got: another unit, and it goes into the calculation", row.Name(), n),
			[]string{fmt.Sprintf("%d components have the ratio 1e%d to a part in a million", comps, n)}, show(row)+"."), ""
	}
	return nil, why
}

// scaledBy returns the power of ten by which all components of a row that differ
// do so.
func scaledBy(r *diff.Row) (n, comps int, ok bool) {
	ref, got, ok := pairOf(r)
	if !ok {
		return 0, 0, false
	}
	for i := range ref {
		if ref[i] == got[i] {
			continue
		}
		m, ten := powerOfTen(got[i] / ref[i])
		if !ten || comps > 0 && m != n {
			return 0, 0, false
		}
		n = m
		comps++
	}
	return n, comps, comps > 0
}

// findDegreesRadians recognises degrees-radians.
func findDegreesRadians(c *Context) ([]Cause, string) {
	rows := c.Open(schema.AnglesRad, schema.PhiDeg)
	if len(rows) == 0 {
		return nil, "no printed angle is a root"
	}
	ratio := 0.0
	for _, r := range rows {
		ref, got, ok := pairOf(r)
		for i := range ref {
			if !ok || ref[i] == got[i] {
				continue // 0, or an angle that is right
			}
			inverse, fits := eitherWay(got[i]/ref[i], 180/math.Pi)
			if ref[i] == 0 || !fits || ratio != 0 && inverse != (ratio < 1) {
				return nil, fmt.Sprintf("the ratio of %s is %.9g", r.Name(), got[i]/ref[i])
			}
			ratio = got[i] / ref[i]
		}
	}
	cause := one(rows, "", []string{fmt.Sprintf("the ratio is %.9g; 180/pi is 57.2957795", ratio)}, show(rows[0])+".")
	cause[0].PrintOnly = true
	if below, agree := c.Downstream(rows[0].Key); len(below) > 0 && agree {
		cause[0].Title = "an angle printed in the other unit (degrees, radians): what is computed from it agrees"
		cause[0].Share = noShare("only printed: what is computed from it agrees")
	}
	return cause, ""
}

// findConstantDigits recognises constant.
func findConstantDigits(c *Context) ([]Cause, string) {
	var out []Cause
	// Numbers that nothing traced is computed into.
	for _, k := range []schema.Key{schema.RESqr, schema.REMeters, schema.LambdaMeters, schema.Fluence} {
		rows := c.Open(k)
		if len(rows) == 0 || len(rows[0].Ref.Values) != 1 || len(rows[0].Got.Values) != 1 {
			continue
		}
		ref, got := rows[0].Ref.Values[0], rows[0].Got.Values[0]
		if !shorter(ref, got) && !shorter(got, ref) {
			continue
		}
		if k == schema.LambdaMeters {
			rows = append(rows, scaledByLambda(c)...)
		}
		cause := one(rows, fmt.Sprintf("%s has %d digits on one side and %d on the other", rows[0].Name(), diff.Digits(ref.Text), diff.Digits(got.Text)),
			[]string{"the one number is the other with fewer digits"}, show(rows[0])+".")[0]
		cause.Of = rows[0].Name()
		if k == schema.RESqr || k == schema.Fluence {
			cause.Share = times(got.Num/ref.Num, "the intensity is proportional to it")
		}
		out = append(out, cause)
	}
	return out, "no constant is a root, or none is the other side's with fewer digits"
}
