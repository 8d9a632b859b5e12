package diff

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"simtrace/pkg/trace/schema"
)

// Rule says how far apart the two sides of a quantity may be. A term that is
// NaN is not given; at least one must be. Of a vector every component must
// pass: Abs is its difference, in the unit that the trace prints; Rel is over
// the larger of the two norms; ULP counts units in the last place of that norm.
// Of a scalar, Rel and ULP are of the larger magnitude.
type Rule struct {
	Abs, Rel, ULP float64
	And           bool   // all terms must hold; else one suffices
	Where         string // file:line; "" for the rule of all that has no own

	// Kind is the shape of a quantity that the schema does not know; see
	// Tolerances.Declare.
	Kind schema.Kind
}

// Relative returns the rule that has a relative term alone.
func Relative(tolerance float64) Rule {
	return Rule{Abs: math.NaN(), Rel: tolerance, ULP: math.NaN()}
}

// Named reports whether the rule was written for the quantity.
func (r Rule) Named() bool { return r.Where != "" }

// passes reports whether a difference is small enough. A comparison with NaN is
// false, so that a term that is not given never lets anything pass, and a
// difference that is not a number never passes.
func (r Rule) passes(abs, rel, ulp float64) bool {
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
func (r Rule) String() string { return r.words(r.Abs, r.Rel, r.ULP, "%g") }

// words sets numbers beside the names of the terms that are given.
func (r Rule) words(abs, rel, ulp float64, format string) string {
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

// Tolerances are rules for single quantities, and one for all others.
type Tolerances struct {
	Default float64 // largest relative difference
	byName  map[string]Rule
	byKey   map[schema.Key]Rule
	kinds   map[string]schema.Kind
}

// Set gives the quantity that prints as name a rule of its own, in all kinds of
// line. It reports whether the schema knows the name.
func (t *Tolerances) Set(name string, r Rule) (known bool) {
	if t.byName == nil {
		t.byName, t.byKey = map[string]Rule{}, map[schema.Key]Rule{}
	}
	t.byName[name] = r
	for _, k := range KeysByName(name) {
		t.byKey[k] = r
		known = true
	}
	return known
}

// Declare says the shape of a quantity that the schema does not know. Its
// numbers stand for themselves otherwise.
func (t *Tolerances) Declare(name string, k schema.Kind) {
	if t.kinds == nil {
		t.kinds = map[string]schema.Kind{}
	}
	t.kinds[name] = k
}

// of returns the rule that decides on the row.
func (t *Tolerances) of(row *Row) Rule {
	r := t.rule(row)
	if row.Key == schema.None {
		r.Kind = t.kinds[row.Name()]
	}
	return r
}

func (t *Tolerances) rule(row *Row) Rule {
	if r, ok := t.byKey[row.Key]; ok && row.Key != schema.None {
		return r
	}
	if r, ok := t.byName[row.Name()]; ok {
		return r
	}
	return Relative(t.Default)
}

// KeysByName returns the keys that print as name, in any kind of line.
func KeysByName(name string) []schema.Key {
	var out []schema.Key
	for _, find := range []func(string) (schema.Key, bool){schema.ByName, schema.PhiByName, schema.SourceByName} {
		if k, ok := find(name); ok {
			out = append(out, k)
		}
	}
	return out
}

// Needs are the smallest limits with which a row would have passed, each term
// alone. +Inf where no limit suffices, NaN where nothing was measured.
type Needs struct{ Abs, Rel, ULP float64 }

func noNeeds() Needs { return Needs{math.NaN(), math.NaN(), math.NaN()} }

// add takes another component into account.
func (n *Needs) add(abs, rel, ulp float64) {
	grow := func(into *float64, v float64) {
		if math.IsNaN(v) {
			v = math.Inf(1)
		}
		if math.IsNaN(*into) || v > *into {
			*into = v
		}
	}
	grow(&n.Abs, abs)
	grow(&n.Rel, rel)
	grow(&n.ULP, ulp)
}

// WouldPass is the smallest tolerance, in the terms of the row's own rule, with
// which a diverged row would have passed, rounded up to three digits: "rel
// 1.47e-03". It is "" where no tolerance helps.
func (r *Row) WouldPass() string {
	if !r.Diverged() && r.Status != Waived || math.IsNaN(r.Needs.Rel) || math.IsInf(r.Needs.Rel, 0) {
		return ""
	}
	return r.Rule.words(RoundUp(r.Needs.Abs), RoundUp(r.Needs.Rel), RoundUp(r.Needs.ULP), "%.2e")
}

// RoundUp returns the smallest number of three digits that is not below v.
func RoundUp(v float64) float64 {
	if !finite(v) || v <= 0 {
		return v
	}
	text := strconv.FormatFloat(v, 'e', 2, 64)
	out, _ := strconv.ParseFloat(text, 64)
	if out >= v {
		return out
	}
	// The next number of three digits, counted in units of the third: in
	// decimal, where it is exact.
	mantissa, exp, _ := strings.Cut(text, "e")
	digits, _ := strconv.Atoi(strings.Replace(mantissa, ".", "", 1))
	e, _ := strconv.Atoi(exp)
	out, _ = strconv.ParseFloat(fmt.Sprintf("%de%d", digits+1, e-2), 64)
	return out
}

// ulps counts the units in the last place of scale, or of the larger of the two
// values where scale is NaN, that fit into abs.
func ulps(abs, scale, ref, got float64) float64 {
	if abs == 0 {
		return 0
	}
	if math.IsNaN(scale) {
		scale = math.Max(math.Abs(ref), math.Abs(got))
	}
	unit := math.Nextafter(scale, math.Inf(1)) - scale
	return math.Abs(abs) / unit
}
