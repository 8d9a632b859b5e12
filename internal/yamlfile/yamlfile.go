// Package yamlfile reads YAML files of known keys. Every error tells file, line and
// what is wrong.
package yamlfile

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"simtrace/internal/suggest"
)

// File is the file that errors name.
type File struct{ Name string }

// Fail is an error about a node.
func (f File) Fail(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", f.Name, max(n.Line, 1), fmt.Sprintf(format, args...))
}

// At is where a node stands: "file:line".
func (f File) At(n *yaml.Node) string { return fmt.Sprintf("%s:%d", f.Name, n.Line) }

// Root reads the one document of a file.
func (f File) Root(r io.Reader) (*yaml.Node, error) {
	d := yaml.NewDecoder(r)
	var doc, more yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s:1: the file is empty", f.Name)
	} else if err != nil {
		return nil, f.syntax(err)
	}
	switch err := d.Decode(&more); {
	case err == nil:
		return nil, f.Fail(&more, "a second document; one is read")
	case !errors.Is(err, io.EOF):
		return nil, f.syntax(err)
	}
	return doc.Content[0], nil
}

// syntax puts the parser's message into our form: file, line, message.
func (f File) syntax(err error) error {
	msg := strings.TrimPrefix(strings.Join(strings.Fields(err.Error()), " "), "yaml: ")
	if strings.Contains(msg, "cannot start any token") {
		msg += "; put the value in quotes"
	}
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		if line, what, ok := strings.Cut(rest, ": "); ok {
			return fmt.Errorf("%s:%s: %s", f.Name, line, what)
		}
	}
	return fmt.Errorf("%s:1: %s", f.Name, msg)
}

// Resolved follows an alias.
func Resolved(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// Pair is a key of a mapping with its value.
type Pair struct{ Key, Value *yaml.Node }

// Pairs returns the keys of a mapping, in the order of the file, each once.
func (f File) Pairs(n *yaml.Node, what string) ([]Pair, error) {
	n = Resolved(n)
	if n.Kind != yaml.MappingNode {
		return nil, f.Fail(n, "%s must be a mapping of keys to values", what)
	}
	var out []Pair
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode {
			return nil, f.Fail(k, "a key of %s must be a word", what)
		}
		if line, dup := seen[k.Value]; dup {
			return nil, f.Fail(k, "%s stands twice, in line %d as well", k.Value, line)
		}
		seen[k.Value] = k.Line
		out = append(out, Pair{k, Resolved(n.Content[i+1])})
	}
	return out, nil
}

// Fields is pairs for a mapping whose keys are known.
func (f File) Fields(n *yaml.Node, what string, known ...string) (map[string]*yaml.Node, error) {
	ps, err := f.Pairs(n, what)
	if err != nil {
		return nil, err
	}
	out := map[string]*yaml.Node{}
	for _, p := range ps {
		if !slices.Contains(known, p.Key.Value) {
			return nil, f.Fail(p.Key, "unknown key %q in %s%s", p.Key.Value, what, suggest.Nearest(p.Key.Value, known))
		}
		out[p.Key.Value] = p.Value
	}
	return out, nil
}

// Number reads a finite number.
func (f File) Number(n *yaml.Node, what string) (float64, error) {
	v, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, f.Fail(n, "%s must be a finite number, not %q", what, n.Value)
	}
	return v, nil
}

// Integer reads an integer of at least 0.
func (f File) Integer(n *yaml.Node, what string) (int, error) {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < 0 {
		return 0, f.Fail(n, "%s must be an integer of at least 0, not %q", what, n.Value)
	}
	return v, nil
}

// Word reads a scalar that is not empty.
func (f File) Word(n *yaml.Node, what string) (string, error) {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" || n.Tag == "!!null" {
		return "", f.Fail(n, "%s is empty", what)
	}
	return n.Value, nil
}

// Words reads a list of words; none where n is nil.
func (f File) Words(n *yaml.Node, what string) ([]string, error) {
	if n == nil {
		return nil, nil
	}
	if n.Kind != yaml.SequenceNode {
		return nil, f.Fail(n, "%s must be a list", what)
	}
	var out []string
	for _, c := range n.Content {
		w, err := f.Word(Resolved(c), "a word of "+what)
		if err != nil {
			return nil, err
		}
		if slices.Contains(out, w) {
			return nil, f.Fail(c, "%s stands twice in %s", w, what)
		}
		out = append(out, w)
	}
	return out, nil
}
