package explain

import (
	"fmt"

	"simtrace/pkg/trace/schema"
)

var stepsFactor = Rule{
	ID:    "steps",
	Title: "the mean over the steps: not divided, divided twice, or by another number",
	Text: `The sum is divided by steps: sources, mosaic domains, phi steps and subpixels multiplied. One side does not divide,
divides twice, or counts other steps (cctbx leaves the sources out).

How it shows: I_pixel_final against the log's own factors is out by just steps; or steps itself differs.

How to check: trace with one step; the difference goes.`,
	Example: `c.log:   TRACE_C: steps 10    I_pixel_final 446.254110667806
py.log:  TRACE_PY: steps 10   I_pixel_final 4462.54110667806`,
	Find: findSteps,
}

func findSteps(c *Context) ([]Cause, string) {
	ref, rr, ok1 := c.Ref.Num(schema.Steps)
	got, gr, ok2 := c.Got.Num(schema.Steps)
	if !ok1 || !ok2 {
		return nil, "the logs do not both print steps"
	}
	if rows := c.open(schema.Steps); len(rows) > 0 && ref > 0 && got > 0 {
		cause := Cause{
			Role: IsCause, Confidence: confidence(1), order: schema.Steps, Explains: rows,
			Title:    fmt.Sprintf("the reference counts %g steps, got %g", ref, got),
			Evidence: []string{fmt.Sprintf("steps is %g (%s) and %g (%s): sources, mosaic domains, phi steps and subpixels multiplied.", ref, rr.Pos, got, gr.Pos)},
			Findings: []Finding{finding(rows[0], "other steps are counted")},
		}
		// Whole samples that the one side has more are no lost records.
		for _, r := range c.lost() {
			if r.At[schema.Sub] > 0 || r.At[schema.Phi] > 0 || r.At[schema.Layer] > 0 {
				cause.Explains = append(cause.Explains, r)
			}
		}
		if !c.differs(schema.IBeforeScaling, schema.IBeforeScalingPrePolar) && len(c.compared(schema.IBeforeScaling)) > 0 {
			cause.Share = ratioShare(ref/got, "the sum agrees and is divided by steps")
		}
		return []Cause{cause}, ""
	}
	if ref != got {
		return nil, "steps differs, and other causes account for it"
	}
	return factorCause(c, schema.Steps, ref, fmt.Sprintf("steps is %g (%s)", ref, rr.Pos), []schema.Key{schema.IPixelFinal, schema.FloatImage})
}
