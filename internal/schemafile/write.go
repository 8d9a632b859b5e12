// Package schemafile writes schemas of another program's logs for people to edit, and
// tables of what schemas say and find.
package schemafile

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// maxListed is how many quantities a file lists; one of ever new names would fill
// it.
const maxListed = 500

// Write writes the schema that was inferred from logs, with what they hold as
// comments. Read by schema.Read it is the same schema.
func Write(w io.Writer, s *schema.Schema, how string, logs []*trace.Survey) error {
	root := &yaml.Node{Kind: yaml.MappingNode, HeadComment: head(how, logs)}
	add(root, "format", word("text"), "any program's log: quantities are named by what stands before their numbers")
	if len(s.Index) > 0 {
		add(root, "index", indexNode(s, logs[0]), "what places the lines behind it, the outermost first")
	}
	if len(s.Varies) > 0 {
		add(root, "varies", words(slices.Sorted(maps.Keys(s.Varies))), "not compared: differs on every run, from the beginning on")
	}
	list, more := quantities(logs)
	if len(list.Content) > 0 {
		add(root, "quantities", list, quantityHelp+more)
	}
	doc := &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{root}}
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	if err := e.Encode(doc); err != nil {
		return err
	}
	return e.Close()
}

const quantityHelp = `Say more of a quantity where you know more:
  unit: N                    shape: scalar, int, vector, spatial, matrix or list
  parents: [force, mass]     what it is computed from: causes come before symptoms then
  result: true               what the calculation is for
  tolerance: {rel: 1e-9}     instead of --tolerance
What is not listed is compared as well.`

func head(how string, logs []*trace.Survey) string {
	var b strings.Builder
	b.WriteString("What tracecmp infer found in ")
	for i, l := range logs {
		if i > 0 {
			b.WriteString(" and ")
		}
		b.WriteString(l.Log)
	}
	fmt.Fprintf(&b, ": %s.\nUse it with tracecmp --schema THIS A B.", how)
	return b.String()
}

// add adds a key with a comment above it.
func add(m *yaml.Node, key string, value *yaml.Node, comment string) {
	k := word(key)
	k.HeadComment = comment
	m.Content = append(m.Content, k, value)
}

func word(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

func words(list []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, s := range list {
		n.Content = append(n.Content, word(s))
	}
	return n
}

func indexNode(s *schema.Schema, log *trace.Survey) *yaml.Node {
	out := &yaml.Node{Kind: yaml.SequenceNode}
	for i, k := range s.Index {
		order := "independent"
		if k.Order == schema.Sequential {
			order = "sequential"
		}
		m := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
		m.Content = []*yaml.Node{word("name"), word(k.Name), word("order"), word(order)}
		if st := log.Steps[i]; st.Count > 0 {
			m.LineComment = fmt.Sprintf("%s to %s", st.First, st.Last)
		}
		out.Content = append(out.Content, m)
	}
	return out
}

// quantities lists what the logs print, in the order of the first; more tells of
// those that are left out.
func quantities(logs []*trace.Survey) (list *yaml.Node, more string) {
	list = &yaml.Node{Kind: yaml.SequenceNode}
	seen := map[string]bool{}
	left := 0
	for _, l := range logs {
		for _, q := range l.Quantities {
			if seen[q.Name] || strings.ContainsAny(q.Name, "\t`") || q.Name == "" {
				continue
			}
			seen[q.Name] = true
			if len(list.Content) == maxListed {
				left++
				continue
			}
			m := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle, LineComment: fmt.Sprintf("%d, the first at %s: %s", q.Count, q.Pos, q.Value)}
			m.Content = []*yaml.Node{word("name"), word(q.Name)}
			if q.Unit != "" {
				m.Content = append(m.Content, word("unit"), word(q.Unit))
			}
			list.Content = append(list.Content, m)
		}
	}
	if left > 0 {
		more = fmt.Sprintf("\nThe logs have %d more.", left)
	}
	return list, more
}
