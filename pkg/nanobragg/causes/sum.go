package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var lostStep = Rule{
	ID: "lost-step", Stage: schema.Sum,
	Title: "the contribution of one step not added, or added twice",
	Text: `The sum lacks one term that was computed: an update lost between threads, a loop that ends one too early, an assignment for an addition. Or it has one
twice.

How it shows: the traced terms F_cell^2 F_latt^2 agree; the sums differ by just one of them.

How to check: run with one thread.`,
	Do: "Look at the loop's bounds, and at how threads add to one sum.",
	Example: `c.log:   I_before_scaling 13642.7740574038
py.log:  I_before_scaling 13232.1454833969    (less by F_cell^2 F_latt^2 of phi step 1)`,
	Find: func(c *Context) ([]Cause, string) {
		rows, t, d, why := sumsDiffer(c)
		if why != "" {
			return nil, why
		}
		found, n := -1, 0
		for i, v := range t.values {
			if v != 0 && meets(math.Abs(d), v) {
				found, n = i, n+1
			}
		}
		if n == 0 {
			if tic, ok := t.stepOf(math.Abs(d)); ok {
				return one(rows, fmt.Sprintf("the sums differ by the contribution of one phi step, %d, of all samples: not added, or added twice", tic),
					[]string{fmt.Sprintf("the sums differ by %.12g, which is what the samples have of phi step %d alone", d, tic)}, show(rows[0])+"."), ""
			}
			found, n = t.hiddenFactor(math.Abs(d))
		}
		if n != 1 {
			return nil, fmt.Sprintf("the sums differ by %.9g, which is %d of the %d terms", d, n, len(t.values))
		}
		what, side := "lacks", c.Got
		if d > 0 {
			side = c.Ref
		}
		if o, ok := termsOf(other(c, side)); ok && !o.adds() {
			if mine, ok := termsOf(side); ok && mine.adds() {
				what, side = "has twice", other(c, side)
			}
		}
		kind := "sample"
		if t.phi {
			kind = "step"
		}
		return one(rows, fmt.Sprintf("the sum of %s %s the contribution of one step: phi %s %d", side.Name, what, kind, found),
			[]string{fmt.Sprintf("the sums differ by %.12g, which is F_cell^2 F_latt^2 of %s %d alone, of %d terms, with F_cell %.5g", d, kind, found, len(t.values), t.cell*math.Sqrt(math.Abs(d)/t.values[found]))}, show(rows[0])+"."), ""
	},
}

// stepOf finds the one phi step whose terms of all samples make a difference.
func (t terms) stepOf(d float64) (step int32, ok bool) {
	totals := map[int32]float64{}
	for i, v := range t.values {
		totals[t.tic[i]] += v
	}
	n := 0
	for tic, v := range totals {
		if len(totals) > 1 && v != 0 && meets(d, v) {
			step, n = tic, n+1
		}
	}
	return step, n == 1
}

// hiddenFactor finds the one term that makes a difference with another structure
// factor than the first step's, which alone is printed: one of five digits, as a
// list has them.
func (t terms) hiddenFactor(d float64) (found, n int) {
	for i, v := range t.values {
		f := t.cell * math.Sqrt(d/v)
		unit := math.Pow(10, math.Floor(math.Log10(f))-4)
		if v > 0 && math.Abs(math.Round(f/unit)*unit/f-1) < 1e-9 {
			found, n = i, n+1
		}
	}
	return found, n
}

// sumsDiffer returns the terms of two logs that agree in every term and not in
// their sum, and by how much.
func sumsDiffer(c *Context) (rows []*diff.Row, t terms, d float64, why string) {
	rows = c.Open(sumKeys...)
	if len(rows) == 0 {
		return nil, t, 0, "I_before_scaling is no root that is left to explain"
	}
	a, ok1 := termsOf(c.Ref)
	b, ok2 := termsOf(c.Got)
	if !ok1 || !ok2 {
		return nil, t, 0, notPrinted(schema.FCell, schema.FLatt, schema.Steps)
	}
	if !a.whole && !b.whole {
		return nil, t, 0, fmt.Sprintf("not checked: the logs print %d of the terms of the sum, and count more steps", len(a.values))
	}
	if c.Differs(append(append([]schema.Key{schema.HKLRounded}, latticeKeys...), factorKeys...)...) || a.whole && b.whole && !closeTo(a.total, b.total, 1e-3) {
		return nil, t, 0, "the terms of the sum differ as well"
	}
	t = a
	if !a.whole {
		t = b
	}
	return rows, t, b.sum - a.sum, ""
}

var waterBackground = Rule{
	ID: "water", Stage: schema.Sum,
	Title: "the background (water) counted otherwise",
	Text: `With -water the reference starts the sum at a background, which is then scaled with everything else: divided by the steps, and multiplied by r_e^2, fluence, omega
and polar. One side adds it behind the scaling, adds it twice, or leaves it out.

How it shows: the terms F_cell^2 F_latt^2 agree; the sum of the one side is more than they make, and that of the other is just that; or the final
intensity is more than its own factors make.

How to check: give -water 0 to both; the difference goes.`,
	Do: "Start the sum at the background, and scale it with the rest, where parity with the reference is wanted.",
	Example: `c.log:   I_before_scaling 1754736627   (13642.77 without the background)
py.log:  I_before_scaling 13642.77`,
	Find: findWater,
}

func findWater(c *Context) ([]Cause, string) {
	a, ok1 := termsOf(c.Ref)
	b, ok2 := termsOf(c.Got)
	if !ok1 || !ok2 || !a.whole && !b.whole {
		return nil, "not checked: the terms of the sum are not all printed"
	}
	if rows, _, d, why := sumsDiffer(c); why == "" {
		more, less := b, a
		who := "got"
		if d < 0 {
			more, less, who = a, b, "the reference"
		}
		size, ok := droplet(c, more.sum-more.total)
		if !ok {
			size, ok = droplet(c, less.sum-less.total)
		}
		if ok && more.sum > more.total && less.sum > less.total-1e-3*(more.sum-more.total) {
			return one(rows, fmt.Sprintf("the sum of %s has a background (water) of %.9g, that of the other side %.9g", who, more.sum-more.total, math.Max(0, less.sum-less.total)),
				[]string{fmt.Sprintf("the one is that of %g um of water", size), fmt.Sprintf("the printed terms make %.9g and %.9g; the sums are %.9g (%s) and %.9g (%s)", more.total, less.total, more.sum, more.pos, less.sum, less.pos)}, show(rows[0])+"."), ""
		}
		return nil, fmt.Sprintf("the printed terms make %.9g and %.9g; the sums are %.9g and %.9g", a.total, b.total, a.sum, b.sum)
	}
	for _, p := range [2][2]terms{{a, b}, {b, a}} {
		// The terms differ by another cause: each log's own tell.
		if size, ok := droplet(c, p[0].sum-p[0].total); ok && p[0].whole && p[0].sum > 1.001*p[0].total && p[1].adds() && c.Differs(sumKeys...) {
			cause := one(nil, fmt.Sprintf("the sum of one side has a background (water) of %.9g, that of the other none", p[0].sum-p[0].total),
				[]string{fmt.Sprintf("it is that of %g um of water (%s), and the other sum is what its own terms make (%s)", size, p[0].pos, p[1].pos)})
			cause[0].Order = schema.IBeforeScaling
			return cause, ""
		}
	}
	if x, y := a.sum-a.total, b.sum-b.total; a.whole && b.whole && x > 1e-3*a.total && y > 1e-3*b.total && !closeTo(x, y, 1e-3) && c.Differs(sumKeys...) {
		for _, v := range []float64{x, y} {
			if size, ok := droplet(c, v); ok {
				cause := one(nil, fmt.Sprintf("the sum of got has %.6g times the background (water) of the reference", y/x), []string{fmt.Sprintf("the sums are %.9g and %.9g more than the printed terms make; %.9g is that of %g um of water", x, y, v, size)})
				cause[0].Order = schema.IBeforeScaling
				return cause, ""
			}
		}
	}
	rows := c.Open(finalKeys...)
	back := math.Max(a.sum-a.total, b.sum-b.total)
	for _, s := range c.Sides() {
		o, ok1 := recomputed(c, s, schema.IPixelFinal)
		q, ok2 := recomputed(c, other(c, s), schema.IPixelFinal)
		if !ok1 || !ok2 || len(rows) == 0 {
			continue
		}
		extra := o.printed[0] - o.want[0]
		size, ok := droplet(c, back)
		if !ok || o.rel <= fingerprint || q.rel > fingerprint || extra <= 0 {
			continue
		}
		return one(rows, fmt.Sprintf("the final intensity of %s has the background (water) once more, and not scaled", s.Name),
			[]string{fmt.Sprintf("the background in the sum is that of %g um of water", size), fmt.Sprintf("it is %.9g more than its own factors make, and the background in the sum is %.9g: the ratio is %.9g", extra, back, extra/back)}, o.text(s)+"."), ""
	}
	return nil, fmt.Sprintf("the sums are %.9g and %.9g more than the printed terms make, and I_pixel_final follows from its factors", a.sum-a.total, b.sum-b.total)
}

// droplet is the size of the water in micrometres that makes a background: a
// number of three digits, as one types it. The background is
// F^2 r_e^2 fluence size^3 1e6 Avogadro/MW, with F = 2.57 and MW = 18. Terms of
// which the structure factor is not printed blur it.
func droplet(c *Context, background float64) (float64, bool) {
	v, ok := nums(c.Ref, schema.RESqr, schema.Fluence)
	if !ok || !(background > 0) {
		return 0, false
	}
	um := 1e6 * math.Cbrt(background/(2.57*2.57*v[0]*v[1]*1e6*6.02214179e23/18))
	for digits, within := range []float64{2: 1e-4, 3: 1e-5} {
		unit := math.Pow(10, math.Floor(math.Log10(um))-float64(digits-1))
		if size := math.Round(um/unit) * unit; math.Abs(um/size-1) < within {
			return size, true
		}
	}
	return 0, false
}

var mosaicDraws = Rule{
	ID: "mosaic-draws", Stage: schema.Sum,
	Title: "the steps that no trace shows differ: mosaic domains or sources",
	Text: `A trace shows mosaic domain 0 and source 0. In the reference domain 0 takes its random numbers and is then set to
the identity; a port that draws none for it, or applies the matrices transposed, has other orientations from domain 1 on. Sources may
have another direction, wavelength or weight.

How it shows: every traced quantity agrees, up to F_latt and F_cell of every step shown; the sum does not. There are
more steps than those shown.

How to check: trace with -mosaic_domains 1. If the logs have several sources, try with one of them as well.`,
	Do: "Compare the matrices of the domains, in order, and the list of sources.",
	Example: `c.log:   F_cell, F_latt agree; I_before_scaling 187450.21    steps 10 (one phi step shown)
py.log:  F_cell, F_latt agree; I_before_scaling 164310.77    steps 10`,
	Find: func(c *Context) ([]Cause, string) {
		rows := c.Open(sumKeys...)
		if len(rows) == 0 {
			return nil, "I_before_scaling is no root that is left to explain"
		}
		steps, sr, ok := c.Ref.Num(schema.Steps)
		got, _, ok2 := c.Got.Num(schema.Steps)
		if !ok || !ok2 || steps != got {
			return nil, fmt.Sprintf("the logs count %g and %g steps", steps, got)
		}
		shown := max(len(c.Ref.All(schema.HKLFrac)), c.Ref.AllPhi())
		if shown == 0 || steps <= float64(shown) {
			return nil, fmt.Sprintf("the log shows %d of %g steps: none is hidden", shown, steps)
		}
		for _, r := range c.Rows {
			if r.Diverged() && r.Info != nil && r.Info.Stage < schema.Sum && r.Info.Scope != schema.PerSource && r.Info.Scope != schema.PerRun {
				return nil, fmt.Sprintf("%s differs before the sum", r.Name())
			}
		}
		if !c.Agrees(schema.HKLFrac) || !(c.Agrees(schema.FCell) || c.Agrees(schema.FCellNearest)) {
			return nil, notPrinted(schema.HKLFrac, schema.FCell)
		}
		title := ""
		d, ok1 := set(c, c.Ref, "mosaic domains")
		n, ok2 := set(c, c.Ref, "sources")
		switch {
		case ok1 && ok2 && d > 1 && n == 1:
			title = fmt.Sprintf("the %g mosaic domains that no trace shows differ", d-1)
		case ok1 && ok2 && d == 1 && n > 1:
			title = fmt.Sprintf("the %g sources that no trace shows differ: directions, wavelengths (lambda) or weights", n-1)
		}
		cause := one(rows, title, []string{fmt.Sprintf("everything traced of the pixel before the sum agrees; of %g steps (%s) the log shows %d, those of domain 0 and source 0", steps, sr.Pos, shown)}, show(rows[0])+".")
		if len(c.Ref.Phi()) > 1 {
			cause[0].Evidence = append(cause[0].Evidence, "F_cell is printed of the first phi step alone: a structure factor of a later one may be what differs as well.")
		}
		return cause, ""
	},
}
