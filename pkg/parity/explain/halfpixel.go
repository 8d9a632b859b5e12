package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var halfPixel = Rule{
	ID:    "half-pixel",
	Title: "half a pixel missing, or added twice",
	Text: `MOSFLM's beam centre is at the edge of a pixel for the user and half a pixel further in for the program:
Fbeam = Ybeam + pixel/2, Sbeam = Xbeam + pixel/2. The sample's place within its pixel has another half:
(fast + 1/2) pixel. One side leaves one of the two out, or adds it twice.

How it shows: the origins, or the places of the pixel from its origin, are apart by just half a pixel along the
fast axis, the slow axis or both, and by nothing along the normal.

How to check: print Fbeam_m and Sbeam_m of both.`,
	Example: `c.log:   TRACE_C:Fbeam_m=0.01285
py.log:  TRACE_PY:Fbeam_m=0.0128      (pixel 0.0001)`,
	Find: findHalfPixel,
}

func findHalfPixel(c *Context) ([]Cause, string) {
	px := pixelSize(c)
	if px == 0 {
		return nil, "the size of a pixel is not known"
	}
	p, why := placeOf(c)
	if why == "" {
		if d := p.delta(); halves(d, px) {
			return []Cause{halfCause(d, px, p.rows, p.originLine(c, "half a pixel"), schema.Pix0Vector)}, ""
		}
	}
	// Within the detector: the place of the sample from the origin.
	rows := c.open(schema.PixelPos)
	if len(rows) == 0 {
		return nil, "the origins are not half a pixel apart along f and s, and pixel_pos_meters is no root"
	}
	d, ok := c.withinDetector()
	if !ok || !halves(d, px) {
		return nil, "the places are not half a pixel apart along f and s"
	}
	return []Cause{halfCause(d, px, rows, []Finding{finding(rows[0], "half a pixel")}, schema.PixelPos)}, ""
}

// withinDetector is the difference of the first sample's places from the
// origins, along f, s and o. Where no origin is printed, they are taken for
// equal.
func (c *Context) withinDetector() (Vec, bool) {
	p, ok := c.axes(place{})
	r, _, ok1 := c.Ref.Vec(schema.PixelPos)
	g, _, ok2 := c.Got.Vec(schema.PixelPos)
	if !ok || !ok1 || !ok2 {
		return Vec{}, false
	}
	r0, _, ok1 := c.Ref.Vec(schema.Pix0Vector)
	g0, _, ok2 := c.Got.Vec(schema.Pix0Vector)
	if ok1 && ok2 {
		r, g = r.sub(r0), g.sub(g0)
	}
	return p.along(g.sub(r)), true
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

func halfCause(d Vec, px float64, rows []*diff.Row, f []Finding, order schema.Key) Cause {
	return Cause{
		Role: IsCause, Confidence: confidence(2), order: order, Explains: rows, Findings: f,
		Title:    fmt.Sprintf("got is %+.4f and %+.4f pixels off along the fast and the slow axis", d[0]/px, d[1]/px),
		Evidence: []string{fmt.Sprintf("Along f, s and the normal the difference is (%.6g, %.6g, %.3g) m; a pixel is %.6g m.", d[0], d[1], d[2], px)},
	}
}
