package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

func findWaterBackground(c *Context, rows []*diff.Row) ([]Cause, string) {
	found, why := bySum("water")(c, rows)
	if len(found) == 0 {
		var more string
		if found, more = waterByDifference(c); len(found) == 0 {
			found = waterBehind(c)
		}
		why += "; " + more
	}
	return found, why
}

// waterFactors are the multiples of a background by which two sums differ.
var waterFactors = []struct {
	says   string
	factor func(steps, omega, polar float64) float64
}{
	{"once: the other has none, or half as much", func(_, _, _ float64) float64 { return 1 }},
	{"times steps - 1: it is added at each step, or not divided by them", func(n, _, _ float64) float64 { return n - 1 }},
	{"less a steps-th of it: divided by the steps once more", func(n, _, _ float64) float64 { return 1 - 1/n }},
	{"less one over F: with F once for F squared, F = 2.57", func(_, _, _ float64) float64 { return 1 - 1/2.57 }},
	{"17 times: not divided by the molecular weight, 18", func(_, _, _ float64) float64 { return 17 }},
	{"less omega of it: it has the solid angle in it already", func(_, w, _ float64) float64 { return 1 - w }},
	{"less polar of it: it has polar in it already", func(_, _, p float64) float64 { return 1 - p }},
	{"999 times: another unit, 1000 times as much", func(_, _, _ float64) float64 { return 999 }},
	{"less a thousandth: another unit", func(_, _, _ float64) float64 { return 1 - 1e-3 }},
	{"less a millionth: another unit", func(_, _, _ float64) float64 { return 1 - 1e-6 }},
}

// waterByDifference looks at the difference of two sums whose traced terms agree:
// nothing but the background, and what no trace shows, is in it.
func waterByDifference(c *Context) ([]Cause, string) {
	ref, got, ok := bothTerms(c)
	if x, y := ref.sum-ref.total, got.sum-got.total; ok && ref.whole && got.whole && c.Differs(sumKeys...) && x > ref.total && y > got.total {
		// The terms differ by another cause, and are little against the background.
		n := math.Max(x/y, y/x)
		if size, ok := droplet(c, math.Min(x, y), 1e-5); ok && n > 1.5 && closeTo(n, math.Round(n), 1e-5) {
			return sumCause(c, fmt.Sprintf("the sum of got has %.6g times the background (water) of the reference", y/x),
				fmt.Sprintf("the sums are %.9g and %.9g more than the printed terms make; the lesser is that of %g um of water", x, y, size)), ""
		}
	}
	_, d, why := sumsDiffer(c)
	if why != "" {
		return nil, why
	}
	// The sums have 15 digits, and their difference as many less as it is smaller.
	within := math.Max(1e-9, 3e-14*math.Max(math.Abs(ref.sum), math.Abs(got.sum))/math.Abs(d))
	if !ref.whole && len(ref.list) == 0 || within > 1e-6 {
		return nil, fmt.Sprintf("the sums differ by %.9g, too little to tell", d)
	}
	for _, w := range waterFactors {
		f := w.factor(ref.steps, val(c.Ref, schema.OmegaPixel), val(c.Ref, schema.Polar))
		if size, ok := droplet(c, math.Abs(d/f), within); ok && f != 0 && math.Abs(d/f) <= 2*math.Max(ref.sum, got.sum) {
			return sumCause(c, fmt.Sprintf("the background (water) is counted otherwise: %s has more of it, %s", pick(c, d < 0).Name, w.says),
				fmt.Sprintf("the sums differ by %.12g, which is %.6g times the background of %g um of water, to %.1g", d, math.Abs(f), size, within)), ""
		}
	}
	return nil, fmt.Sprintf("the sums differ by %.9g, which is no multiple of a droplet of a round size", d)
}

// waterBehind looks for a final intensity with a background that was added behind the scaling.
func waterBehind(c *Context) []Cause {
	rows := c.Open(finalKeys...)
	omega := val(c.Ref, schema.OmegaPixel)
	o, _, ok := contradicted(c, schema.IPixelFinal, fingerprint)
	if len(rows) == 0 || !ok || o.printed[0] <= o.want[0] {
		return nil
	}
	extra := o.printed[0] - o.want[0]
	// Programs have r_e^2 to seven digits or more.
	within := math.Max(5e-6, 3e-14*o.printed[0]/extra)
	for _, w := range []struct {
		says   string
		factor float64
	}{
		{"not scaled", 1}, {"divided by steps alone", 1 / val(c.Ref, schema.Steps)}, {"times omega alone", omega},
		{"times omega and polar", omega * val(c.Ref, schema.Polar)}, {"times omega and capture_fraction", omega * val(c.Ref, schema.CaptureFraction)},
	} {
		if size, ok := droplet(c, extra/w.factor, within); ok && within < 1e-5 && !isFactor(c) {
			return one(rows, fmt.Sprintf("the final intensity of %s has a background (water) added behind the scaling, %s", o.side.Name, w.says),
				[]string{fmt.Sprintf("it is %.9g more than its own factors make, which is the background of %g um of water %s", extra, size, w.says)}, o.text()+".")
		}
	}
	return nil
}

// isFactor reports whether one factor of the final intensity tells as well what is wrong with it.
func isFactor(c *Context) bool {
	for _, find := range []finder{byFactor("polar"), byFactor("factor"), findSteps} {
		if found, _ := find(c, nil); len(found) > 0 {
			return true
		}
	}
	return false
}

// droplet is the size of the water in micrometres that makes a background: a number of
// up to three digits, as one types it, met within so much of it (ten times as much for two digits). Terms of which the structure factor
// is not printed blur it.
func droplet(c *Context, background, within float64) (float64, bool) {
	um := 1e6 * math.Cbrt(background/(2.57*2.57*val(c.Ref, schema.RESqr)*val(c.Ref, schema.Fluence)*1e6*6.02214179e23/18))
	if !(um > 0) {
		return 0, false
	}
	for digits, within := range []float64{2: 10 * within, 3: within} {
		unit := math.Pow(10, math.Floor(math.Log10(um))-float64(digits-1))
		if size := math.Round(um/unit) * unit; digits > 1 && math.Abs(um/size-1) < within {
			return size, true
		}
	}
	return 0, false
}
