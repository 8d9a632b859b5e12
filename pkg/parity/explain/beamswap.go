package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

var beamSwap = Rule{
	ID:    "beam-swap",
	Title: "the beam centre's two coordinates exchanged",
	Text: `MOSFLM has Fbeam from Ybeam and Sbeam from Xbeam; XDS and CUSTOM have Fbeam from Xbeam and Sbeam from Ybeam.
One side takes the one rule for the other.

How it shows: the axes agree, and what the one origin has along the fast axis the other has along the slow axis,
measured from where the beam hits (BEAM pivot) or from the point of closest approach (SAMPLE pivot).

How to check: give a beam centre with Xbeam = Ybeam; the difference goes.`,
	Example: `c.log:   TRACE_C:Fbeam_m=0.06145   TRACE_C:Sbeam_m=0.05145
py.log:  TRACE_PY:Fbeam_m=0.05145  TRACE_PY:Sbeam_m=0.06145`,
	Find: findBeamSwap,
}

func findBeamSwap(c *Context) ([]Cause, string) {
	p, why := placeOf(c)
	if why != "" {
		return nil, why
	}
	for _, about := range []string{"beam", "sample"} {
		r, ok1 := centreOf(p, p.ref, about)
		g, ok2 := centreOf(p, p.got, about)
		if !ok1 || !ok2 {
			continue
		}
		size := math.Hypot(r[0], r[1])
		if math.Abs(r[0]-r[1]) <= fingerprintTolerance*size ||
			math.Abs(r[0]-g[1]) > fingerprintTolerance*size || math.Abs(r[1]-g[0]) > fingerprintTolerance*size {
			continue
		}
		return []Cause{{
			Role: IsCause, Confidence: confidence(2), order: schema.Pix0Vector, Explains: p.rows,
			Evidence: []string{fmt.Sprintf("With the %s as the pivot, the centre is (%.9g, %.9g) m along f and s in the reference and (%.9g, %.9g) m in got.", about, r[0], r[1], g[0], g[1])},
			Findings: p.originLine(c, "the centre's coordinates are exchanged"),
		}}, ""
	}
	return nil, "the centre's coordinates are not those of the other side exchanged"
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
