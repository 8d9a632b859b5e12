package causes

import (
	"fmt"
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
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

// axes are those of a detector, of length 1 as printed, and the beam.
type axes struct {
	f, s, o Vec // o = f x s
	beam    Vec
}

// along takes a vector apart into its parts along f, s and o.
func (a axes) along(v Vec) Vec { return Vec{v.dot(a.f), v.dot(a.s), v.dot(a.o)} }

// place is where two logs put the detector. Lengths are in metres.
type place struct {
	axes             // the reference's; o is towards the detector
	own      [2]axes // each log's own
	ref, got Vec     // origins
	turned   bool    // the axes differ, or the pivots that the logs tell
	rows     []*diff.Row
}

// origins are those of the reference and of got.
func (p place) origins() [2]Vec { return [2]Vec{p.ref, p.got} }

// delta is the origin of got less that of the reference, along f, s and o: of each in its own axes, where these differ.
func (p place) delta() Vec {
	if p.turned {
		return p.own[1].along(p.got).sub(p.own[0].along(p.ref))
	}
	return p.along(p.got.sub(p.ref))
}

// placeOf reads origins and axes; why says what is missing. It demands a root among the lines of the place, or other axes.
func placeOf(c *Context) (p place, why string) {
	a, b, told := both(c, pivotOf)
	p.rows, p.turned = c.Open(placeLines...), c.Differs(schema.FdetVec, schema.SdetVec) || told && a.about != b.about
	p.ref, p.got = vec(c.Ref, schema.Pix0Vector), vec(c.Got, schema.Pix0Vector)
	ok := true
	for i, s := range c.Sides() {
		var ok1 bool
		p.own[i], ok1 = axesOf(c, s, other(c, s))
		ok = ok && ok1
		if p.origins()[i].dot(p.own[i].o) < 0 {
			p.own[i].o = p.own[i].o.scale(-1)
		}
	}
	p.axes = p.own[0]
	switch {
	case len(p.rows) == 0 && !p.turned:
		return p, "no line of the detector's place is a root that is left to explain"
	case !ok || c.Ref.RecOr(schema.Pix0Vector) == nil || c.Got.RecOr(schema.Pix0Vector) == nil:
		return p, notPrinted(schema.FdetVec, schema.SdetVec, schema.Pix0Vector)
	case !finite(p.ref.norm() + p.got.norm()):
		return p, "an origin is no number"
	}
	return p, ""
}

// byOrigin is a rule that tells by where the origins are what the one was made with. Of the lines of the place it accounts
// for those that start it, and for what is computed from these as the log's other lines have it.
func byOrigin(find func(*Context, place) (title string, checks []string, why string), starts ...schema.Key) finder {
	return func(c *Context, _ []*diff.Row) ([]Cause, string) {
		p, why := placeOf(c)
		if why != "" {
			return nil, why
		}
		title, checks, why := find(c, p)
		if why != "" {
			return nil, why
		}
		rows := slices.DeleteFunc(slices.Clone(p.rows), func(r *diff.Row) bool {
			return !slices.Contains(starts, r.Key) && (ofItself(c, r) || !slices.ContainsFunc(c.Schema.Ancestors(r.Key), func(k schema.Key) bool { return slices.Contains(starts, k) }))
		})
		if len(rows) > 0 {
			p.rows = rows
		}
		return p.origin(c, title, checks), ""
	}
}

// origin is a cause of the place; its finding stands at got's origin.
func (p place) origin(c *Context, title string, checks []string) found {
	return one(p.rows, title, checks).enters(schema.Pix0Vector).at(pos(c.Got, schema.Pix0Vector),
		fmt.Sprintf("pix0_vector_meters is off by %s m (%s); %s", expText(p.got.sub(p.ref)), pos(c.Ref, schema.Pix0Vector), title))
}

// axesOf reads the detector's axes from the first of the logs that prints them.
func axesOf(c *Context, sides ...*Side) (a axes, ok bool) {
	for _, s := range sides {
		v, ok := vecs(s, schema.FdetVec, schema.SdetVec)
		if !ok {
			continue
		}
		a.f, a.s = v[0], v[1]
		a.o = v[0].cross(v[1])
		if a.o.norm() == 0 {
			return a, false
		}
		a.o = a.o.unit()
		a.beam = vec(s, schema.IncidentVec)
		if set(c, s, "sources") > 1 { // the traced source is not the main beam
			if main, ok := setVec(c, s, "beam"); ok {
				a.beam = main
			}
		}
		return a, true
	}
	return a, false
}

// pixelSize returns the pixel's edge in metres: as the setup prints it, or out
// of solid angle, distance and closest approach.
func pixelSize(c *Context) float64 {
	r := val(c.Ref, schema.RDistance)
	made := math.Sqrt(val(c.Ref, schema.OmegaSample) * r * r * r / val(c.Ref, schema.CloseDistance))
	if made > 0.01 { // with -point_pixel this is about 1 m, and no pixel
		made = missing
	}
	px := either(named(c.Ref.Rec(schema.BeamCenter), "pixel_mm")/1000, named(c.Got.Rec(schema.BeamCenter), "pixel_mm")/1000, set(c, c.Ref, "pixel"), made)
	if px > 0 {
		return px
	}
	return missing
}

// within are the places of all samples of a log in its detector, in metres from the origin along its own axes.
func within(c *Context, s *Side) (at []Vec, ok bool) {
	a, ok1 := axesOf(c, s)
	origin := vec(s, schema.Pix0Vector)
	for _, r := range s.All(schema.PixelPos) {
		if len(r.Values) != 3 {
			return nil, false
		}
		at = append(at, a.along(vecOf(r).sub(origin)))
	}
	return at, ok1 && known(origin[:]...) && len(at) > 0
}
