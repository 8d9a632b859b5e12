package parity

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// yamlFile reads files of tolerances and waivers, and knows their name: every
// error tells file and line.
type yamlFile struct{ name string }

func (f yamlFile) fail(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", f.name, max(n.Line, 1), fmt.Sprintf(format, args...))
}

func (f yamlFile) at(n *yaml.Node) trace.Pos { return trace.Pos{File: f.name, Line: n.Line} }

// root reads the one document of a file.
func (f yamlFile) root(r io.Reader) (*yaml.Node, error) {
	d := yaml.NewDecoder(r)
	var doc, more yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s:1: the file is empty", f.name)
	} else if err != nil {
		return nil, f.syntax(err)
	}
	switch err := d.Decode(&more); {
	case err == nil:
		return nil, f.fail(&more, "a second document; one is read")
	case !errors.Is(err, io.EOF):
		return nil, f.syntax(err)
	}
	return doc.Content[0], nil
}

// syntax puts the parser's message into our form: file, line, message.
func (f yamlFile) syntax(err error) error {
	msg := strings.TrimPrefix(strings.Join(strings.Fields(err.Error()), " "), "yaml: ")
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		if line, what, ok := strings.Cut(rest, ": "); ok {
			return fmt.Errorf("%s:%s: %s", f.name, line, what)
		}
	}
	return fmt.Errorf("%s:1: %s", f.name, msg)
}

// resolved follows an alias.
func resolved(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// pair is a key of a mapping with its value.
type yamlPair struct{ key, value *yaml.Node }

// pairs returns the keys of a mapping, in the order of the file, each once.
func (f yamlFile) pairs(n *yaml.Node, what string) ([]yamlPair, error) {
	n = resolved(n)
	if n.Kind != yaml.MappingNode {
		return nil, f.fail(n, "%s must be a mapping of keys to values", what)
	}
	var out []yamlPair
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode {
			return nil, f.fail(k, "a key of %s must be a word", what)
		}
		if line, dup := seen[k.Value]; dup {
			return nil, f.fail(k, "%s stands twice, in line %d as well", k.Value, line)
		}
		seen[k.Value] = k.Line
		out = append(out, yamlPair{k, resolved(n.Content[i+1])})
	}
	return out, nil
}

// fields is pairs for a mapping whose keys are known.
func (f yamlFile) fields(n *yaml.Node, what string, known ...string) (map[string]*yaml.Node, error) {
	ps, err := f.pairs(n, what)
	if err != nil {
		return nil, err
	}
	out := map[string]*yaml.Node{}
	for _, p := range ps {
		if !contains(known, p.key.Value) {
			return nil, f.fail(p.key, "unknown key %q in %s%s", p.key.Value, what, nearest(p.key.Value, known))
		}
		out[p.key.Value] = p.value
	}
	return out, nil
}

func (f yamlFile) number(n *yaml.Node, what string) (float64, error) {
	v, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, f.fail(n, "%s must be a finite number, not %q", what, n.Value)
	}
	return v, nil
}

func (f yamlFile) integer(n *yaml.Node, what string) (int, error) {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < 0 {
		return 0, f.fail(n, "%s must be an integer of at least 0, not %q", what, n.Value)
	}
	return v, nil
}

func (f yamlFile) word(n *yaml.Node, what string) (string, error) {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" || n.Tag == "!!null" {
		return "", f.fail(n, "%s is empty", what)
	}
	return n.Value, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// quantityNames lists the names that the schema or either log knows.
func quantityNames(logs ...*trace.Log) []string {
	var out []string
	seen := map[string]bool{}
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	for _, q := range schema.All() {
		add(q.Name)
		for _, a := range q.Aliases {
			add(a)
		}
	}
	for _, l := range logs {
		for i := range l.Records {
			add(l.Records[i].Name)
		}
	}
	return out
}

// nearest names the known word that is spelled most like s, as the end of a
// sentence; "" where none is near.
func nearest(s string, known []string) string {
	best, least := "", 1+len(s)/3
	for _, k := range known {
		if d := editDistance(s, k); d < least || d == least && best == "" {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// isOf reports whether the row is of the quantity that prints as name.
func isOf(row *diff.Row, name string) bool {
	if row.Ref != nil && row.Ref.Name == name || row.Got != nil && row.Got.Name == name {
		return true
	}
	for _, k := range diff.KeysByName(name) {
		for _, have := range keysOf(row) {
			if k == have {
				return true
			}
		}
	}
	return false
}
