package explain

import (
	"fmt"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var constantDigits = Rule{
	ID:    "constant",
	Title: "a constant or an input with fewer digits",
	Text: `One side has a constant rounded or cut off: r_e^2, the wavelength out of an energy, an angle in degrees.

How it shows: the number of the one side is the other's with fewer digits, three at least.

How to check: give the number in full.`,
	Example: `c.log:   TRACE_C: r_e_sqr 7.94079248018965e-30
py.log:  TRACE_PY: r_e_sqr 7.94e-30`,
	Find: findConstant,
}

// constants are numbers that nothing traced is computed into.
var constants = []schema.Key{schema.RESqr, schema.REMeters, schema.LambdaMeters, schema.Fluence}

func findConstant(c *Context) ([]Cause, string) {
	var out []Cause
	for _, k := range constants {
		rows := c.open(k)
		if len(rows) == 0 || len(rows[0].Ref.Values) != 1 || len(rows[0].Got.Values) != 1 {
			continue
		}
		row := rows[0]
		ref, got := row.Ref.Values[0], row.Got.Values[0]
		if !shorter(ref, got) && !shorter(got, ref) {
			continue
		}
		cause := Cause{
			Role: IsCause, Confidence: confidence(1), order: k, Explains: rows, names: []schema.Key{schema.RESqr},
			Title:    fmt.Sprintf("%s has %d digits on one side and %d on the other", row.Name(), diff.Digits(ref.Text), diff.Digits(got.Text)),
			Evidence: []string{show(row) + ": the one is the other with fewer digits."},
			Findings: []Finding{finding(row, "fewer digits")},
		}
		if k == schema.LambdaMeters {
			cause.Explains = append(cause.Explains, scaledByLambda(c)...)
		}
		if k == schema.RESqr || k == schema.Fluence {
			cause.Share = ratioShare(got.Num/ref.Num, "the intensity is proportional to it")
		}
		out = append(out, cause)
	}
	return out, "no constant is a root, or none is the other side's with fewer digits"
}
