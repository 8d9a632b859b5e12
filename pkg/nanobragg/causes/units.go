package causes

import (
	"fmt"
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

func findUnitLabel(c *Context, open []*diff.Row) ([]Cause, string) {
	var out []Cause
	why := "no root with a unit has a power of ten, or 2 pi, as its ratio"
	seen := map[schema.Key]bool{}
	for _, row := range open {
		if seen[row.Key] || row.Info == nil || row.Info.Unit == "" {
			continue
		}
		seen[row.Key] = true
		rows := c.Open(row.Key)
		if found := relabelled(c, rows); found != nil {
			out = append(out, found...)
			continue
		}
		ratio, ok := oneRatioOf(rows)
		what, unit := unitRatio(ratio)
		if !ok || !unit {
			continue
		}
		below, agree := c.Downstream(row.Key)
		if group := labelled(c, ratio, below); !agree && group != nil {
			rows, agree = append(rows, group...), true
			below = slices.DeleteFunc(slices.Clone(below), func(r *diff.Row) bool { return slices.Contains(group, r) })
		}
		if len(below) == 0 || !agree {
			why = fmt.Sprintf("%s has the ratio %s; of the %d rows that are computed from it not all agree", row.Name(), what, len(below))
			continue
		}
		cause := one(rows, fmt.Sprintf("%s is printed %s times as large: a label, nothing comes of it", row.Name(), what),
			[]string{fmt.Sprintf("every component has the ratio %.9g", ratio), fmt.Sprintf("what is computed from it agrees in %d rows, %s first (%s, %s)", len(below), below[0].Name(), below[0].Ref.Pos(), below[0].Got.Pos())}, show(row)+".").
			printed("only printed: what is computed from it agrees").of(row.Name())
		out = append(out, cause...)
	}
	return out, why
}

// relabelled tells a label by a log's own account, where what a quantity is computed from differs as well:
// it is a power of ten times what its own inputs make, and all that is computed from it follows from the number without that.
func relabelled(c *Context, rows []*diff.Row) []Cause {
	k := rows[0].Key
	bad, _, ok := contradicted(c, k, fingerprint)
	ratio, one10 := bad.ratio()
	what, unit := unitRatio(ratio)
	if !ok || !one10 || !unit {
		return nil
	}
	checks := []string{bad.text()}
	for _, o := range following(c, bad.side, k, bad.want) {
		if o.rel > fingerprint {
			return nil
		}
		checks = append(checks, fmt.Sprintf("%s of %s (%s) follows with the unit of the other side: %s", o.q.Name, o.side.Name, o.pos, list(o.want)))
		if as, _ := recomputed(c, o.side, o.q.Key); as.rel > fingerprint {
			rows = append(rows, c.Open(o.q.Key)...)
		}
	}
	if len(checks) == 1 {
		return nil
	}
	return one(rows, fmt.Sprintf("%s of %s is printed %s times as large: a label, nothing comes of it", c.Schema.Info(k).Name, bad.side.Name, what), checks, show(rows[0])+".").
		printed("only printed: what is computed from it follows from the other unit").of(c.Schema.Info(k).Name)
}

// labelled returns the roots and rows computed from a row that have its ratio as well, where nothing else that is
// computed from them differs: they are printed in one other unit, together. nil where there are none.
func labelled(c *Context, ratio float64, below []*diff.Row) []*diff.Row {
	var group []*diff.Row
	for _, r := range below {
		if !r.Diverged() {
			continue
		}
		v, ok := rowRatio(r)
		further, agree := c.Downstream(r.Key)
		if !ok || !meets(v, ratio) || len(further) == 0 || !agree {
			return nil
		}
		group = append(group, r)
	}
	return group
}

// oneRatioOf returns the one ratio of all rows.
func oneRatioOf(rows []*diff.Row) (ratio float64, ok bool) {
	for i, row := range rows {
		last := ratio
		if ratio, ok = rowRatio(row); !ok || i > 0 && !meets(ratio, last) {
			return 0, false
		}
	}
	return ratio, true
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

func findPrintUnit(c *Context, rows []*diff.Row) ([]Cause, string) {
	ref, got, printed := bothVecs(c, realKeys...)
	// The crystal may be turned otherwise besides.
	turned, ok := rotationOf(ref, got)
	n := int(math.Round(math.Log10(turned.scale)))
	s := pick(c, n > 0)
	sum, cell, latt := val(s, schema.IBeforeScaling), val(s, schema.FCell), val(s, schema.FLatt)
	made := cell * cell * latt * latt * val(s, schema.Steps)
	switch {
	case !printed:
		return nil, notPrinted(realKeys...)
	case c.Agrees(schema.HKLFrac):
		return nil, "hkl_frac agrees: the unit is wrong in the print of the cell alone"
	case !ok || n == 0 || !closeTo(turned.scale, math.Pow(10, float64(n)), 1e-3): // a cell that is no dual has 1e-4 more
		return nil, fmt.Sprintf("the real vectors have no power of ten as their one ratio, but %.6g", turned.scale)
	case !known(sum, made):
		return nil, notPrinted(schema.FLatt, schema.FCell, schema.IBeforeScaling, schema.Steps)
	case closeTo(sum, made, 0.1):
		return nil, fmt.Sprintf("I_before_scaling of %s is %.6g, as its printed factors make it: the unit is wrong in the sum as well", s.Name, sum)
	}
	// What the trace computes from the cell follows; the sum does not.
	rows = append(rows, c.Open(slices.Concat([]schema.Key{schema.HKLFrac, schema.HKLRounded, schema.PhiKFrac}, latticeKeys, factorKeys)...)...)
	return shown(rows, fmt.Sprintf("the unit of the printed cell is 1e%d times another in got: the rows behind it follow in print, the intensity does not", n),
		fmt.Sprintf("all nine components have the one ratio 1e%d", n), fmt.Sprintf("I_before_scaling of %s is %.6g (%s), and its printed factors would make %.6g (F_latt at %s)",
			s.Name, sum, pos(s, schema.IBeforeScaling), made, pos(s, schema.FLatt))).printed("the printed factors do not make the sum"), ""
}

func findUnitScale(c *Context, open []*diff.Row) ([]Cause, string) {
	for _, row := range open {
		// What it is computed from may differ as well: then its own inputs tell.
		r, ref, got, ok := ownRatio(c, row.Key)
		if what, known := unitRatio(r); ok && known && row.Info != nil && row.Info.Stage <= schema.Miller && (ref.rel <= fingerprint || got.rel <= fingerprint) {
			return one(c.Open(row.Key), fmt.Sprintf("%s is %s times as large in got as its own inputs make it: another unit, and it goes into the calculation", row.Name(), what),
				[]string{ref.text(), got.text()}, show(row)+"."), ""
		}
	}
	why := "no root has a power of ten as the ratio of its components"
	for _, row := range open {
		n, comps, ok := scaledBy(row)
		if q := row.Info; !ok || q == nil || q.Kind == schema.Int || q.Result || q.Stage == schema.Sum || q.Stage == schema.Lattice {
			continue
		}
		if below, agree := c.Downstream(row.Key); len(below) == 0 || agree {
			why = fmt.Sprintf("%s is 1e%d times as large, and what is computed from it agrees, or is not printed", row.Name(), n)
			continue
		}
		rows := []*diff.Row{row}
		for _, r := range open {
			// A centre in another unit moves what is computed from it by no
			// single ratio.
			m, _, same := scaledBy(r)
			if r != row && (same && m == n || row.Info.Config && r.Info != nil && r.Info.Stage <= schema.Origin && !r.Info.Config) {
				rows = append(rows, r)
			}
		}
		return shown(rows, fmt.Sprintf("%s is 1e%d times as large in got: another unit, and it goes into the calculation", row.Name(), n),
			fmt.Sprintf("%d components have the ratio 1e%d to a part in a million", comps, n)), ""
	}
	return nil, why
}

// scaledBy returns the power of ten by which all components of a row that differ
// do so.
func scaledBy(r *diff.Row) (n, comps int, ok bool) {
	ref, got, _ := pairOf(r)
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

func findDegreesRadians(c *Context, rows []*diff.Row) ([]Cause, string) {
	ratio := 0.0
	for _, r := range rows {
		ref, got, _ := pairOf(r)
		for i := range ref {
			if ref[i] == got[i] {
				continue // 0, or an angle that is right
			}
			inverse, fits := eitherWay(got[i]/ref[i], 180/math.Pi)
			if ref[i] == 0 || !fits || ratio != 0 && inverse != (ratio < 1) {
				return nil, fmt.Sprintf("the ratio of %s is %.9g", r.Name(), got[i]/ref[i])
			}
			ratio = got[i] / ref[i]
		}
	}
	cause := shown(rows, "", fmt.Sprintf("the ratio is %.9g; 180/pi is 57.2957795", ratio)).alone()
	if below, agree := c.Downstream(rows[0].Key); len(below) > 0 && agree {
		cause.printed("only printed: what is computed from it agrees")[0].Title = "an angle printed in the other unit (degrees, radians): what is computed from it agrees"
	}
	return cause, ""
}

func findConstantDigits(c *Context, _ []*diff.Row) ([]Cause, string) {
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
		cause := shown(rows, fmt.Sprintf("%s has %d digits on one side and %d on the other", rows[0].Name(), diff.Digits(ref.Text), diff.Digits(got.Text)), "the one number is the other with fewer digits").of(rows[0].Name())
		if k == schema.RESqr || k == schema.Fluence {
			cause.times(got.Num/ref.Num, "the intensity is proportional to it")
		}
		out = append(out, cause...)
	}
	return out, "no constant is a root, or none is the other side's with fewer digits"
}
