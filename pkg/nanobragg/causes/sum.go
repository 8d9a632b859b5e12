package causes

import (
	"fmt"
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// bySum is a rule whose numbers are those of one recipe for the sum.
func bySum(id string) finder {
	return func(c *Context, _ []*diff.Row) ([]Cause, string) {
		if !c.Differs(sumKeys...) {
			return nil, "I_before_scaling agrees, or is not printed on both sides"
		}
		if id == "skipped-loop" && len(c.Open(sumKeys...)) == 0 {
			return nil, noRoot(sumKeys...)
		}
		a, b := recipeOf(c, c.Ref), recipeOf(c, c.Got)
		for _, p := range [][2]made{{a, b}, {b, a}} {
			bad, good := p[0], p[1]
			if !bad.known || bad.rule != id || !good.known && id != "units-in-sum" && id != "skipped-loop" || bad.says == good.says {
				continue
			}
			checks := []string{bad.how}
			if good.known {
				checks = append(checks, fmt.Sprintf("that of %s %s, %.9g (%s)", good.side.Name, good.says, good.sum, good.pos))
			}
			return sumCause(c, fmt.Sprintf("the sum of %s %s", bad.side.Name, bad.says), checks...), ""
		}
		return nil, a.tell() + "; " + b.tell()
	}
}

// tell says how a sum is made, or why that is not known.
func (m made) tell() string {
	switch {
	case m.known:
		return fmt.Sprintf("the sum of %s %s", m.side.Name, m.says)
	case len(m.list) == 0:
		return "not checked: " + m.side.Name + " prints no terms of its sum"
	case !m.whole:
		return fmt.Sprintf("not checked: %s prints %d terms of its sum, not all of its %g steps in each layer", m.side.Name, len(m.list), m.steps)
	}
	return fmt.Sprintf("the printed terms of %s make %.9g, the sum is %.9g, and no known way takes the one into the other", m.side.Name, m.total, m.sum)
}

// sumCause is a cause of the sum: it accounts for the sums that are roots.
func sumCause(c *Context, title string, checks ...string) found {
	return shown(c.Open(sumKeys...), title, checks...).enters(schema.IBeforeScaling)
}

// sumsDiffer returns the terms of two logs that agree in every term and not in
// their sum, and by how much.
func sumsDiffer(c *Context) (t terms, d float64, why string) {
	a, b, ok := bothTerms(c)
	switch {
	case len(c.Open(sumKeys...)) == 0:
		return t, 0, noRoot(sumKeys...)
	case !ok:
		return t, 0, notPrinted(schema.FCell, schema.FLatt, schema.Steps)
	case termsDiffer(c) || a.whole && b.whole && !closeTo(a.total, b.total, 1e-3):
		return t, 0, "the terms of the sum differ as well"
	}
	if t = a; !a.whole {
		t = b
	}
	return t, b.sum - a.sum, ""
}

func findLostStep(c *Context, rows []*diff.Row) ([]Cause, string) {
	if found, why := bySum("lost-step")(c, rows); len(found) > 0 {
		return found, why
	}
	t, d, why := sumsDiffer(c)
	if why != "" {
		return nil, why
	}
	var found []string
	for _, p := range t.groups() {
		if p.value != 0 && meets(math.Abs(d), p.value) {
			found = append(found, p.name)
		}
	}
	of := "of one step: "
	switch hidden, n := t.hiddenFactor(math.Abs(d)); {
	case len(found) == 1:
	case len(found) == 0 && !t.whole && len(t.list) > 1 && meets(math.Abs(d), t.total):
		found, of = []string{"the one that is traced"}, "of all traced steps, those of one mosaic domain and source: "
	case len(found) == 0 && n == 1:
		found = []string{t.name(hidden)}
	default:
		return nil, fmt.Sprintf("the sums differ by %.9g, which is %d of the %d terms", d, len(found), len(t.list))
	}
	less := pick(c, d >= 0)
	return sumCause(c, fmt.Sprintf("the sum of %s lacks the contribution %s%s; or %s has it twice", less.Name, of, found[0], other(c, less).Name),
		fmt.Sprintf("the sums differ by %.12g, which is that contribution, of %d that are printed", d, len(t.list))), ""
}

// hiddenFactor finds the one term that makes a difference with another structure
// factor than the first step's, which alone is printed: one of five digits, as a
// list has them.
func (t terms) hiddenFactor(d float64) (found, n int) {
	for i, v := range t.list {
		f := math.Abs(t.cell) * math.Sqrt(d/v.value())
		unit := math.Pow(10, math.Floor(math.Log10(f))-4)
		if v.value() > 0 && math.Abs(math.Round(f/unit)*unit/f-1) < 1e-9 {
			found, n = i, n+1
		}
	}
	return found, n
}

func findCaptureEach(c *Context, rows []*diff.Row) ([]Cause, string) {
	found, why := bySum("capture-each")(c, rows)
	if more, _, _ := finalMisuses(c); len(found) > 0 && len(more) == 0 {
		found[0].Explains = append(found[0].Explains, c.Open(finalKeys...)...)
	}
	return found, why
}

func findMosaicDraws(c *Context, rows []*diff.Row) ([]Cause, string) {
	steps, got := vals(c, schema.Steps)
	t, ok2 := termsOf(c, c.Ref)
	shown := max(len(c.Ref.All(schema.HKLFrac)), c.Ref.AllPhi())
	before := slices.IndexFunc(c.Rows, func(r *diff.Row) bool {
		return r.Diverged() && r.Info != nil && r.Info.Stage < schema.Sum && r.Info.Scope != schema.PerSource && r.Info.Scope != schema.PerRun
	})
	switch {
	case steps != got:
		return nil, fmt.Sprintf("the logs count %g and %g steps", steps, got)
	case ok2 && t.whole:
		return nil, fmt.Sprintf("the log shows all %d terms of %g steps: none is hidden", len(t.list), steps)
	case shown == 0 || steps <= float64(shown):
		return nil, fmt.Sprintf("the log shows %d of %g steps: none is hidden", shown, steps)
	case c.HasLost():
		return nil, "records are lost, and with them what the sum may be made of"
	case before >= 0:
		return nil, c.Rows[before].Name() + " differs before the sum"
	case !c.Agrees(schema.HKLFrac) || !(c.Agrees(schema.FCell) || c.Agrees(schema.FCellNearest)):
		return nil, notPrinted(schema.HKLFrac, schema.FCell)
	case factorsInSum(c.Ref) != nil || factorsInSum(c.Got) != nil:
		return nil, "not checked: factors are multiplied into the sum, which the hidden steps do not let compute again"
	}
	cause := one(rows, fmt.Sprintf("all that is traced agrees, and the sum does not: what no trace shows differs (%s), or the sum is made otherwise", hiddenSteps(c)),
		[]string{fmt.Sprintf("everything traced of the pixel before the sum agrees; of %g steps (%s) the log shows %d, those of domain 0 and source 0", steps, pos(c.Ref, schema.Steps), shown)}, show(rows[0])+".")
	if len(c.Ref.Phi()) > 1 {
		cause.also("F_cell is printed of the first phi step alone: a structure factor of a later one may be what differs as well.")
	}
	return cause, ""
}

// hiddenSteps says what of a pixel no trace shows.
func hiddenSteps(c *Context) string {
	hidden := "mosaic domains or sources"
	d, n := set(c, c.Ref, "mosaic domains"), set(c, c.Ref, "sources")
	switch {
	case d > 1 && n == 1:
		hidden = fmt.Sprintf("the %g mosaic domains behind the first", d-1)
	case d == 1 && n > 1:
		hidden = fmt.Sprintf("the %g sources behind the first: directions, wavelengths (lambda) or weights", n-1)
	case d == 1 && n == 1:
		hidden = "phi steps behind the first"
	}
	if c.Ref.Rec(schema.FLatt) == nil {
		hidden += ", or the lattice factor, which is not printed"
	}
	return hidden
}

func findSourceWeights(c *Context, rows []*diff.Row) ([]Cause, string) {
	w := weights(c)
	if len(w) < 2 {
		return nil, "not checked: the logs print no list of sources with weights"
	}
	a, b, ok := bothTerms(c)
	if !ok || float64(len(a.list)*len(w)) != a.steps || termsDiffer(c) {
		return nil, fmt.Sprintf("the log shows %d terms of %g steps of %d sources", len(a.list), a.steps, len(w))
	}
	least, most := slices.Min(w[1:]), slices.Max(w[1:])
	for _, p := range [][2]terms{{a, b}, {b, a}} {
		plain, weighed := p[0], p[1]
		rest := plain.sum - plain.total
		lo, hi := plain.total*w[0]+rest*least, plain.total*w[0]+rest*most
		const within = 1e-5 // weights are printed with six digits
		if rest < 0 || weighed.sum < lo*(1-within) || weighed.sum > hi*(1+within) || hi > 1.5*lo || meets(weighed.sum, plain.sum) {
			continue
		}
		return shown(rows, fmt.Sprintf("the sum of %s has what each source adds times its weight, the other side's as it is", weighed.side.Name),
			fmt.Sprintf("with %.9g of source 0, whose weight is %g, and %.9g of the others, whose weights are %g to %g, that makes %.9g to %.9g; it is %.9g", plain.total, w[0], rest, least, most, lo, hi, weighed.sum)).
			times(b.sum/a.sum, "the ratio of the sums"), ""
	}
	return nil, fmt.Sprintf("the sums are %.9g and %.9g, source 0 adds %.9g", a.sum, b.sum, a.total)
}

// source is a line of the list of sources that a program prints: x y z weight wavelength, the first n of them.
func source(c *Context, s *Side, i, n int) []float64 {
	return fields(c, s, fmt.Sprintf("source %d", i), n)
}

// weights reads those of the sources.
func weights(c *Context) (out []float64) {
	for {
		v := source(c, c.Ref, len(out), 4)
		if v == nil {
			return out
		}
		out = append(out, v[3])
	}
}

func findSourceLambda(c *Context, rows []*diff.Row) ([]Cause, string) {
	ref, got := vals(c, schema.LambdaMeters)
	main, line := set(c, c.Ref, "wavelength"), source(c, c.Ref, 0, 5)
	if !known(ref, got, main) || line == nil {
		return nil, "not checked: the wavelength, or that of the first source, is not printed"
	}
	const within = 1e-5 // the list has six digits
	first := line[4]
	isRef := closeTo(ref, main, within) && closeTo(got, first, within)
	switch {
	case closeTo(main, first, within):
		return nil, "the first source has the main wavelength"
	case !isRef && !(closeTo(got, main, within) && closeTo(ref, first, within)):
		return nil, fmt.Sprintf("lambda_meters is %s and %s; that of source 0 is %.6g, the main one %.6g", cited(c.Ref.RecOr(schema.LambdaMeters)), cited(c.Got.RecOr(schema.LambdaMeters)), first, main)
	}
	s := pick(c, isRef)
	rows = append(rows, slices.DeleteFunc(c.Open(schema.ScatteringVec), func(r *diff.Row) bool { return ofItself(c, r) })...)
	return shown(rows, fmt.Sprintf("%s computes source 0 with the main wavelength (lambda), %s with the source's own", s.Name, other(c, s).Name),
		fmt.Sprintf("source 0 has %.6g m and the main wavelength is %.6g m, as the programs print them", first, main)), ""
}

func findSourceTraced(c *Context, rows []*diff.Row) ([]Cause, string) {
	ref, got := vec(c.Ref, schema.IncidentVec), vec(c.Got, schema.IncidentVec)
	beam, ok := setVec(c, c.Ref, "beam")
	n := set(c, c.Ref, "sources")
	switch {
	case !ok || !known(n):
		return nil, "not checked: the beam's direction or the number of sources is not printed"
	case n < 2:
		return nil, fmt.Sprintf("there is %g source", n)
	}
	main := pick(c, got.sub(beam).norm() >= ref.sub(beam).norm())
	if main == c.Got {
		ref, got = got, ref
	}
	if !(ref.angle(beam) <= 1e-5 && got.angle(beam) >= 1e-9) {
		return nil, fmt.Sprintf("incident_vec is %.3g and %.3g rad from the beam's direction", ref.angle(beam), got.angle(beam))
	}
	return shown(rows, fmt.Sprintf("%s traces source 0 of %g, %s the main beam", other(c, main).Name, n, main.Name),
		fmt.Sprintf("incident_vec of %s is the beam's direction %s (%s)", main.Name, beam.text(4), pos(main, schema.IncidentVec))), ""
}
