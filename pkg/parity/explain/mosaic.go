package explain

import (
	"fmt"

	"simtrace/pkg/trace/schema"
)

var mosaicDraws = Rule{
	ID:    "mosaic-draws",
	Title: "the steps that no trace shows differ: mosaic domains or sources",
	Text: `A trace shows mosaic domain 0 and source 0. In the reference domain 0 takes its random numbers and is then set to
the identity; a port that draws none for it has other orientations from domain 1 on.

How it shows: every traced quantity agrees, up to F_latt and F_cell of every step shown; the sum does not. There are
more steps than those shown.

How to check: trace with -mosaic_domains 1. If the logs have several sources, try with one of them as well.`,
	Example: `c.log:   F_cell, F_latt agree; I_before_scaling 187450.21    steps 10 (one phi step shown)
py.log:  F_cell, F_latt agree; I_before_scaling 164310.77    steps 10`,
	Find: findMosaic,
}

func findMosaic(c *Context) ([]Cause, string) {
	rows := c.open(schema.IBeforeScaling, schema.IBeforeScalingPrePolar)
	if len(rows) == 0 {
		return nil, "I_before_scaling is no root"
	}
	steps, sr, ok := c.Ref.Num(schema.Steps)
	got, _, ok2 := c.Got.Num(schema.Steps)
	if !ok || !ok2 || steps != got {
		return nil, "the logs do not have the same steps"
	}
	shown := max(len(c.Ref.All(schema.HKLFrac)), c.Ref.allPhi)
	if shown == 0 || steps <= float64(shown) {
		return nil, fmt.Sprintf("the log shows %d of %g steps: none is hidden", shown, steps)
	}
	if !c.agrees(schema.HKLFrac) || !(c.agrees(schema.FCell) || c.agrees(schema.FCellNearest)) {
		return nil, "not every traced quantity before the sum agrees"
	}
	if c.differs(latticeKeys...) {
		return nil, "a lattice factor differs"
	}
	cause := Cause{
		Role: IsCause, Confidence: 0.8, order: schema.IBeforeScaling, Explains: rows,
		Evidence: []string{show(rows[0]) + ".", fmt.Sprintf("Everything traced before it agrees; of %g steps (%s) the log shows %d, those of domain 0 and source 0.", steps, sr.Pos, shown)},
		Findings: []Finding{finding(rows[0], "what differs is in steps that are not traced")},
	}
	if len(c.Ref.Phi()) > 1 {
		// Of later phi steps a trace shows the lattice factor alone.
		cause.Confidence = 0.65
		cause.Evidence = append(cause.Evidence, "F_cell is printed of the first phi step alone: a structure factor of a later one may be what differs as well.")
	}
	return []Cause{cause}, ""
}
