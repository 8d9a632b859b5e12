package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var pixelSwap = Rule{
	ID:    "pixel-swap",
	Title: "slow and fast pixel exchanged",
	Text: `-trace_pixel takes slow and fast, -printout_pixel takes fast and slow. One side traces the pixel that has the two
exchanged, or steps along the wrong axis.

How it shows: the detector agrees; what the one pixel has along the fast axis, from the detector's origin, the
other has along the slow axis.

How to check: trace a pixel with slow = fast; the difference goes.`,
	Example: `c.log:   TRACE_C: pixel_pos_meters 0.05 4.99999999999997e-05 -0.00645
py.log:  TRACE_PY: pixel_pos_meters 0.05 0.00645 -4.99999999999997e-05`,
	Find: findPixelSwap,
}

func findPixelSwap(c *Context) ([]Cause, string) {
	rows := c.open(schema.PixelPos)
	if len(rows) == 0 {
		return nil, "pixel_pos_meters is no root"
	}
	p, ok := c.axes(place{})
	origin, _, ok2 := c.Ref.Vec(schema.Pix0Vector)
	if !ok2 {
		origin, _, ok2 = c.Got.Vec(schema.Pix0Vector)
	}
	r, rr, ok3 := c.Ref.Vec(schema.PixelPos)
	g, gr, ok4 := c.Got.Vec(schema.PixelPos)
	if !ok || !ok2 || !ok3 || !ok4 {
		return nil, "no log prints the detector's origin and axes beside the pixel's place"
	}
	a, b := p.along(r.sub(origin)), p.along(g.sub(origin))
	if !swapped(a, b) {
		return nil, "the places along f and s are not those of the other side exchanged"
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(2), order: schema.PixelPos, Explains: append(rows, pixelRows(c)...),
		Evidence: []string{fmt.Sprintf("From the origin, the pixel is (%.9g, %.9g) m along f and s in the reference (%s) and (%.9g, %.9g) m in got (%s).",
			a[0], a[1], rr.Pos, b[0], b[1], gr.Pos)},
		Findings: []Finding{finding(rows[0], "slow and fast are exchanged")},
	}}, ""
}

// pixelRows are the roots that every other pixel has different.
func pixelRows(c *Context) []*diff.Row {
	return c.open(schema.DiffractedVec, schema.RDistance)
}

func swapped(a, b Vec) bool {
	size := math.Hypot(a[0], a[1])
	near := func(x, y float64) bool { return math.Abs(x-y) <= fingerprintTolerance*size }
	return size > 0 && !near(a[0], a[1]) && near(a[0], b[1]) && near(a[1], b[0]) && near(a[2], b[2])
}
