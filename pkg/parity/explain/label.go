package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var unitLabel = Rule{
	ID:    "unit-label",
	Title: "a quantity printed in another unit",
	Text: `One side prints a quantity in another unit, metres for angstroms or 1/angstrom for 1/metre, and computes with the
right one. It is a matter of the print: nothing of the intensity comes of it.

How it shows: all components of one key have the same ratio, a power of ten (or 2 pi, where the reciprocal
lattice has another convention), and what is computed from the key agrees.

How to check: nothing needs to be: what is computed from the quantity agrees. Compare its unit with the schema's.`,
	Example: `c.log:   TRACE_C: scattering_vec_A_inv -4016134701.8 1483170371.5 935911580.5
py.log:  TRACE_PY: scattering_vec_A_inv -0.40161347018 0.14831703715 0.09359115805`,
	Find: findUnitLabel,
}

func findUnitLabel(c *Context) ([]Cause, string) {
	var out []Cause
	why := "no root has a power of ten, or 2 pi, as its ratio"
	seen := map[schema.Key]bool{}
	for _, row := range c.Roots {
		if seen[row.Key] || c.claimed[row] || row.Key == schema.None {
			continue
		}
		seen[row.Key] = true
		rows := c.open(row.Key)
		ratio, what, ok := unitRatio(rows)
		if !ok {
			continue
		}
		below, agree := c.downstream(row.Key)
		switch {
		case len(below) == 0:
			why = fmt.Sprintf("%s has the ratio %s, and nothing is compared that is computed from it", row.Name(), what)
			continue
		case !agree:
			why = fmt.Sprintf("%s has the ratio %s, and what is computed from it differs", row.Name(), what)
			continue
		}
		out = append(out, Cause{
			Role: IsCause, Confidence: confidence(min(len(below), 3)), order: row.Key, Explains: rows, names: append([]schema.Key{row.Key}, childrenOf(row.Key)...),
			Title: fmt.Sprintf("%s is printed %s times as large: a label, nothing comes of it", row.Name(), what),
			Evidence: []string{fmt.Sprintf("%s: every component has the ratio %.9g.", show(row), ratio),
				fmt.Sprintf("What is computed from it agrees in %d rows, %s first (%s, %s).", len(below), below[0].Name(), below[0].Ref.Pos, below[0].Got.Pos)},
			Findings: []Finding{finding(row, "another unit")},
			Share:    noShare("only printed: what is computed from it agrees"),
		})
	}
	return out, why
}

// unitRatio returns the ratio of all rows where it is that of two units.
func unitRatio(rows []*diff.Row) (ratio float64, what string, ok bool) {
	for i, row := range rows {
		r, one := rowRatio(row)
		if !one || i > 0 && !meets(r, ratio) {
			return 0, "", false
		}
		ratio = r
	}
	if n, ten := powerOfTen(ratio); ten {
		return ratio, fmt.Sprintf("1e%d", n), true
	}
	if inverse, pi := eitherWay(ratio, 2*math.Pi); pi {
		if inverse {
			return ratio, "1/(2 pi)", true
		}
		return ratio, "2 pi", true
	}
	return 0, "", false
}

func childrenOf(k schema.Key) []schema.Key {
	var out []schema.Key
	for _, q := range schema.NanoBragg().All() {
		if anyOf(q.Parents, []schema.Key{k}) {
			out = append(out, q.Key)
		}
	}
	return out
}
