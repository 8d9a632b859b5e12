package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

var distanceForClose = Rule{
	ID:    "distance-for-close",
	Title: "origin built with the distance where the distance of closest approach belongs",
	Text: `With the SAMPLE pivot the detector's origin is -Fclose f - Sclose s + close_distance o. One side takes the
distance along the beam for the distance of closest approach, which is shorter by the cosine of the angle
between the beam and the detector's normal.

How it shows: the origins are apart along the detector's normal, by distance - close_distance to the last
digits, and close_distance_meters of that side is the other's distance_m.

How to check: without a tilt of the detector against the beam both lengths are one, and the difference is gone.

What to do: multiply the distance by beam . odet before the origin is built.`,
	Example: `c.log:   TRACE_C: close_distance_meters 0.231271826111781   (distance_m 0.23127466)
py.log:  TRACE_PY: close_distance_meters 0.231274663460392`,
	Find: findDistanceForClose,
}

func findDistanceForClose(c *Context) ([]Cause, string) {
	p, why := placeOf(c)
	if why != "" {
		return nil, why
	}
	distance, ok := c.either(schema.Distance)
	if !ok {
		return nil, "no log prints distance_m"
	}
	if _, ok := c.either(schema.Pix0BeforeRotation); !ok && c.Ref.Rec(schema.Pix0BeforeRotation) == nil && c.Got.Rec(schema.Pix0BeforeRotation) == nil {
		return nil, "no log shows that the pivot is SAMPLE"
	}
	// What lies in the plane is taken off by the reference's centre: what is
	// left must be the normal, or the one that odet-regenerated found.
	flat := p.f.scale(p.ref.dot(p.f)).add(p.s.scale(p.ref.dot(p.s)))
	r, g := p.ref.sub(flat), p.got.sub(flat)
	gap := g.norm() - r.norm()
	d := p.delta()
	within := 1e-3
	if c.found[odetRegenerated.ID] {
		within = 1e-2 // a typed normal is too long by some 1e-7
	} else if math.Hypot(d[0], d[1]) > 1e-3*math.Abs(d[2]) {
		return nil, "the origins are not apart along the detector's normal"
	}
	side, long := c.Got, g.norm()
	if gap < 0 {
		side, long = c.Ref, r.norm()
	}
	short := math.Min(r.norm(), g.norm())
	want := math.Abs(distance) - short
	if !(want > 1e-9*distance) {
		return nil, "distance and distance of closest approach are equal"
	}
	if math.Abs(math.Abs(gap)-want) > within*want {
		return nil, fmt.Sprintf("the origins are %.6g m apart along the normal, distance - close_distance is %.6g m", math.Abs(gap), want)
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(2), order: schema.Pix0Vector, Explains: p.rows,
		Title: side.Name + " built the origin with the distance, the other side with the distance of closest approach",
		Evidence: []string{
			fmt.Sprintf("The origin of %s lies %.12g m from its point of closest approach; distance_m is %.12g, and the other side has %.12g.", side.Name, long, distance, short),
			fmt.Sprintf("The origins are %.6g m apart along the normal; distance - close_distance is %.6g m.", math.Abs(gap), want),
		},
		Findings: p.originLine(c, side.Name+" has distance for close_distance"),
	}}, ""
}
