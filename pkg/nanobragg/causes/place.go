package causes

import (
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace/schema"
)

// placeLines are the quantities in which a detector with the right axes shows
// first that it stands in the wrong place.
var placeLines = []schema.Key{
	schema.Ratio, schema.Distance, schema.CloseDistanceSetup, schema.Fclose, schema.Sclose, schema.BeamCenter,
	schema.TermFastBeforeRot, schema.TermSlowBeforeRot, schema.TermCloseBeforeRot,
	schema.Pix0BeforeRotation, schema.Pix0AfterRotz, schema.Pix0AfterTwotheta,
	schema.Fbeam, schema.Sbeam, schema.TermFast, schema.TermSlow, schema.TermBeam, schema.Pix0Setup,
	schema.Pix0Vector, schema.PixelPos, schema.RDistance, schema.CloseDistance,
}

// place is where two logs of one set of axes put the detector. Lengths are in
// metres.
type place struct {
	f, s, o  Vec // the reference's axes; o = f x s, towards the detector
	beam     Vec
	ref, got Vec // origins
	rows     []*diff.Row
}

// delta is the origin of got less that of the reference, along f, s and o.
func (p place) delta() Vec { return p.along(p.got.sub(p.ref)) }

// along takes a vector apart into its parts along f, s and o.
func (p place) along(v Vec) Vec { return Vec{v.dot(p.f), v.dot(p.s), v.dot(p.o)} }

// placeOf reads origins and axes; why says what is missing. It demands equal
// axes, and a root among the lines of the place.
func placeOf(c *Context) (p place, why string) {
	if p.rows = c.Open(placeLines...); len(p.rows) == 0 {
		return p, "no line of the detector's place is a root that is left to explain"
	}
	p, ok := axesOf(c, p)
	if !ok {
		return p, notPrinted(schema.FdetVec, schema.SdetVec)
	}
	if c.Differs(schema.FdetVec, schema.SdetVec) {
		return p, "the detector's axes differ"
	}
	var ok1, ok2 bool
	p.ref, _, ok1 = vec(c.Ref, schema.Pix0Vector)
	p.got, _, ok2 = vec(c.Got, schema.Pix0Vector)
	if !ok1 || !ok2 {
		return p, notPrinted(schema.Pix0Vector)
	}
	if p.ref.dot(p.o) < 0 {
		p.o = p.o.scale(-1)
	}
	return p, ""
}

// axesOf reads the detector's axes from the first log that prints them.
func axesOf(c *Context, p place) (place, bool) {
	for _, s := range c.Sides() {
		v, ok := vecs(s, schema.FdetVec, schema.SdetVec)
		if !ok {
			continue
		}
		p.f, p.s = v[0], v[1]
		n := v[0].cross(v[1])
		if n.norm() == 0 {
			return p, false
		}
		p.o = n.scale(1 / n.norm())
		p.beam, _, _ = vec(s, schema.IncidentVec)
		if n, _ := set(c, s, "sources"); n > 1 { // the traced source is not the main beam
			if main, ok := setVec(c, s, "beam"); ok {
				p.beam = main
			}
		}
		return p, true
	}
	return p, false
}

// pixelSize returns the pixel's edge in metres: as the setup prints it, or out
// of solid angle, distance and closest approach. It is 0 where neither is there.
func pixelSize(c *Context) float64 {
	for _, s := range c.Sides() {
		if v, ok := named(s.Rec(schema.BeamCenter), "pixel_mm"); ok && v > 0 {
			return v / 1000
		}
	}
	if v, ok := set(c, c.Ref, "pixel"); ok {
		return v
	}
	v, ok := nums(c.Ref, schema.OmegaSample, schema.RDistance, schema.CloseDistance)
	if !ok || !(v[2] > 0) {
		return 0
	}
	// With -point_pixel this is about 1 m, and no pixel.
	px := math.Sqrt(v[0] * v[1] * v[1] * v[1] / v[2])
	if px > 0.01 {
		return 0
	}
	return px
}

// origin is a cause of the place; its finding stands at got's origin.
func (p place) origin(c *Context, title string, checks []string, evidence ...string) []Cause {
	cause := one(p.rows, title, checks, evidence...)
	cause[0].Order = schema.Pix0Vector
	r := c.Got.RecOr(schema.Pix0Vector)
	cause[0].Findings = []explain.Finding{{Pos: r.Pos, What: "pix0_vector_meters is off by " + expText(p.got.sub(p.ref)) + " m (" + c.Ref.RecOr(schema.Pix0Vector).Pos.String() + "); " + title}}
	return cause
}
