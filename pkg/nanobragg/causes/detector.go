package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// findBeamSwap recognises beam-swap.
func findBeamSwap(c *Context) ([]Cause, string) {
	p, why := placeOf(c)
	if why != "" {
		return nil, why
	}
	why = "not checked: the beam's direction is not printed"
	for _, about := range []string{"beam", "sample"} {
		r, ok1 := centreOf(p, p.ref, about)
		g, ok2 := centreOf(p, p.got, about)
		if !ok1 || !ok2 {
			continue
		}
		size := math.Hypot(r[0], r[1])
		numbers := fmt.Sprintf("with the %s as the pivot, the centre is (%.9g, %.9g) m along f and s in the reference and (%.9g, %.9g) m in got", about, r[0], r[1], g[0], g[1])
		if math.Abs(r[0]-r[1]) <= fingerprint*size || math.Abs(r[0]-g[1]) > fingerprint*size || math.Abs(r[1]-g[0]) > fingerprint*size {
			why = numbers
			continue
		}
		return p.origin(c, "the centre's coordinates are exchanged", []string{numbers, "the axes agree"}), ""
	}
	return nil, why
}

// centreOf is the centre along f and s that an origin was made with.
func centreOf(p place, origin Vec, about string) ([2]float64, bool) {
	c := [2]float64{-origin.dot(p.f), -origin.dot(p.s)}
	if about == "sample" {
		return c, true
	}
	bo := p.beam.dot(p.o)
	if math.Abs(p.beam.norm()-1) > 1e-6 || math.Abs(bo) < 0.1 {
		return c, false
	}
	distance := origin.dot(p.o) / bo
	return [2]float64{c[0] + distance*p.beam.dot(p.f), c[1] + distance*p.beam.dot(p.s)}, true
}

func findHalfPixel(c *Context) ([]Cause, string) {
	px := pixelSize(c)
	if px == 0 {
		return nil, "not checked: the size of a pixel is not printed"
	}
	p, why := placeOf(c)
	if why == "" {
		d := p.delta()
		if halves(d, px) {
			return p.origin(c, halfTitle(d, px), []string{halfCheck(d, px), "nothing along the normal"}), ""
		}
		why = "the origins are apart by " + expText(d.scale(1/px)) + " pixels along f, s and the normal"
	}
	rows := c.Open(schema.PixelPos)
	if len(rows) == 0 {
		return nil, why
	}
	// Within the detector: the place of the sample from the origin.
	q, ok := axesOf(c, place{})
	r, _, ok1 := vec(c.Ref, schema.PixelPos)
	g, _, ok2 := vec(c.Got, schema.PixelPos)
	if !ok || !ok1 || !ok2 {
		return nil, notPrinted(schema.PixelPos, schema.FdetVec, schema.SdetVec)
	}
	r0, _, ok1 := vec(c.Ref, schema.Pix0Vector)
	g0, _, ok2 := vec(c.Got, schema.Pix0Vector)
	if ok1 && ok2 {
		r, g = r.sub(r0), g.sub(g0)
	}
	if d := q.along(g.sub(r)); halves(d, px) {
		return one(rows, halfTitle(d, px), []string{halfCheck(d, px), "nothing along the normal"}), ""
	}
	return nil, "the places within the detector are apart by " + expText(q.along(g.sub(r)).scale(1/px)) + " pixels"
}

// halves reports whether the parts along f and s are half a pixel or nothing,
// not both nothing, and the part along the normal is nothing.
func halves(d Vec, px float64) bool {
	const within = 1e-4 // of a pixel: 15 digits of a metre resolve 1e-11 of one
	some := false
	for _, x := range d[:2] {
		switch {
		case math.Abs(math.Abs(x)/px-0.5) < within:
			some = true
		case math.Abs(x)/px > within:
			return false
		}
	}
	return some && math.Abs(d[2])/px < within
}

func halfTitle(d Vec, px float64) string {
	return fmt.Sprintf("got is %+.4f and %+.4f pixels off along the fast and the slow axis", d[0]/px, d[1]/px)
}

func halfCheck(d Vec, px float64) string {
	return fmt.Sprintf("along f and s the difference is (%.6g, %.6g) m; a pixel is %.6g m", d[0], d[1], px)
}

// findCloseAfterTwotheta recognises close-after-twotheta.
func findCloseAfterTwotheta(c *Context) ([]Cause, string) {
	p, why := placeOf(c)
	if why != "" {
		return nil, why
	}
	r, rr, ok1 := c.Ref.Num(schema.CloseDistance)
	g, gr, ok2 := c.Got.Num(schema.CloseDistance)
	distance, ok3 := either(c, schema.Distance)
	if !ok3 {
		distance, ok3 = set(c, c.Ref, "distance")
	}
	var before Vec
	ok4 := false
	for _, s := range c.Sides() {
		if v, _, ok := vec(s, schema.OdetAfterRotz); ok && !ok4 {
			before, ok4 = v, true
		}
	}
	if !ok1 || !ok2 || !ok3 {
		return nil, notPrinted(schema.CloseDistance, schema.Distance)
	}
	last := math.Abs(distance * p.beam.dot(p.o))
	first := math.Abs(distance * p.beam.dot(before))
	if !ok4 {
		// The normal before twotheta is not printed: what the one side has is
		// taken for it, if the origins bear that out.
		first = r
		if closeTo(r, last, 1e-5) {
			first = g
		}
		if d := p.delta(); math.Hypot(d[0], d[1]) > 1e-6*math.Abs(d[2]) || !closeTo(math.Abs(d[2]), math.Abs(r-g), 1e-6) {
			return nil, notPrinted(schema.OdetAfterRotz)
		}
	}
	side := "got"
	if closeTo(g, first, 1e-6) {
		side, r, g = "the reference", g, r
	}
	const within = 3e-6 // a setting is printed with six digits, and a port may have the distance in single precision
	if closeTo(first, last, 3e-6) || !closeTo(r, first, within) || !closeTo(g, last, within) {
		return nil, fmt.Sprintf("beam . odet makes %.9g m before twotheta and %.9g m after; close_distance is %s (%s) and %s (%s)", first, last, text(rr), rr.Pos, text(gr), gr.Pos)
	}
	checks := []string{fmt.Sprintf("the close distance before twotheta is %.9g m and after it %.9g m: those of the two sides (%s, %s)", first, last, rr.Pos, gr.Pos)}
	if d := p.delta(); math.Hypot(d[0], d[1]) < 1e-3*math.Abs(d[2]) && closeTo(math.Abs(d[2]), math.Abs(first-last), 1e-3) {
		checks = append(checks, fmt.Sprintf("the origins are apart by that along odet: %.6g m", d[2]))
	}
	return p.origin(c, side+" computes the close distance with the normal after twotheta", checks), ""
}

func findDistanceForClose(c *Context) ([]Cause, string) {
	p, why := placeOf(c)
	if why != "" {
		return nil, why
	}
	distance, ok := either(c, schema.Distance)
	if !ok {
		return nil, notPrinted(schema.Distance)
	}
	for _, s := range c.Sides() { // the side that is wrong prints it over the cosine once more
		if v, ok := num(s.Rec(schema.Distance)); ok {
			distance = math.Min(math.Abs(distance), math.Abs(v))
		}
	}
	if c.Ref.Rec(schema.Pix0BeforeRotation) == nil && c.Got.Rec(schema.Pix0BeforeRotation) == nil {
		return nil, "not checked: no log shows that the pivot is SAMPLE"
	}
	// What lies in the plane is taken off by the reference's centre: what is left
	// must be the normal, or one that is off f x s by some 1e-3.
	flat := p.f.scale(p.ref.dot(p.f)).add(p.s.scale(p.ref.dot(p.s)))
	r, g := p.ref.sub(flat), p.got.sub(flat)
	gap := g.norm() - r.norm()
	d := p.delta()
	within := 1e-3
	if _, why := normalsOf(c); why == "" {
		within = 1e-2 // the one normal is typed: it is off f x s, and too long by some 1e-7
	} else if tilt := math.Hypot(d[0], d[1]); tilt > 1e-3*math.Abs(d[2]) {
		return nil, fmt.Sprintf("the origins are %.3g m apart in the plane and %.3g m along the normal", tilt, d[2])
	}
	side, long, short := c.Got, g.norm(), r.norm()
	if gap < 0 {
		side, long, short = c.Ref, short, long
	}
	want := math.Abs(distance) - short
	if !(want > 1e-9*distance) || math.Abs(math.Abs(gap)-want) > within*want {
		return nil, fmt.Sprintf("the origins are %.6g m apart along the normal, distance - close_distance is %.6g m", math.Abs(gap), want)
	}
	return p.origin(c, side.Name+" built the origin with the distance, the other side with the distance of closest approach",
		[]string{fmt.Sprintf("the origin of %s lies %.12g m from its point of closest approach; distance_m is %.12g, and the other side has %.12g", side.Name, long, distance, short),
			fmt.Sprintf("the origins are %.6g m apart along the normal; distance - close_distance is %.6g m", math.Abs(gap), want)}), ""
}

// pivotLines are printed differently by the two pivots, whatever the detector.
var pivotLines = []schema.Key{
	schema.DetectorConvention, schema.BeamCenter, schema.ConventionMapping, schema.InitialFdet, schema.InitialSdet, schema.InitialOdet,
	schema.FdetAfterRotz, schema.SdetAfterRotz, schema.OdetAfterRotz, schema.Rx, schema.Ry, schema.Rz, schema.RTotal,
}

func findPivot(c *Context) ([]Cause, string) {
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
		cause := one(rows, fmt.Sprintf("the reference turned the detector about the %s (its pivot), got about the %s", about[a.Key == schema.TermBeam], about[b.Key == schema.TermBeam]),
			[]string{fmt.Sprintf("the setup of the reference prints %s (%s), that of got %s (%s): each belongs to one pivot only", a.Name, a.Pos, b.Name, b.Pos)})
		cause[0].Order = schema.Pix0Vector
		return cause, ""
	}
	if why != "" {
		return nil, why
	}
	return pivotByOrigin(c, p)
}

// pivotByOrigin holds the distance between the origins against the beam.
func pivotByOrigin(c *Context, p place) ([]Cause, string) {
	bo := p.beam.dot(p.o)
	if math.Abs(p.beam.norm()-1) > 1e-6 || math.Abs(bo) < 0.1 {
		return nil, "not checked: the beam's direction is not printed, or grazes the detector"
	}
	d := p.delta()
	for i, s := range c.Sides() {
		origin, sign := p.got, 1.0
		if i == 0 {
			origin, sign = p.ref, -1
		}
		// The beam side's own distance along the beam.
		distance := origin.dot(p.o) / bo
		want := Vec{sign * distance * p.beam.dot(p.f), sign * distance * p.beam.dot(p.s), 0}
		// Two components to 1 in 500 are met by chance once in 250 000. Ports
		// round and derive the centre on the way; what is left is told.
		const within = 2e-3
		if want.norm() < 1e-7 || math.Hypot(d[0]-want[0], d[1]-want[1]) > within*want.norm() {
			continue
		}
		cause := p.origin(c, s.Name+" turned the detector about the beam (its pivot), the other side about the sample",
			[]string{fmt.Sprintf("the beam times the distance of %s, %.9g m, has the parts (%.6g, %.6g) m along f and s; the origins are apart by (%.6g, %.6g) m", s.Name, distance, want[0], want[1], d[0], d[1]), "the axes agree"})
		// Axes of six digits move the origin by 1e-5 of the difference.
		if left := d.sub(want); left.norm() > 1e-5*math.Hypot(d[0], d[1]) {
			cause[0].Explains, cause[0].Partly = nil, p.rows
			cause[0].Evidence = append(cause[0].Evidence, fmt.Sprintf("This leaves %s m along f, s and the normal: the logs differ in distance or centre as well.", expText(left)))
		}
		return cause, ""
	}
	return nil, fmt.Sprintf("the origins are (%.6g, %.6g) m apart in the plane, not as the beam's own parts along the axes would have them", d[0], d[1])
}

// pivotLine is the line of the setup that tells the pivot, nil for none.
func pivotLine(s *Side) *trace.Record {
	if r := s.Rec(schema.Pix0BeforeRotation); r != nil {
		return r
	}
	return s.Rec(schema.TermBeam)
}

// findPixelSwap recognises pixel-swap.
func findPixelSwap(c *Context) ([]Cause, string) {
	rows := c.Open(schema.PixelPos)
	if found := swappedByIndex(c, rows); found != nil {
		return found, ""
	}
	if len(rows) == 0 {
		return nil, "pixel_pos_meters is no root"
	}
	p, ok := axesOf(c, place{})
	origin, _, ok2 := vec(c.Ref, schema.Pix0Vector)
	if !ok2 {
		origin, _, ok2 = vec(c.Got, schema.Pix0Vector)
	}
	r, rr, ok3 := vec(c.Ref, schema.PixelPos)
	g, gr, ok4 := vec(c.Got, schema.PixelPos)
	if !ok || !ok2 || !ok3 || !ok4 {
		return nil, notPrinted(schema.Pix0Vector, schema.FdetVec, schema.PixelPos)
	}
	a, b := p.along(r.sub(origin)), p.along(g.sub(origin))
	numbers := fmt.Sprintf("from the origin, the pixel is (%.9g, %.9g) m along f and s in the reference (%s) and (%.9g, %.9g) m in got (%s)", a[0], a[1], rr.Pos, b[0], b[1], gr.Pos)
	limit := fingerprint * math.Hypot(a[0], a[1])
	if math.Abs(a[0]-a[1]) <= limit || !(Vec{a[1], a[0], a[2]}).near(b, math.Hypot(a[0], a[1])) {
		return nil, numbers
	}
	return one(append(rows, c.Open(schema.DiffractedVec, schema.RDistance)...), "", []string{numbers, "along the normal both have the same"}), ""
}

// swappedByIndex tells it by the number of the pixel, where the origins differ as well.
func swappedByIndex(c *Context, rows []*diff.Row) []Cause {
	px := pixelSize(c)
	if px == 0 || !c.Differs(schema.PixelPos) || !c.Differs(schema.Pix0Vector) {
		return nil
	}
	var swapped [2]bool
	var checks []string
	for i, s := range c.Sides() {
		p, ok := axesOf(&Context{Schema: c.Schema, Ref: s, Got: s}, place{})
		v, rec, ok1 := vec(s, schema.PixelPos)
		origin, _, ok2 := vec(s, schema.Pix0Vector)
		if !ok || !ok1 || !ok2 {
			return nil
		}
		at := p.along(v.sub(origin)).scale(1 / px)
		fast, slow := float64(rec.At[schema.Fast]), float64(rec.At[schema.Slow])
		within := func(a, b float64) bool { return math.Floor(a) == b }
		straight := within(at[0], fast) && within(at[1], slow)
		swapped[i] = within(at[0], slow) && within(at[1], fast)
		if fast == slow || straight == swapped[i] {
			return nil
		}
		checks = append(checks, fmt.Sprintf("pixel %g %g (slow fast) of %s is %.6g pixels along the fast and %.6g along the slow axis from its origin (%s)", slow, fast, s.Name, at[0], at[1], rec.Pos))
	}
	if swapped[0] == swapped[1] {
		return nil
	}
	cause := one(append(rows, c.Open(schema.DiffractedVec, schema.RDistance)...), "", checks)
	cause[0].Order = schema.PixelPos
	return cause
}

// findCurvedDetector recognises curved.
func findCurvedDetector(c *Context) ([]Cause, string) {
	rows := c.Open(schema.PixelPos)
	if len(rows) == 0 {
		return nil, "pixel_pos_meters is no root that is left to explain"
	}
	distance, ok := set(c, c.Ref, "distance")
	if !ok {
		distance, ok = either(c, schema.Distance)
	}
	r, rr, ok1 := c.Ref.Num(schema.RDistance)
	g, gr, ok2 := c.Got.Num(schema.RDistance)
	if !ok || !ok1 || !ok2 {
		return nil, notPrinted(schema.Distance, schema.RDistance)
	}
	const within = 5e-6 // a setting has six digits
	bent, flat := closeTo(r, distance, within), closeTo(g, distance, within)
	numbers := fmt.Sprintf("R is %s (%s) and %s (%s); the distance is %.9g m", text(rr), rr.Pos, text(gr), gr.Pos, distance)
	switch {
	case bent && flat && closeTo(r, g, fingerprint):
		return one(rows, "the detector is curved on both sides, by another formula or with its two rotations in another order", []string{numbers}, show(rows[0])+"."), ""
	case bent == flat:
		return nil, numbers
	}
	side := "the reference"
	if flat {
		side = "got"
	}
	return one(rows, "the detector of "+side+" is curved, that of the other side is not", []string{numbers}, show(rows[0])+"."), ""
}
