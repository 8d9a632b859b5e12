package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// inDetector is where the first sample of each log lies in its own detector, in metres along its axes from its origin;
// what the one log does not print of that is the other's.
func inDetector(c *Context) (ref, got Vec, ok bool) {
	return both(c, func(s *Side) (Vec, bool) {
		a, ok1 := axesOf(c, s, other(c, s))
		origin := vec(s, schema.Pix0Vector)
		if !known(origin[:]...) {
			origin = vec(other(c, s), schema.Pix0Vector)
		}
		v := a.along(vec(s, schema.PixelPos).sub(origin))
		return v, ok1 && known(v[:]...)
	})
}

// findPixelSwap recognises pixel-swap, also where the origins differ and the place of the pixel follows from them.
func findPixelSwap(c *Context, _ []*diff.Row) ([]Cause, string) {
	rows := c.Open(schema.PixelPos)
	a, b, ok := inDetector(c)
	if ref, got, bent := both(c, func(s *Side) ([]Vec, bool) { return flattened(c, s) }); bent {
		a, b = ref[0], got[0]
	}
	switch {
	case len(rows) == 0 && !(c.Differs(schema.PixelPos) && c.Differs(schema.Pix0Vector)):
		return nil, noRoot(schema.PixelPos)
	case !ok:
		return nil, notPrinted(schema.Pix0Vector, schema.FdetVec, schema.PixelPos)
	}
	numbers := fmt.Sprintf("from the origin, the pixel is (%.9g, %.9g) m along f and s in the reference (%s) and (%.9g, %.9g) m in got (%s)",
		a[0], a[1], pos(c.Ref, schema.PixelPos), b[0], b[1], pos(c.Got, schema.PixelPos))
	size := math.Hypot(a[0], a[1])
	if c.Differs(schema.Pix0Vector) { // each is a small difference of its own origin
		size *= 10
	}
	if math.Abs(a[0]-a[1]) <= fingerprint*size || !(Vec{a[1], a[0], a[2]}).near(b, size) {
		return nil, numbers
	}
	return one(append(rows, c.Open(schema.DiffractedVec, schema.RDistance)...), "", []string{numbers, "along the normal both have the same"}).enters(schema.PixelPos), ""
}

// findCurvedDetector holds each log's pixel against its own plane, and its distance from the sample.
func findCurvedDetector(c *Context, _ []*diff.Row) ([]Cause, string) {
	rows := c.Open(schema.PixelPos)
	distance := either(set(c, c.Ref, "distance"), distanceOf(c))
	r, g := vals(c, schema.RDistance)
	if !known(distance, r, g) || !c.Differs(schema.PixelPos) {
		return nil, notPrinted(schema.Distance, schema.RDistance) + ", or pixel_pos_meters agrees"
	}
	bent, flat := bentTo(c, c.Ref), bentTo(c, c.Got)
	numbers := fmt.Sprintf("R is %s and %s; the distance is %.9g m", cited(c.Ref.RecOr(schema.RDistance)), cited(c.Got.RecOr(schema.RDistance)), distance)
	at, its, ok := inDetector(c)
	if bent != flat && len(rows) == 0 { // where other causes hide the root, the plane has to tell as well
		if !bent {
			at, its = its, at
		}
		if !ok || math.Abs(at[2]) < 1e-4*distance || math.Abs(its[2]) > fingerprint*distance {
			return nil, numbers + "; pixel_pos_meters is no root, and it is not the one pixel alone that lies out of its plane"
		}
	}
	switch {
	case bent && flat && closeTo(r, g, fingerprint) && len(rows) > 0:
		return shown(rows, "the detector is curved on both sides, by another formula or with its two rotations in another order", numbers), ""
	case bent == flat:
		return nil, numbers
	}
	return shown(rows, "the detector of "+pick(c, bent).Name+" is curved, that of the other side is not", numbers).enters(schema.PixelPos), ""
}

// grid is how a log divides its pixel.
type grid struct {
	over       int // subpixels along an edge
	fast, slow float64
	at         []Vec // of the samples: along the fast and the slow axis in subpixels, along the normal in metres
}

// gridOf reads the places of all samples of a log from its own origin and axes; ok is false
// where they are not printed, or the detector is bent.
func gridOf(c *Context, s *Side) (g grid, ok bool) {
	at, ok1 := within(c, s)
	px := pixelSize(c)
	n := set(c, s, "oversample")
	if bent := s.Settings["curved detector"].Text; bent != "" && bent != "no" && bentTo(c, s) {
		at, ok1 = flattened(c, s)
	}
	if !ok1 || !known(px) || !(n >= 1) {
		return g, false
	}
	g.over = int(n)
	for _, v := range at {
		g.at = append(g.at, Vec{v[0] / px * n, v[1] / px * n, v[2]})
	}
	pixel := s.All(schema.PixelPos)[0].At
	g.fast, g.slow = float64(pixel[schema.Fast]), float64(pixel[schema.Slow])
	return g, len(g.at)%(g.over*g.over) == 0 && g.fast >= 0 && g.slow >= 0
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

// bentTo reports whether a log's pixel is at the detector's distance; a setting has six digits.
func bentTo(c *Context, s *Side) bool {
	return closeTo(val(s, schema.RDistance), either(set(c, c.Ref, "distance"), distanceOf(c)), 5e-6)
}

// flattened are the places, within the plane that a detector was bent from, of a curved detector's samples, in metres from
// its origin: of all places that programs put samples at, those that bend to what is printed.
func flattened(c *Context, s *Side) (out []Vec, ok bool) {
	a, ok1 := axesOf(c, s)
	origin, px, n := vec(s, schema.Pix0Vector), pixelSize(c), set(c, s, "oversample")
	records := s.All(schema.PixelPos)
	if !ok1 || !known(px, n, origin[0]) || len(records) < int(n*n) || !bentTo(c, s) {
		return nil, false
	}
	records = records[:int(n*n)] // those of the first layer
	d, sub := vec(s, schema.PixelPos).norm(), px/n
	middle := a.beam.scale(math.Copysign(d, a.beam.dot(vec(s, schema.PixelPos))))
	for _, swap := range []bool{false, true} {
		for i := range len(places) * len(places) {
			out = nil
			for k, r := range records {
				fast, slow := float64(r.At[schema.Fast]), float64(r.At[schema.Slow])
				if swap {
					fast, slow = slow, fast
				}
				flat := Vec{places[i/len(places)].f(fast, n, float64(k%int(n))) * sub, places[i%len(places)].f(slow, n, float64(k/int(n))) * sub}
				at := origin.add(a.f.scale(flat[0])).add(a.s.scale(flat[1]))
				bent := spin(spin(middle, a.s, at[1]/d*180/math.Pi), a.f, at[2]/d*180/math.Pi) // y and z are taken for angles
				if bent.sub(vecOf(r)).norm() > 1e-3*sub {
					break
				}
				out = append(out, flat)
			}
			if len(out) == len(records) {
				return out, true
			}
		}
	}
	return nil, false
}

// reads names how a log places its samples along the two axes.
func (g grid) reads() (out [2]string, ok bool) {
	known := [2]bool{}
	for axis, pixel := range []float64{g.fast, g.slow} {
		for _, way := range places {
			fits := true
			for k, at := range g.at {
				k %= g.over * g.over
				i := []int{k % g.over, k / g.over}[axis]
				fits = fits && math.Abs(way.f(pixel, float64(g.over), float64(i))-at[axis]) < 1e-3 // settings have six digits
			}
			if fits && !known[axis] {
				out[axis], known[axis] = way.says, true
			}
		}
	}
	return out, known[0] && known[1]
}

func findGrid(c *Context, _ []*diff.Row) ([]Cause, string) {
	rows := c.Open(schema.PixelPos)
	if !c.Differs(schema.PixelPos) || len(rows) == 0 && len(c.RootsOf(schema.PixelPos)) > 0 {
		return nil, "pixel_pos_meters agrees, is not printed on both sides or is accounted for"
	}
	ref, got, ok := both(c, func(s *Side) (grid, bool) { return gridOf(c, s) })
	if !ok {
		return nil, "not checked: origin, axes, pixel size and oversampling are not all printed, or the detector is curved"
	}
	if found := findDepth(c, ref, got); found != nil {
		return found, ""
	}
	r, ok1 := ref.reads()
	g, ok2 := got.reads()
	switch {
	case !ok1 || !ok2:
		return nil, "the places of a side's samples are those of no known formula"
	case r == g:
		return nil, "both sides place their samples by the same formula"
	}
	s, words := c.Got, g
	if g == [2]string{} {
		s, words = c.Ref, r
	}
	says := words[0]
	switch {
	case words[0] == "":
		says = "along the slow axis (sdet) " + words[1]
	case words[1] == "":
		says = "along the fast axis (fdet) " + words[0]
	case words[0] != words[1]:
		says += ", and along the slow axis " + words[1]
	}
	a, b := ref.at[0], got.at[0]
	return shown(rows, s.Name+" places its samples "+says, fmt.Sprintf("sample 0 of pixel %g %g (slow fast) is %.6g and %.6g subpixels along f and s from the origin in the reference (%s), %.6g and %.6g in got (%s); the other samples follow by the same formula",
		ref.slow, ref.fast, a[0], a[1], c.Ref.All(schema.PixelPos)[0].Pos(), b[0], b[1], c.Got.All(schema.PixelPos)[0].Pos())).enters(schema.PixelPos), ""
}

// findDepth compares where the layers lie along the normal.
func findDepth(c *Context, ref, got grid) []Cause {
	per := ref.over * ref.over
	if len(ref.at) != len(got.at) || len(ref.at) < 2*per || ref.over != got.over {
		return nil
	}
	a, b := ref.at[per][2]-ref.at[0][2], got.at[per][2]-got.at[0][2]
	thick := set(c, c.Ref, "sensor thickness")
	size := math.Max(math.Abs(a), math.Abs(b))
	if math.Abs(a-b) <= 1e-3*size || size == 0 || thick > 0 && size > 1.01*thick {
		return nil
	}
	var what string
	switch {
	case math.Abs(a) < 1e-3*size || math.Abs(b) < 1e-3*size:
		what = pick(c, math.Abs(a) < math.Abs(b)).Name + " has all detector layers at one depth, without their thickness"
	case closeTo(a, -b, 1e-3):
		what = "the detector layers lie in front of each other on one side and behind on the other"
	default:
		return nil // the thickness of a layer is the matter of thickness-grid
	}
	return one(c.Open(schema.PixelPos), what, []string{fmt.Sprintf("from layer 0 to layer 1 it is %.6g m along the normal in the reference (%s) and %.6g m in got (%s); layer 0 agrees",
		a, c.Ref.All(schema.PixelPos)[per].Pos(), b, c.Got.All(schema.PixelPos)[per].Pos())}).enters(schema.PixelPos)
}

func findCentre(c *Context, _ []*diff.Row) ([]Cause, string) {
	for s, o := range pairs(c) {
		mine, many := s.All(schema.PixelPos), o.All(schema.PixelPos)
		if len(mine) != 1 || len(many) < 2 {
			continue
		}
		var mean Vec
		widest, layer := 0.0, len(many)
		if n := set(c, o, "oversample"); n >= 1 && layer%int(n*n) == 0 {
			layer = int(n * n) // the samples of the first layer
		}
		for i, r := range many {
			v := vecOf(r)
			widest = math.Max(widest, v.sub(vecOf(many[0])).norm())
			if i < layer {
				mean = mean.add(v.scale(1 / float64(layer)))
			}
		}
		off := vecOf(mine[0]).sub(mean).norm()
		if off > 1e-3*widest {
			return nil, fmt.Sprintf("the one place of %s is %.3g m from the middle of the other side's %d", s.Name, off, layer)
		}
		title := fmt.Sprintf("%s traces the pixel's centre once, %s each of %d samples (subpixels and layers)", s.Name, o.Name, len(many))
		if layer == 1 { // one subpixel: the samples are layers
			title = fmt.Sprintf("%s traces one detector layer, %s each of %d", s.Name, o.Name, len(many))
		}
		cause := one(centreRows(c, s), title,
			[]string{fmt.Sprintf("the one place is the mean of the %d to %.1g m (%s)", layer, off, mine[0].Pos())},
			fmt.Sprintf("%s prints pixel_pos_meters once (%s), %s %d times (%s on).", s.Name, mine[0].Pos(), o.Name, len(many), many[0].Pos())).enters(schema.PixelPos).alone()
		if len(cause[0].Explains) == 0 {
			cause.note()
		}
		return cause, ""
	}
	return nil, fmt.Sprintf("both sides trace their samples: %d and %d", len(c.Ref.All(schema.PixelPos)), len(c.Got.All(schema.PixelPos)))
}

// centreRows are the roots that another place within the pixel makes: those that
// follow from it by the log's own formulas, and what is kept of one sample.
func centreRows(c *Context, s *Side) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Open() {
		q := r.Info
		switch {
		case q == nil || q.Config || q.Stage == schema.Crystal || q.Stage == schema.Orientation || q.Stage < schema.Position || q.Stage == schema.Sum:
		case q.Scope == schema.PerSample || q.Scope == schema.PerStep:
			if o, ok := recomputed(c, s, r.Key); r.Key == schema.PixelPos || r.Key == schema.OmegaSample || ok && o.rel <= fingerprint || q.Stage == schema.Lattice || q.Stage == schema.StructureFactor {
				out = append(out, r)
			}
		case r.Key == schema.Cos2Theta || r.Key == schema.OmegaPixel || r.Key == schema.Polar:
			if r.Rel < 0.05 {
				out = append(out, r)
			}
		}
	}
	return out
}
