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
	ref, ok1 := cellOf(c.Ref)
	got, ok2 := cellOf(c.Got)
	if !ok1 || !ok2 {
		return nil, "the logs do not both print the real and the reciprocal cell"
	}
	dual, other := ref, got
	if math.Abs(ref.k-1) > math.Abs(got.k-1) {
		dual, other = got, ref
	}
	// 15 printed digits make 1e-13 of it; an angle that is off moves the
	// volume by 1e-4 for each degree, and more than 1 % is another matter.
	if math.Abs(dual.k-1) > 1e-9 || math.Abs(other.k-1) < 1e-7 || math.Abs(other.k-1) > 1e-2 {
		return nil, fmt.Sprintf("a . a* is %.9g in the reference and %.9g in got", ref.k, got.k)
	}
	how, ok := volumeOfAngles(c, dual, other)
	if !ok {
		return nil, other.side.Name + " is not dual, but the cells differ by more than that"
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(2), order: schema.RotAStar, Explains: rows,
		Title: fmt.Sprintf("the cell of %s is not the dual of its reciprocal cell", other.side.Name),
		Evidence: []string{fmt.Sprintf("a . a* is %.9g in the reference (%s) and %.9g in got (%s), from the lengths and angles that no rotation changes.",
			ref.k, c.Ref.Rec(schema.RotA).Pos, got.k, c.Got.Rec(schema.RotA).Pos), how},
		Findings: []Finding{finding(rows[0], "the volume of the angles")},
	}}, ""
}

// dualCell is a log's cell: the real vectors times k are dual to the
// reciprocal ones.
type dualCell struct {
	side   *Side
	k      float64
	edges  [3]float64
	volume float64
}

// cellOf demands that the product of the two metrics is a multiple of the unit
// matrix, k^2. Rotations do not change it.
func cellOf(s *Side) (dualCell, bool) {
	out := dualCell{side: s}
	real, ok1 := s.Vecs(realKeys...)
	star, ok2 := s.Vecs(starKeys...)
	if !ok1 || !ok2 {
		return out, false
	}
	var m [3][3]float64
	for i := range 3 {
		out.edges[i] = real[i].norm()
		for j := range 3 {
			for k := range 3 {
				m[i][j] += float64(real[i].dot(real[k]) * star[k].dot(star[j]))
			}
			m[i][j] *= real[j].norm() / real[i].norm() // off the diagonal the lengths do not cancel
		}
	}
	out.k, out.volume = math.Sqrt(m[0][0]), math.Abs(real[0].dot(real[1].cross(real[2])))
	for i := range 3 {
		for j := range 3 {
			want := 0.0
			if i == j {
				want = m[0][0]
			}
			if !(math.Abs(m[i][j]-want) <= 1e-9) {
				return out, false
			}
		}
	}
	return out, finite(out.k)
}

// volumeOfAngles holds the two cells together: either the reciprocal cells agree
// and the real ones have the ratio k, or the edges and c agree, and the volumes
// have it.
func volumeOfAngles(c *Context, dual, other dualCell) (string, bool) {
	near := func(ratio float64) bool {
		return math.Abs(ratio-other.k) <= 1e-3*math.Abs(other.k-1)
	}
	if c.agrees(starKeys...) {
		ratio, _, ok := cellScale(c, realKeys)
		return fmt.Sprintf("The reciprocal vectors agree, and the real ones have the one ratio %.9g.", ratio), ok && (near(ratio) || near(1/ratio))
	}
	for i := range 3 {
		if !meets(dual.edges[i], other.edges[i]) {
			return "", false
		}
	}
	return fmt.Sprintf("The edges agree and so does c; the volumes are %.9g and %.9g cubic angstroms, as that of the vectors and that of the angles.", dual.volume, other.volume),
		c.agrees(schema.RotC) && near(other.volume/dual.volume)
}
