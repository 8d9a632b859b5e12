package diff

import (
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Tolerances are rules for single quantities, and one for all others.
type Tolerances struct {
	Default float64 // largest relative difference
	byName  map[string]schema.Rule
	byKey   map[schema.Key]schema.Rule
}

// Set gives the quantity that prints as name a rule of its own, in all kinds of
// line; keys are what the schema calls so.
func (t *Tolerances) Set(name string, keys []schema.Key, r schema.Rule) {
	if t.byName == nil {
		t.byName, t.byKey = map[string]schema.Rule{}, map[schema.Key]schema.Rule{}
	}
	t.byName[name] = r
	for _, k := range keys {
		t.byKey[k] = r
	}
}

// of returns the rule that decides on a quantity.
func (t *Tolerances) of(s *trace.Symbol) schema.Rule {
	if r, ok := t.byKey[s.Key]; ok && s.Key != schema.None {
		return r
	}
	if r, ok := t.byName[s.Name]; ok {
		return r
	}
	if s.Info != nil && s.Info.Rule != nil {
		return *s.Info.Rule
	}
	return schema.Relative(t.Default)
}
