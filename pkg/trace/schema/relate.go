package schema

import (
	"fmt"
	"slices"
	"strings"

	"simtrace/internal/suggest"
)

// atPrevious marks a parent of the step before.
const atPrevious = "@prev"

// relate finds out what a quantity is computed from: its parents, and what its
// formula names.
func (b *builder) relate(q *entry) error {
	var same []string
	for _, name := range q.parents {
		word, previous := name, false
		if b.byName[name] == nil {
			word, previous = strings.CutSuffix(name, atPrevious)
		}
		if b.byName[word] == nil {
			return b.Fail(q.node, "%s has an unknown parent %q%s", q.Name, name, suggest.Nearest(word, b.names()))
		}
		if !previous {
			same = append(same, word)
			continue
		}
		if !b.sequential() {
			return b.Fail(q.node, "%s has the parent %s, and no key of index counts steps: name what does, as in index: [step]", q.Name, name)
		}
		if b.timeless(b.byName[word]) {
			return b.Fail(q.node, "%s has the parent %s, and %s is per run: it has no step before", q.Name, name, word)
		}
		q.previous = append(q.previous, word)
	}
	q.parents = same
	if q.formula == nil {
		return nil
	}
	return b.relateFormula(q)
}

// sequential tells whether a key of the index counts what follows from what was
// before.
func (b *builder) sequential() bool {
	return slices.ContainsFunc(b.index, func(k IndexKey) bool { return k.Order == Sequential })
}

// timeless tells a quantity that belongs to no step.
func (b *builder) timeless(q *entry) bool {
	return !slices.ContainsFunc(b.index[:q.Depth], func(k IndexKey) bool { return k.Order == Sequential })
}

func (b *builder) relateFormula(q *entry) error {
	if q.Kind == Text && !q.Any {
		return b.Fail(q.formula, "%s is text, and has no formula", q.Name)
	}
	declared := func(name string) bool { return b.byName[name] != nil }
	e, err := parseExpression(q.formula.Value, declared)
	if err != nil {
		return b.Fail(q.formula, "the formula of %s: %v", q.Name, err)
	}
	for _, n := range e.names {
		p := b.byName[n.name]
		switch {
		case p == nil:
			return b.Fail(q.formula, "the formula of %s names %s, which is no quantity of the file%s; declare it, or write a number in its place",
				q.Name, n.name, suggest.Nearest(n.name, b.names()))
		case p.Kind == Text && !p.Any:
			return b.Fail(q.formula, "the formula of %s names %s, which is text", q.Name, n.name)
		case n.previous && !b.sequential():
			return b.Fail(q.formula, "the formula of %s has prev(%s), and no key of index counts steps: name what does, as in index: [step]", q.Name, n.name)
		case n.previous && b.timeless(p):
			return b.Fail(q.formula, "the formula of %s has prev(%s), and %s is per run: it has no step before; write %s", q.Name, n.name, n.name, n.name)
		case !p.Any && !q.Any && p.Kind.Components() > 1 && q.Kind.Components() > 0 && p.Kind.Components() != q.Kind.Components():
			return b.Fail(q.formula, "%s is %s and its formula names %s, which is %s; each number is computed from the same one of its parents",
				q.Name, count(q.Kind.Components()), n.name, count(p.Kind.Components()))
		}
		into := &q.parents
		if n.previous {
			into = &q.previous
		}
		if !slices.ContainsFunc(*into, func(have string) bool { return b.byName[have] == p }) {
			*into = append(*into, n.name)
		}
	}
	q.read = e
	return nil
}

func count(n int) string {
	if n == 1 {
		return "one number"
	}
	return fmt.Sprintf("%d numbers", n)
}

// formula makes the expression one of the schema; key finds the quantity of a
// name.
func (e *expression) formula(key func(name string) Key) (*Formula, error) {
	f := &Formula{Text: e.text}
	// The inputs of the step before come behind the others.
	order := make([]int, 0, len(e.names))
	for _, previous := range [2]bool{false, true} {
		for i, n := range e.names {
			if n.previous != previous {
				continue
			}
			order = append(order, i)
			if previous {
				f.Previous = append(f.Previous, key(n.name))
			} else {
				f.Inputs = append(f.Inputs, key(n.name))
			}
		}
	}
	eval, err := e.compile(order)
	if err != nil {
		return nil, err
	}
	f.Eval = componentwise(eval)
	return f, nil
}
