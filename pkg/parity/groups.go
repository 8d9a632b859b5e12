package parity

import (
	"fmt"
	"strings"

	"simtrace/pkg/trace/schema"
)

// RootGroup is a run of roots of one quantity with the same causes: a plateau
// along phi is one thing to a reader, and not nine.
type RootGroup struct {
	Roots []Root
}

// RootGroups joins the roots of one quantity, in causal order.
func (r *Report) RootGroups() []RootGroup {
	var out []RootGroup
	for _, root := range r.Roots {
		if n := len(out); n > 0 && out[n-1].takes(root) {
			out[n-1].Roots = append(out[n-1].Roots, root)
			continue
		}
		out = append(out, RootGroup{[]Root{root}})
	}
	return out
}

func (g RootGroup) takes(root Root) bool {
	first := g.First()
	return root.Row.Key == first.Row.Key && (root.Row.Key != schema.None || root.Row.Name() == first.Row.Name()) &&
		strings.Join(root.Causes, " ") == strings.Join(first.Causes, " ") && root.Partly == first.Partly
}

// First returns the first root of the group.
func (g RootGroup) First() Root { return g.Roots[0] }

// Worst returns the root that differs most.
func (g RootGroup) Worst() Root {
	worst := g.Roots[0]
	for _, r := range g.Roots {
		if r.Row.Rel > worst.Row.Rel {
			worst = r
		}
	}
	return worst
}

// Unexplained reports whether no cause accounts for the group, or only for a
// part of it.
func (g RootGroup) Unexplained() bool {
	return len(g.First().Causes) == 0 || g.First().Partly
}

// comment says in a few words what is known of the group.
func (g RootGroup) comment() string {
	what := "starts here; cause unknown"
	switch {
	case config(g.First().Row):
		what = "the two runs are set differently"
	case g.First().Partly:
		what = "explained in part only"
	case g.First().Row.Overflowed():
		what = "it did not fit its field"
	}
	switch n := len(g.Roots) - 1; {
	case n == 1:
		what += "; 1 more row like it"
	case n > 1:
		what += fmt.Sprintf("; %d more rows like it", n)
	}
	return what
}
