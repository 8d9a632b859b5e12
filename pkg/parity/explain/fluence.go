package explain

import (
	"fmt"

	"simtrace/pkg/trace/schema"
)

var fluenceKept = Rule{
	ID:    "fluence",
	Title: "another fluence",
	Text: `The intensity is proportional to the fluence. One side keeps the default, 1.259320152862271e+29 photons/m^2, or derives it
from flux, exposure and beam size in another way.

How it shows: fluence_photons_per_m2 differs, and with it the final intensity by the same ratio.

How to check: give -fluence to both.`,
	Example: `c.log:   TRACE_C: fluence_photons_per_m2 1e+24
py.log:  TRACE_PY: fluence_photons_per_m2 1.25932015286227e+29`,
	Find: findFluence,
}

// defaultFluence is nanoBragg's, in photons/m^2.
const defaultFluence = 125932015286227086360700780544.0

func findFluence(c *Context) ([]Cause, string) {
	rows := c.open(schema.Fluence)
	if len(rows) == 0 {
		return nil, "fluence_photons_per_m2 is no root"
	}
	ratio, ok := rowRatio(rows[0])
	if !ok || ratio < 0 {
		return nil, "a fluence is 0, negative or no number"
	}
	cause := Cause{
		Role: IsCause, Confidence: confidence(1), order: schema.Fluence, Explains: rows,
		Title:    fmt.Sprintf("the fluence of got is %.6g times the reference's", ratio),
		Evidence: []string{show(rows[0]) + "."},
		Findings: []Finding{finding(rows[0], "the intensity is proportional to it")},
		Share:    ratioShare(ratio, "the ratio of the fluences"),
	}
	for _, s := range c.sides() {
		if v, r, ok := s.Num(schema.Fluence); ok && meets(v, defaultFluence) {
			cause.Title += ": " + s.Name + " keeps the default"
			cause.Evidence = append(cause.Evidence, fmt.Sprintf("%s has nanoBragg's default (%s).", s.Name, r.Pos))
			cause.Confidence = confidence(2)
		}
	}
	return []Cause{cause}, ""
}
