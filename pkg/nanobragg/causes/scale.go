package causes

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace/schema"
)

func findFluenceKept(c *Context, rows []*diff.Row) ([]Cause, string) {
	ratio, ok := rowRatio(rows[0])
	if !ok || ratio < 0 {
		return nil, "a fluence is 0, negative or no number"
	}
	cause := shown(rows, fmt.Sprintf("the fluence of got is %.6g times the reference's", ratio)).times(ratio, "the ratio of the fluences")
	for _, s := range c.Sides() {
		// nanoBragg's, in photons/m^2.
		if meets(val(s, schema.Fluence), 125932015286227086360700780544.0) {
			cause[0].Title += ": " + s.Name + " keeps the default"
			cause[0].Checks = append(cause[0].Checks, fmt.Sprintf("%s has nanoBragg's default (%s)", s.Name, pos(s, schema.Fluence)))
		}
	}
	return cause, ""
}

// pixelFactors are what the final intensity is the product of, with the power of each,
// and the rule that speaks of it.
var pixelFactors = []struct {
	key   schema.Key
	rule  string
	power float64
}{
	{schema.Polar, "polar", 1}, {schema.Steps, "steps", -1},
	{schema.CaptureFraction, "factor", 1}, {schema.OmegaPixel, "factor", 1}, {schema.Fluence, "factor", 1}, {schema.RESqr, "factor", 1},
}

// misuses are what a formula does to a factor: the result is out by the factor to the
// natural power times this.
var misuses = []struct {
	power float64
	says  string
}{
	{-1, "without %s"}, {1, "with %s twice"}, {-2, "with %s the wrong way round: divided by for multiplied by, or the reverse"}, {-0.5, "with the square root of %s"},
}

// byFactor looks for an intensity that is out by one factor: the final one against the
// log's own other factors, or a root against the other log.
func byFactor(rule string) finder {
	return func(c *Context, _ []*diff.Row) ([]Cause, string) {
		if rule == "factor" && c.Claimed(schema.IPixelFinal) {
			return nil, "another cause accounts for the final intensity"
		}
		ratio, ref, got, ok := ownRatio(c, schema.IPixelFinal)
		var why []string
		for _, f := range pixelFactors {
			for _, s := range c.Sides() { // the two may differ by another cause
				v := val(s, f.key)
				if f.rule != rule || !known(v) || v == 0 || v == 1 {
					continue
				}
				factor, what := math.Pow(v, f.power), fmt.Sprintf("%s is %s", f.key, cited(s.RecOr(f.key)))
				var found []Cause
				if ok {
					found = finalOut(c, f.key, factor, ratio, ref, got, what)
				}
				if len(found) == 0 && rule != "factor" {
					found = sumOut(c, f.key, factor, what)
				}
				if len(found) > 0 {
					return found, ""
				}
				why = append(why, what)
			}
		}
		switch {
		case len(why) == 0:
			return nil, "not checked: no factor is printed, or it is 1"
		case !ok:
			return nil, "not checked: the final intensity cannot be computed from what both logs print; " + strings.Join(why, ", ")
		}
		return nil, fmt.Sprintf("the final intensity is out by %.9g against the logs' own factors; %s", ratio, strings.Join(why, ", "))
	}
}

// finalOut tells a final intensity with a wrong factor from a sum that is printed with
// the factor in it: both leave the same contradiction in the log. Of polar and steps, the other
// one may be there once too often or too little besides.
func finalOut(c *Context, key schema.Key, factor, ratio float64, ref, got account, what string) []Cause {
	besides := []float64{1}
	if other, two := map[schema.Key]schema.Key{schema.Polar: schema.Steps, schema.Steps: schema.Polar}[key]; two {
		for _, s := range c.Sides() {
			if v := val(s, other); v > 0 && v != 1 {
				besides = append(besides, v, 1/v)
			}
		}
	}
	for _, b := range besides {
		for _, m := range misuses {
			for i, o := range []account{ref, got} {
				sign := float64(2*i - 1) // a reference that is wrong makes the inverse ratio
				mine, _ := o.ratio()
				if meets(ratio, b) || !meets(ratio/b, math.Pow(factor, sign*m.power)) || b == 1 && !meets(mine, math.Pow(factor, m.power)) {
					continue
				}
				if found := finalCause(c, key, fmt.Sprintf("I_pixel_final of %s is made "+m.says, o.side.Name, key), ratio/b, ref.text()+"; "+got.text()+".", what); len(found) > 0 {
					return found
				}
			}
		}
	}
	return nil
}

func finalCause(c *Context, key schema.Key, title string, ratio float64, evidence, what string) []Cause {
	check := fmt.Sprintf("I_pixel_final is out by %.12g against the log's own factors; %s", ratio, what)
	if c.Agrees(schema.IPixelFinal) {
		if !c.Differs(sumKeys...) {
			return nil // another factor is printed otherwise
		}
		return one(c.Open(sumKeys...), fmt.Sprintf("the sum is printed with %s in it on one side only: the final intensity agrees", key),
			[]string{check, "the final intensity agrees"}, evidence).enters(schema.IBeforeScaling).printed("the final intensity agrees")
	}
	cause := one(c.Open(finalKeys...), title, []string{check}, evidence).enters(schema.IPixelFinal).times(ratio, "the ratio of the intensities that this factor makes")
	if r := c.Got.RecOr(schema.IPixelFinal); r != nil {
		cause.at(r.Pos, fmt.Sprintf("%s is %s; it is out by %.9g, the factor %s", r.Name, valueText(r), ratio, key))
	}
	a, b, ok := bothTerms(c)
	if !c.Differs(sumKeys...) || ok && a.adds() && b.adds() {
		return cause
	}
	cause[0].Role, cause[0].Share = explain.IsNote, nil
	cause[0].Explains, cause[0].Partly = nil, cause[0].Explains
	cause[0].Title = fmt.Sprintf("the final intensity and the printed sum do not go together by the factor %s", key)
	return cause.also(fmt.Sprintf("Either the final intensity has %s once too often or too little, or the sum is printed with it on one side: the sums differ by other causes, and the logs do not show all steps, so that nothing tells which.", key))
}

// sumOut looks for a sum, or a final intensity that cannot be computed again, that is out by
// the factor against the other log.
func sumOut(c *Context, key schema.Key, factor float64, what string) []Cause {
	rows := c.Open(slices.Concat(sumKeys, finalKeys)...)
	if len(rows) == 0 {
		return nil
	}
	ratio, ok := rowRatio(rows[0])
	inverse, fits := eitherWay(ratio, factor)
	if !ok || !fits {
		return nil
	}
	// got has the factor once more than the reference, or once less.
	how := [2]string{"has %s once more than the reference's", "lacks %s, which the reference's has"}
	if key == schema.Steps {
		how = [2]string{"is divided by %s once more than the reference's", "is not divided by %s, as the reference's is"}
	}
	says := how[0]
	if inverse {
		says = how[1]
	}
	return shown(rows, fmt.Sprintf("%s of got "+says, rows[0].Key, key), fmt.Sprintf("%s is out by %.12g; %s", rows[0].Name(), ratio, what)).
		times(ratio, "the ratio of the intensities that this factor makes")
}

func findSteps(c *Context, _ []*diff.Row) ([]Cause, string) {
	ref, got := vals(c, schema.Steps)
	rows := c.Open(schema.Steps)
	switch {
	case !known(ref, got):
		return nil, notPrinted(schema.Steps)
	case len(rows) > 0 && ref > 0 && got > 0:
		title := fmt.Sprintf("the reference counts %g steps, got %g", ref, got)
		if names, ok := countsIn(c, math.Max(ref, got)/math.Min(ref, got)); ok {
			title += ": the one has " + names + " in it, the other not"
		}
		cause := one(append(rows, moreSamples(c)...), title, nil, fmt.Sprintf("steps is %g (%s) and %g (%s): sources, mosaic domains, phi steps and subpixels multiplied.",
			ref, pos(c.Ref, schema.Steps), got, pos(c.Got, schema.Steps)))
		if c.Agrees(schema.IBeforeScaling) {
			cause[0].Checks = []string{"the sum agrees and is divided by steps"}
			cause.times(ref/got, "the sum agrees and is divided by steps")
		}
		return cause, ""
	case ref != got || ref < 2:
		return nil, fmt.Sprintf("steps is %g and %g", ref, got)
	}
	found, why := byFactor("steps")(c, nil)
	if len(found) == 0 {
		found, _ = bySum("steps")(c, nil)
	}
	if len(found) == 0 {
		found = partOfSteps(c)
	}
	return found, why
}

// partOfSteps looks for a final intensity that is divided by some of the counts that steps is
// the product of, and not by the others.
func partOfSteps(c *Context) []Cause {
	ratio, a, b, ok := ownRatio(c, schema.IPixelFinal)
	names, fits := countsIn(c, math.Max(ratio, 1/ratio))
	x, _ := a.ratio()
	y, _ := b.ratio()
	if !ok || !fits || meets(x, 1) == meets(y, 1) {
		return nil
	}
	o := b
	if meets(y, 1) {
		o, ratio = a, 1/ratio
	}
	how := "steps without " + names
	if ratio < 1 {
		how = "steps, and by " + names + " once more"
	}
	return finalCause(c, schema.Steps, fmt.Sprintf("I_pixel_final of %s is divided by %s", o.side.Name, how), ratio, o.text()+".", "that is the number of "+names)
}

// countsIn names the counts whose product is the number: the fewest.
func countsIn(c *Context, n float64) (best string, ok bool) {
	if n < 1.5 || n > 1e9 || !meets(n, math.Round(n)) {
		return "", false
	}
	over := set(c, c.Ref, "oversample")
	names := []string{"sources", "mosaic domains", "phi steps", "layers", "subpixels along one edge", "subpixels"}
	counts := []float64{4: over, 5: over * over}
	for i := range 4 {
		counts[i] = set(c, c.Ref, names[i])
	}
	fewest := len(counts) + 1
	for mask := 1; mask < 1<<len(counts); mask++ {
		product, some := 1.0, []string(nil)
		for i, x := range counts {
			if mask&(1<<i) != 0 {
				product *= x
				some = append(some, "the "+names[i])
				if !(x >= 2) {
					product = 0
				}
			}
		}
		if product == math.Round(n) && len(some) < fewest {
			best, fewest = strings.Join(some, " and "), len(some)
		}
	}
	return best, best != ""
}
