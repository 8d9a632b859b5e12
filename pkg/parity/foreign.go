package parity

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// foreign is the comparison of two logs that a Schema describes. Their records
// have no key; they are known by name, and Where.Domain is a number of places.
type foreign struct {
	schema *Schema
	places [][]string // values of the index keys, by number
	number map[string]int
}

// compareForeign reads the logs by the schema, one behind the other: so the
// numbers of the places are the same each time.
func compareForeign(ref, got *Source, opt Options) (*Report, error) {
	f := &foreign{schema: opt.Schema, number: map[string]int{}}
	var logs [2]*trace.Log
	for i, s := range []*Source{ref, got} {
		var err error
		if logs[i], err = s.readBy(f.read); err != nil {
			return nil, err
		}
	}
	return f.compareChecked(logs, opt)
}

// compareChecked is CompareChecked with the names of the schema.
func (f *foreign) compareChecked(logs [2]*trace.Log, opt Options) (*Report, error) {
	var names []Rename
	for _, n := range opt.Map {
		names = append(names, Rename{f.schema.canonical(n.Old), f.schema.canonical(n.New)})
	}
	var err error
	if logs[gotSide], err = Renamed(logs[gotSide], names); err != nil {
		return nil, err
	}
	opt.Map = nil
	known := append(f.schema.names(), append(namesOf(logs[refSide]), namesOf(logs[gotSide])...)...)
	check := func(at trace.Pos, name string) error {
		if contains(known, name) {
			return nil
		}
		return fmt.Errorf("%s: unknown quantity %q%s", at, name, nearest(name, known))
	}
	for _, r := range opt.Tolerances.rules {
		if err := check(r.at, r.name); err != nil {
			return nil, err
		}
	}
	opt.Waivers = slices.Clone(opt.Waivers)
	for i := range opt.Waivers {
		w := &opt.Waivers[i]
		if err := check(w.At, w.Key); err != nil {
			return nil, err
		}
		w.Key = f.schema.canonical(w.Key)
	}
	return compare(logs[refSide], logs[gotSide], opt, f), nil
}

// rules are those of the schema, and in their place those of the options.
func (f *foreign) rules(opt Options) diff.Tolerances {
	out := diff.Tolerances{Default: opt.tolerance()}
	for _, q := range f.schema.list {
		if !q.Any {
			out.Declare(q.Name, q.Kind)
		}
		if q.rule != nil {
			out.Set(q.Name, *q.rule)
		}
	}
	for _, r := range opt.Tolerances.rules {
		out.Set(f.schema.canonical(r.name), r.rule)
	}
	return out
}

// form is how the logs are read.
func (f *foreign) form() *trace.Form {
	form := &trace.Form{
		Prefixes: f.schema.prefixes, Place: f.place,
		Declared: map[string]trace.Declared{}, Index: map[string]int{},
	}
	for name, q := range f.schema.byName {
		form.Declared[name] = q.Declared
	}
	for depth, key := range f.schema.index {
		form.Index[key] = depth
	}
	return form
}

// place numbers the places, in the order in which they come.
func (f *foreign) place(values []string) int {
	key := strings.Join(values, "\x00")
	n, ok := f.number[key]
	if !ok {
		n = len(f.places)
		f.number[key], f.places = n, append(f.places, slices.Clone(values))
	}
	return n
}

// label names a row by its quantity and place: "energy[step=3 cell=2]".
func (f *foreign) label(row *diff.Row) string {
	var q []string
	for i, v := range f.at(row) {
		if v != "" {
			q = append(q, f.schema.index[i]+"="+v)
		}
	}
	if row.Occur > 0 {
		q = append(q, fmt.Sprintf("#%d", row.Occur+1))
	}
	if len(q) == 0 {
		return row.Name()
	}
	return row.Name() + "[" + strings.Join(q, " ") + "]"
}

func (f *foreign) at(row *diff.Row) []string {
	if row.At.Domain < 0 {
		return nil
	}
	return f.places[row.At.Domain]
}

// sort puts the rows into the causal order of the schema. What it does not list
// stands last.
func (f *foreign) sort(rows []diff.Row) {
	rank := func(r *diff.Row) int {
		if q := f.schema.byName[r.Name()]; q != nil {
			return q.rank
		}
		return len(f.schema.list)
	}
	slices.SortStableFunc(rows, func(x, y diff.Row) int {
		if c := cmp.Compare(rank(&x), rank(&y)); c != 0 || rank(&x) == len(f.schema.list) {
			return c
		}
		return cmp.Or(cmp.Compare(x.At.Domain, y.At.Domain), cmp.Compare(x.Occur, y.Occur))
	})
}

// seen is what is known of a quantity at a place.
type seen struct {
	diverged, compared bool
	below              *diff.Row // differs most of those within tolerance
	only               string    // on which side alone it stands
}

func (s *seen) add(row *diff.Row) {
	switch {
	case row.Diverged():
		s.diverged, s.compared = true, true
	case row.Compared():
		s.compared = true
		if row.Rel > 0 && (s.below == nil || row.Rel > s.below.Rel) {
			s.below = row
		}
	case row.Got == nil:
		s.only = "only in the reference"
	case row.Ref == nil:
		s.only = "only in got"
	}
}

// spot is a quantity at a place: around collects what stands at the places
// within it, too.
type spot struct {
	name, place string
	around      bool
}

// foreignGraph is the causal graph over the rows.
type foreignGraph map[spot]*seen

func (g foreignGraph) add(s spot, row *diff.Row) {
	if g[s] == nil {
		g[s] = &seen{}
	}
	g[s].add(row)
}

// outer lists the place itself and all around it: with some index keys, or all,
// left out. Without an index that is one.
func (f *foreign) outer(row *diff.Row) []string {
	at := f.at(row)
	out := []string{""}
	for _, v := range at {
		n := len(out)
		for i := range n {
			if v != "" {
				out = append(out, out[i]+v+"\x00")
			}
			out[i] += "\x00"
		}
	}
	if len(at) == 0 {
		out[0] = strings.Repeat("\x00", len(f.schema.index))
	}
	return out
}

// findRoots marks the diverged rows of the schema's quantities that no diverged
// ancestor explains. Where there are none, it takes the first diverged row.
func (f *foreign) findRoots(r *Report) {
	g := foreignGraph{}
	for i := range r.Rows {
		row := &r.Rows[i]
		if f.schema.byName[row.Name()] == nil {
			continue
		}
		places := f.outer(row)
		g.add(spot{row.Name(), places[len(places)-1], false}, row)
		for _, p := range places {
			g.add(spot{row.Name(), p, true}, row)
		}
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		q := f.schema.byName[row.Name()]
		if q == nil || !row.Diverged() {
			continue
		}
		if root, ok := f.root(r, g, q, row); ok {
			r.Roots = append(r.Roots, root)
		}
	}
	if len(r.Roots) == 0 {
		r.looseRoots()
	}
}

// root judges a diverged row; ok is false where it inherits.
func (f *foreign) root(r *Report, g foreignGraph, q *quantity, row *diff.Row) (root Root, ok bool) {
	root.Row = row
	places := f.outer(row)
	feeding := func(name string, do func(*seen)) {
		for _, p := range places {
			if s := g[spot{name, p, false}]; s != nil {
				do(s)
			}
		}
		if s := g[spot{name, places[len(places)-1], true}]; s != nil {
			do(s)
		}
	}
	var below []*diff.Row
	for _, a := range q.up {
		inherits := false
		feeding(a.Name, func(s *seen) {
			inherits = inherits || s.diverged
			if s.below != nil && !slices.Contains(below, s.below) {
				below = append(below, s.below)
			}
		})
		if inherits {
			return root, false
		}
	}
	for _, name := range q.parents {
		name = f.schema.canonical(name)
		compared, why := false, "on neither side"
		feeding(name, func(s *seen) {
			compared = compared || s.compared
			why = or(s.only, why)
		})
		if !compared {
			root.Unobserved = append(root.Unobserved, fmt.Sprintf("%s (%s)", name, why))
		}
	}
	root.Below = r.listBelow(below)
	return root, true
}

// read is trace.Read by the schema.
func (f *foreign) read(in io.Reader, name string) (*trace.Log, error) {
	return trace.ReadForm(in, name, f.form())
}
