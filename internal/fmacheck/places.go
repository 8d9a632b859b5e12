package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// place is a source line at which something is fused, on any target. Data has
// no line; there, each variable is a place.
type place struct {
	pos       string
	functions []string // that hold it: inlining copies a line around
	seen      []string // "arm64 FMADDD", in the order of the targets
}

type places []*place

// add files the findings of one target under their places.
func (ps *places) add(t target, faults []finding) {
	for _, f := range faults {
		p := ps.at(f)
		if !slices.Contains(p.functions, f.function) {
			p.functions = append(p.functions, f.function)
		}
		if seen := t.String() + " " + f.what; !slices.Contains(p.seen, seen) {
			p.seen = append(p.seen, seen)
		}
	}
}

// at returns the place of a finding, a new one if need be.
func (ps *places) at(f finding) *place {
	for _, p := range *ps {
		if p.pos == f.pos && (f.pos != "" || p.functions[0] == f.function) {
			return p
		}
	}
	p := &place{pos: f.pos}
	*ps = append(*ps, p)
	return p
}

// print writes one line for each place, ordered by file and line:
//
//	pkg/sim/x.go:12: arm64 FMADDD, s390x FMADD in simtrace/pkg/sim.F
func (ps places) print(w io.Writer) {
	slices.SortStableFunc(ps, func(a, b *place) int {
		aFile, aLine := splitPos(a.pos)
		bFile, bLine := splitPos(b.pos)
		return cmp.Or(strings.Compare(aFile, bFile), cmp.Compare(aLine, bLine))
	})
	for _, p := range ps {
		pos := "data"
		if p.pos != "" {
			pos = relative(p.pos)
		}
		fmt.Fprintf(w, "%s: %s in %s\n", pos, strings.Join(p.seen, ", "), shortened(p.functions, 3))
	}
}

// shortened joins the first n words and counts the others.
func shortened(words []string, n int) string {
	if len(words) <= n {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:n], ", "), len(words)-n)
}

// relative shortens a position to one relative to the working folder, where
// that is shorter.
func relative(pos string) string {
	wd, err := os.Getwd()
	if err != nil {
		return pos
	}
	if rel, err := filepath.Rel(wd, pos); err == nil && len(rel) < len(pos) {
		return rel
	}
	return pos
}
