package explain

import (
	"fmt"

	"simtrace/pkg/trace/schema"
)

var obliquityMissing = Rule{
	ID:    "obliquity",
	Title: "solid angle without the obliquity",
	Text: `The solid angle of a pixel is pixel^2/R^2 times close_distance/R, the cosine at which the pixel is seen. One side leaves
the cosine out, or has it twice.

How it shows: R and close_distance agree, and omega_pixel_sr has the ratio R/close_distance.

How to check: the pixel at the point of closest approach has no difference.`,
	Example: `c.log:   TRACE_C: omega_pixel_sr 4.15867865980257e-07    obliquity_factor 0.909315602613253
py.log:  TRACE_PY: omega_pixel_sr 4.57341616e-07`,
	Find: findObliquity,
}

func findObliquity(c *Context) ([]Cause, string) {
	rows := c.open(schema.OmegaSample)
	key := schema.OmegaSample
	if len(rows) == 0 {
		if rows = c.open(schema.OmegaPixel); len(rows) == 0 || len(c.compared(schema.OmegaSample)) > 0 {
			return nil, "omega_pixel_sr is no root"
		}
		key = schema.OmegaPixel
	}
	v, ok := scalars(c.Ref, schema.RDistance, schema.CloseDistance)
	if !ok || v[1] == 0 || !c.agrees(schema.RDistance, schema.CloseDistance) {
		return nil, "R_distance_meters and close_distance_meters do not both agree"
	}
	ratio, ok := rowRatio(rows[0])
	inverse, fits := eitherWay(ratio, v[0]/v[1])
	if !ok || !fits {
		return nil, fmt.Sprintf("the ratio of the solid angles is %.9g, R/close_distance is %.9g", ratio, v[0]/v[1])
	}
	title := "got leaves the obliquity out of the solid angle"
	if inverse {
		title = "the reference leaves the obliquity out of the solid angle, or got has it twice"
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(2), order: key, Explains: rows,
		Title:    title,
		Evidence: []string{fmt.Sprintf("%s: the ratio is %.12g; R/close_distance = %.12g (%s).", show(rows[0]), ratio, v[0]/v[1], c.Ref.Rec(schema.RDistance).Pos)},
		Findings: []Finding{finding(rows[0], "the obliquity")},
		Share:    ratioShare(ratio, "the ratio of the first sample's solid angles"),
	}}, ""
}
