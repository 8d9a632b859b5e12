package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var beamVector = Rule{
	ID:    "beam-vector",
	Title: "the beam's direction ignored, negated or not normalised",
	Text: `One side takes the convention's beam for the one that was given, the direction towards the source for the
direction of travel, or a vector that is not of length 1 (or a source at no distance, which leaves none).

How it shows: incident_vec differs, and nothing before it does; scattering_vec, cos_2theta and polar follow.

How to check: compare incident_vec with the -beam_vector given, and its length with 1.`,
	Example: `c.log:   TRACE_C: incident_vec 0.000513879494092498 -0 -0.999999867963924
py.log:  TRACE_PY: incident_vec -0.000513879494092498 0 0.999999867963924`,
	Find: findBeamVector,
}

func findBeamVector(c *Context) ([]Cause, string) {
	rows := c.open(schema.IncidentVec)
	ref, rr, ok1 := c.Ref.Vec(schema.IncidentVec)
	got, gr, ok2 := c.Got.Vec(schema.IncidentVec)
	if len(rows) == 0 || !ok1 || !ok2 {
		return nil, "incident_vec is no root"
	}
	if c.agrees(schema.ScatteringVec) {
		return nil, "scattering_vec_A_inv, which is made with incident_vec, agrees"
	}
	for _, side := range []*Side{c.Ref, c.Got} {
		if e, ok := own(side, schema.ScatteringVec); ok && e.rel > math.Max(c.Tolerance, fingerprintTolerance) {
			return nil, "scattering_vec_A_inv of " + side.Name + " is not made with its incident_vec"
		}
	}
	what := "the beams point in other directions"
	const unit = 1e-5 // some logs print six digits
	switch {
	case meetsVec(got, ref.scale(-1), ref.norm()):
		what = "the one beam is the other negated"
	case math.Abs(ref.norm()-1) > unit || math.Abs(got.norm()-1) > unit:
		name, v := "got", got
		if math.Abs(ref.norm()-1) > unit {
			name, v = "the reference", ref
		}
		what = fmt.Sprintf("the beam of %s has the length %.9g", name, v.norm())
	}
	cause := Cause{
		Role: IsCause, Confidence: confidence(1), order: schema.IncidentVec, Explains: rows,
		Title:    "incident_vec differs: " + what,
		Evidence: []string{show(rows[0]) + ".", fmt.Sprintf("The lengths are %.9g (%s) and %.9g (%s); the angle between them is %.6g degrees.", ref.norm(), rr.Pos, got.norm(), gr.Pos, ref.angle(got)*180/math.Pi)},
		Findings: []Finding{finding(rows[0], what)},
	}
	cause.Explains = append(cause.Explains, beamOrigin(c, ref, got)...)
	return []Cause{cause}, ""
}

// beamOrigin returns the roots that the beam moves.
func beamOrigin(c *Context, ref, got Vec) []*diff.Row {
	p, why := placeOf(c)
	d, ok := c.either(schema.Distance)
	if why != "" || !ok {
		return nil
	}
	if meetsVec(p.got.sub(p.ref), got.sub(ref).scale(d), math.Abs(d)) {
		return p.rows
	}
	// The SAMPLE pivot's close_distance is the distance times beam . normal.
	want := Vec{0, 0, d * (math.Abs(got.dot(p.o)) - math.Abs(ref.dot(p.o)))}
	if p.delta().sub(want).norm() <= 1e-3*want.norm() {
		return p.rows
	}
	return nil
}
