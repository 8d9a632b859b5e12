package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// mosflmAxis is MOSFLM's own: where both sides have it, no flag need have set it.
var mosflmAxis = Vec{0, 0, -1}

// partOf is a row with some of its components alone: those that differ, of which keep says so.
func partOf(row *diff.Row, keep func(name string, ref, got float64) bool) *diff.Row {
	part, ref, got := *row, *row.Ref, *row.Got
	ref.Values, got.Values = nil, nil
	for _, v := range row.Ref.Values {
		for _, w := range row.Got.Values {
			if v.Name == w.Name && v.Num != w.Num && keep(v.Name, v.Num, w.Num) {
				ref.Values, got.Values = append(ref.Values, v), append(got.Values, w)
			}
		}
	}
	part.Ref, part.Got = &ref, &got
	return &part
}

// inDegrees reports whether the one angle is the other in degrees.
func inDegrees(_ string, ref, got float64) bool {
	_, ok := eitherWay(got/ref, 180/math.Pi)
	return ok && ref != 0
}

// findAngleUnits recognises degrees-radians, also of some components of angles_rad alone.
func findAngleUnits(c *Context, rows []*diff.Row) ([]Cause, string) {
	angles := c.Open(schema.AnglesRad)
	if len(angles) > 0 {
		if part := partOf(angles[0], inDegrees); len(part.Ref.Values) > 0 {
			found, why := findDegreesRadians(c, []*diff.Row{part})
			for i := range found {
				found[i].Explains = angles
				if rest := otherAngles(c, angles[0]); len(rest.Ref.Values) > 0 {
					found[i].Explains, found[i].Partly = nil, angles
				}
			}
			return found, why
		}
		rows = c.Open(schema.PhiDeg)
	}
	if len(rows) == 0 {
		return nil, "no component of angles_rad is the other side's in degrees"
	}
	return findDegreesRadians(c, rows)
}

// otherAngles are the components of angles_rad that differ neither by their unit nor by twotheta_axis.
func otherAngles(c *Context, row *diff.Row) *diff.Row {
	return partOf(row, func(name string, ref, got float64) bool {
		return !inDegrees(name, ref, got) && (name != "twotheta" || clobbered(c, row) == nil)
	})
}

// clobbered is the side whose twotheta is the first component of its twotheta_axis, in degrees.
func clobbered(c *Context, row *diff.Row) *Side {
	mine, theirs := named(row.Ref, "twotheta"), named(row.Got, "twotheta")
	for s, o := range pairs(c) {
		axis := vec(s, schema.TwothetaAxis)
		// Without the flag the axis is the convention's on both sides.
		if math.Abs(mine-axis[0]*math.Pi/180) <= 1e-12 && math.Abs(mine-theirs) >= 1e-9 && !(vec(o, schema.TwothetaAxis) == axis && axis == mosflmAxis) {
			return s
		}
		mine, theirs = theirs, mine
	}
	return nil
}

func findTwotheta(c *Context, _ []*diff.Row) ([]Cause, string) {
	rows := c.RootsOf(schema.AnglesRad)
	if len(rows) == 0 {
		return twothetaByAxes(c)
	}
	row := rows[0]
	mine, theirs := named(row.Ref, "twotheta"), named(row.Got, "twotheta")
	s := clobbered(c, row)
	if s == nil {
		return nil, fmt.Sprintf("twotheta is %.9g and %.9g rad; neither is the first component of an axis that was given", mine, theirs)
	}
	if s == c.Got {
		mine, theirs = theirs, mine
	}
	rec := s.RecOr(schema.TwothetaAxis)
	cause := one(append(rows, c.Open(twothetaLines...)...),
		fmt.Sprintf("%s has twotheta = %.6g degrees, the first component of its twotheta_axis, for %.6g", s.Name, mine*180/math.Pi, theirs*180/math.Pi),
		[]string{fmt.Sprintf("twotheta_axis of %s is %s (%s): its first number, in degrees, is the twotheta that is used", s.Name, valueText(rec), rec.Pos())}, show(row)+".")
	if rest := otherAngles(c, row); len(rest.Ref.Values) > 0 {
		return cause.partly(rows), ""
	}
	if other := partOf(row, func(name string, _, _ float64) bool { return name != "twotheta" }); len(other.Ref.Values) == 0 {
		cause[0].Checks = append(cause[0].Checks, "all other angles agree")
	}
	return cause, ""
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
	for s, o := range pairs(c) {
		angle := named(s.Rec(schema.AnglesRad), "twotheta")
		before, _ := vecs(s, schema.FdetAfterRotz, schema.SdetAfterRotz, schema.Pix0AfterRotz)
		used, _ := vecs(o, schema.FdetVec, schema.SdetVec, schema.Pix0Vector)
		if !known(angle) || angle == 0 || vec(s, schema.TwothetaAxis)[0] != 0 || !used[0].near(before[0], 1) || !used[1].near(before[1], 1) || !used[2].near(before[2], before[2].norm()) {
			continue
		}
		return one(rows, fmt.Sprintf("%s is without the twotheta of %.6g degrees, as -twotheta_axis behind -twotheta makes it", o.Name, angle*180/math.Pi),
			[]string{fmt.Sprintf("axes and origin of %s (%s) are those of %s after rotz and before twotheta (%s)", o.Name, pos(o, schema.FdetVec), s.Name, pos(s, schema.FdetAfterRotz)),
				fmt.Sprintf("the axis starts with 0 (%s): the flag would set twotheta to 0", pos(s, schema.TwothetaAxis))}), ""
	}
	return nil, "no side's axes and origin are those of the other before twotheta"
}
