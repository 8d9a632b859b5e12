package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var degreesRadians = Rule{
	ID:    "degrees-radians",
	Title: "an angle in degrees for radians, or the reverse",
	Text: `One side takes an angle in the wrong unit, or converts it twice.

How it shows: the ratio of the angles is 57.2957795, 180/pi, or its inverse. Where what is computed from the angle
agrees, it is the print alone.

How to check: print the angle where it is used, and give 1 degree.`,
	Example: `c.log:   TRACE_C:angles_rad=rotx:0.0872664625997165 roty:0 rotz:0 twotheta:0
py.log:  TRACE_PY:angles_rad=rotx:5 roty:0 rotz:0 twotheta:0`,
	Find: findDegrees,
}

func findDegrees(c *Context) ([]Cause, string) {
	rows := c.open(schema.AnglesRad, schema.PhiDeg)
	if len(rows) == 0 {
		return nil, "no angle is a root"
	}
	var explains []*diff.Row
	ratio := 0.0
	for _, r := range rows {
		ref, got, ok := pairOf(r)
		if !ok {
			return nil, r.Name() + " has other components on the two sides"
		}
		for i := range ref {
			if ref[i] == got[i] {
				continue // 0, or an angle that is right
			}
			inverse, ok := eitherWay(got[i]/ref[i], 180/math.Pi)
			if ref[i] == 0 || !ok || ratio != 0 && inverse != (ratio < 1) {
				return nil, fmt.Sprintf("the ratio of %s is %.9g", r.Name(), got[i]/ref[i])
			}
			ratio = got[i] / ref[i]
		}
		explains = append(explains, r)
	}
	below, agree := c.downstream(explains[0].Key)
	cause := Cause{
		Role: IsCause, Confidence: confidence(1), order: explains[0].Key, Explains: explains,
		Evidence: []string{fmt.Sprintf("%s: the ratio is %.9g, 180/pi is 57.2957795.", show(explains[0]), ratio)},
		Findings: []Finding{finding(explains[0], "degrees for radians")},
	}
	if len(below) > 0 && agree {
		cause.Title = "an angle printed in the other unit: what is computed from it agrees"
		cause.Share = noShare("only printed: what is computed from it agrees")
	}
	return []Cause{cause}, ""
}
