package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

var rounding = Rule{
	ID:    "rounding",
	Title: "Miller indices rounded by another rule",
	Text: `The nearest Miller index is ceil(x - 0.5). One side cuts the fraction off, or takes floor, ceil, or another rule for
halves.

How it shows: hkl_frac agrees, hkl_rounded does not: one side's follows from its hkl_frac by ceil(x - 0.5), the
other's by another rule, for all three indices.

How to check: look at an index with a fraction above a half, and at a negative one.`,
	Example: `c.log:   TRACE_C: hkl_frac -6.8795 -0.6073 -13.7663   hkl_rounded -7 -1 -14
py.log:  TRACE_PY: hkl_frac -6.8795 -0.6073 -13.7663   hkl_rounded -6 0 -13`,
	Find: findRounding,
}

// roundingRules are those met in ports; the first is the reference's.
var roundingRules = []struct {
	name string
	rule func(float64) float64
}{
	{"ceil(x - 0.5)", func(x float64) float64 { return math.Ceil(x - 0.5) }},
	{"floor(x)", math.Floor},
	{"trunc(x)", math.Trunc},
	{"ceil(x)", math.Ceil},
	{"floor(x + 0.5)", func(x float64) float64 { return math.Floor(x + 0.5) }},
	{"half to even", math.RoundToEven},
	{"half away from 0", math.Round},
}

func findRounding(c *Context) ([]Cause, string) {
	rows := c.open(schema.HKLRounded)
	if len(rows) == 0 {
		return nil, "hkl_rounded is no root"
	}
	ref, okRef := ruleOf(c.Ref)
	got, okGot := ruleOf(c.Got)
	if !okRef || !okGot {
		return nil, "hkl_rounded of a side follows from its hkl_frac by no rule"
	}
	if ref == got {
		return nil, "both sides follow the same rule"
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(1), order: schema.HKLRounded, Explains: rows, names: []schema.Key{schema.HKLRounded},
		Title:    fmt.Sprintf("got rounds by %s, the reference by %s", got, ref),
		Evidence: []string{fmt.Sprintf("hkl_frac of got is %s (%s), and agrees; %s.", valueText(c.Got.Rec(schema.HKLFrac)), c.Got.Rec(schema.HKLFrac).Pos, show(rows[0]))},
		Findings: []Finding{finding(rows[0], "another rounding")},
	}}, ""
}

// ruleOf is the first rule by which a log's hkl_rounded follow from its
// hkl_frac.
func ruleOf(s *Side) (string, bool) {
	h, _, ok1 := s.Vec(schema.HKLFrac)
	n, _, ok2 := s.Vec(schema.HKLRounded)
	if !ok1 || !ok2 {
		return "", false
	}
	for _, r := range roundingRules {
		if r.rule(h[0]) == n[0] && r.rule(h[1]) == n[1] && r.rule(h[2]) == n[2] {
			return r.name, true
		}
	}
	return "", false
}
