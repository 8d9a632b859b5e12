package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

var wrongPivot = Rule{
	ID:    "wrong-pivot",
	Title: "detector turned about the beam on one side, about the sample on the other",
	Text: `With the BEAM pivot the origin is -Fbeam f - Sbeam s + distance b, with the SAMPLE pivot
-Fclose f - Sclose s + close_distance o. nanoBragg's conventions bring their own pivot (MOSFLM, ADXV, DENZO the
beam, XDS, DIALS the sample); for CUSTOM the presence of -twotheta chooses SAMPLE.

How it shows: the axes agree, the origins differ by millimetres. Along f and s they are apart by the
distance times the beam's own part along f and s, which no shift of the beam centre gives by chance on both
axes. Where the logs print their setup, the one has pix0_before_rotation and the other term_beam.

How to check: give -pivot beam, or -pivot sample, to both with the CUSTOM convention.`,
	Example: `c.log:   TRACE_C: pix0_vector_meters -0.216475836 0.216343051 -0.230192414
py.log:  TRACE_PY: pix0_vector_meters -0.216336293 0.215205512 -0.230200866`,
	Find: findPivot,
}

// pivotLines are printed differently by the two pivots, whatever the detector.
var pivotLines = []schema.Key{
	schema.DetectorConvention, schema.BeamCenter, schema.ConventionMapping, schema.InitialFdet, schema.InitialSdet, schema.InitialOdet,
	schema.FdetAfterRotz, schema.SdetAfterRotz, schema.OdetAfterRotz, schema.Rx, schema.Ry, schema.Rz, schema.RTotal,
}

func findPivot(c *Context) ([]Cause, string) {
	p, why := placeOf(c)
	setup := pivotOf(c.Ref) != "" && pivotOf(c.Got) != "" && pivotOf(c.Ref) != pivotOf(c.Got)
	if why != "" && !setup {
		return nil, why
	}
	cause := Cause{Role: IsCause, order: schema.Pix0Vector, Explains: p.rows}
	if setup {
		cause.Confidence = confidence(2)
		cause.Title = fmt.Sprintf("the reference turned the detector about the %s, got about the %s", pivotOf(c.Ref), pivotOf(c.Got))
		cause.Explains = append(c.open(pivotLines...), p.rows...)
		cause.Explains = append(cause.Explains, setupGaps(c)...)
		a, b := pivotLine(c.Ref), pivotLine(c.Got)
		cause.Evidence = []string{fmt.Sprintf("The setup of the reference prints %s (%s), that of got %s (%s): each belongs to one pivot only.", a.Name, a.Pos, b.Name, b.Pos)}
		cause.Findings = []Finding{{b.Pos, fmt.Sprintf("%s is printed by the %s pivot; the reference has %s (%s)", b.Name, pivotOf(c.Got), a.Name, a.Pos)}}
		return []Cause{cause}, ""
	}
	return pivotByOrigin(c, p, cause)
}

// pivotByOrigin holds the distance between the origins against the beam.
func pivotByOrigin(c *Context, p place, cause Cause) ([]Cause, string) {
	bo := p.beam.dot(p.o)
	if math.Abs(p.beam.norm()-1) > 1e-6 || math.Abs(bo) < 0.1 {
		return nil, "the beam's direction is not printed, or grazes the detector"
	}
	d := p.delta()
	flat := math.Hypot(d[0], d[1])
	for i, s := range c.sides() {
		origin, sign, name := p.got, 1.0, "got"
		if i == 0 {
			origin, sign, name = p.ref, -1, "the reference"
		}
		// The beam side's own distance along the beam.
		distance := origin.dot(p.o) / bo
		want := Vec{sign * distance * p.beam.dot(p.f), sign * distance * p.beam.dot(p.s), 0}
		off := math.Hypot(d[0]-want[0], d[1]-want[1])
		// Two components to 1 in 500 are met by chance once in 250 000. Ports
		// round and derive the centre on the way; what is left is told.
		const within = 2e-3
		if want.norm() < 1e-7 || off > within*want.norm() {
			continue
		}
		cause.Confidence = confidence(2)
		cause.Title = name + " turned the detector about the beam, the other side about the sample"
		cause.Evidence = []string{fmt.Sprintf("The axes agree and the origins are %.6g m apart in the detector's plane: (%.6g, %.6g) m along f and s.", flat, d[0], d[1]),
			fmt.Sprintf("The beam (%s) times the distance of %s, %.9g m, has the parts (%.6g, %.6g) m along f and s: a pivot about the beam on that side.",
				posOf(c, schema.IncidentVec), s.Name, distance, want[0], want[1])}
		cause.Findings = p.originLine(c, "the pivots differ")
		// Axes of six digits move the origin by 1e-5 of the difference.
		if left := d.sub(want); left.norm() > 1e-5*flat {
			cause.Explains, cause.Partly = nil, p.rows
			cause.Evidence = append(cause.Evidence, fmt.Sprintf("This leaves %s m along f, s and the normal: the logs differ in distance or centre as well.", expText(left)))
		}
		return []Cause{cause}, ""
	}
	return nil, "the origins are not apart as the beam's own parts along the axes would have them"
}

func posOf(c *Context, k schema.Key) string {
	for _, s := range c.sides() {
		if r := s.recOr(k); r != nil {
			return r.Pos.String()
		}
	}
	return "-"
}

// pivotOf reads the pivot off the setup's lines, "" where there are none.
func pivotOf(s *Side) string {
	switch r := pivotLine(s); {
	case r == nil:
		return ""
	case r.Key == schema.Pix0BeforeRotation:
		return "sample"
	}
	return "beam"
}

func pivotLine(s *Side) *trace.Record {
	if r := s.Rec(schema.Pix0BeforeRotation); r != nil {
		return r
	}
	return s.Rec(schema.TermBeam)
}

// setupGaps are the setup rows that one side alone prints.
func setupGaps(c *Context) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Rows {
		if r.Stream == trace.SetupStream && r.Status == diff.Missing {
			out = append(out, r)
		}
	}
	return out
}
