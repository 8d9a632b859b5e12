package parity

import (
	"fmt"
	"sort"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// findRoots marks the diverged rows that no diverged ancestor explains.
func (r *Report) findRoots() {
	g := graph{}
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Key == schema.None || row.CrossStream() && row.Stream == trace.SetupStream {
			continue
		}
		for _, k := range keysOf(row) {
			g.add(k, row)
		}
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Diverged() && row.Key != schema.None && !g.inherits(row) {
			r.Roots = append(r.Roots, Root{Row: row, Unobserved: g.unobserved(row), Below: r.below(g, row)})
		}
	}
	if len(r.Roots) == 0 {
		r.looseRoots()
	}
}

// looseRoots takes the first diverged row where no known quantity diverged.
func (r *Report) looseRoots() {
	for i := range r.Rows {
		if r.Rows[i].Diverged() {
			r.Roots = append(r.Roots, Root{Row: &r.Rows[i]})
			return
		}
	}
}

// keysOf returns the key of the row, and that of got's record where it stands
// in for it.
func keysOf(row *diff.Row) []schema.Key {
	if row.StandIn && row.Got.Key != row.Key {
		return []schema.Key{row.Key, row.Got.Key}
	}
	return []schema.Key{row.Key}
}

// graph is the causal graph over the rows, by key and pixel.
type graph map[schema.Key]buckets[*diff.Row]

func (g graph) add(k schema.Key, row *diff.Row) {
	if g[k] == nil {
		g[k] = buckets[*diff.Row]{}
	}
	g[k].add(row.At, row)
}

// of returns the rows of k that may belong to the evaluation of row.
func (g graph) of(k schema.Key, row *diff.Row) []*diff.Row {
	if g[k] == nil {
		return nil
	}
	return g[k].of(diff.Pixel{Slow: row.At.Slow, Fast: row.At.Fast})
}

// ancestors returns the rows that row was computed from, directly or not.
func (g graph) ancestors(row *diff.Row) []*diff.Row {
	var out []*diff.Row
	for _, k := range keysOf(row) {
		for _, a := range schema.Ancestors(k) {
			for _, up := range g.of(a, row) {
				if up != row && feeds(up, row) {
					out = append(out, up)
				}
			}
		}
	}
	return out
}

func (g graph) inherits(row *diff.Row) bool {
	for _, up := range g.ancestors(row) {
		if up.Diverged() {
			return true
		}
	}
	return false
}

// feeds reports whether up belongs to the same evaluation as row: what is
// printed once a run feeds everything, what is printed once a pixel is fed by
// all samples, and a phi step is fed by its own rows and by what is the same
// for all steps.
func feeds(up, row *diff.Row) bool {
	if !samePixel(up.At, row.At) {
		return false
	}
	scope := schema.Info(row.Key).Scope
	if scope == schema.PerPixel || scope == schema.PerRun {
		return true
	}
	if !agree(up.At.Layer, row.At.Layer) || !agree(up.At.Sub, row.At.Sub) {
		return false
	}
	if scope == schema.PerSource && schema.Info(up.Key).Scope == schema.PerSource {
		return agree(up.At.Source, row.At.Source)
	}
	if scope != schema.PerPhi {
		return true
	}
	// The rotated vectors in the pixel block are those of phi step 0; they
	// say nothing of the other steps.
	if up.Key == schema.RotA || up.Key == schema.RotB || up.Key == schema.RotC {
		return row.At.Phi == 0
	}
	return schema.Info(up.Key).Scope != schema.PerPhi || agree(up.At.Phi, row.At.Phi)
}

func samePixel(a, b trace.Where) bool {
	return a.Slow < 0 || b.Slow < 0 || a.Slow == b.Slow && a.Fast == b.Fast
}

func agree(a, b int) bool { return a < 0 || b < 0 || a == b }

// unobserved names the parents of the row that nobody compared.
func (g graph) unobserved(row *diff.Row) []string {
	var out []string
	for _, p := range schema.Info(row.Key).Parents {
		seen, why := false, "on neither side"
		for _, up := range g.of(p, row) {
			if !feeds(up, row) {
				continue
			}
			switch {
			case up.Compared():
				seen = true
			case up.Ref == nil:
				why = "only in got"
			case up.Got == nil:
				why = "only in the reference"
			}
		}
		if !seen && !covered(g, row, p) {
			out = append(out, fmt.Sprintf("%s (%s)", p, why))
		}
	}
	return out
}

// covered reports whether another parent of the row, or a stand-in, is printed
// instead of p: pix0_vector_meters follows from one of two setup lines,
// by pivot.
func covered(g graph, row *diff.Row, p schema.Key) bool {
	for _, other := range schema.Info(row.Key).Parents {
		if other == p || schema.Info(other).Stage != schema.Info(p).Stage || schema.Info(p).Scope != schema.PerRun {
			continue
		}
		for _, up := range g.of(other, row) {
			if up.Compared() {
				return true
			}
		}
	}
	for _, s := range schema.Info(p).Same {
		for _, up := range g.of(s, row) {
			if up.Compared() && feeds(up, row) {
				return true
			}
		}
	}
	return false
}

// maxBelow bounds the list of ancestors that differ below tolerance.
const maxBelow = 4

// below names the ancestors that differ within tolerance.
func (r *Report) below(g graph, row *diff.Row) []string {
	var ups []*diff.Row
	seen := map[*diff.Row]bool{}
	for _, up := range g.ancestors(row) {
		if !up.Diverged() && up.Compared() && up.Rel > 0 && !seen[up] {
			seen[up] = true
			ups = append(ups, up)
		}
	}
	return r.listBelow(ups)
}

// listBelow names rows, those that differ most first.
func (r *Report) listBelow(ups []*diff.Row) []string {
	sort.SliceStable(ups, func(i, j int) bool { return ups[i].Rel > ups[j].Rel })
	var out []string
	for i, up := range ups {
		if i == maxBelow {
			out = append(out, fmt.Sprintf("%d more", len(ups)-maxBelow))
			break
		}
		if up.Status == diff.Waived {
			out = append(out, fmt.Sprintf("%s (%.2g, waived)", r.Label(up), up.Rel))
			continue
		}
		out = append(out, fmt.Sprintf("%s (%.2g)", r.Label(up), up.Rel))
	}
	return out
}
