package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// sampleAt is where a traced sample lies within its detector: along the fast and the slow axis in
// subpixels, and along the normal in metres.
type sampleAt struct {
	fast, slow, depth float64
	rec               *trace.Record
}

// grid is how a log divides its pixel.
type grid struct {
	side       *Side
	over       int // subpixels along an edge
	fast, slow float64
	at         []sampleAt
}

// gridOf reads the places of all samples of a log from its own origin and axes; ok is false
// where they are not printed, or the detector is bent.
func gridOf(c *Context, s *Side) (g grid, ok bool) {
	g.side = s
	p, ok1 := axesOf(&Context{Schema: c.Schema, Ref: s, Got: s}, place{})
	origin, _, ok2 := vec(s, schema.Pix0Vector)
	px := pixelSize(c)
	n, ok3 := set(c, s, "oversample")
	if bent := s.Settings["curved detector"].Text; !ok1 || !ok2 || !ok3 || px == 0 || n < 1 || bent != "" && bent != "no" {
		return g, false
	}
	g.over = int(n)
	for _, r := range s.All(schema.PixelPos) {
		at := p.along(Vec(numbers(r)).sub(origin))
		g.at = append(g.at, sampleAt{at[0] / px * n, at[1] / px * n, at[2], r})
		g.fast, g.slow = float64(r.At[schema.Fast]), float64(r.At[schema.Slow])
	}
	return g, len(g.at) > 0 && len(g.at)%(g.over*g.over) == 0 && g.fast >= 0 && g.slow >= 0
}

// places are where programs put subpixel i of pixel p, n of them along an edge, in subpixels.
var places = []struct {
	says string
	f    func(p, n, i float64) float64
}{
	{"", func(p, n, i float64) float64 { return p*n + i + 0.5 }},
	{"at the corner of each subpixel: half a subpixel is missing", func(p, n, i float64) float64 { return p*n + i }},
	{"with half a subpixel added twice", func(p, n, i float64) float64 { return p*n + i + 1 }},
	{"with half a pixel for half a subpixel", func(p, n, i float64) float64 { return p*n + i + n/2 }},
	{"at the centre of the pixel, for every subpixel", func(p, n, _ float64) float64 { return (p + 0.5) * n }},
	{"at the corner of the pixel, for every subpixel", func(p, n, _ float64) float64 { return p * n }},
	{"in the opposite direction along this axis", func(p, n, i float64) float64 { return -(p*n + i + 0.5) }},
	{"with pixels counted from 1", func(p, n, i float64) float64 { return (p+1)*n + i + 0.5 }},
}

// reads names how a log places its samples along the two axes.
func (g grid) reads() (fast, slow string, ok bool) {
	var out [2]string
	for axis := range out {
		found := false
		for _, way := range places {
			fits := true
			for k, at := range g.at {
				k %= g.over * g.over
				p, i, v := g.fast, float64(k%g.over), at.fast
				if axis == 1 {
					p, i, v = g.slow, float64(k/g.over), at.slow
				}
				fits = fits && math.Abs(way.f(p, float64(g.over), i)-v) < 1e-3 // settings have six digits
			}
			if fits {
				out[axis], found = way.says, true
				break
			}
		}
		if !found {
			return "", "", false
		}
	}
	return out[0], out[1], true
}

func findGrid(c *Context) ([]Cause, string) {
	rows := c.Open(schema.PixelPos)
	if !c.Differs(schema.PixelPos) {
		return nil, "pixel_pos_meters agrees, or is not printed on both sides"
	}
	ref, ok1 := gridOf(c, c.Ref)
	got, ok2 := gridOf(c, c.Got)
	if !ok1 || !ok2 {
		return nil, "not checked: origin, axes, pixel size and oversampling are not all printed, or the detector is curved"
	}
	if found := findDepth(c, ref, got); found != nil {
		return found, ""
	}
	rf, rs, ok1 := ref.reads()
	gf, gs, ok2 := got.reads()
	if !ok1 || !ok2 {
		return nil, "the places of a side's samples are those of no known formula"
	}
	if rf == gf && rs == gs {
		return nil, "both sides place their samples by the same formula"
	}
	s, words := got, [2]string{gf, gs}
	if gf+gs == "" {
		s, words = ref, [2]string{rf, rs}
	}
	title := fmt.Sprintf("%s places its samples %s", s.side.Name, words[0])
	switch {
	case words[0] == "":
		title = fmt.Sprintf("%s places its samples along the slow axis (sdet) %s", s.side.Name, words[1])
	case words[1] == "":
		title = fmt.Sprintf("%s places its samples along the fast axis (fdet) %s", s.side.Name, words[0])
	case words[0] != words[1]:
		title += ", and along the slow axis " + words[1]
	}
	a, b := ref.at[0], got.at[0]
	var evidence []string
	if len(rows) > 0 {
		evidence = append(evidence, show(rows[0])+".")
	}
	cause := one(rows, title, []string{fmt.Sprintf("sample 0 of pixel %g %g (slow fast) is %.6g and %.6g subpixels along f and s from the origin in the reference (%s), %.6g and %.6g in got (%s); the other samples follow by the same formula", ref.slow, ref.fast, a.fast, a.slow, a.rec.Pos, b.fast, b.slow, b.rec.Pos)}, evidence...)
	cause[0].Order = schema.PixelPos
	return cause, ""
}

// findDepth compares where the layers lie along the normal.
func findDepth(c *Context, ref, got grid) []Cause {
	per := ref.over * ref.over
	n := len(ref.at) / per
	if len(ref.at) != len(got.at) || n < 2 || ref.over != got.over {
		return nil
	}
	a, b := ref.at[per].depth-ref.at[0].depth, got.at[per].depth-got.at[0].depth
	thick, _ := set(c, c.Ref, "sensor thickness")
	size := math.Max(math.Abs(a), math.Abs(b))
	if math.Abs(a-b) <= 1e-3*size || size == 0 || thick > 0 && size > 1.01*thick {
		return nil
	}
	what := ""
	switch {
	case math.Abs(b) < 1e-3*size:
		what = "got has all detector layers at one depth, without their thickness"
	case math.Abs(a) < 1e-3*size:
		what = "the reference has all detector layers at one depth, without their thickness"
	case closeTo(a, -b, 1e-3):
		what = "the detector layers lie in front of each other on one side and behind on the other"
	default:
		return nil // the thickness of a layer is the matter of thickness-grid
	}
	rows := c.Open(schema.PixelPos)
	cause := one(rows, what, []string{fmt.Sprintf("from layer 0 to layer 1 it is %.6g m along the normal in the reference (%s) and %.6g m in got (%s); layer 0 agrees", a, ref.at[per].rec.Pos, b, got.at[per].rec.Pos)})
	cause[0].Order = schema.PixelPos
	return cause
}
