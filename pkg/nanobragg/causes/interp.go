package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// lookup is what a log says of its structure factor.
type lookup struct {
	side                  *Side
	cell, near, interp    *trace.Record
	hasCell, hasNear, has bool
}

func lookupOf(s *Side) lookup {
	l := lookup{side: s, cell: s.Rec(schema.FCell), near: s.Rec(schema.FCellNearest), interp: s.Rec(schema.FCellInterpolated)}
	_, l.hasCell = num(l.cell)
	_, l.hasNear = num(l.near)
	_, l.has = num(l.interp)
	return l
}

func findInterpolation(c *Context) ([]Cause, string) {
	ref, got := lookupOf(c.Ref), lookupOf(c.Got)
	both, plain := got, ref // the side that prints both numbers, and the other
	if !both.has || !both.hasNear {
		both, plain = ref, got
	}
	if !both.has || !both.hasNear {
		return interpolationByDigits(c)
	}
	if !sameRounded(c) {
		return nil, "hkl_rounded differs, or is not on both sides"
	}
	near, interp := both.near.Values[0].Num, both.interp.Values[0].Num
	if closeTo(near, interp, c.Tolerance) {
		return nil, "the interpolated and the nearest structure factor are equal"
	}
	other := plain.cell
	if other == nil {
		other = plain.near
	}
	value, ok := num(other)
	if !ok {
		return nil, plain.side.Name + " prints no structure factor"
	}
	u := usedCell(both.side, plain.side, near, interp)
	switch {
	case closeTo(value, near, c.Tolerance) && u.which == usedInterpolated:
		return []Cause{interpolationCause(c, both, other, u)}, ""
	case closeTo(value, interp, c.Tolerance) && u.which == usedNearest:
		return []Cause{interpolationCause(c, both, other, u)}, ""
	case closeTo(value, near, c.Tolerance):
		return []Cause{interpolationNote(both, other, u)}, ""
	case closeTo(value, interp, c.Tolerance):
		return nil, "both logs have the interpolated structure factor"
	}
	return nil, fmt.Sprintf("F_cell of %s is neither the nearest nor the interpolated one of %s", plain.side.Name, both.side.Name)
}

func sameRounded(c *Context) bool {
	a, _, ok1 := vec(c.Ref, schema.HKLRounded)
	b, _, ok2 := vec(c.Got, schema.HKLRounded)
	return ok1 && ok2 && a == b
}

// which structure factor a log's own sum was made with.
const (
	usedUnknown = iota
	usedNearest
	usedInterpolated
)

type used struct {
	which int
	text  string // the test, with its numbers
}

// A candidate is taken for the one used where its sum comes within 5 % of the
// log's intensity while the other is out by more than five times as much: the
// rows of the other log may have to stand in for those that this one does not
// print, and an interpolated value changes from step to step.
const (
	fitWithin = 0.05
	fitRatio  = 5
)

func usedCell(s, other *Side, near, interp float64) used {
	i, ir, ok := s.Num(schema.IBeforeScaling)
	total, how, ok2 := latticeSum(s, other)
	if !ok || !ok2 || i <= 0 || total <= 0 {
		return used{usedUnknown, "The sum cannot be tested: " + s.Name + " does not print enough of it."}
	}
	offNear, offInterp := i/(near*near*total)-1, i/(interp*interp*total)-1
	u := used{usedUnknown, fmt.Sprintf("I_before_scaling of %s is %s (%s). With sum F_latt^2 = %.7g (%s), F_cell = %.6g makes %.6g, %s; F_cell = %.6g makes %.6g, %s.",
		s.Name, text(ir), ir.Pos, total, how, near, near*near*total, factor(offNear), interp, interp*interp*total, factor(offInterp))}
	n, p := math.Abs(math.Log1p(offNear)), math.Abs(math.Log1p(offInterp))
	switch {
	case n < fitWithin && p > fitRatio*n && p > fitWithin:
		u.which = usedNearest
		u.text += " The nearest one fits."
	case p < fitWithin && n > fitRatio*p && n > fitWithin:
		u.which = usedInterpolated
		u.text += " The interpolated one fits."
	default:
		u.text += " That does not decide."
	}
	return u
}

// factor says how far a sum is from the log's intensity; off is log/sum - 1.
func factor(off float64) string { return "off by " + explain.Percent(1/(1+off)-1) }

// latticeSum returns the sum of F_latt^2 over the steps of a log: from its own
// rows, from its one step, or from its first step and the other log's rows.
func latticeSum(s, other *Side) (total float64, how string, ok bool) {
	steps, _, ok := s.Num(schema.Steps)
	if !ok {
		return 0, "", false
	}
	if total, ok := rowSum(s.Phi(), -1); ok && float64(len(s.Phi())) == steps {
		return total, "its own PHI rows", true
	}
	first, _, ok := s.Num(schema.FLatt)
	if !ok {
		return 0, "", false
	}
	if steps == 1 {
		return float64(first * first), "its only step", true
	}
	rows := other.Phi()
	if float64(len(rows)) != steps {
		return 0, "", false
	}
	rest, ok := rowSum(rows, 0)
	return float64(first*first) + rest, fmt.Sprintf("its own F_latt at phi step 0, and the PHI rows of %s for the others", other.Name), ok
}

// rowSum adds F_latt^2 over rows, but for the step skip.
func rowSum(rows []explain.PhiRow, skip int) (float64, bool) {
	total := 0.0
	for _, r := range rows {
		f, ok := num(r.F)
		if !ok {
			return 0, false
		}
		if r.Tic != skip {
			total += float64(f * f)
		}
	}
	return total, len(rows) > 0
}

// interpolationCause reports that the logs used different structure factors.
func interpolationCause(c *Context, both lookup, other *trace.Record, u used) Cause {
	used, name := both.interp, "interpolated"
	if u.which == usedNearest {
		used, name = both.near, "nearest"
	}
	cause := Cause{
		Checks: []string{u.text}, Order: schema.FCell, PrintOnly: true,
		Title: fmt.Sprintf("%s used the %s structure factor, the other side did not", both.side.Name, name),
		Evidence: []string{
			fmt.Sprintf("hkl_rounded is the same on both sides. F_cell is %s (%s); %s prints %s as nearest (%s) and %s as interpolated (%s).",
				text(other), other.Pos, both.side.Name, text(both.near), both.near.Pos, text(both.interp), both.interp.Pos),
		},
		Findings: []explain.Finding{{Pos: used.Pos, What: fmt.Sprintf("%s %s was used, against %s (%s)", used.Name, text(used), text(other), other.Pos)}},
		Explains: c.RootsOf(schema.FCell, schema.FCellInterpolated, schema.FCellNearest, schema.IBeforeScaling, schema.IBeforeScalingPrePolar),
	}
	return cause
}

// interpolationNote reports a number that is logged beside the one that agrees.
func interpolationNote(both lookup, other *trace.Record, u used) Cause {
	title, what := "interpolated structure factor logged, not used", "not used: the intensity is the sum with the nearest one"
	if u.which == usedUnknown {
		title, what = "interpolated structure factor logged; the log does not tell whether it was used", "whether it was used the log does not tell"
	}
	return Cause{
		Role: explain.IsNote, Order: schema.FCellInterpolated,
		Title: title,
		Evidence: []string{
			fmt.Sprintf("%s prints %s as interpolated (%s) and %s as nearest (%s), which is the F_cell of the other side (%s).",
				both.side.Name, text(both.interp), both.interp.Pos, text(both.near), both.near.Pos, other.Pos),
			u.text,
		},
		Findings: []explain.Finding{{Pos: both.interp.Pos, What: fmt.Sprintf("F_cell_interpolated %.2f is logged beside F_cell_nearest %.2f (%s), which equals %s of the other side (%s); %s",
			both.interp.Values[0].Num, both.near.Values[0].Num, both.near.Pos, other.Name, other.Pos, what)}},
	}
}

// interpolationByDigits looks at logs that print one structure factor each: a
// list has a few digits, and what is interpolated has all that are printed.
func interpolationByDigits(c *Context) ([]Cause, string) {
	rows := c.Open(schema.FCell)
	const why = "no log prints a nearest and an interpolated structure factor"
	if len(rows) == 0 || !sameRounded(c) || !c.Agrees(schema.HKLFrac) || len(rows[0].Ref.Values) != 1 || len(rows[0].Got.Values) != 1 {
		return nil, why
	}
	if c.Agrees(schema.IBeforeScaling) || c.Agrees(schema.IBeforeScalingPrePolar) {
		return nil, why + ", and the sums agree: F_cell is only printed otherwise"
	}
	r, g := rows[0].Ref, rows[0].Got
	const long = 12 // digits
	if !tabled(r) && !tabled(g) && diff.Digits(r.Values[0].Text) >= long && diff.Digits(g.Values[0].Text) >= long {
		cause := one(rows, "both sides interpolate the structure factor, by another formula or between other neighbours", []string{"hkl_frac and hkl_rounded agree", "neither number has the few digits of a list"}, show(rows[0])+".")
		cause[0].PrintOnly = true
		return cause, ""
	}
	if tabled(r) == tabled(g) {
		return nil, why + ", and both have the digits of a list, or neither"
	}
	name, full := "the reference", r
	if tabled(r) {
		name, full = "got", g
	}
	if diff.Digits(full.Values[0].Text) < long {
		return nil, why
	}
	cause := one(rows, "the structure factor of "+name+" looks interpolated, that of the other side like one of a list", nil,
		show(rows[0])+", at the same index and the same fractions.",
		fmt.Sprintf("%s has %d digits, as an interpolated number has, the other side %d at most.", full.Pos, diff.Digits(full.Values[0].Text), tableDigits))
	cause[0].PrintOnly = true
	return cause, ""
}
