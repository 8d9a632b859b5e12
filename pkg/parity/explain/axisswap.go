package explain

import (
	"fmt"

	"simtrace/pkg/trace/schema"
)

var axisSwap = Rule{
	ID:    "axis-swap",
	Title: "numbers of unit cells exchanged between axes",
	Text: `The lattice factor of an axis is sin(pi N h)/sin(pi h) with that axis's own number of cells. One side takes Na for Nb,
or another exchange.

How it shows: hkl_frac agrees. For each log, only one number of cells gives its printed factor of each axis, and the
three numbers of the one side are those of the other in another order.

How to check: give the same -Nabc to all axes; the difference goes.`,
	Example: `c.log:   F_latt_a, F_latt_b, F_latt_c made with 36, 47, 29 cells
py.log:  F_latt_a, F_latt_b, F_latt_c made with 47, 36, 29 cells`,
	Find: findAxisSwap,
}

var latticeKeys = []schema.Key{schema.FLattA, schema.FLattB, schema.FLattC, schema.FLatt, schema.PhiFLattB, schema.PhiFLatt}

func findAxisSwap(c *Context) ([]Cause, string) {
	rows := c.open(latticeKeys...)
	if len(rows) == 0 {
		return nil, "no lattice factor is a root"
	}
	ref, ok1 := cellCounts(c.Ref)
	got, ok2 := cellCounts(c.Got)
	switch {
	case !ok1 || !ok2:
		return nil, "the lattice factors of a side do not tell its numbers of cells"
	case ref == got:
		return nil, "both sides have the same numbers of cells"
	case !permuted(ref, got):
		return nil, fmt.Sprintf("the numbers of cells are %v and %v, no exchange", ref, got)
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(3), order: schema.FLattA, Explains: rows,
		Title: fmt.Sprintf("the numbers of cells are %d, %d, %d in the reference and %d, %d, %d in got", ref[0], ref[1], ref[2], got[0], got[1], got[2]),
		Evidence: []string{fmt.Sprintf("The only numbers up to %d that give the printed factors are %v in the reference (%s) and %v in got (%s).",
			maxCells, ref, c.Ref.Rec(schema.FLattA).Pos, got, c.Got.Rec(schema.FLattA).Pos)},
		Findings: []Finding{finding(rows[0], "the axes' numbers of cells are exchanged")},
	}}, ""
}

// cellCounts infers the numbers of cells from the pixel block alone.
func cellCounts(s *Side) (n [3]int, ok bool) {
	hkl, _, ok := s.Vec(schema.HKLFrac)
	if !ok {
		return n, false
	}
	for i, k := range []schema.Key{schema.FLattA, schema.FLattB, schema.FLattC} {
		f, _, ok := s.Num(k)
		if !ok {
			return n, false
		}
		h, fs := []float64{hkl[i]}, []float64{f}
		// The other samples narrow it down.
		indices, factors := s.All(schema.HKLFrac), s.All(k)
		for j := 1; j < len(indices) && len(factors) == len(indices); j++ {
			if v, ok := num(factors[j]); ok && len(indices[j].Values) == 3 {
				h, fs = append(h, indices[j].Values[i].Num), append(fs, v)
			}
		}
		if n[i], ok = cells(h, fs); !ok {
			return n, false
		}
	}
	return n, true
}

func permuted(a, b [3]int) bool {
	for _, p := range [][3]int{{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		if [3]int{a[p[0]], a[p[1]], a[p[2]]} == b {
			return true
		}
	}
	return false
}
