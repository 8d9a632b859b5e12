package causes

import (
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/parity/diff"
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
	return finalOut(c, schema.Steps, fmt.Sprintf("I_pixel_final of %s is divided by %s", o.side.Name, how), o, ratio, "that is the number of "+names, false)
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
