package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var signFlip = Rule{
	ID:    "sign",
	Title: "a vector or an axis negated",
	Text: `One side has the opposite direction: the spindle, a detector axis, the scattering vector, or one component of a
vector.

How it shows: all components of a root have the ratio -1, or one component has another sign and the rest agrees.

How to check: look at the handedness: fast x slow, and the sense in which phi turns.`,
	Example: `c.log:   TRACE_C: scattering_vec_A_inv -4016134701.8 1483170371.5 935911580.5
py.log:  TRACE_PY: scattering_vec_A_inv 4016134701.8 -1483170371.5 -935911580.5`,
	Find: findSign,
}

func findSign(c *Context) ([]Cause, string) {
	var out []Cause
	seen := map[schema.Key]bool{}
	for _, row := range c.Roots {
		if c.claimed[row] || seen[row.Key] || row.Key == schema.None {
			continue
		}
		if k := schema.Info(row.Key).Kind; k != schema.Vec3 && k != schema.Scalar {
			continue
		}
		ref, got, ok := pairOf(row)
		if !ok {
			continue
		}
		what, ok := flipped(ref, got)
		if !ok {
			continue
		}
		seen[row.Key] = true
		rows := signRows(c, row)
		out = append(out, Cause{
			Role: IsCause, Confidence: confidence(len(ref) - 1), order: row.Key, Explains: rows, names: []schema.Key{row.Key},
			Title:    fmt.Sprintf("%s: %s", row.Name(), what),
			Evidence: []string{show(row) + "."},
			Findings: []Finding{finding(row, what)},
		})
	}
	return out, "no root is the other side's negated"
}

// signRows are the open roots of the row's key that are flipped alike.
func signRows(c *Context, row *diff.Row) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.open(row.Key) {
		if ref, got, ok := pairOf(r); ok {
			if _, ok := flipped(ref, got); ok {
				out = append(out, r)
			}
		}
	}
	return out
}

// flipped reports whether some components differ in their sign alone and all
// others agree.
func flipped(ref, got []float64) (string, bool) {
	size := 0.0
	for _, x := range ref {
		size = math.Hypot(size, x)
	}
	if size == 0 || !finite(size) {
		return "", false
	}
	limit := fingerprintTolerance * size
	n, last, zero := 0, 0, 0
	for i := range ref {
		switch {
		case math.Abs(ref[i]) <= limit && math.Abs(got[i]) <= limit:
			zero++
		case math.Abs(got[i]-ref[i]) <= limit:
		case math.Abs(got[i]+ref[i]) <= limit:
			n++
			last = i
		default:
			return "", false
		}
	}
	switch {
	case n == 0:
		return "", false
	case n+zero == len(ref):
		return "negated", true
	case n == 1 && len(ref) == 3:
		return "component " + string("xyz"[last]) + " has the other sign", true
	}
	return fmt.Sprintf("%d components have the other sign", n), true
}
