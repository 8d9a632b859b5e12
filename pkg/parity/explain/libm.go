package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var libm = Rule{
	ID:    "libm",
	Title: "last-bit differences of sin, cos and exp",
	Text: `Mathematical libraries do not agree in the last bit, and it takes a wrong bit through the rotations and into the
lattice factor, where it grows near a zero of sin(N pi h).

How it shows: every root differs by a few units of the last printed digit, or is a lattice factor that follows from
its own log's index by just sin(pi N h)/sin(pi h), while the indices differ by so little.

How to check: a tolerance of 1e-12 hides it. It is nobody's bug.`,
	Example: `c.log:   TRACE_C: rot_b_angstroms -11.4986968432508 0.717320030990266 -29.1132147806318
py.log:  TRACE_PY: rot_b_angstroms -11.4986968432508 0.717320030990267 -29.1132147806318`,
	Find: findLibm,
}

// lastDigits bounds what a few wrong last bits make of a number: 15 printed
// digits round by up to 5e-15 of it, and a scalar product of three adds as
// much again.
const lastDigits = 2e-14

func findLibm(c *Context) ([]Cause, string) {
	if len(c.Roots) == 0 {
		return nil, "nothing differs"
	}
	var size float64
	for _, r := range c.Roots {
		switch {
		case r.Key == schema.None || schema.Info(r.Key).Config:
			return nil, r.Name() + " is a setting, or unknown"
		case r.Rel <= lastDigits:
		case !grown(c, r):
			return nil, fmt.Sprintf("%s differs by %.2g, which no last bit makes", r.Name(), r.Rel)
		}
		size = math.Max(size, r.Rel)
	}
	row := c.Roots[0]
	return []Cause{{
		Role: IsNote, Confidence: confidence(1), order: row.Key, Explains: append([]*diff.Row(nil), c.Roots...),
		Evidence: []string{fmt.Sprintf("All %d roots differ by %.2g at most, which is the last printed digits, or what the lattice factor makes of them. The first: %s.", len(c.Roots), size, show(row))},
		Findings: []Finding{finding(row, "last bits")},
	}}, ""
}

// grown reports whether a lattice factor differs by no more than the last bits
// of its index make of it: the slope of sin(pi N h)/sin(pi h) is at most
// pi N/|sin(pi h)|.
func grown(c *Context, r *diff.Row) bool {
	i := map[schema.Key]int{schema.FLattA: 0, schema.FLattB: 1, schema.FLattC: 2, schema.PhiFLattB: 1}
	axis, ok := i[r.Key]
	ref, ok1 := cellCounts(c.Ref)
	_, got, ok2 := pairOf(r)
	if !ok || !ok1 || !ok2 || len(got) != 1 {
		return false
	}
	h, _, ok := c.Ref.Vec(schema.HKLFrac)
	if !ok {
		return false
	}
	x := h[axis]
	if r.Key == schema.PhiFLattB {
		for _, row := range c.Ref.Phi() {
			if row.FB == r.Ref {
				x, ok = num(row.K)
			}
		}
	}
	slope := math.Pi * float64(ref[axis]) / math.Abs(math.Sin(math.Pi*x))
	return ok && math.Abs(r.Abs) <= lastDigits*math.Max(1, math.Abs(x))*slope
}
