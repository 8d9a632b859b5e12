package parity

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"simtrace/internal/suggest"
	"simtrace/internal/yamlfile"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// Tolerances are rules for single quantities, read from a file. What no rule
// names keeps the tolerance of Options. The zero value has no rules.
type Tolerances struct{ rules []namedRule }

type namedRule struct {
	name string
	at   string
	rule schema.Rule
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
	f := yamlfile.File{Name: name}
	root, err := f.Root(r)
	if err != nil {
		return t, err
	}
	top, err := f.Fields(root, "a tolerances file", "quantities")
	if err != nil {
		return t, err
	}
	if top["quantities"] == nil {
		return t, f.Fail(root, "no quantities are given")
	}
	all, err := f.Pairs(top["quantities"], "quantities")
	if err != nil {
		return t, err
	}
	if len(all) == 0 {
		return t, f.Fail(root, "no quantities are given")
	}
	for _, p := range all {
		rule, err := schema.ReadRule(f, p)
		if err != nil {
			return t, err
		}
		t.rules = append(t.rules, namedRule{p.Key.Value, f.At(p.Key), rule})
	}
	return t, nil
}

// with makes the rules of a comparison of logs that s describes.
func (t Tolerances) with(tolerance float64, s *schema.Schema) diff.Tolerances {
	out := diff.Tolerances{Default: tolerance}
	for _, r := range t.rules {
		out.Set(r.name, s.Named(r.name), r.rule)
	}
	return out
}

// checkNames returns an error for a rule, a waiver or a new name of a quantity
// that neither the schema nor any of the logs knows.
func checkNames(opt *Options, s *schema.Schema, read *diff.Read) error {
	known := append(s.NamesOf(), append(slices.Clone(read.Side[0].Names), read.Side[1].Names...)...)
	unknown := func(at, name string) error {
		if slices.Contains(known, name) {
			return nil
		}
		return fmt.Errorf("%s: unknown quantity %q%s", at, name, suggest.Nearest(name, known))
	}
	for _, r := range opt.Tolerances.rules {
		if err := unknown(r.at, r.name); err != nil {
			return err
		}
	}
	for _, w := range opt.Waivers {
		if err := unknown(w.At, w.Key); err != nil {
			return err
		}
	}
	got := &read.Side[1]
	for _, n := range opt.Map {
		if !got.Renamed[n.Old] {
			return fmt.Errorf("%s holds no %s%s", cmp.Or(opt.GotPath, "got"), n.Old, suggest.Nearest(n.Old, got.Names))
		}
	}
	return nil
}

// renaming is the new names by the old.
func renaming(names []Rename) (map[string]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	to := map[string]string{}
	for _, n := range names {
		if _, dup := to[n.Old]; dup {
			return nil, fmt.Errorf("%s is renamed twice", n.Old)
		}
		to[n.Old] = n.New
	}
	return to, nil
}
