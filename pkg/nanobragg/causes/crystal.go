package causes

import (
	"math"

	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace/schema"
)

// crystal is what a log says of its lattice at the first phi step.
type crystal struct {
	n      [3]int
	direct []Vec // unrotated a, b, c in A
	s      Vec   // scattering vector in 1/A
}

// crystalOf infers the numbers of cells from the printed lattice factors, and
// the unrotated cell from the reciprocal vectors, which traces print before
// any rotation by phi.
func crystalOf(s *Side) (crystal, bool) {
	var c crystal
	star, ok := vecs(s, schema.RotAStar, schema.RotBStar, schema.RotCStar)
	hkl, _, ok2 := vec(s, schema.HKLFrac)
	sv, _, ok3 := vec(s, schema.ScatteringVec)
	if !ok || !ok2 || !ok3 {
		return c, false
	}
	c.direct, c.s = dual(star), sv.scale(1e-10)
	if !sameLengths(s, c.direct) {
		return c, false
	}
	for i, k := range []schema.Key{schema.FLattA, schema.FLattB, schema.FLattC} {
		f, _, ok := s.Num(k)
		if !ok {
			return c, false
		}
		h, fs := []float64{hkl[i]}, []float64{f}
		if i == 1 { // the PHI rows print k and F_latt_b of every step
			h, fs = appendRows(h, fs, s.Phi())
		}
		if c.n[i], ok = cells(h, fs); !ok {
			return c, false
		}
	}
	return c, true
}

// sameLengths checks the unrotated cell against the rotated one, which has the
// same lengths. A cell that the reference made from triclinic angles is not the
// dual of its reciprocal vectors, and fails here.
func sameLengths(s *Side, direct []Vec) bool {
	rot, ok := vecs(s, schema.RotA, schema.RotB, schema.RotC)
	for i := range rot {
		ok = ok && math.Abs(rot[i].norm()/direct[i].norm()-1) < 1e-9
	}
	return ok
}

func appendRows(h, f []float64, rows []explain.PhiRow) ([]float64, []float64) {
	for _, r := range rows {
		k, ok := num(r.K)
		fb, ok2 := num(r.FB)
		if ok && ok2 {
			h, f = append(h, k), append(f, fb)
		}
	}
	return h, f
}

// unrotated returns the Miller index and lattice factor at phi = 0.
func (c crystal) unrotated() (hkl Vec, f float64) {
	f = 1
	for i, a := range c.direct {
		hkl[i] = a.dot(c.s)
		f *= sincg(c.n[i], hkl[i])
	}
	return hkl, f
}
