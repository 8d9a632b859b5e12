package causes

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// abouts are the pivots about which a centre may have been counted.
var abouts = []string{"beam", "sample"}

// centreOf is the centre along f and s that an origin was made with.
func (a axes) centreOf(origin Vec, about string) [2]float64 {
	if about == "beam" {
		origin = origin.sub(a.beam.scale(a.distance(origin)))
	}
	return [2]float64{-origin.dot(a.f), -origin.dot(a.s)}
}

// centres are those of the two logs: each about the pivot that the log tells, or else about the given one.
func (p place) centres(c *Context, about string) (out [2][2]float64) {
	for i, s := range c.Sides() {
		told, _ := pivotOf(s)
		out[i] = p.own[i].centreOf(p.origins()[i], cmp.Or(told.about, about))
	}
	return out
}

// distance is that of an origin along the beam; it is not known where the beam is not printed, or grazes the detector.
func (a axes) distance(origin Vec) float64 {
	bo := a.beam.dot(a.o)
	if math.Abs(a.beam.norm()-1) > 1e-6 || math.Abs(bo) < 0.1 {
		return missing
	}
	return origin.dot(a.o) / bo
}

// centreLines are the lines of the setup in which another centre shows first.
var centreLines = []schema.Key{schema.BeamCenter, schema.Fclose, schema.Sclose, schema.Fbeam, schema.Sbeam}

func findBeamSwap(c *Context, p place) (title string, checks []string, why string) {
	why = "not checked: the beam's direction is not printed"
	for _, about := range abouts {
		v := p.centres(c, about)
		r, g := v[0], v[1]
		if !known(r[0], g[0]) || len(p.rows) == 0 {
			continue
		}
		limit := fingerprint * math.Hypot(r[0], r[1])
		why = fmt.Sprintf("with the %s as the pivot, the centre is (%.9g, %.9g) m along f and s in the reference and (%.9g, %.9g) m in got", about, r[0], r[1], g[0], g[1])
		if math.Abs(r[0]-r[1]) > limit && math.Abs(r[0]-g[1]) <= limit && math.Abs(r[1]-g[0]) <= limit {
			return "the centre's coordinates are exchanged", []string{why, "each along its own log's axes"}, ""
		}
	}
	return "", nil, why
}

func findCentreIgnored(c *Context, p place) (title string, checks []string, why string) {
	px := pixelSize(c)
	n := fields(c, c.Ref, "pixels", 2)
	ref, got := vec(c.Ref, schema.IncidentVec), vec(c.Got, schema.IncidentVec)
	switch {
	case c.Differs(schema.IncidentVec) && !got.near(ref.scale(-1), 1): // which is the same line
		return "", nil, "not checked: the beams differ, and with them what a centre means"
	case n == nil || !known(px):
		return "", nil, "not checked: the number or the size of the pixels is not printed"
	case len(p.rows) == 0:
		return "", nil, "no line of the detector's place is a root that is left to explain"
	}
	var at [2][2]float64 // in pixels: where the side with the middle has it, or else about the sample
	var middle [2]bool
	for _, about := range abouts {
		for i, v := range p.centres(c, about) {
			if !middle[i] {
				at[i] = [2]float64{v[0] / px, v[1] / px}
				middle[i] = isMiddle(at[i], n[0], n[1])
			}
		}
	}
	if apart := math.Hypot(at[0][0]-at[1][0], at[0][1]-at[1][1]); middle[0] == middle[1] || apart < 0.01 {
		return "", nil, fmt.Sprintf("the centres are at %.6g %.6g and %.6g %.6g pixels of %g x %g", at[0][0], at[0][1], at[1][0], at[1][1], n[0], n[1])
	}
	s, mid, off := pick(c, middle[0]), at[0], at[1]
	if middle[1] {
		mid, off = off, mid
	}
	return fmt.Sprintf("%s has the middle of the detector for its centre, the other side %.6g %.6g pixels along f and s: a centre that was given (ORGX, ORGY, Xclose, Yclose, Xbeam or Ybeam) is ignored, or the default is another", s.Name, off[0], off[1]),
		[]string{fmt.Sprintf("that of %s is at %.9g %.9g of %g x %g pixels, the other's is not in the middle", s.Name, mid[0], mid[1], n[0], n[1])}, ""
}

// isMiddle reports whether a centre, in pixels, is the middle of both axes, or up to a
// pixel beyond as the conventions have it.
func isMiddle(at [2]float64, fast, slow float64) bool {
	const within = 1e-4 // of a pixel
	for _, more := range []float64{0, 0.5, 1} {
		if math.Abs(at[0]-fast/2-more) < within && math.Abs(at[1]-slow/2-more) < within {
			return true
		}
	}
	return false
}

// findHalfPixel recognises half-pixel, of the origin or, within the detector, of the sample's place.
func findHalfPixel(c *Context, _ []*diff.Row) ([]Cause, string) {
	px := pixelSize(c)
	if !known(px) {
		return nil, "not checked: the size of a pixel is not printed"
	}
	tell := func(d Vec) (string, []string) {
		return fmt.Sprintf("got is %+.4f and %+.4f pixels off along the fast and the slow axis", d[0]/px, d[1]/px),
			[]string{fmt.Sprintf("along f and s the difference is (%.6g, %.6g) m; a pixel is %.6g m", d[0], d[1], px), "nothing along the normal"}
	}
	p, why := placeOf(c)
	if why == "" && len(p.rows) > 0 {
		for _, d := range p.offsets(c) {
			if halves(d, px) {
				title, checks := tell(d)
				if p.turned {
					checks[1] = "each centre is taken about its own log's pivot, along its own axes"
				}
				return p.origin(c, title, checks), ""
			}
		}
		why = "the origins are apart by " + expText(p.delta().scale(1/px)) + " pixels along f, s and the normal"
	}
	rows := c.Open(schema.PixelPos)
	r, g, ok := inDetector(c)
	switch {
	case len(rows) == 0:
		return nil, why
	case !ok:
		return nil, notPrinted(schema.PixelPos, schema.FdetVec, schema.SdetVec)
	}
	d := g.sub(r)
	if title, checks := tell(d); halves(d, px) {
		return one(rows, title, checks), ""
	}
	return nil, "the places within the detector are apart by " + expText(d.scale(1/px)) + " pixels"
}

// offsets are by what the centres may be apart, along f, s and the normal: that of the origins, or where the axes differ
// those of the centres that each was made with.
func (p place) offsets(c *Context) (out []Vec) {
	if !p.turned {
		return []Vec{p.delta()}
	}
	for _, about := range abouts {
		v := p.centres(c, about)
		out = append(out, Vec{v[0][0] - v[1][0], v[0][1] - v[1][1]})
	}
	return out
}

// halves reports whether the parts along f and s are half a pixel or nothing,
// not both nothing, and the part along the normal is nothing.
func halves(d Vec, px float64) bool {
	const within = 1e-4 // of a pixel: 15 digits of a metre resolve 1e-11 of one
	half := func(x float64) bool { return math.Abs(math.Abs(x)/px-0.5) < within }
	none := func(x float64) bool { return math.Abs(x)/px <= within }
	return (half(d[0]) || half(d[1])) && (half(d[0]) || none(d[0])) && (half(d[1]) || none(d[1])) && none(d[2])
}

func findCloseAfterTwotheta(c *Context, p place) (title string, checks []string, why string) {
	r, g := vals(c, schema.CloseDistance)
	distance := distanceOf(c)
	if !known(r, g, distance) {
		return "", nil, notPrinted(schema.CloseDistance, schema.Distance)
	}
	if title, checks, why = closeByOwnNormal(c, p); why == "" || p.turned {
		return title, checks, why
	}
	d := p.delta()
	along := func(normal Vec) float64 { return math.Abs(distance * p.beam.dot(normal)) }
	last, first := along(p.o), either(along(vec(c.Ref, schema.OdetAfterRotz)), along(vec(c.Got, schema.OdetAfterRotz)))
	if !known(first) {
		// The normal before twotheta is not printed: what the one side has is
		// taken for it, if the origins bear that out.
		first = r
		if closeTo(r, last, 1e-5) {
			first = g
		}
		if math.Hypot(d[0], d[1]) > 1e-6*math.Abs(d[2]) || !closeTo(math.Abs(d[2]), math.Abs(r-g), 1e-6) {
			return "", nil, notPrinted(schema.OdetAfterRotz)
		}
	}
	rr, gr := c.Ref.RecOr(schema.CloseDistance), c.Got.RecOr(schema.CloseDistance)
	isRef := closeTo(g, first, 1e-6)
	if isRef {
		r, g = g, r
	}
	const within = 3e-6 // a setting is printed with six digits, and a port may have the distance in single precision
	if closeTo(first, last, within) || !closeTo(r, first, within) || !closeTo(g, last, within) {
		return "", nil, fmt.Sprintf("beam . odet makes %.9g m before twotheta and %.9g m after; close_distance is %s and %s", first, last, cited(rr), cited(gr))
	}
	checks = []string{fmt.Sprintf("the close distance before twotheta is %.9g m and after it %.9g m: those of the two sides (%s, %s)", first, last, rr.Pos(), gr.Pos())}
	if math.Hypot(d[0], d[1]) < 1e-3*math.Abs(d[2]) && closeTo(math.Abs(d[2]), math.Abs(first-last), 1e-3) {
		checks = append(checks, fmt.Sprintf("the origins are apart by that along odet: %.6g m", d[2]))
	}
	return pick(c, isRef).Name + " computes the close distance with the normal after twotheta", checks, ""
}

// closeByOwnNormal holds each log's close distance against its own normal, before twotheta and after it.
func closeByOwnNormal(c *Context, p place) (title string, checks []string, why string) {
	return p.eitherOf(c, "close distance", [2]string{"beam . odet before twotheta", "that after it"}, "computes the close distance with the normal after twotheta", func(i int, s *Side) (made, right, wrong float64) {
		d := math.Abs(distanceOf(c))
		return val(s, schema.CloseDistanceSetup), d * math.Abs(p.own[i].beam.dot(vec(s, schema.OdetAfterRotz))), d * math.Abs(p.own[i].beam.dot(p.own[i].o))
	})
}

// eitherOf tells the one log of which a length is the wrong one of two that it may be, by the log's own numbers.
func (p place) eitherOf(c *Context, name string, names [2]string, does string, of func(i int, s *Side) (made, right, wrong float64)) (title string, checks []string, why string) {
	var bad [2]bool
	for i, s := range c.Sides() {
		made, right, wrong := of(i, s)
		bad[i] = closeTo(made, wrong, fingerprint)
		if !known(made, right, wrong) || closeTo(right, wrong, 10*fingerprint) || !bad[i] && !closeTo(made, right, fingerprint) {
			return "", nil, fmt.Sprintf("not checked by the log's own axes: %s of %s is neither %s nor %s, or they are not printed or the same", name, s.Name, names[0], names[1])
		}
		checks = append(checks, fmt.Sprintf("%s of %s is %.9g m; %s makes %.9g m, %s %.9g m", name, s.Name, made, names[0], right, names[1], wrong))
	}
	if bad[0] == bad[1] {
		return "", nil, strings.Join(checks, "; ")
	}
	return pick(c, bad[0]).Name + " " + does, checks, ""
}

func findDistanceForClose(c *Context, p place) (title string, checks []string, why string) {
	// The side that is wrong prints it over the cosine once more.
	a, b := math.Abs(num(c.Ref.Rec(schema.Distance))), math.Abs(num(c.Got.Rec(schema.Distance)))
	distance := math.Min(either(a, b), either(b, a))
	switch {
	case !known(distance):
		return "", nil, notPrinted(schema.Distance)
	case c.Ref.Rec(schema.Pix0BeforeRotation) == nil && c.Got.Rec(schema.Pix0BeforeRotation) == nil:
		return "", nil, "not checked: no log shows that the pivot is SAMPLE"
	}
	if p.turned {
		return distanceByOwnNormal(c, p)
	}
	// What lies in the plane is taken off by the reference's centre: what is left
	// must be the normal, or one that is off f x s by some 1e-3.
	flat := p.f.scale(p.ref.dot(p.f)).add(p.s.scale(p.ref.dot(p.s)))
	short, long := p.ref.sub(flat).norm(), p.got.sub(flat).norm()
	isRef := long < short
	if isRef {
		short, long = long, short
	}
	within := 1e-3
	if _, why := normalsOf(c); why == "" {
		within = 1e-2 // the one normal is typed: it is off f x s, and too long by some 1e-7
	} else if d := p.delta(); math.Hypot(d[0], d[1]) > 1e-3*math.Abs(d[2]) {
		return "", nil, fmt.Sprintf("the origins are %.3g m apart in the plane and %.3g m along the normal", math.Hypot(d[0], d[1]), d[2])
	}
	want := distance - short
	if !(want > 1e-9*distance) || math.Abs(long-short-want) > within*want {
		return "", nil, fmt.Sprintf("the origins are %.6g m apart along the normal, distance - close_distance is %.6g m", long-short, want)
	}
	name := pick(c, isRef).Name
	return name + " built the origin with the distance, the other side with the distance of closest approach", []string{
		fmt.Sprintf("the origin of %s lies %.12g m from its point of closest approach; distance_m is %.12g, and the other side has %.12g", name, long, distance, short),
		fmt.Sprintf("the origins are %.6g m apart along the normal; distance - close_distance is %.6g m", long-short, want)}, ""
}

// distanceByOwnNormal holds how far each log's origin is from the sample along its own normal against what its setup prints.
func distanceByOwnNormal(c *Context, p place) (title string, checks []string, why string) {
	return p.eitherOf(c, "the origin's part along the normal", [2]string{"close_distance", "the distance"}, "built the origin with the distance, the other side with the distance of closest approach", func(i int, s *Side) (made, right, wrong float64) {
		return p.own[i].along(p.origins()[i])[2], num(s.Rec(schema.CloseDistanceSetup)), num(s.Rec(schema.Distance))
	})
}
