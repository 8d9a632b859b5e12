package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

var twothetaClobber = Rule{
	ID:    "twotheta-clobber",
	Title: "twotheta overwritten by -twotheta_axis",
	Text: `nanoBragg matches flags by their beginning, and -twotheta_axis x y z begins like -twotheta: it sets twotheta to
x degrees besides. With an axis of 0 1 0 behind it, -twotheta 20 is gone.

How it shows: twotheta is x degrees of the axis on one side, and another angle on the other; all other angles
agree. The axes after twotheta are then those after rotz, where x is 0.

How to check: give -twotheta behind -twotheta_axis.`,
	Example: `c.log:   TRACE_C:angles_rad=rotx:0 roty:0 rotz:0 twotheta:0
py.log:  TRACE_PY:angles_rad=rotx:0 roty:0 rotz:0 twotheta:0.349065850398866`,
	Find: findTwotheta,
}

func findTwotheta(c *Context) ([]Cause, string) {
	rows := c.open(schema.AnglesRad)
	if len(rows) == 0 {
		return twothetaByAxes(c)
	}
	row := rows[0]
	for i, v := range row.Ref.Values {
		g, ok := named(row.Got, v.Name)
		if !ok {
			return nil, "angles_rad has other components on the two sides"
		}
		if i < len(row.Ref.Values) && v.Name != "twotheta" && math.Abs(g-v.Num) > 1e-9 {
			return nil, v.Name + " differs as well"
		}
	}
	ref, _ := named(row.Ref, "twotheta")
	got, _ := named(row.Got, "twotheta")
	for i, s := range c.sides() {
		mine, other := ref, got
		if i == 1 {
			mine, other = got, ref
		}
		axis, rec, ok := s.Vec(schema.TwothetaAxis)
		if !ok || math.Abs(mine-axis[0]*math.Pi/180) > 1e-12 || math.Abs(mine-other) < 1e-9 {
			continue
		}
		return []Cause{{
			Role: IsCause, Confidence: confidence(1), order: schema.AnglesRad, Explains: append(rows, c.open(twothetaLines...)...),
			Title: fmt.Sprintf("%s has twotheta = %.6g degrees, the first component of its twotheta_axis, for %.6g", s.Name, mine*180/math.Pi, other*180/math.Pi),
			Evidence: []string{fmt.Sprintf("%s; all other angles agree.", show(row)),
				fmt.Sprintf("twotheta_axis of %s is %s (%s): its first number, in degrees, is the twotheta that is used.", s.Name, valueText(rec), rec.Pos)},
			Findings: []Finding{finding(row, "twotheta is that of the axis flag")},
		}}, ""
	}
	return nil, "neither side's twotheta is the first component of its axis in degrees"
}

// twothetaLines are rotated by twotheta; BEAM prints the final axes as those
// after rotz, too.
var twothetaLines = []schema.Key{
	schema.FdetAfterRotz, schema.SdetAfterRotz, schema.OdetAfterRotz, schema.FdetAfterTwotheta, schema.SdetAfterTwotheta, schema.OdetAfterTwotheta,
	schema.FdetVec, schema.SdetVec,
}

func named(r *trace.Record, name string) (float64, bool) {
	for _, v := range r.Values {
		if v.Name == name {
			return v.Num, true
		}
	}
	return 0, false
}

// twothetaByAxes looks at the axes, where one side alone prints its angles: the
// other side's axes and origin are then those before twotheta. The SAMPLE pivot
// prints them so.
func twothetaByAxes(c *Context) ([]Cause, string) {
	rows := c.open(append([]schema.Key{schema.Pix0Vector}, twothetaLines...)...)
	if len(rows) == 0 {
		return nil, "neither angles_rad nor an axis is a root"
	}
	for i, s := range c.sides() {
		other := c.sides()[1-i]
		angles, axis := s.Rec(schema.AnglesRad), Vec{1}
		if a, _, ok := s.Vec(schema.TwothetaAxis); ok {
			axis = a
		}
		if angles == nil || s.Rec(schema.Pix0BeforeRotation) == nil || axis[0] != 0 {
			continue
		}
		angle, ok := named(angles, "twotheta")
		before, ok1 := s.Vecs(schema.FdetAfterRotz, schema.SdetAfterRotz, schema.Pix0AfterRotz)
		used, ok2 := other.Vecs(schema.FdetVec, schema.SdetVec, schema.Pix0Vector)
		if !ok || angle == 0 || !ok1 || !ok2 {
			continue
		}
		if !meetsVec(used[0], before[0], 1) || !meetsVec(used[1], before[1], 1) || !meetsVec(used[2], before[2], before[2].norm()) {
			continue
		}
		return []Cause{{
			Role: IsCause, Confidence: confidence(1), order: schema.FdetVec, Explains: rows,
			Title: fmt.Sprintf("%s is without the twotheta of %.6g degrees, as -twotheta_axis behind -twotheta makes it", other.Name, angle*180/math.Pi),
			Evidence: []string{fmt.Sprintf("Axes and origin of %s (%s) are those of %s after rotz and before twotheta (%s).", other.Name, other.Rec(schema.FdetVec).Pos, s.Name, s.Rec(schema.FdetAfterRotz).Pos),
				fmt.Sprintf("The axis starts with 0 (%s): the flag would set twotheta to 0.", s.Rec(schema.TwothetaAxis).Pos)},
			Findings: []Finding{finding(rows[0], "twotheta is not applied")},
		}}, ""
	}
	return nil, "no side's axes and origin are those of the other before twotheta"
}
