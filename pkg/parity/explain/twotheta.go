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
		return nil, "angles_rad is no root"
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
