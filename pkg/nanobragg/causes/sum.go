package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

var lostStep = Rule{
	ID: "lost-step", Stage: schema.Sum,
	Title: "the contribution of one step not added, or added twice",
	Text: `The sum lacks one term that was computed: an update lost between threads, a loop that ends one too early, an assignment for an addition. Or it has one
twice.

How it shows: the traced terms F_cell^2 F_latt^2 agree; the sums differ by just one of them, or by those of one phi step, subpixel or layer; or the sum is
the last term alone.

How to check: run with one thread.`,
	Do: "Look at the loop's bounds, and at how threads add to one sum.",
	Example: `c.log:   I_before_scaling 13642.7740574038
py.log:  I_before_scaling 13232.1454833969    (less by F_cell^2 F_latt^2 of phi step 1)`,
	Find: func(c *Context) ([]Cause, string) {
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
	},
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

var unitsInSum = Rule{
	ID: "units-in-sum", Stage: schema.Sum,
	Title: "units mixed in the sum: the lattice factor is that of an index 0",
	Text: `The sum is made with indices that are ten orders of magnitude too small, or too large and cut to whole numbers: real vectors in metres times a
scattering vector in 1/angstrom, or the reverse. Each lattice factor is then N, its value at a whole index. A tap that computes its own numbers
prints the right ones.

How it shows: I_before_scaling is steps F_cell^2 (Na Nb Nc)^2 to the last digits, whatever the traced lattice factors are.

How to check: another pixel has the same sum.`,
	Do: "Look at the units of the cell and of the scattering vector where the sum is made.",
	Example: `c.log:   F_latt 0.0441851389828522   I_before_scaling 19.5232650693396
py.log:  F_latt 0.0443247012100872   I_before_scaling 156250000         (100^2 5^6)`,
	Find: bySum("units-in-sum"),
}

var powerOfFactor = Rule{
	ID: "power", Stage: schema.Sum,
	Title: "a structure or lattice factor that is not squared in the sum",
	Text: `A contribution to the sum is F_cell^2 F_latt^2. One side squares only one of the two.

How it shows: the sum of the one side is what its printed terms make; that of the other is what F_cell F_latt^2, or F_cell^2 |F_latt|, make.

How to check: set all structure factors to 1: a factor F_cell that is not squared then makes no difference.`,
	Do: "Square both factors where the sum is made.",
	Example: `c.log:   F_cell 118.36  F_latt 2.5   I_before_scaling 87556.9    (118.36^2 2.5^2)
py.log:  F_cell 118.36  F_latt 2.5   I_before_scaling 739.75     (118.36 2.5^2)`,
	Find: bySum("power"),
}

var compounding = Rule{
	ID: "compounding", Stage: schema.Sum,
	Title: "a factor that multiplies the running sum, or each term once",
	Text: `With -oversample_omega, _polar or _thick on, the reference multiplies the whole running sum by the factor after each term: the factors
compound. A port that multiplies each term once has another sum.

How it shows: the sum of each side is what its printed terms make, by the one rule or the other.

How to check: trace with one step; the difference goes.`,
	Do: "Multiply the running sum after each term where parity with the reference is wanted.",
	Example: `c.log:   I = ((t1 w1) + t2) w2 ...
py.log:  I = t1 w1 + t2 w2 ...`,
	Find: bySum("compounding"),
}

var captureEach = Rule{
	ID: "capture-each", Stage: schema.Sum,
	Title: "each layer's own capture fraction in the sum",
	Text: `The reference sums all layers of the sensor and multiplies the pixel by the last layer's capture fraction. cctbx's programs multiply each layer's samples by
that layer's.

How it shows: the terms F_cell^2 F_latt^2 agree; the one sum is what they make, the other is what they make with each layer's fraction, computed from
the sensor's thickness and attenuation as one program prints them.

How to check: trace with one layer (-detector_thicksteps 1), or with -detector_thick 0.`,
	Do:    "Multiply the pixel by the last layer's fraction where parity with the reference is wanted; each layer's own is the physics.",
	Mimic: "--switch capture=every",
	Example: `c.log:   I_before_scaling 306840.016      capture_fraction 0.1427 (the last of three layers)
py.log:  I_before_scaling 66183.303`,
	Find: func(c *Context) ([]Cause, string) {
		found, why := bySum("capture-each")(c)
		if len(found) > 0 {
			found[0].Explains = append(found[0].Explains, c.Open(finalKeys...)...)
		}
		return found, why
	},
}

var mosaicDraws = Rule{
	ID: "mosaic-draws", Stage: schema.Sum,
	Title: "the steps that no trace shows differ: mosaic domains or sources",
	Text: `A trace shows mosaic domain 0 and source 0. In the reference domain 0 takes its random numbers and is then set to
the identity; a port that draws none for it, or applies the matrices transposed, has other orientations from domain 1 on. Sources may
have another direction, wavelength or weight.

How it shows: every traced quantity agrees, up to F_latt and F_cell of every step shown; the sum does not. There are
more steps than those shown. A sum that is made otherwise of the same steps (a background, a factor in it) looks the same.

How to check: trace with -mosaic_domains 1. If the logs have several sources, try with one of them as well. Where the difference stays, it is in how the sum is made.`,
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
	},
}
