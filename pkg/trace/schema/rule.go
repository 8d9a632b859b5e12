package schema

import (
	"fmt"
	"math"
	"strings"
)

// Rule says how far apart the two sides of a quantity may be. A term that is
// NaN is not given; at least one must be. Of a vector every component must
// pass: Abs is its difference, in the unit that the trace prints; Rel is over
// the larger of the two norms; ULP counts units in the last place of that norm.
// Of a scalar, Rel and ULP are of the larger magnitude.
type Rule struct {
	Abs, Rel, ULP float64
	And           bool   // all terms must hold; else one suffices
	Where         string // file:line; "" for the rule of all that have no own
}

// Relative returns the rule that has a relative term alone.
func Relative(tolerance float64) Rule {
	return Rule{Abs: math.NaN(), Rel: tolerance, ULP: math.NaN()}
}

// Named reports whether the rule was written for the quantity.
func (r Rule) Named() bool { return r.Where != "" }

// Passes reports whether a difference is small enough. A comparison with NaN is
// false, so that a term that is not given never lets anything pass, and a
// difference that is not a number never passes.
func (r Rule) Passes(abs, rel, ulp float64) bool {
	terms := [...]struct{ limit, value float64 }{{r.Abs, abs}, {r.Rel, rel}, {r.ULP, ulp}}
	given := 0
	for _, t := range terms {
		if math.IsNaN(t.limit) {
			continue
		}
		given++
		if ok := t.value <= t.limit; ok != r.And {
			return ok
		}
	}
	return r.And && given > 0
}

// String is the rule in words: "abs 1e-09 or rel 1e-06".
func (r Rule) String() string { return r.Words(r.Abs, r.Rel, r.ULP, "%g") }

// Words sets numbers beside the names of the terms that are given.
func (r Rule) Words(abs, rel, ulp float64, format string) string {
	var parts []string
	for _, t := range []struct {
		name         string
		limit, value float64
	}{{"abs", r.Abs, abs}, {"rel", r.Rel, rel}, {"ulp", r.ULP, ulp}} {
		if !math.IsNaN(t.limit) {
			parts = append(parts, t.name+" "+fmt.Sprintf(format, t.value))
		}
	}
	if r.And {
		return strings.Join(parts, " and ")
	}
	return strings.Join(parts, " or ")
}
