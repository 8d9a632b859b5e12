package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// findBeamVector recognises beam-vector.
func findBeamVector(c *Context) ([]Cause, string) {
	rows := c.Open(schema.IncidentVec)
	ref, rr, ok1 := vec(c.Ref, schema.IncidentVec)
	got, gr, ok2 := vec(c.Got, schema.IncidentVec)
	switch {
	case !ok1 || !ok2:
		return nil, notPrinted(schema.IncidentVec)
	case len(rows) == 0:
		return nil, "incident_vec is no root that is left to explain"
	case c.Agrees(schema.ScatteringVec):
		return nil, "scattering_vec_A_inv, which is made with incident_vec, agrees"
	}
	for _, side := range c.Sides() {
		if e, ok := recomputed(c, side, schema.ScatteringVec); ok && e.rel > math.Max(c.Tolerance, fingerprint) {
			return nil, fmt.Sprintf("scattering_vec_A_inv of %s is off what its incident_vec makes by %.3g", side.Name, e.rel)
		}
	}
	what := "the beams point in other directions"
	const unit = 1e-5 // some logs print six digits
	switch {
	case got.near(ref.scale(-1), ref.norm()):
		what = "the one beam is the other negated"
	case math.Abs(ref.norm()-1) > unit:
		what = fmt.Sprintf("the beam of the reference has the length %.9g", ref.norm())
	case math.Abs(got.norm()-1) > unit:
		what = fmt.Sprintf("the beam of got has the length %.9g", got.norm())
	}
	rows = append(append(rows, movedOrigin(c, ref, got)...), c.Open(schema.Cos2Theta, schema.SourceCos2Theta)...)
	return one(rows, "incident_vec differs: "+what, []string{"the scattering vector of each side follows from its own incident_vec"}, show(rows[0])+".",
		fmt.Sprintf("The lengths are %.9g (%s) and %.9g (%s); the angle between them is %.6g degrees.", ref.norm(), rr.Pos, got.norm(), gr.Pos, ref.angle(got)*180/math.Pi)), ""
}

// movedOrigin returns the roots of the detector's place that the beam moves: with
// the BEAM pivot the origin by the distance times its change, with the SAMPLE
// pivot by the change of beam . normal.
func movedOrigin(c *Context, ref, got Vec) []*diff.Row {
	p, why := placeOf(c)
	d, ok := either(c, schema.Distance)
	if !ok {
		d, ok = set(c, c.Ref, "distance")
	}
	if why != "" || !ok {
		return nil
	}
	along := d * (math.Abs(got.dot(p.o)) - math.Abs(ref.dot(p.o)))
	if p.got.sub(p.ref).near(got.sub(ref).scale(d), 10*math.Abs(d)) || p.delta().sub(Vec{0, 0, along}).norm() <= 1e-3*math.Abs(along) {
		return p.rows
	}
	return nil
}

// mosflmAxis is MOSFLM's own: where both sides have it, no flag need have set it.
var mosflmAxis = Vec{0, 0, -1}

func findTwotheta(c *Context) ([]Cause, string) {
	rows := c.Open(schema.AnglesRad)
	if len(rows) == 0 {
		return twothetaByAxes(c)
	}
	row := rows[0]
	for _, v := range row.Ref.Values {
		g, ok := named(row.Got, v.Name)
		if !ok {
			return nil, "angles_rad has other components on the two sides"
		}
		if v.Name != "twotheta" && math.Abs(g-v.Num) > 1e-9 {
			return nil, fmt.Sprintf("%s differs as well, by %.6g", v.Name, g-v.Num)
		}
	}
	ref, _ := named(row.Ref, "twotheta")
	got, _ := named(row.Got, "twotheta")
	for i, s := range c.Sides() {
		mine, theirs := ref, got
		if i == 1 {
			mine, theirs = got, ref
		}
		axis, rec, ok := vec(s, schema.TwothetaAxis)
		o, _, ok2 := vec(other(c, s), schema.TwothetaAxis)
		// Without the flag the axis is the convention's on both sides.
		if !ok || math.Abs(mine-axis[0]*math.Pi/180) > 1e-12 || math.Abs(mine-theirs) < 1e-9 || ok2 && o == axis && axis == mosflmAxis {
			continue
		}
		return one(append(rows, c.Open(twothetaLines...)...),
			fmt.Sprintf("%s has twotheta = %.6g degrees, the first component of its twotheta_axis, for %.6g", s.Name, mine*180/math.Pi, theirs*180/math.Pi),
			[]string{fmt.Sprintf("twotheta_axis of %s is %s (%s): its first number, in degrees, is the twotheta that is used", s.Name, valueText(rec), rec.Pos), "all other angles agree"}, show(row)+"."), ""
	}
	return nil, fmt.Sprintf("twotheta is %.9g and %.9g rad; neither is the first component of an axis that was given", ref, got)
}

// twothetaLines are rotated by twotheta; BEAM prints the final axes as those
// after rotz, too.
var twothetaLines = []schema.Key{
	schema.FdetAfterRotz, schema.SdetAfterRotz, schema.OdetAfterRotz, schema.FdetAfterTwotheta, schema.SdetAfterTwotheta, schema.OdetAfterTwotheta,
	schema.FdetVec, schema.SdetVec,
}

// twothetaByAxes looks at the axes, where one side alone prints its angles: the
// other side's axes and origin are then those before twotheta. The SAMPLE pivot
// prints them so.
func twothetaByAxes(c *Context) ([]Cause, string) {
	rows := c.Open(append([]schema.Key{schema.Pix0Vector}, twothetaLines...)...)
	if len(rows) == 0 {
		return nil, "neither angles_rad nor an axis is a root"
	}
	for _, s := range c.Sides() {
		o := other(c, s)
		angle, ok := named(s.Rec(schema.AnglesRad), "twotheta")
		axis, rec, ok3 := vec(s, schema.TwothetaAxis)
		before, ok1 := vecs(s, schema.FdetAfterRotz, schema.SdetAfterRotz, schema.Pix0AfterRotz)
		used, ok2 := vecs(o, schema.FdetVec, schema.SdetVec, schema.Pix0Vector)
		if !ok || angle == 0 || !ok1 || !ok2 || !ok3 || axis[0] != 0 || !used[0].near(before[0], 1) || !used[1].near(before[1], 1) || !used[2].near(before[2], before[2].norm()) {
			continue
		}
		return one(rows, fmt.Sprintf("%s is without the twotheta of %.6g degrees, as -twotheta_axis behind -twotheta makes it", o.Name, angle*180/math.Pi),
			[]string{fmt.Sprintf("axes and origin of %s (%s) are those of %s after rotz and before twotheta (%s)", o.Name, o.Rec(schema.FdetVec).Pos, s.Name, s.Rec(schema.FdetAfterRotz).Pos),
				fmt.Sprintf("the axis starts with 0 (%s): the flag would set twotheta to 0", rec.Pos)}), ""
	}
	return nil, "no side's axes and origin are those of the other before twotheta"
}
