package schema

import (
	"math"

	"go.yaml.in/yaml/v3"

	"simtrace/internal/yamlfile"
)

// ReadRule reads the tolerance of a quantity: {abs: 1e-9, rel: 1e-6, join: or}.
// Two terms need a join, that says whether one of them suffices or all must hold.
func ReadRule(f yamlfile.File, p yamlfile.Pair) (Rule, error) {
	r := Rule{Abs: math.NaN(), Rel: math.NaN(), ULP: math.NaN(), Where: f.At(p.Key)}
	what := "the rule of " + p.Key.Value
	fields, err := f.Fields(p.Value, what, "abs", "rel", "ulp", "join")
	if err != nil {
		return r, err
	}
	terms := 0
	for _, t := range []struct {
		key  string
		into *float64
	}{{"abs", &r.Abs}, {"rel", &r.Rel}, {"ulp", &r.ULP}} {
		n := fields[t.key]
		if n == nil {
			continue
		}
		terms++
		if *t.into, err = f.Number(n, t.key); err != nil {
			return r, err
		}
		if *t.into < 0 {
			return r, f.Fail(n, "%s must be at least 0, not %s", t.key, n.Value)
		}
	}
	return r, joinTerms(f, &r, fields["join"], p.Key, terms)
}

// joinTerms demands the word that makes one rule of several terms.
func joinTerms(f yamlfile.File, r *Rule, n, key *yaml.Node, terms int) error {
	switch {
	case terms == 0:
		return f.Fail(key, "%s has no abs, rel or ulp", key.Value)
	case terms > 1 && n == nil:
		return f.Fail(key, "%s has %d terms: join must say whether one suffices (or) or all must hold (and)", key.Value, terms)
	case n == nil:
		return nil
	case n.Value != "and" && n.Value != "or":
		return f.Fail(n, "join must be and, or or; not %q", n.Value)
	case terms == 1:
		return f.Fail(n, "%s has one term; there is nothing to join", key.Value)
	}
	r.And = n.Value == "and"
	return nil
}
