package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

// findLostStep recognises lost-step.
func findLostStep(c *Context) ([]Cause, string) {
	if found, why := bySum("lost-step")(c); len(found) > 0 {
		return found, why
	}
	_, t, d, why := sumsDiffer(c)
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
	less, more := "the reference", "got"
	if d < 0 {
		less, more = more, less
	}
	return sumCause(c, fmt.Sprintf("the sum of %s lacks the contribution %s%s; or %s has it twice", less, of, found[0], more),
		[]string{fmt.Sprintf("the sums differ by %.12g, which is that contribution, of %d that are printed", d, len(t.list))}), ""
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

// findCaptureEach recognises capture-each.
func findCaptureEach(c *Context) ([]Cause, string) {
	found, why := bySum("capture-each")(c)
	if len(found) > 0 {
		found[0].Explains = append(found[0].Explains, c.Open(finalKeys...)...)
	}
	return found, why
}

// findMosaicDraws recognises mosaic-draws.
func findMosaicDraws(c *Context) ([]Cause, string) {
	rows := c.Open(sumKeys...)
	if len(rows) == 0 {
		return nil, "I_before_scaling is no root that is left to explain"
	}
	steps, sr, ok := c.Ref.Num(schema.Steps)
	got, _, ok2 := c.Got.Num(schema.Steps)
	if !ok || !ok2 || steps != got {
		return nil, fmt.Sprintf("the logs count %g and %g steps", steps, got)
	}
	if t, ok := termsOf(c, c.Ref); ok && t.whole {
		return nil, fmt.Sprintf("the log shows all %d terms of %g steps: none is hidden", len(t.list), steps)
	}
	shown := max(len(c.Ref.All(schema.HKLFrac)), c.Ref.AllPhi())
	if shown == 0 || steps <= float64(shown) {
		return nil, fmt.Sprintf("the log shows %d of %g steps: none is hidden", shown, steps)
	}
	if c.HasLost() {
		return nil, "records are lost, and with them what the sum may be made of"
	}
	for _, r := range c.Rows {
		if r.Diverged() && r.Info != nil && r.Info.Stage < schema.Sum && r.Info.Scope != schema.PerSource && r.Info.Scope != schema.PerRun {
			return nil, fmt.Sprintf("%s differs before the sum", r.Name())
		}
	}
	switch {
	case !c.Agrees(schema.HKLFrac) || !(c.Agrees(schema.FCell) || c.Agrees(schema.FCellNearest)):
		return nil, notPrinted(schema.HKLFrac, schema.FCell)
	case factorsInSum(c.Ref) != nil || factorsInSum(c.Got) != nil:
		return nil, "not checked: factors are multiplied into the sum, which the hidden steps do not let compute again"
	}
	hidden := "mosaic domains or sources"
	d, ok1 := set(c, c.Ref, "mosaic domains")
	n, ok2 := set(c, c.Ref, "sources")
	switch {
	case ok1 && ok2 && d > 1 && n == 1:
		hidden = fmt.Sprintf("the %g mosaic domains behind the first", d-1)
	case ok1 && ok2 && d == 1 && n > 1:
		hidden = fmt.Sprintf("the %g sources behind the first: directions, wavelengths (lambda) or weights", n-1)
	case ok1 && ok2 && d == 1 && n == 1:
		hidden = "phi steps behind the first"
	}
	if c.Ref.Rec(schema.FLatt) == nil {
		hidden += ", or the lattice factor, which is not printed"
	}
	cause := one(rows, fmt.Sprintf("all that is traced agrees, and the sum does not: what no trace shows differs (%s), or the sum is made otherwise", hidden),
		[]string{fmt.Sprintf("everything traced of the pixel before the sum agrees; of %g steps (%s) the log shows %d, those of domain 0 and source 0", steps, sr.Pos, shown)}, show(rows[0])+".")
	if len(c.Ref.Phi()) > 1 {
		cause[0].Evidence = append(cause[0].Evidence, "F_cell is printed of the first phi step alone: a structure factor of a later one may be what differs as well.")
	}
	return cause, ""
}
