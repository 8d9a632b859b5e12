package schema

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"simtrace/internal/suggest"
	"simtrace/internal/yamlfile"
)

var shapes = map[string]Kind{
	"scalar": Scalar, "int": Int, "vector": Vec3, "spatial": Vec3, "matrix": Mat3, "list": List, "text": Text,
}

var shapeNames = []string{"scalar", "int", "vector", "spatial", "matrix", "list", "text"}

// perRun is what belongs to no place.
const perRun = "run"

// maxUserIndex bounds the index keys of a file.
const maxUserIndex = 4

// ReadFile reads the YAML file of a schema. A file of more than 16 MB is refused: it is a log that
// was given in a schema's place.
func ReadFile(path string) (*Schema, error) {
	data, err := yamlfile.ReadSmall(path)
	if err != nil {
		return nil, err
	}
	return Read(bytes.NewReader(data), path)
}

// Read reads the description of a program's logs from YAML; name is what errors
// call the file:
//
//	prefixes: [DBG, "trace>"]
//	index: [step, {name: cell, order: independent}]
//	quantities:
//	  - {name: position, unit: m, shape: spatial}
//	  - {name: velocity, aliases: [vel, v], shape: vector, parents: [position], tolerance: {rel: 1e-9}}
//	  - {name: energy, per: step, parents: [velocity, energy@prev], result: true}
//	  - {name: force, formula: -k*position - c*prev(velocity)}
//
// A line is "key value", "key: value" or "key=value", of the latter several in
// a line; values are numbers, with or without brackets and the quantity's unit.
// With prefixes, every line that begins with one is a trace, and quantities that
// are not listed are compared by name. Without, only lines count that begin with
// a name of the file, or assign to one.
//
// A shape is scalar, int (compared exactly), vector of three numbers (compared
// one by one), spatial for a vector or matrix for nine numbers (compared by norm),
// list, or text; without one, any numbers are taken. Parents are what a quantity
// is computed from, and make the causal order; they may be listed later, and
// y@prev is what y was at the step before, which may go in circles. A formula
// recomputes the quantity from others of the same log, each component by itself:
// numbers, pi, + - * / ^, sqrt, exp, log, sin, cos, abs, min, max, and prev(y);
// names that are no plain words stand in backquotes. What a formula names are
// parents. A tolerance is a rule, see ReadRule. The keys of the index say where the records
// behind them belong, the outermost first: a new step ends the cell. The
// outermost is sequential, one step follows from those before, unless it says
// otherwise. A sum over the inner ones says what it is per: a key of the index,
// or run, wherever it is printed. Results are what the calculation is for; see
// Schema.Results. With "format: text", lines are read as those of any program, and
// quantities have the names that are found there; varies lists those that differ
// on every run and are not compared.
//
// The error is the first one found, "file:line: what is wrong".
func Read(r io.Reader, name string) (*Schema, error) {
	f := yamlfile.File{Name: name}
	root, err := f.Root(r)
	if err != nil {
		return nil, err
	}
	top, err := f.Fields(root, "a schema file", "format", "prefixes", "index", "varies", "quantities")
	if err != nil {
		return nil, err
	}
	b := &builder{File: f, byName: map[string]*entry{}}
	if b.prefixes, err = f.Words(top["prefixes"], "prefixes"); err != nil {
		return nil, err
	}
	if err := b.readFormat(top["format"], top["varies"], top["prefixes"]); err != nil {
		return nil, err
	}
	if err := b.readIndex(top["index"]); err != nil {
		return nil, err
	}
	list := top["quantities"]
	if b.free && list == nil {
		return b.build(name)
	}
	if list == nil || list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		if list == nil {
			list = root
		}
		return nil, f.Fail(list, "quantities must be a list, with one at least")
	}
	for _, n := range list.Content {
		if err := b.quantity(yamlfile.Resolved(n)); err != nil {
			return nil, err
		}
	}
	return b.build(name)
}

// entry is one quantity of a file.
type entry struct {
	Quantity
	parents  []string // of the same step
	previous []string // of the step before
	formula  *yaml.Node
	read     *expression
	node     *yaml.Node
	done     bool
}

// builder makes a schema of a file.
type builder struct {
	yamlfile.File
	prefixes []string
	free     bool // of any format: its names are what stands before the numbers
	varies   map[string]bool
	index    []IndexKey
	list     []*entry
	byName   map[string]*entry
	ordered  []*entry // in causal order
}

// readFormat reads what stands in the file of a program whose logs are read as
// tracecmp reads those of any: "format: text", and what varies by run.
func (b *builder) readFormat(format, varies, prefixes *yaml.Node) error {
	if format != nil {
		if format.Value != "text" && format.Value != "keys" {
			return b.Fail(format, "format must be text (tables, arrays, sentences: as without a schema) or keys (lines of the names below), not %q", format.Value)
		}
		b.free = format.Value == "text"
	}
	if b.free && prefixes != nil {
		return b.Fail(prefixes, "format: text reads every line; take prefixes out, or format")
	}
	if varies == nil {
		return nil
	}
	if !b.free {
		return b.Fail(varies, "varies goes with format: text")
	}
	names, err := b.Words(varies, "varies")
	b.varies = map[string]bool{}
	for _, n := range names {
		b.varies[n] = true
	}
	return err
}

// readIndex reads the keys of the index: words, or mappings that say their order.
func (b *builder) readIndex(n *yaml.Node) error {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return b.Fail(n, "index must be a list")
	}
	if len(n.Content) > maxUserIndex {
		return b.Fail(n, "%d keys in index; at most %d are taken", len(n.Content), maxUserIndex)
	}
	for i, c := range n.Content {
		c = yamlfile.Resolved(c)
		k := IndexKey{}
		if i == 0 {
			k.Order = Sequential
		}
		name := c
		if c.Kind == yaml.MappingNode {
			fields, err := b.Fields(c, "an index key", "name", "order")
			if err != nil {
				return err
			}
			if name = fields["name"]; name == nil {
				return b.Fail(c, "the index key has no name")
			}
			if o := fields["order"]; o != nil {
				switch o.Value {
				case "sequential":
					k.Order = Sequential
				case "independent":
					k.Order = Independent
				default:
					return b.Fail(o, "order must be sequential or independent, not %q", o.Value)
				}
			}
		}
		var err error
		if k.Name, err = b.Word(name, "a word of index"); err != nil {
			return err
		}
		if b.isIndex(k.Name) {
			return b.Fail(c, "%s stands twice in index", k.Name)
		}
		b.index = append(b.index, k)
	}
	return nil
}

func (b *builder) isIndex(name string) bool {
	return slices.ContainsFunc(b.index, func(k IndexKey) bool { return k.Name == name })
}

// quantity reads one entry.
func (b *builder) quantity(n *yaml.Node) error {
	fields, err := b.Fields(n, "a quantity", "name", "aliases", "unit", "shape", "per", "parents", "formula", "tolerance", "result", "config")
	if err != nil {
		return err
	}
	if fields["name"] == nil {
		return b.Fail(n, "the quantity has no name")
	}
	q := &entry{node: n, Quantity: Quantity{Any: true, Depth: len(b.index), Scope: PerSample}}
	if q.Name, err = b.Word(fields["name"], "name"); err != nil {
		return err
	}
	if q.Aliases, err = b.Words(fields["aliases"], "aliases"); err != nil {
		return err
	}
	for i, w := range append([]string{q.Name}, q.Aliases...) {
		at := fields["name"]
		if i > 0 {
			at = yamlfile.Resolved(fields["aliases"]).Content[i-1]
		}
		if err := b.claim(q, w, at); err != nil {
			return err
		}
	}
	if u := fields["unit"]; u != nil {
		if q.Unit, err = b.Word(u, "unit"); err != nil {
			return err
		}
	}
	if q.parents, err = b.Words(fields["parents"], "parents"); err != nil {
		return err
	}
	if q.formula = fields["formula"]; q.formula != nil {
		if _, err := b.Word(q.formula, "formula"); err != nil {
			return err
		}
	}
	for key, into := range map[string]*bool{"result": &q.Result, "config": &q.Config} {
		if v := fields[key]; v != nil {
			if v.Value != "true" && v.Value != "false" {
				return b.Fail(v, "%s must be true or false, not %q", key, v.Value)
			}
			*into = v.Value == "true"
		}
	}
	if err := b.shape(q, fields["shape"], fields["per"]); err != nil {
		return err
	}
	if t := fields["tolerance"]; t != nil {
		key := *fields["name"]
		key.Line = t.Line
		rule, err := ReadRule(b.File, yamlfile.Pair{Key: &key, Value: t})
		if err != nil {
			return err
		}
		q.Rule = &rule
	}
	b.list = append(b.list, q)
	return nil
}

func (b *builder) shape(q *entry, shape, per *yaml.Node) error {
	if shape != nil {
		var ok bool
		if q.Kind, ok = shapes[shape.Value]; !ok {
			return b.Fail(shape, "unknown shape %q%s; it is one of %s", shape.Value, suggest.Nearest(shape.Value, shapeNames), strings.Join(shapeNames, ", "))
		}
		q.Any, q.Mixed = false, shape.Value == "vector"
	}
	if per != nil {
		i := slices.IndexFunc(b.index, func(k IndexKey) bool { return k.Name == per.Value })
		if i < 0 && per.Value != perRun {
			return b.Fail(per, "unknown per %q: it is %s, or a key of the index", per.Value, perRun)
		}
		q.Depth = i + 1
	}
	if q.Depth == 0 {
		q.Scope = PerRun
	}
	return nil
}

// claim makes w a name of q.
func (b *builder) claim(q *entry, w string, at *yaml.Node) error {
	switch other := b.byName[w]; {
	case b.free && strings.ContainsAny(w, "\t`"):
		return b.Fail(at, "%q cannot be a name: no tabs, nor `", w)
	case !b.free && (strings.ContainsAny(w, "\t=,;:\"'`(){}<>") || !isLetter(w[0])):
		return b.Fail(at, "%q cannot be a key: a letter, then no tabs, quotes, brackets, or any of =,;:", w)
	case b.isIndex(w):
		return b.Fail(at, "%s is a key of the index already", w)
	case other == q:
		return b.Fail(at, "%s is a name of %s already", w, q.Name)
	case other != nil:
		return b.Fail(at, "%s is a name of %s already, in line %d", w, other.Name, other.node.Line)
	}
	b.byName[w] = q
	return nil
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

// build puts the quantities into causal order: parents first, and otherwise as
// they are listed.
func (b *builder) build(name string) (*Schema, error) {
	for _, q := range b.list {
		if err := b.relate(q); err != nil {
			return nil, err
		}
	}
	for _, q := range b.list {
		if err := b.visit(q, nil); err != nil {
			return nil, err
		}
	}
	key := map[*entry]Key{}
	for i, q := range b.ordered {
		key[q] = Key(i + 1)
	}
	keys := func(names []string) (out []Key) {
		for _, n := range names {
			out = append(out, key[b.byName[n]])
		}
		return out
	}
	list := make([]Quantity, len(b.ordered))
	for i, q := range b.ordered {
		q.Parents, q.Previous = keys(q.parents), keys(q.previous)
		if q.read != nil {
			var err error
			if q.Formula, err = q.read.formula(func(name string) Key { return key[b.byName[name]] }); err != nil {
				return nil, b.Fail(q.formula, "the formula of %s: %v", q.Name, err)
			}
			q.How = q.read.text
		}
		list[i] = q.Quantity
	}
	s, err := New(name, b.index, list)
	if err != nil {
		return nil, err
	}
	s.Prefixes, s.Free, s.Varies = b.prefixes, b.free, b.varies
	return s, nil
}

func (b *builder) visit(q *entry, path []*entry) error {
	if i := slices.Index(path, q); i >= 0 {
		return b.Fail(q.node, "a cycle: %s; where one is of the step before, write %s%s among the parents, or %s(%s) in the formula",
			cycle(path[i:]), q.Name, atPrevious, previously, q.Name)
	}
	if q.done {
		return nil
	}
	path = append(path, q)
	for _, name := range q.parents {
		if err := b.visit(b.byName[name], path); err != nil {
			return err
		}
	}
	q.done = true
	b.ordered = append(b.ordered, q)
	return nil
}

func (b *builder) names() []string {
	var out []string
	for n := range b.byName {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

func cycle(path []*entry) string {
	text := path[0].Name
	for i := range path {
		text += " needs " + path[(i+1)%len(path)].Name
	}
	return text
}

// NamesOf lists all names of the quantities, aliases included.
func (s *Schema) NamesOf() []string {
	var out []string
	for i := range s.All() {
		out = append(append(out, s.All()[i].Name), s.All()[i].Aliases...)
	}
	return out
}
