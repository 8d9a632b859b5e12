package parity

import (
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Schema describes the quantities of a program that is no nanoBragg, so that its
// logs are read, compared and searched for roots; see ReadSchema.
type Schema struct {
	prefixes []string
	index    []string
	list     []*quantity // in causal order
	byName   map[string]*quantity
}

// quantity is one quantity of a Schema.
type quantity struct {
	trace.Declared
	parents []string    // names, as they are listed
	up      []*quantity // all ancestors, in causal order
	rank    int
	at      *yaml.Node
	rule    *diff.Rule // nil where the tolerance for all holds
}

var shapes = map[string]schema.Kind{
	"scalar": schema.Scalar, "int": schema.Int, "vector": schema.Vec3, "matrix": schema.Mat3,
	"list": schema.List, "text": schema.Text,
}

var shapeNames = []string{"scalar", "int", "vector", "matrix", "list", "text"}

// perRun is what belongs to no place.
const perRun = "run"

// maxIndex bounds the index keys.
const maxIndex = 4

// ReadSchema reads the description of another program's logs from YAML; name is
// what errors call the file:
//
//	prefixes: [DBG, "trace>"]
//	index: [step, cell]
//	quantities:
//	  - {name: position, unit: m, shape: vector}
//	  - {name: velocity, aliases: [vel, v], shape: vector, parents: [position], tolerance: {rel: 1e-9}}
//	  - {name: energy, per: step, parents: [velocity]}
//
// A line is "key value", "key: value" or "key=value", of the latter several in
// a line; values are numbers, with or without brackets and the quantity's unit.
// With prefixes, every line that begins with one is a trace, and quantities that
// are not listed are compared by name. Without, only lines count that begin with
// a name of the file, or assign to one.
//
// A shape is scalar, int (compared exactly), vector of three or matrix of nine
// (compared by norm), list, or text; without one, any numbers are taken. Parents
// are what a quantity is computed from, and make the causal order; they may be
// listed later. A tolerance is a rule as ReadTolerances has it. The keys of the
// index say where the records behind them belong, the outermost first: a new
// step ends the cell. A sum over the inner ones says what it is per: a key of the
// index, or run, wherever it is printed. Records are compared with those of the same place, and
// explained by parents of the same place, or of one within or around it.
//
// The error is the first one found, "file:line: what is wrong".
func ReadSchema(r io.Reader, name string) (*Schema, error) {
	f := yamlFile{name}
	root, err := f.root(r)
	if err != nil {
		return nil, err
	}
	top, err := f.fields(root, "a schema file", "prefixes", "index", "quantities")
	if err != nil {
		return nil, err
	}
	s := &Schema{byName: map[string]*quantity{}}
	if s.prefixes, err = f.words(top["prefixes"], "prefixes"); err != nil {
		return nil, err
	}
	if s.index, err = f.words(top["index"], "index"); err != nil {
		return nil, err
	}
	if len(s.index) > maxIndex {
		return nil, f.fail(top["index"], "%d keys in index; at most %d are taken", len(s.index), maxIndex)
	}
	list := top["quantities"]
	if list == nil || list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		if list == nil {
			list = root
		}
		return nil, f.fail(list, "quantities must be a list, with one at least")
	}
	var qs []*quantity
	for _, n := range list.Content {
		q, err := f.quantity(resolved(n), s)
		if err != nil {
			return nil, err
		}
		qs = append(qs, q)
	}
	return s, f.order(s, qs)
}

// words reads a list of words; none where n is nil.
func (f yamlFile) words(n *yaml.Node, what string) ([]string, error) {
	if n == nil {
		return nil, nil
	}
	if n.Kind != yaml.SequenceNode {
		return nil, f.fail(n, "%s must be a list", what)
	}
	var out []string
	for _, c := range n.Content {
		w, err := f.word(resolved(c), "a word of "+what)
		if err != nil {
			return nil, err
		}
		if contains(out, w) {
			return nil, f.fail(c, "%s stands twice in %s", w, what)
		}
		out = append(out, w)
	}
	return out, nil
}

// quantity reads one entry, and gives its names to s.
func (f yamlFile) quantity(n *yaml.Node, s *Schema) (*quantity, error) {
	fields, err := f.fields(n, "a quantity", "name", "aliases", "unit", "shape", "per", "parents", "tolerance")
	if err != nil {
		return nil, err
	}
	if fields["name"] == nil {
		return nil, f.fail(n, "the quantity has no name")
	}
	q := &quantity{at: n, Declared: trace.Declared{Any: true}}
	if q.Name, err = f.word(fields["name"], "name"); err != nil {
		return nil, err
	}
	names, err := f.words(fields["aliases"], "aliases")
	if err != nil {
		return nil, err
	}
	for i, w := range append([]string{q.Name}, names...) {
		at := fields["name"]
		if i > 0 {
			at = resolved(fields["aliases"]).Content[i-1]
		}
		if err := f.claim(s, q, w, at); err != nil {
			return nil, err
		}
	}
	if u := fields["unit"]; u != nil {
		if q.Unit, err = f.word(u, "unit"); err != nil {
			return nil, err
		}
	}
	if sh := fields["shape"]; sh != nil {
		var ok bool
		if q.Kind, ok = shapes[sh.Value]; !ok {
			return nil, f.fail(sh, "unknown shape %q%s; it is one of %s", sh.Value, nearest(sh.Value, shapeNames), strings.Join(shapeNames, ", "))
		}
		q.Any = false
	}
	if p := fields["per"]; p != nil {
		i := slices.Index(s.index, p.Value)
		if i < 0 && p.Value != perRun {
			return nil, f.fail(p, "unknown per %q: it is %s, or a key of the index", p.Value, perRun)
		}
		q.Inner = len(s.index) - 1 - i
	}
	if q.parents, err = f.words(fields["parents"], "parents"); err != nil {
		return nil, err
	}
	if t := fields["tolerance"]; t != nil {
		key := *fields["name"]
		key.Line = t.Line
		rule, err := f.rule(yamlPair{&key, t})
		if err != nil {
			return nil, err
		}
		q.rule = &rule
	}
	return q, nil
}

// claim makes w a name of q.
func (f yamlFile) claim(s *Schema, q *quantity, w string, at *yaml.Node) error {
	switch other := s.byName[w]; {
	case strings.ContainsAny(w, " \t=,;:\"'`(){}<>") || !isLetter(w[0]):
		return f.fail(at, "%q cannot be a key: a letter, then no blanks, quotes, brackets, or any of =,;:", w)
	case contains(s.index, w):
		return f.fail(at, "%s is a key of the index already", w)
	case other == q:
		return f.fail(at, "%s is a name of %s already", w, q.Name)
	case other != nil:
		return f.fail(at, "%s is a name of %s already, in line %d", w, other.Name, other.at.Line)
	}
	s.byName[w] = q
	return nil
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

// order puts the quantities into causal order: parents first, and otherwise as
// they are listed.
func (f yamlFile) order(s *Schema, qs []*quantity) error {
	done := map[*quantity]bool{}
	var path []*quantity
	var visit func(q *quantity) error
	visit = func(q *quantity) error {
		for i, p := range path {
			if p == q {
				return f.fail(q.at, "a cycle: %s", cycle(path[i:]))
			}
		}
		if done[q] {
			return nil
		}
		path = append(path, q)
		up := map[*quantity]bool{}
		for _, name := range q.parents {
			p := s.byName[name]
			if p == nil {
				return f.fail(q.at, "%s has an unknown parent %q%s", q.Name, name, nearest(name, s.names()))
			}
			if err := visit(p); err != nil {
				return err
			}
			up[p] = true
			for _, a := range p.up {
				up[a] = true
			}
		}
		path = path[:len(path)-1]
		for _, a := range s.list {
			if up[a] {
				q.up = append(q.up, a)
			}
		}
		done[q], q.rank = true, len(s.list)
		s.list = append(s.list, q)
		return nil
	}
	for _, q := range qs {
		if err := visit(q); err != nil {
			return err
		}
	}
	return nil
}

func cycle(path []*quantity) string {
	text := path[0].Name
	for i := range path {
		text += " needs " + path[(i+1)%len(path)].Name
	}
	return text
}

// names lists what the schema calls its quantities.
func (s *Schema) names() []string {
	return slices.Sorted(maps.Keys(s.byName))
}

// canonical is the name that the records of a quantity get.
func (s *Schema) canonical(name string) string {
	if q := s.byName[name]; q != nil {
		return q.Name
	}
	return name
}
