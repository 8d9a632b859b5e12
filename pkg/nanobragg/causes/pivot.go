package causes

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// pivotLines are printed differently by the two pivots, whatever the detector.
var pivotLines = []schema.Key{
	schema.DetectorConvention, schema.BeamCenter, schema.ConventionMapping, schema.FdetAfterRotz, schema.SdetAfterRotz, schema.OdetAfterRotz,
}

// findPivot recognises wrong-pivot by what the setups print, or else by the origins.
func findPivot(c *Context, _ []*diff.Row) ([]Cause, string) {
	p, why := placeOf(c)
	a, b, ok := both(c, pivotOf)
	if ok && a.about != b.about {
		rows := append(c.Open(pivotLines...), p.rows...)
		for _, r := range c.Rows {
			if r.Stream == trace.SetupStream && r.Status == diff.Missing {
				rows = append(rows, r)
			}
		}
		cause := one(rows, fmt.Sprintf("the reference turned the detector about the %s (its pivot), got about the %s", a.about, b.about),
			[]string{fmt.Sprintf("the setup of the reference prints %s (%s), that of got %s (%s): each belongs to one pivot only", a.line, a.pos, b.line, b.pos)}).enters(schema.Pix0Vector)
		if v := p.centres(c, ""); why == "" && (!closeTo(v[0][0], v[1][0], sixDigits) || !closeTo(v[0][1], v[1][1], sixDigits)) {
			cause[0].Explains, cause[0].Partly = slices.DeleteFunc(rows, func(r *diff.Row) bool { return r.Compared() && slices.Contains(p.rows, r) }), p.rows
			cause.also(fmt.Sprintf("This leaves another centre: (%.6g, %.6g) m along f and s in the reference, (%.6g, %.6g) m in got, each about its own pivot.", v[0][0], v[0][1], v[1][0], v[1][1]))
		}
		return cause, ""
	}
	if why != "" {
		return nil, why
	}
	return pivotByOrigin(c, p)
}

// pivot is what a log turned its detector about, with the line that tells.
type pivot struct {
	about, line string
	pos         trace.Pos
}

// pivotOf reads the pivot from a line that belongs to one alone, or else from what the program says.
func pivotOf(s *Side) (pivot, bool) {
	for i, k := range []schema.Key{schema.TermBeam, schema.Pix0BeforeRotation} {
		if r := s.Rec(k); r != nil {
			return pivot{abouts[i], r.Name, r.Pos()}, true
		}
	}
	said := s.Settings["pivot"]
	for _, about := range abouts {
		if strings.Contains(strings.ToLower(said.Text), about) {
			return pivot{about, "pivot " + said.Text, said.Pos}, true
		}
	}
	return pivot{}, false
}

// pivotByOrigin holds the distance between the origins against the beam.
func pivotByOrigin(c *Context, p place) ([]Cause, string) {
	if p.turned {
		return nil, "the detector's axes differ"
	}
	if !known(p.distance(p.ref)) {
		return nil, "not checked: the beam's direction is not printed, or grazes the detector"
	}
	d := p.delta()
	for i, origin := range p.origins() {
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
			cause.partly(p.rows)
			cause.also(fmt.Sprintf("This leaves %s m along f, s and the normal: the logs differ in distance or centre as well.", expText(left)))
		}
		return cause, ""
	}
	return nil, fmt.Sprintf("the origins are (%.6g, %.6g) m apart in the plane, not as the beam's own parts along the axes would have them", d[0], d[1])
}
