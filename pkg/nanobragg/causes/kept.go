package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

func findOmegaLast(c *Context) ([]Cause, string) {
	if found := omegaOverwritten(c); found != nil {
		return found, ""
	}
	rows := c.Open(schema.OmegaPixel)
	if len(rows) == 0 {
		return nil, "omega_pixel is no root"
	}
	ref, ok1 := whichSample(c.Ref)
	got, ok2 := whichSample(c.Got)
	if !c.Agrees(schema.OmegaSample) || !ok1 || !ok2 || ref == got {
		return nil, "omega_pixel is not, on each side, another one of the samples' omega_pixel_sr"
	}
	cause := one(rows, fmt.Sprintf("got keeps the solid angle of sample %d, the reference that of sample %d", got, ref),
		[]string{"omega_pixel_sr agrees for all samples", fmt.Sprintf("that of sample %d is at %s in the reference, that of sample %d at %s in got",
			ref, c.Ref.All(schema.OmegaSample)[ref].Pos, got, c.Got.All(schema.OmegaSample)[got].Pos)}, show(rows[0])+".")
	if r, ok := rowRatio(rows[0]); ok {
		cause[0].Share = times(r, "the ratio of omega_pixel")
	}
	return cause, ""
}

// omegaOverwritten recognises the traces that print the kept value: the one side
// repeats sample 0's solid angle for all samples, the other has each sample's
// own, and its last one for the pixel.
func omegaOverwritten(c *Context) []Cause {
	rows := c.Open(schema.OmegaSample, schema.OmegaPixel)
	for i, s := range c.Sides() {
		keeps, other := omegas(s), omegas(c.Sides()[1-i])
		n := len(keeps)
		if !c.Differs(schema.OmegaSample, schema.OmegaPixel) || n < 2 || len(other) != n || !repeated(keeps) || repeated(other) {
			continue
		}
		a, _, ok1 := s.Num(schema.OmegaPixel)
		b, _, ok2 := c.Sides()[1-i].Num(schema.OmegaPixel)
		if !ok1 || !ok2 || !meets(a, keeps[0]) || !meets(b, other[n-1]) || !ownOmegas(c.Sides()[1-i], other) {
			continue
		}
		name := c.Sides()[1-i].Name
		cause := one(rows, name+" computes each sample's solid angle and keeps the last, "+s.Name+" keeps the first",
			[]string{fmt.Sprintf("%s has %.12g for all %d samples (%s on); in %s it goes with 1/R^3 from sample to sample, and omega_pixel is the last, %.12g (%s)",
				s.Name, keeps[0], n, s.All(schema.OmegaSample)[0].Pos, name, b, c.Sides()[1-i].Rec(schema.OmegaPixel).Pos)})
		cause[0].Order = schema.OmegaPixel
		switch {
		case !meets(other[0], keeps[0]): // they differ for other reasons as well
		case i == 1:
			cause[0].Share = times(a/b, "the ratio of omega_pixel")
		default:
			cause[0].Share = times(b/a, "the ratio of omega_pixel")
		}
		return cause
	}
	return nil
}

func omegas(s *Side) []float64 {
	var out []float64
	for _, r := range s.All(schema.OmegaSample) {
		if v, ok := num(r); ok {
			out = append(out, v)
		}
	}
	return out
}

func repeated(v []float64) bool {
	for _, x := range v {
		if x != v[0] {
			return false
		}
	}
	return true
}

// ownOmegas reports whether the solid angles go with 1/R^3, as those of one
// plane do. Layers lie at other distances of closest approach: 1 % is left for
// them.
func ownOmegas(s *Side, omega []float64) bool {
	rs := s.All(schema.RDistance)
	if len(rs) != len(omega) {
		return false
	}
	for i := range omega {
		a, ok1 := num(rs[0])
		b, ok2 := num(rs[i])
		if want := math.Pow(a/b, 3); !ok1 || !ok2 || math.Abs(omega[i]/omega[0]/want-1) > 0.01 {
			return false
		}
	}
	return true
}

// whichSample returns the one sample whose solid angle the pixel has.
func whichSample(s *Side) (int, bool) {
	v, _, ok := s.Num(schema.OmegaPixel)
	found, at := 0, 0
	for i, r := range s.All(schema.OmegaSample) {
		if x, has := num(r); has && math.Abs(x-v) <= 1e-13*math.Abs(v) {
			found++
			at = i
		}
	}
	return at, ok && found == 1
}

func findCapture(c *Context) ([]Cause, string) {
	rows := c.Open(schema.CaptureFraction)
	if l, ok := layersOf(c); ok && c.Differs(schema.CaptureFraction) {
		if a, b := l.of(c.Ref, 0), l.of(c.Got, 1); a.step != "" && a.step == b.step && a.layer != b.layer {
			return l.cause(c, rows, fmt.Sprintf("got keeps the capture fraction of layer %d of %g, the reference that of layer %d", b.layer, l.n, a.layer), a, b), ""
		}
	}
	if len(rows) == 0 {
		return nil, "capture_fraction is no root"
	}
	ref, _, ok1 := c.Ref.Num(schema.CaptureFraction)
	got, _, ok2 := c.Got.Num(schema.CaptureFraction)
	blocks := len(c.Ref.All(schema.PixelPos))
	if !ok1 || !ok2 || !(ref > 0 && ref < 1 && got > 0 && got < 1) || blocks < 2 {
		return nil, "the capture fractions are not between 0 and 1, or there is one layer only"
	}
	for layers := 2; layers <= blocks; layers++ {
		if blocks%layers != 0 {
			continue
		}
		if layer, own, ok := otherLayer(c, layers, ref, got); ok {
			cause := one(rows, fmt.Sprintf("got keeps the capture fraction of layer %d of %d, the reference that of layer %d", layer, layers, own),
				[]string{fmt.Sprintf("with the path through each layer from diffracted_vec, one attenuation gives both: %.9g in layer %d and %.9g in layer %d", ref, own, got, layer)}, show(rows[0])+".")
			cause[0].Share = times(got/ref, "the ratio of the capture fractions")
			return cause, ""
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
			for j := range layers {
				for s := range subs {
					if j != own && meets(got, taken(j, m/paths[j*subs+s])) {
						return j, own, true
					}
				}
			}
		}
	}
	return 0, 0, false
}

func taken(t int, y float64) float64 {
	return math.Exp(-float64(t)*y) - math.Exp(-float64(t+1)*y)
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

// parallax is the cosine between the diffracted ray and the normal for each
// block of a side's pixel.
func parallax(c *Context, s *Side) ([]float64, bool) {
	p, ok := axesOf(c, place{})
	var out []float64
	for _, r := range s.All(schema.DiffractedVec) {
		if ok = ok && len(r.Values) == 3; ok {
			out = append(out, math.Abs(Vec{r.Values[0].Num, r.Values[1].Num, r.Values[2].Num}.dot(p.o)))
		}
	}
	return out, ok && len(out) > 0
}
