package causes

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// lookup is what a log that prints both says of its structure factor.
type lookup struct {
	side         *Side
	near, interp *trace.Record
}

func lookupOf(s *Side) (l lookup, ok bool) {
	l = lookup{s, s.Rec(schema.FCellNearest), s.Rec(schema.FCellInterpolated)}
	return l, known(num(l.near), num(l.interp))
}

func findInterpolation(c *Context, _ []*diff.Row) ([]Cause, string) {
	both, ok := lookupOf(c.Got) // the side that prints both numbers
	if !ok {
		both, ok = lookupOf(c.Ref)
	}
	if !ok {
		if found := interpolationBySamples(c); found != nil {
			return found, ""
		}
		return interpolationByDigits(c)
	}
	near, interp := num(both.near), num(both.interp)
	plain := other(c, both.side)
	cell := plain.Rec(schema.FCell)
	if cell == nil {
		cell = plain.Rec(schema.FCellNearest)
	}
	value := num(cell)
	isNear, isInterp := closeTo(value, near, c.Tolerance), closeTo(value, interp, c.Tolerance)
	switch {
	case !sameRounded(c):
		return nil, "hkl_rounded differs, or is not on both sides"
	case closeTo(near, interp, c.Tolerance):
		return nil, "the interpolated and the nearest structure factor are equal"
	case !known(value):
		return nil, plain.Name + " prints no structure factor"
	case !isNear && !isInterp:
		return nil, fmt.Sprintf("F_cell of %s is neither the nearest nor the interpolated one of %s", plain.Name, both.side.Name)
	}
	u := usedCell(both.side, plain, near, interp)
	switch {
	case isNear && u.which == usedInterpolated, isInterp && u.which == usedNearest:
		return interpolationCause(c, both, cell, u), ""
	case isNear:
		return interpolationNote(both, cell, u), ""
	}
	return nil, "both logs have the interpolated structure factor"
}

func sameRounded(c *Context) bool {
	return vec(c.Ref, schema.HKLRounded) == vec(c.Got, schema.HKLRounded)
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
	i := val(s, schema.IBeforeScaling)
	total, how := latticeSum(s, other)
	if !(i > 0 && total > 0) {
		return used{usedUnknown, "The sum cannot be tested: " + s.Name + " does not print enough of it."}
	}
	offNear, offInterp := i/(near*near*total)-1, i/(interp*interp*total)-1
	text := fmt.Sprintf("I_before_scaling of %s is %s. With sum F_latt^2 = %.7g (%s), F_cell = %.6g makes %.6g, %s; F_cell = %.6g makes %.6g, %s.",
		s.Name, cited(s.RecOr(schema.IBeforeScaling)), total, how, near, near*near*total, offFactor(offNear), interp, interp*interp*total, offFactor(offInterp))
	n, p := math.Abs(math.Log1p(offNear)), math.Abs(math.Log1p(offInterp))
	switch {
	case n < fitWithin && p > fitRatio*n && p > fitWithin:
		return used{usedNearest, text + " The nearest one fits."}
	case p < fitWithin && n > fitRatio*p && n > fitWithin:
		return used{usedInterpolated, text + " The interpolated one fits."}
	}
	return used{usedUnknown, text + " That does not decide."}
}

// offFactor says how far a sum is from the log's intensity; off is log/sum - 1.
func offFactor(off float64) string { return "off by " + explain.Percent(1/(1+off)-1) }

// latticeSum returns the sum of F_latt^2 over the steps of a log: from its own
// rows, from its one step, or from its first step and the other log's rows.
func latticeSum(s, other *Side) (total float64, how string) {
	steps, first := val(s, schema.Steps), val(s, schema.FLatt)
	if total := rowSum(s.Phi(), steps, -1); known(total) {
		return total, "its own PHI rows"
	}
	if steps == 1 {
		return float64(first * first), "its only step"
	}
	return float64(first*first) + rowSum(other.Phi(), steps, 0), fmt.Sprintf("its own F_latt at phi step 0, and the PHI rows of %s for the others", other.Name)
}

// rowSum adds F_latt^2 over rows, which have to be of all steps, but for the step skip.
func rowSum(rows []explain.PhiRow, steps float64, skip int) (total float64) {
	if float64(len(rows)) != steps {
		return missing
	}
	for _, r := range rows {
		if r.Tic != skip {
			total += float64(num(r.F) * num(r.F))
		}
	}
	return total
}

// interpolationCause reports that the logs used different structure factors.
func interpolationCause(c *Context, both lookup, other *trace.Record, u used) []Cause {
	used, name := both.interp, "interpolated"
	if u.which == usedNearest {
		used, name = both.near, "nearest"
	}
	return one(c.RootsOf(append([]schema.Key{schema.FCell, schema.FCellInterpolated, schema.FCellNearest}, sumKeys...)...),
		fmt.Sprintf("%s used the %s structure factor, the other side did not", both.side.Name, name), []string{u.text},
		fmt.Sprintf("hkl_rounded is the same on both sides. F_cell is %s; %s prints %s as nearest (%s) and %s as interpolated (%s).",
			cited(other), both.side.Name, text(both.near), both.near.Pos(), text(both.interp), both.interp.Pos())).enters(schema.FCell).alone().
		at(used.Pos(), fmt.Sprintf("%s %s was used, against %s", used.Name, text(used), cited(other)))
}

// interpolationNote reports a number that is logged beside the one that agrees.
func interpolationNote(both lookup, other *trace.Record, u used) found {
	title, what := "interpolated structure factor logged, not used", "not used: the intensity is the sum with the nearest one"
	if u.which == usedUnknown {
		title, what = "interpolated structure factor logged; the log does not tell whether it was used", "whether it was used the log does not tell"
	}
	return one(nil, title, nil, fmt.Sprintf("%s prints %s as interpolated (%s) and %s as nearest (%s), which is the F_cell of the other side (%s).",
		both.side.Name, text(both.interp), both.interp.Pos(), text(both.near), both.near.Pos(), other.Pos()), u.text).note().enters(schema.FCellInterpolated).
		at(both.interp.Pos(), fmt.Sprintf("F_cell_interpolated %.2f is logged beside F_cell_nearest %.2f (%s), which equals %s of the other side (%s); %s",
			both.interp.Values[0].Num, both.near.Values[0].Num, both.near.Pos(), other.Name, other.Pos(), what))
}

// indexed are the structure factors that a log has for one index, each as often as its
// number is another one.
type indexed struct {
	index   Vec
	factors []*trace.Record
}

// listed reports whether they may be one number of a list.
func (x indexed) listed() bool { return len(x.factors) == 1 && tabled(x.factors[0]) }

// lookups are the structure factors of a log's samples by their index.
func lookups(s *Side) (out []indexed) {
	index := map[schema.Coord]Vec{}
	for _, r := range s.All(schema.HKLRounded) {
		if len(r.Values) == 3 {
			index[r.At] = vecOf(r)
		}
	}
	factors := s.All(schema.FCell)
	if len(factors) == 0 {
		factors = s.All(schema.FCellNearest)
	}
	for _, r := range factors {
		at, ok := index[r.At]
		if !ok {
			continue
		}
		i := slices.IndexFunc(out, func(x indexed) bool { return x.index == at })
		if i < 0 {
			i, out = len(out), append(out, indexed{index: at})
		}
		if x := &out[i]; !slices.ContainsFunc(x.factors, func(o *trace.Record) bool { return num(o) == num(r) }) {
			x.factors = append(x.factors, r)
		}
	}
	return out
}

// interpolationBySamples looks at samples that round to one index: a list has one number
// for them, and what is interpolated another for each.
func interpolationBySamples(c *Context) []Cause {
	for s, o := range pairs(c) {
		var smooth []*trace.Record
		for _, x := range lookups(s) {
			if len(x.factors) > max(1, len(smooth)) && !slices.ContainsFunc(x.factors, tabled) {
				smooth = x.factors
			}
		}
		list, samples := lookups(o), len(o.All(schema.FCell))
		if smooth == nil || len(list) == 0 || samples <= len(list) || slices.ContainsFunc(list, func(x indexed) bool { return !x.listed() }) {
			continue
		}
		return one(c.Open(append(slices.Clone(factorKeys), sumKeys...)...), fmt.Sprintf("%s interpolates the structure factor, %s takes that of the nearest index", s.Name, o.Name), []string{
			fmt.Sprintf("samples of one index have other structure factors in %s: %s and %s", s.Name, cited(smooth[0]), cited(smooth[1])),
			fmt.Sprintf("%s has %d in %d samples, one for each index, with %d digits at most, as in a list", o.Name, len(list), samples, tableDigits)}).
			enters(schema.FCell).alone().at(pos(c.Got, schema.FCell), fmt.Sprintf("F_cell is %s against %s; %s alone interpolates it", text(c.Got.Rec(schema.FCell)), cited(c.Ref.Rec(schema.FCell)), s.Name))
	}
	return nil
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
	r, g, full := rows[0].Ref, rows[0].Got, rows[0].Ref
	long := func(r *trace.Record) bool { return diff.Digits(r.Values[0].Text) >= 12 }
	if tabled(r) {
		full = g
	}
	switch {
	case !tabled(r) && !tabled(g) && long(r) && long(g):
		return shown(rows, "both sides interpolate the structure factor, by another formula or between other neighbours", "hkl_frac and hkl_rounded agree", "neither number has the few digits of a list").alone(), ""
	case tabled(r) == tabled(g):
		return nil, why + ", and both have the digits of a list, or neither"
	case !long(full):
		return nil, why
	}
	return one(rows, "the structure factor of "+pick(c, full == r).Name+" looks interpolated, that of the other side like one of a list", nil,
		show(rows[0])+", at the same index and the same fractions.",
		fmt.Sprintf("%s has %d digits, as an interpolated number has, the other side %d at most.", full.Pos(), diff.Digits(full.Values[0].Text), tableDigits)).alone(), ""
}

func findLatch(c *Context, rows []*diff.Row) ([]Cause, string) {
	for s, o := range pairs(c) {
		interp, near, cell := s.All(schema.FCellInterpolated), s.All(schema.FCellNearest), o.All(schema.FCell)
		at, ok := latchedAt(interp, near, cell, c.Tolerance)
		if !ok {
			continue
		}
		return one(append(rows, c.Open(sumKeys...)...), fmt.Sprintf("%s stops interpolating at sample %d, %s goes on", o.Name, at, s.Name), []string{
			fmt.Sprintf("at sample 0, F_cell of %s is %s, the interpolated one of %s (%s)", o.Name, cited(cell[0]), s.Name, interp[0].Pos()),
			fmt.Sprintf("at sample %d it is %s, which is the nearest one of %s (%s), whose interpolated one is %s; and so it stays",
				at, cited(cell[at]), s.Name, near[at].Pos(), cited(interp[at]))}), ""
	}
	return nil, "no side goes over from interpolated to nearest structure factors within the log"
}

// latchedAt finds the sample from which on cell is the nearest value, where it
// is the interpolated one before.
func latchedAt(interp, near, cell []*trace.Record, tolerance float64) (at int, ok bool) {
	if len(near) != len(interp) || len(cell) != len(interp) {
		return 0, false
	}
	for i, r := range cell {
		isInterp, isNear := closeTo(num(r), num(interp[i]), tolerance), closeTo(num(r), num(near[i]), tolerance)
		switch {
		case at == 0 && isInterp, at > 0 && isNear:
		case at == 0 && isNear && i > 0:
			at = i
		default:
			return 0, false
		}
	}
	return at, at > 0
}

func findTableLookup(c *Context, _ []*diff.Row) ([]Cause, string) {
	ref, got, why := otherListed(c)
	if c.Claimed(schema.FCell) || c.Claimed(schema.FCellNearest) {
		why = "another cause accounts for the structure factor"
	}
	if why != "" {
		return nil, why
	}
	title := "the two sides have other structure factors (F_cell) for the same reflection"
	checks := []string{fmt.Sprintf("for the index %s F_cell is %s and %s", list(ref.index[:]), cited(ref.factors[0]), cited(got.factors[0]))}
	for s, o := range pairs(c) {
		if v := num(s.Rec(schema.FCellInterpolated)); known(v) && v != val(s, schema.FCellNearest) {
			return nil, fmt.Sprintf("%s prints %.6g as interpolated", s.Name, v)
		}
		if d := set(c, s, "default F"); val(s, schema.FCell) == d && known(val(o, schema.FCell)) && val(o, schema.FCell) != d {
			title = fmt.Sprintf("%s takes default_F, as outside the range of its table, %s another structure factor", s.Name, o.Name)
			checks = append(checks, fmt.Sprintf("%s is default_F (%s)", text(s.RecOr(schema.FCell)), pos(s, schema.FCell)))
		}
	}
	return one(c.Open(schema.FCell, schema.FCellNearest), title, checks,
		"Where the table came from the logs do not tell: a stale Fdump.bin, another .hkl, another default_F, an index outside the table or a neighbour of it.").
		enters(schema.FCell).alone().at(got.factors[0].Pos(), fmt.Sprintf("F_cell is %s against %s for the same index", text(got.factors[0]), cited(ref.factors[0]))), ""
}

// otherListed finds an index for which both logs have one structure factor, each of a
// list, and not the same; why says that there is none. Where the logs' samples are of
// other indices, that has to hold for all that they have in common.
func otherListed(c *Context) (ref, got indexed, why string) {
	common, differ := 0, 0
	theirs := lookups(c.Got)
	for _, x := range lookups(c.Ref) {
		i := slices.IndexFunc(theirs, func(y indexed) bool { return y.index == x.index })
		if i < 0 {
			continue
		}
		common++
		y := theirs[i]
		// In single precision it is the same number.
		if x.listed() && y.listed() && !closeTo(num(x.factors[0]), num(y.factors[0]), math.Max(c.Tolerance, 1e-6)) {
			if differ++; differ == 1 {
				ref, got = x, y
			}
		}
	}
	switch {
	case common == 0:
		return ref, got, "no index is on both sides with its structure factor"
	case differ == 0:
		return ref, got, "the structure factors of an index that is on both sides are the same, or have more digits than a list and may be interpolated"
	case differ < common && !sameRounded(c):
		return ref, got, fmt.Sprintf("of %d indices that are on both sides %d have the same structure factor", common, common-differ)
	}
	return ref, got, ""
}

// tableDigits is the most digits that a structure factor of a list has.
const tableDigits = 7

// tabled reports whether a structure factor has the digits of a list, be it
// read into a float32.
func tabled(r *trace.Record) bool {
	v := num(r)
	return known(v) && (diff.Digits(r.Values[0].Text) <= tableDigits || isFloat32(v) && diff.Digits(strconv.FormatFloat(v, 'g', -1, 32)) <= tableDigits)
}
