package explain

import (
	"math"

	"simtrace/pkg/trace/schema"
)

var latticeDelta = Rule{
	ID:    "lattice-delta",
	Title: "lattice factor taken at h - h0: another sign",
	Text: `sin(pi N h)/sin(pi h) has the same size at h and at h - h0, the distance to the nearest index, and for even N and odd
h0 another sign. The intensity has the square, and agrees.

How it shows: the lattice factors agree in size; at least one differs in sign; the intensity agrees.

How to check: compare the squares. It is harmless, as long as only the square is used.`,
	Example: `c.log:   TRACE_C: F_latt_a -2.36012735995387
py.log:  TRACE_PY: F_latt_a 2.36012735995387`,
	Find: findLatticeDelta,
}

func findLatticeDelta(c *Context) ([]Cause, string) {
	rows := c.open(latticeKeys...)
	if len(rows) == 0 {
		return nil, "no lattice factor is a root"
	}
	for _, k := range latticeKeys {
		for _, r := range c.compared(k) {
			ref, got, ok := pairOf(r)
			if ok && r.Diverged() && math.Abs(math.Abs(ref[0])-math.Abs(got[0])) > c.Tolerance*math.Abs(ref[0]) {
				return nil, r.Name() + " differs in size"
			}
		}
	}
	if c.differs(schema.IBeforeScaling, schema.IBeforeScalingPrePolar) && !c.differs(schema.FCell, schema.FCellNearest, schema.FCellInterpolated) {
		return nil, "the intensity differs, and signs do not change it"
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(1), order: schema.FLattA, Explains: rows, names: []schema.Key{schema.FLatt},
		Evidence: []string{show(rows[0]) + ": the size agrees, the sign does not; so it is with all lattice factors that differ."},
		Findings: []Finding{finding(rows[0], "the sign alone")},
		Share:    noShare("the intensity has the square of the factor"),
	}}, ""
}
