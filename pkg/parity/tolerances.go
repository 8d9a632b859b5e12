package parity

import (
	"fmt"
	"io"
	"math"

	"go.yaml.in/yaml/v3"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// Tolerances are rules for single quantities, read from a file. What no rule
// names keeps the tolerance of Options. The zero value has no rules.
type Tolerances struct{ rules []namedRule }

type namedRule struct {
	name string
	at   trace.Pos
	rule diff.Rule
}

// ReadTolerances reads rules from YAML; name is what errors and reports call
// the file:
//
//	quantities:
//	  hkl_frac: {abs: 1e-9}
//	  F_latt: {rel: 1e-6, abs: 1e-12, join: or}
//	  pix0_vector_meters: {ulp: 4, rel: 1e-15, join: and}
//
// A quantity is named as a trace prints it, aliases included, and the rule
// holds in all kinds of line. Its abs is in the unit that the trace prints. Two
// terms need a join, that says whether one of them suffices or all must hold.
// The error is the first one found, "file:line: what is wrong".
func ReadTolerances(r io.Reader, name string) (Tolerances, error) {
	var t Tolerances
	f := yamlFile{name}
	root, err := f.root(r)
	if err != nil {
		return t, err
	}
	top, err := f.fields(root, "a tolerances file", "quantities")
	if err != nil {
		return t, err
	}
	if top["quantities"] == nil {
		return t, f.fail(root, "no quantities are given")
	}
	all, err := f.pairs(top["quantities"], "quantities")
	if err != nil {
		return t, err
	}
	if len(all) == 0 {
		return t, f.fail(root, "no quantities are given")
	}
	for _, p := range all {
		rule, err := f.rule(p)
		if err != nil {
			return t, err
		}
		t.rules = append(t.rules, namedRule{p.key.Value, f.at(p.key), rule})
	}
	return t, nil
}

func (f yamlFile) rule(p yamlPair) (diff.Rule, error) {
	r := diff.Rule{Abs: math.NaN(), Rel: math.NaN(), ULP: math.NaN(), Where: f.at(p.key).String()}
	what := "the rule of " + p.key.Value
	fields, err := f.fields(p.value, what, "abs", "rel", "ulp", "join")
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
		if *t.into, err = f.number(n, t.key); err != nil {
			return r, err
		}
		if *t.into < 0 {
			return r, f.fail(n, "%s must be at least 0, not %s", t.key, n.Value)
		}
	}
	return r, f.join(&r, fields["join"], p.key, terms)
}

// join demands the word that makes one rule of several terms.
func (f yamlFile) join(r *diff.Rule, n, key *yaml.Node, terms int) error {
	switch {
	case terms == 0:
		return f.fail(key, "%s has no abs, rel or ulp", key.Value)
	case terms > 1 && n == nil:
		return f.fail(key, "%s has %d terms: join must say whether one suffices (or) or all must hold (and)", key.Value, terms)
	case n == nil:
		return nil
	case n.Value != "and" && n.Value != "or":
		return f.fail(n, "join must be and, or or; not %q", n.Value)
	case terms == 1:
		return f.fail(n, "%s has one term; there is nothing to join", key.Value)
	}
	r.And = n.Value == "and"
	return nil
}

// Check returns an error for a rule of a quantity that neither the schema nor
// any of the logs knows.
func (t Tolerances) Check(logs ...*trace.Log) error {
	var known []string
	for _, r := range t.rules {
		if len(diff.KeysByName(r.name)) > 0 {
			continue
		}
		if known == nil {
			known = quantityNames(logs...)
		}
		if !contains(known, r.name) {
			return fmt.Errorf("%s: unknown quantity %q%s", r.at, r.name, nearest(r.name, known))
		}
	}
	return nil
}

// with makes the rules of a comparison.
func (t Tolerances) with(tolerance float64) diff.Tolerances {
	out := diff.Tolerances{Default: tolerance}
	for _, r := range t.rules {
		out.Set(r.name, r.rule)
	}
	return out
}
