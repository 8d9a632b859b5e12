package explain

import (
	"fmt"

	"simtrace/pkg/trace/schema"
)

var shapeFactor = Rule{
	ID:    "shape",
	Title: "a factor of the crystal's shape missing",
	Text: `The lattice factor of a ROUND crystal has the factor 0.723601254558268, which makes up for the volume of a ball
in a cube. One side leaves it out.

How it shows: I_before_scaling has the ratio 0.7236 squared, 0.52360, or its inverse; ROUND prints no F_latt.

How to check: give -square_xtal to both; the difference goes.`,
	Example: `c.log:   TRACE_C: I_before_scaling 5235.98775598299
py.log:  TRACE_PY: I_before_scaling 10000`,
	Find: findShape,
}

// roundFactor makes up for the volume of a ball in a cube, see sim.
const roundFactor = 0.723601254558268

func findShape(c *Context) ([]Cause, string) {
	rows := c.open(schema.IBeforeScaling, schema.IBeforeScalingPrePolar, schema.FLatt)
	if len(rows) == 0 {
		return nil, "neither I_before_scaling nor F_latt is a root"
	}
	ratio, ok := rowRatio(rows[0])
	want := roundFactor * roundFactor
	if rows[0].Key == schema.FLatt {
		want = roundFactor
	}
	if _, fits := eitherWay(ratio, want); !ok || !fits {
		return nil, fmt.Sprintf("the ratio is %.9g and not that of a ball in a cube", ratio)
	}
	if rows[0].Key == schema.FLatt {
		ratio *= ratio
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(2), order: rows[0].Key, Explains: rows,
		Evidence: []string{fmt.Sprintf("%s: the ratio of the intensities is %.12g; 0.723601254558268 squared is %.12g.", show(rows[0]), ratio, roundFactor*roundFactor)},
		Findings: []Finding{finding(rows[0], "the ROUND factor")},
		Share:    ratioShare(ratio, "the ratio of "+rows[0].Name()),
	}}, ""
}
