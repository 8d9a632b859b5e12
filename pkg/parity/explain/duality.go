package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

var metricDuality = Rule{
	ID:    "metric-duality",
	Title: "real and reciprocal cell are not each other's duals on one side",
	Text: `From -cell, the reference takes the volume of the angles and builds c* with sin(gamma)/(c sin(gamma*)): for a
triclinic cell the real vectors are then not quite the duals of the reciprocal ones, a . a* is 1.0002 for
70 80 90 75 85 95. A port that builds the cell rightly differs, and is not to blame.

How it shows: the products of the edges and angles of the real cell with those of the reciprocal cell, which no
rotation changes, give the unit matrix on one side and miss it on the other.

How to check: compare a . a* of both sides at phi 0; a monoclinic or orthogonal cell has no difference.

What to do: build c* as the reference does where parity is wanted.`,
	Example: `c.log:   a . a* = 1.000203
py.log:  a . a* = 1`,
	Find: findDuality,
}

func findDuality(c *Context) ([]Cause, string) {
	rows := c.open(append(append([]schema.Key{}, starKeys...), realKeys...)...)
	if len(rows) == 0 {
		return nil, "no cell vector is a root"
	}
	if !c.differs(realKeys...) {
		return nil, "the real vectors agree"
	}
	for _, s := range c.sides() {
		if o, ok := own(s, schema.HKLFrac); ok && o.rel > fingerprintTolerance {
			return nil, "the indices of " + s.Name + " do not follow from its real vectors"
		}
	}
	ref, ok1 := metricError(c.Ref)
	got, ok2 := metricError(c.Got)
	if !ok1 || !ok2 {
		return nil, "the logs do not both print the real and the reciprocal cell"
	}
	// A dual cell is off by the printed digits; above 1 % it is another
	// cell, and no matter of how the volume is made.
	const dual, other = 1e-9, 1e-7
	low, high := math.Min(ref, got), math.Max(ref, got)
	if low > dual || high < other || high > 1e-2 {
		return nil, fmt.Sprintf("the real and the reciprocal cell miss duality by %.2g in the reference and %.2g in got", ref, got)
	}
	who := "the reference"
	if got > ref {
		who = "got"
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(2), order: schema.RotAStar, Explains: rows,
		Title: fmt.Sprintf("the cell of %s is not the dual of its reciprocal cell", who),
		Evidence: []string{fmt.Sprintf("Metric of the real cell times metric of the reciprocal one misses the unit matrix by %.3g in the reference (%s) and %.3g in got (%s).",
			ref, c.Ref.Rec(schema.RotA).Pos, got, c.Got.Rec(schema.RotA).Pos)},
		Findings: []Finding{finding(rows[0], "another volume")},
	}}, ""
}

// metricError is the largest component of G G* - 1, where G holds the scalar
// products of the real vectors and G* those of the reciprocal ones. Rotations
// do not change it.
func metricError(s *Side) (float64, bool) {
	real, ok1 := s.Vecs(realKeys...)
	star, ok2 := s.Vecs(starKeys...)
	if !ok1 || !ok2 {
		return 0, false
	}
	worst := 0.0
	for i := range 3 {
		for j := range 3 {
			sum := 0.0
			for k := range 3 {
				sum += float64(real[i].dot(real[k]) * star[k].dot(star[j]))
			}
			if i == j {
				sum--
			}
			// Off the diagonal the lengths do not cancel.
			worst = math.Max(worst, math.Abs(sum)*real[j].norm()/real[i].norm())
		}
	}
	return worst, finite(worst)
}
