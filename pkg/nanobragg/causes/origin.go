package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// abouts are the pivots about which a centre may have been counted.
var abouts = []string{"beam", "sample"}

// centreOf is the centre along f and s that an origin was made with.
func (p place) centreOf(origin Vec, about string) [2]float64 {
	if about == "beam" {
		origin = origin.sub(p.beam.scale(p.distance(origin)))
	}
	return [2]float64{-origin.dot(p.f), -origin.dot(p.s)}
}

// distance is that of an origin along the beam; it is not known where the beam is not printed, or grazes the detector.
func (p place) distance(origin Vec) float64 {
	bo := p.beam.dot(p.o)
	if math.Abs(p.beam.norm()-1) > 1e-6 || math.Abs(bo) < 0.1 {
		return missing
	}
	return origin.dot(p.o) / bo
}

func findBeamSwap(_ *Context, p place) (title string, checks []string, why string) {
	why = "not checked: the beam's direction is not printed"
	for _, about := range abouts {
		r, g := p.centreOf(p.ref, about), p.centreOf(p.got, about)
		if !known(r[0], g[0]) {
			continue
		}
		limit := fingerprint * math.Hypot(r[0], r[1])
		why = fmt.Sprintf("with the %s as the pivot, the centre is (%.9g, %.9g) m along f and s in the reference and (%.9g, %.9g) m in got", about, r[0], r[1], g[0], g[1])
		if math.Abs(r[0]-r[1]) > limit && math.Abs(r[0]-g[1]) <= limit && math.Abs(r[1]-g[0]) <= limit {
			return "the centre's coordinates are exchanged", []string{why, "the axes agree"}, ""
		}
	}
	return "", nil, why
}

func findCentreIgnored(c *Context, p place) (title string, checks []string, why string) {
	px := pixelSize(c)
	n := fields(c, c.Ref, "pixels", 2)
	switch {
	case !c.Agrees(schema.IncidentVec) && c.Differs(schema.IncidentVec):
		return "", nil, "not checked: the beams differ, and with them what a centre means"
	case n == nil || !known(px):
		return "", nil, "not checked: the number or the size of the pixels is not printed"
	}
	var at [2][2]float64 // in pixels: where the side with the middle has it, or else about the sample
	var middle [2]bool
	for i, origin := range []Vec{p.ref, p.got} {
		for _, about := range abouts {
			if v := p.centreOf(origin, about); !middle[i] {
				at[i] = [2]float64{v[0] / px, v[1] / px}
				middle[i] = isMiddle(at[i], n[0], n[1])
			}
		}
	}
	if middle[0] == middle[1] {
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
	if why == "" {
		if d := p.delta(); halves(d, px) {
			title, checks := tell(d)
			return p.origin(c, title, checks), ""
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
	checks = []string{fmt.Sprintf("the close distance before twotheta is %.9g m and after it %.9g m: those of the two sides (%s, %s)", first, last, rr.Pos, gr.Pos)}
	if math.Hypot(d[0], d[1]) < 1e-3*math.Abs(d[2]) && closeTo(math.Abs(d[2]), math.Abs(first-last), 1e-3) {
		checks = append(checks, fmt.Sprintf("the origins are apart by that along odet: %.6g m", d[2]))
	}
	return pick(c, isRef).Name + " computes the close distance with the normal after twotheta", checks, ""
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

// pivotLines are printed differently by the two pivots, whatever the detector.
var pivotLines = []schema.Key{
	schema.DetectorConvention, schema.BeamCenter, schema.ConventionMapping, schema.InitialFdet, schema.InitialSdet, schema.InitialOdet,
	schema.FdetAfterRotz, schema.SdetAfterRotz, schema.OdetAfterRotz, schema.Rx, schema.Ry, schema.Rz, schema.RTotal,
}

// findPivot recognises wrong-pivot by what the setups print, or else by the origins.
func findPivot(c *Context, _ []*diff.Row) ([]Cause, string) {
	p, why := placeOf(c)
	a, b := pivotLine(c.Ref), pivotLine(c.Got)
	if a != nil && b != nil && (a.Key == schema.TermBeam) != (b.Key == schema.TermBeam) {
		rows := append(c.Open(pivotLines...), p.rows...)
		for _, r := range c.Rows {
			if r.Stream == trace.SetupStream && r.Status == diff.Missing {
				rows = append(rows, r)
			}
		}
		about := map[bool]string{true: "beam", false: "sample"}
		return one(rows, fmt.Sprintf("the reference turned the detector about the %s (its pivot), got about the %s", about[a.Key == schema.TermBeam], about[b.Key == schema.TermBeam]),
			[]string{fmt.Sprintf("the setup of the reference prints %s (%s), that of got %s (%s): each belongs to one pivot only", a.Name, a.Pos, b.Name, b.Pos)}).enters(schema.Pix0Vector), ""
	}
	if why != "" {
		return nil, why
	}
	return pivotByOrigin(c, p)
}

// pivotLine is the line of the setup that tells the pivot, nil for none.
func pivotLine(s *Side) *trace.Record {
	if r := s.Rec(schema.Pix0BeforeRotation); r != nil {
		return r
	}
	return s.Rec(schema.TermBeam)
}

// pivotByOrigin holds the distance between the origins against the beam.
func pivotByOrigin(c *Context, p place) ([]Cause, string) {
	if !known(p.distance(p.ref)) {
		return nil, "not checked: the beam's direction is not printed, or grazes the detector"
	}
	d := p.delta()
	for i, origin := range []Vec{p.ref, p.got} {
		distance := p.distance(origin) // the beam side's own
		signed := distance * float64(2*i-1)
		want := Vec{signed * p.beam.dot(p.f), signed * p.beam.dot(p.s), 0}
		// Two components to 1 in 500 are met by chance once in 250 000. Ports
		// round and derive the centre on the way; what is left is told.
		const within = 2e-3
		if want.norm() < 1e-7 || math.Hypot(d[0]-want[0], d[1]-want[1]) > within*want.norm() {
			continue
		}
		name := c.Sides()[i].Name
		cause := p.origin(c, name+" turned the detector about the beam (its pivot), the other side about the sample",
			[]string{fmt.Sprintf("the beam times the distance of %s, %.9g m, has the parts (%.6g, %.6g) m along f and s; the origins are apart by (%.6g, %.6g) m", name, distance, want[0], want[1], d[0], d[1]), "the axes agree"})
		// Axes of six digits move the origin by 1e-5 of the difference.
		if left := d.sub(want); left.norm() > 1e-5*math.Hypot(d[0], d[1]) {
			cause[0].Explains, cause[0].Partly = nil, p.rows
			cause.also(fmt.Sprintf("This leaves %s m along f, s and the normal: the logs differ in distance or centre as well.", expText(left)))
		}
		return cause, ""
	}
	return nil, fmt.Sprintf("the origins are (%.6g, %.6g) m apart in the plane, not as the beam's own parts along the axes would have them", d[0], d[1])
}
