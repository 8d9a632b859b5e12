package bisect

import "sort"

// graph is the part of a repository's history that is searched: commits with
// their parents. Parents outside of it are left out.
type graph struct {
	order   []string       // parents before children
	rank    map[string]int // index in order
	parents map[string][]string
	all     map[string][]string // parents, those outside included
}

// newGraph takes commits in an order in which parents stand before children.
func newGraph(order []string, parents map[string][]string) *graph {
	g := &graph{order: order, rank: map[string]int{}, parents: map[string][]string{}, all: parents}
	for i, c := range order {
		g.rank[c] = i
	}
	for _, c := range order {
		for _, p := range parents[c] {
			if _, ok := g.rank[p]; ok {
				g.parents[c] = append(g.parents[c], p)
			}
		}
	}
	return g
}

// reach returns c and all its ancestors within the set; a nil set is the whole
// graph.
func (g *graph) reach(c string, within map[string]bool) map[string]bool {
	out := map[string]bool{}
	stack := []string{c}
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if out[c] || within != nil && !within[c] {
			continue
		}
		if _, ok := g.rank[c]; !ok {
			continue
		}
		out[c] = true
		stack = append(stack, g.parents[c]...)
	}
	return out
}

// descendants returns the commits that come after c, which may lie outside.
func (g *graph) descendants(c string) map[string]bool {
	out := map[string]bool{}
	for _, d := range g.order {
		for _, p := range g.all[d] {
			if p == c || out[p] {
				out[d] = true
			}
		}
	}
	return out
}

// sorted returns the members of a set, parents before children.
func (g *graph) sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for c := range set {
		out = append(out, c)
	}
	sort.Slice(out, func(i, j int) bool { return g.rank[out[i]] < g.rank[out[j]] })
	return out
}

// weights counts, for each candidate, how many candidates it reaches, itself
// included: what is left if it is bad. The count is carried along a line of
// single parents, and taken afresh where lines join.
func (g *graph) weights(set map[string]bool) map[string]int {
	w := map[string]int{}
	for _, c := range g.sorted(set) {
		var inside []string
		for _, p := range g.parents[c] {
			if set[p] {
				inside = append(inside, p)
			}
		}
		switch len(inside) {
		case 0:
			w[c] = 1
		case 1:
			w[c] = w[inside[0]] + 1
		default:
			w[c] = len(g.reach(c, set))
		}
	}
	return w
}

// split chooses up to n of the allowed candidates that cut the set into parts of
// equal weight. With n of 1 that is the commit that git bisect takes: the one
// for which the smaller of the two answers' parts is largest.
func (g *graph) split(set map[string]bool, allowed func(string) bool, n int) []string {
	w := g.weights(set)
	all := g.sorted(set)
	chosen := map[string]bool{}
	for j := 1; j <= n; j++ {
		// The aim is in parts of n+1, so that it stays a whole number.
		aim, best, bestOff := j*len(set), "", 0
		for _, c := range all {
			if chosen[c] || !allowed(c) {
				continue
			}
			off := w[c]*(n+1) - aim
			if off < 0 {
				off = -off
			}
			if best == "" || off < bestOff {
				best, bestOff = c, off
			}
		}
		if best == "" {
			break
		}
		chosen[best] = true
	}
	return g.sorted(chosen)
}
