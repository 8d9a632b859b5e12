package explain

import (
	"fmt"

	"simtrace/pkg/trace/schema"
)

var matrixTranspose = Rule{
	ID:    "matrix-transpose",
	Title: "orientation matrix read by rows for columns",
	Text: `In a .mat file the reciprocal vectors stand in the columns. One side reads them by rows.

How it shows: a*, b*, c* of the one side, written below one another, are those of the other read from top to bottom:
nine numbers, just exchanged. The real vectors are transposed likewise.

How to check: give a cell by -cell, or a symmetric matrix.`,
	Example: `c.log:   TRACE_C: rot_a_star_A_inv -0.0290510954 -0.0293958845 0.0107498771
py.log:  TRACE_PY: rot_a_star_A_inv -0.0290510954 -0.0031263923 0.0259604422`,
	Find: findTranspose,
}

var starKeys = []schema.Key{schema.RotAStar, schema.RotBStar, schema.RotCStar}
var realKeys = []schema.Key{schema.RotA, schema.RotB, schema.RotC}

func findTranspose(c *Context) ([]Cause, string) {
	for _, keys := range [][]schema.Key{starKeys, realKeys} {
		rows := c.open(keys...)
		ref, ok1 := c.Ref.Vecs(keys...)
		got, ok2 := c.Got.Vecs(keys...)
		if len(rows) == 0 || !ok1 || !ok2 || !transposed(ref, got) {
			continue
		}
		return []Cause{{
			Role: IsCause, Confidence: confidence(3), order: keys[0], Explains: rows,
			Evidence: []string{fmt.Sprintf("All nine components of got (from %s) are those of the reference (from %s) with rows and columns exchanged.", c.Got.Rec(keys[0]).Pos, c.Ref.Rec(keys[0]).Pos), show(rows[0]) + "."},
			Findings: []Finding{finding(rows[0], "the matrix is transposed")},
		}}, ""
	}
	return nil, "the cell vectors of the two sides are not transposes of each other"
}
