package causes

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"simtrace/pkg/trace/schema"
)

// findCentreIgnored recognises centre-ignored.
func findCentreIgnored(c *Context) ([]Cause, string) {
	p, why := placeOf(c)
	if why != "" {
		return nil, why
	}
	if !c.Agrees(schema.IncidentVec) && c.Differs(schema.IncidentVec) {
		return nil, "not checked: the beams differ, and with them what a centre means"
	}
	px := pixelSize(c)
	fast, slow, ok := pixelCounts(c)
	if !ok || px == 0 {
		return nil, "not checked: the number or the size of the pixels is not printed"
	}
	var at [2][2]float64 // in pixels: where the side with the middle has it, or else about the sample
	var middle [2]bool
	for i, origin := range []Vec{p.ref, p.got} {
		for _, about := range []string{"beam", "sample"} {
			v, known := centreOf(p, origin, about)
			if v = [2]float64{v[0] / px, v[1] / px}; known && !middle[i] {
				at[i], middle[i] = v, isMiddle(v, fast, slow)
			}
		}
	}
	if middle[0] == middle[1] {
		return nil, fmt.Sprintf("the centres are at %.6g %.6g and %.6g %.6g pixels of %g x %g", at[0][0], at[0][1], at[1][0], at[1][1], fast, slow)
	}
	s, i := c.Got, 0
	if middle[0] {
		s, i = c.Ref, 1
	}
	return p.origin(c, fmt.Sprintf("%s has the middle of the detector for its centre, the other side %.6g %.6g pixels along f and s: a centre that was given (ORGX, ORGY, Xclose, Yclose, Xbeam or Ybeam) is ignored, or the default is another", s.Name, at[i][0], at[i][1]),
		[]string{fmt.Sprintf("that of %s is at %.9g %.9g of %g x %g pixels, the other's is not in the middle", s.Name, at[1-i][0], at[1-i][1], fast, slow)}), ""
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

// pixelCounts reads "1024x1024", fast and slow.
func pixelCounts(c *Context) (fast, slow float64, ok bool) {
	for _, s := range c.Sides() {
		a, b, cut := strings.Cut(s.Settings["pixels"].Text, "x")
		f, err1 := strconv.ParseFloat(a, 64)
		n, err2 := strconv.ParseFloat(b, 64)
		if cut && err1 == nil && err2 == nil {
			return f, n, true
		}
	}
	return 0, 0, false
}
