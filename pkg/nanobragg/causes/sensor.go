package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// layers is a sensor: metres, a number of layers, 1/metres, and for each traced sample
// of a log the cosine at which it is crossed.
type layers struct {
	thick, n, mu float64
	paths        map[*Side][]float64
}

func layersOf(c *Context) (l layers, ok bool) {
	ref, got, ok := both(c, func(s *Side) ([]float64, bool) { return parallax(c, s) })
	l = layers{set(c, c.Ref, "sensor thickness"), set(c, c.Ref, "layers"), set(c, c.Ref, "attenuation"), map[*Side][]float64{c.Ref: ref, c.Got: got}}
	return l, ok && known(l.mu) && l.thick > 0 && l.n >= 2 && l.n <= 1000
}

// parallax is the cosine between the diffracted ray and the normal for each
// block of a side's pixel.
func parallax(c *Context, s *Side) ([]float64, bool) {
	axes, ok := axesOf(c, s, other(c, s))
	var out []float64
	for _, r := range s.All(schema.DiffractedVec) {
		if ok = ok && len(r.Values) == 3; ok {
			out = append(out, math.Abs(vecOf(r).dot(axes.o)))
		}
	}
	return out, ok && len(out) > 0
}

// taken is what layer t takes of the ray, where one layer takes 1 - exp(-y).
func taken(t int, y float64) float64 {
	return math.Exp(-float64(t)*y) - math.Exp(-float64(t+1)*y)
}

// layer is the one that a capture fraction is of.
type layer struct {
	step     string // "" for none
	layer    int
	fraction float64
}

// captures are the ways in which programs make a layer's fraction: with another thickness of a layer, of the
// sensor's and n layers, or another absorption.
var captures = []struct {
	step     string
	less     float64 // layers less than n that the sensor is divided by
	straight bool
	fraction func(t int, y float64) float64
}{
	{"thick/(n-1)", 1, false, taken}, {"thick/n", 0, false, taken},
	{"thick/(n-1), crossed straight, without the parallax", 1, true, taken},
	{"thick/(n-1), with all that the layers up to it take", 1, false, func(t int, y float64) float64 { return 1 - math.Exp(-float64(t+1)*y) }},
	{"thick/(n-1), with what the layers before it leave", 1, false, func(t int, y float64) float64 { return math.Exp(-float64(t) * y) }},
}

// of finds the step and layer that make a side's capture fraction. The programs
// print the sensor with six digits.
func (l layers) of(side *Side) (out layer) {
	want := val(side, schema.CaptureFraction)
	out.fraction = want
	for _, way := range captures {
		paths := l.paths[side]
		if way.straight {
			paths = []float64{1}
		}
		for t := range int(l.n) {
			for _, p := range paths {
				if y := l.thick / (l.n - way.less) * l.mu / p; math.Abs(way.fraction(t, y)-want) <= 1e-5*want {
					return layer{way.step, t, want}
				}
			}
		}
	}
	return out
}

// byLayers is a rule of what two capture fractions are of: capture of other layers, thickness-grid of layers made otherwise.
func byLayers(sameStep bool) finder {
	return func(c *Context, _ []*diff.Row) ([]Cause, string) {
		l, ok := layersOf(c)
		switch {
		case !c.Differs(schema.CaptureFraction):
			return nil, "capture_fraction agrees, or is not printed on both sides"
		case !ok:
			return nil, "not checked: no log prints the sensor's thickness, layers and attenuation"
		}
		a, b := l.of(c.Ref), l.of(c.Got)
		title := fmt.Sprintf("got keeps the capture fraction of layer %d of %g, the reference that of layer %d", b.layer, l.n, a.layer)
		switch {
		case a.step == "" || b.step == "":
			return nil, fmt.Sprintf("the fractions %.9g and %.9g are not those of layers of thick/(n-1) and thick/n", a.fraction, b.fraction)
		case sameStep && (a.step != b.step || a.layer == b.layer):
			return nil, fmt.Sprintf("the fractions are those of layer %d of %s and layer %d of %s", a.layer, a.step, b.layer, b.step)
		case !sameStep && a.step == b.step:
			return nil, "both sides have layers of " + a.step
		case !sameStep:
			title = fmt.Sprintf("the capture fraction is that of layer %d with a thickness step of %s in the reference, of layer %d with %s in got", a.layer, a.step, b.layer, b.step)
		}
		rows := c.Open(schema.CaptureFraction)
		cause := one(rows, title, []string{fmt.Sprintf("%.9g and %.9g are what %g m in %g layers with mu = %g make", a.fraction, b.fraction, l.thick, l.n, l.mu)},
			fmt.Sprintf("capture_fraction is %.12g (%s) against %.12g (%s).", b.fraction, pos(c.Got, schema.CaptureFraction), a.fraction, pos(c.Ref, schema.CaptureFraction))).enters(schema.CaptureFraction)
		if len(rows) > 0 {
			cause.times(b.fraction/a.fraction, "the ratio of the capture fractions")
		}
		return cause, ""
	}
}

// findCapture recognises capture by the sensor that is printed, or else by any attenuation that makes both fractions.
func findCapture(c *Context, _ []*diff.Row) ([]Cause, string) {
	if found, _ := byLayers(true)(c, nil); len(found) > 0 {
		return found, ""
	}
	rows := c.Open(schema.CaptureFraction)
	ref, got := vals(c, schema.CaptureFraction)
	blocks := len(c.Ref.All(schema.PixelPos))
	switch {
	case len(rows) == 0:
		return nil, noRoot(schema.CaptureFraction)
	case !(ref > 0 && ref < 1 && got > 0 && got < 1) || blocks < 2:
		return nil, "the capture fractions are not between 0 and 1, or there is one layer only"
	}
	for n := 2; n <= blocks; n++ {
		if blocks%n != 0 {
			continue
		}
		if layer, own, ok := otherLayer(c, n, ref, got); ok {
			return shown(rows, fmt.Sprintf("got keeps the capture fraction of layer %d of %d, the reference that of layer %d", layer, n, own),
				fmt.Sprintf("with the path through each layer from diffracted_vec, one attenuation gives both: %.9g in layer %d and %.9g in layer %d", ref, own, got, layer)).
				times(got/ref, "the ratio of the capture fractions"), ""
		}
	}
	return nil, "the capture fractions are not those of two layers"
}

// otherLayer finds the attenuation of a layer that gives the reference's
// fraction for the last of so many layers, and got's for another. Layer t at the
// cosine p takes exp(-t y) - exp(-(t+1) y), y = m/p.
func otherLayer(c *Context, layers int, ref, got float64) (layer, own int, ok bool) {
	paths, ok := parallax(c, c.Ref)
	subs := len(paths) / layers
	if !ok || subs == 0 {
		return 0, 0, false
	}
	for _, own := range []int{layers - 1, 0} {
		for _, y := range attenuations(own, ref) {
			m := y * paths[own*subs] // the first subpixel of the layer decides
			for i, p := range paths[:layers*subs] {
				if j := i / subs; j != own && meets(got, taken(j, m/p)) {
					return j, own, true
				}
			}
		}
	}
	return 0, 0, false
}

// attenuations solves taken(t, y) = want for y: it rises up to ln((t+1)/t) and
// falls from there.
func attenuations(t int, want float64) []float64 {
	top := 50.0
	if t > 0 {
		top = math.Log(float64(t+1) / float64(t))
	}
	var out []float64
	for _, span := range [][2]float64{{0, top}, {50, top}} {
		lo, hi := span[0], span[1] // taken(lo) below want, taken(hi) above
		if !(taken(t, lo) < want && taken(t, hi) > want) {
			continue
		}
		for range 200 {
			if mid := (lo + hi) / 2; taken(t, mid) < want {
				lo = mid
			} else {
				hi = mid
			}
		}
		out = append(out, hi)
	}
	return out
}
