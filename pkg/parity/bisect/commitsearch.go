package bisect

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"sort"
	"strings"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

// judgement says what a probe means for the boundary that is searched.
type judgement func(commit string, p CommitProbe) Outcome

// plain is the judgement of the search for the first bad commit.
func plain(_ string, p CommitProbe) Outcome { return p.Outcome }

// firstBad finds the first bad commit between two ends that were probed.
func (s *commitSearch) firstBad(ctx context.Context, good, bad string) (*Boundary, error) {
	set, err := s.narrow(ctx, good, bad, plain)
	if err != nil {
		return nil, err
	}
	p, _ := s.engine.Result(good)
	return s.boundary(ctx, set, p.Signature)
}

// narrow searches until one candidate is left, or none that can be judged. It
// returns the candidates, the bad one last.
func (s *commitSearch) narrow(ctx context.Context, good, bad string, judge judgement) ([]string, error) {
	if err := s.checkBases(ctx, good, bad, judge); err != nil {
		return nil, err
	}
	g, err := s.repo.history(ctx, good, bad, s.opt.FirstParent)
	if err != nil {
		return nil, err
	}
	set := g.reach(bad, nil)
	for {
		set = s.apply(g, set, judge)
		untried := func(c string) bool {
			_, tried := s.engine.Result(c)
			return !tried
		}
		next := g.split(set, untried, max(s.opt.Jobs, 1))
		if len(set) == 1 || len(next) == 0 {
			s.contradictions(g, judge)
			return g.sorted(set), nil
		}
		s.left = bits.Len(uint(len(set)))*len(next) + 2
		if err := s.engine.Run(ctx, next...); err != nil {
			return nil, err
		}
	}
}

// apply narrows the set by all that is known of its members. Of several bad
// ones the one that leaves least counts.
func (s *commitSearch) apply(g *graph, set map[string]bool, judge judgement) map[string]bool {
	w := g.weights(set)
	least := ""
	for _, c := range g.sorted(set) {
		if p, ok := s.engine.Result(c); ok && judge(c, p) == Bad && (least == "" || w[c] < w[least]) {
			least = c
		}
	}
	if least != "" {
		set = g.reach(least, set)
	}
	gone := map[string]bool{}
	for _, c := range g.sorted(set) {
		if p, ok := s.engine.Result(c); ok && judge(c, p) == Good {
			for a := range g.reach(c, set) {
				gone[a] = true
			}
		}
	}
	for c := range gone {
		delete(set, c)
	}
	return set
}

// checkBases looks at the common ancestors where the good end is not one
// itself: a fault that is older than both would be taken for one that was
// repaired on the way to the good end.
func (s *commitSearch) checkBases(ctx context.Context, good, bad string, judge judgement) error {
	out, err := s.repo.git(ctx, "merge-base", "--all", good, bad)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s and %s have no common history", s.opt.Good, s.opt.Bad)
	}
	bases := strings.Fields(out)
	if len(bases) == 1 && bases[0] == good {
		return nil
	}
	if err := s.describe(ctx, bases...); err != nil {
		return err
	}
	if err := s.engine.Run(ctx, bases...); err != nil {
		return err
	}
	for _, b := range bases {
		p, _ := s.engine.Result(b)
		switch judge(b, p) {
		case Bad:
			return fmt.Errorf("%s, which %s and %s come from, is bad already: what is between them is the repair", p.About.Short, s.opt.Good, s.opt.Bad)
		case CannotTell:
			s.note("%s, which both ends come from, cannot be judged: %s", p.About.Short, p.Why)
		}
	}
	return nil
}

// contradictions notes every good commit that comes after a bad one: then there
// is more than one boundary, and the search found one of them.
func (s *commitSearch) contradictions(g *graph, judge judgement) {
	for _, c := range g.order {
		p, ok := s.engine.Result(c)
		if !ok || judge(c, p) != Good {
			continue
		}
		for _, a := range g.sorted(g.reach(c, nil)) {
			if q, ok := s.engine.Result(a); ok && judge(a, q) == Bad {
				s.note("%s is good although it comes after %s, which is bad: there is more than one boundary", p.About.Short, q.About.Short)
				break
			}
		}
	}
}

func (s *commitSearch) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for _, n := range s.report.Notes {
		if n == text {
			return
		}
	}
	s.report.Notes = append(s.report.Notes, text)
}

// boundary describes what the search came down to, and runs both sides of it
// again.
func (s *commitSearch) boundary(ctx context.Context, set []string, before Signature) (*Boundary, error) {
	commit := set[len(set)-1]
	p, _ := s.engine.Result(commit)
	b := &Boundary{Commit: p.About, Before: before, After: p.Signature}
	if len(set) > 1 {
		for _, c := range set {
			b.Suspects = append(b.Suspects, s.abouts[c])
		}
	}
	parents, err := s.repo.parents(ctx, commit)
	if err != nil {
		return nil, err
	}
	if s.opt.FirstParent && len(parents) > 1 {
		parents = parents[:1]
	}
	if err := s.describe(ctx, parents...); err != nil {
		return nil, err
	}
	first := ""
	if len(parents) > 0 {
		first = parents[0]
		b.Parent = s.abouts[first]
	}
	if b.Diffstat, err = s.repo.diffstat(ctx, first, commit); err != nil {
		return nil, err
	}
	return b, s.verify(ctx, b, commit, parents)
}

// verify runs the commit and its parents once more, without the cache.
func (s *commitSearch) verify(ctx context.Context, b *Boundary, commit string, parents []string) error {
	again := &Engine[CommitProbe]{Jobs: s.opt.Jobs, Probe: s.run, Done: s.progress}
	if err := again.Run(ctx, append([]string{commit}, parents...)...); err != nil {
		return err
	}
	p, _ := again.Result(commit)
	b.Verified = true
	if !p.Signature.Same(b.After) || p.Outcome == CannotTell {
		b.doubt("a second run of %s gives %s where the first gave %s", b.Commit.Short, verdictText(p), b.After)
	}
	for i, c := range parents {
		q, _ := again.Result(c)
		if i == 0 {
			b.Changes = s.changes(c, q, commit, p)
			if q.Outcome != CannotTell {
				b.Before = q.Signature
			}
		}
		switch {
		case len(b.Suspects) > 1 && q.Outcome == CannotTell:
		case q.Outcome == CannotTell:
			b.doubt("its parent %s cannot be judged: %s", q.About.Short, q.Why)
		case q.Signature.Same(b.After) || b.After.Verdict == parity.Diverged && b.Before.Verdict == parity.Match && q.Outcome == Bad:
			b.doubt("its parent %s is %s", q.About.Short, verdictText(q))
		}
		if first, ok := s.engine.Result(c); ok && !first.Signature.Same(q.Signature) && q.Outcome != CannotTell {
			b.doubt("a second run of %s gives %s where the first gave %s", q.About.Short, verdictText(q), verdictText(first))
		}
	}
	return nil
}

// doubt says why the boundary is not verified. The first reason stands.
func (b *Boundary) doubt(format string, args ...any) {
	if b.Verified {
		b.Verified, b.Note = false, fmt.Sprintf(format, args...)
	}
}

func verdictText(p CommitProbe) string {
	if p.Outcome == CannotTell {
		return "no verdict (" + p.Why + ")"
	}
	return p.Signature.String()
}

// changes compares the traces of a parent and its child by key.
func (s *commitSearch) changes(parent string, q CommitProbe, commit string, p CommitProbe) []Change {
	if len(q.output) == 0 || len(p.output) == 0 {
		return nil
	}
	before, after := s.log(parent, q.output), s.log(commit, p.output)
	// Between two traces of one program nothing is renamed or waived.
	alike := s.opt.Compare
	alike.Map, alike.Waivers = nil, nil
	rep, err1 := s.compared(before, after, alike)
	ref, err2 := s.compared(s.opt.Ref, after, s.opt.Compare)
	if err1 != nil || err2 != nil {
		return nil
	}
	toRef := map[string]string{}
	for i := range ref.Rows {
		if row := &ref.Rows[i]; row.Ref != nil && row.Compared() {
			if v, _, ok := row.Pair(); ok {
				toRef[ref.Label(row)+row.Component] = v.Text
			}
		}
	}
	var out []Change
	for i := range rep.Rows {
		row := &rep.Rows[i]
		if !row.Diverged() && row.Status != diff.Missing {
			continue
		}
		c := Change{Key: rep.Label(row), Component: row.Component, Abs: row.Abs, Rel: row.Rel, Status: row.Status.String()}
		if a, b, ok := row.Pair(); ok {
			c.Before, c.After = a.Text, b.Text
		}
		c.Reference = toRef[s.mapped(c.Key)+c.Component]
		out = append(out, c)
	}
	return out
}

// maxRegimes bounds the search for changes of kind.
const maxRegimes = 64

// regimes finds the commits at which the divergence changes its kind, one
// after the other, from the good end on.
func (s *commitSearch) regimes(ctx context.Context, good, bad string) error {
	last, _ := s.engine.Result(bad)
	at := good
	seen := map[string]bool{}
	for {
		p, _ := s.engine.Result(at)
		if p.Signature.Same(last.Signature) || at == bad {
			return nil
		}
		if len(s.report.Regimes) == maxRegimes {
			s.note("the search ends after %d changes of kind", maxRegimes)
			return nil
		}
		seen[p.Signature.String()] = true
		judge, err := s.departure(ctx, at, bad, p.Signature, seen)
		if err != nil {
			return err
		}
		set, err := s.narrow(ctx, at, bad, judge)
		if err != nil {
			return err
		}
		b, err := s.boundary(ctx, set, p.Signature)
		if err != nil {
			return err
		}
		s.report.Regimes = append(s.report.Regimes, *b)
		at = set[len(set)-1]
	}
}

// departure judges by kind: bad is what is not of the kind any more. A commit
// that does not come after the start lies on another line, where an earlier
// kind is none the worse.
func (s *commitSearch) departure(ctx context.Context, at, bad string, kind Signature, seen map[string]bool) (judgement, error) {
	g, err := s.repo.history(ctx, at, bad, s.opt.FirstParent)
	if err != nil {
		return nil, err
	}
	after := g.descendants(at)
	return func(c string, p CommitProbe) Outcome {
		switch {
		case p.Outcome == CannotTell:
			return CannotTell
		case p.Signature.Same(kind), !after[c] && seen[p.Signature.String()]:
			return Good
		}
		return Bad
	}, nil
}

// inOrder returns the probes of commits, parents before children, and on
// parallel lines by name.
func (s *commitSearch) inOrder(commits []string) []CommitProbe {
	sort.Slice(commits, func(i, j int) bool {
		if a, b := s.rank(commits[i]), s.rank(commits[j]); a != b {
			return a < b
		}
		return commits[i] < commits[j]
	})
	out := make([]CommitProbe, 0, len(commits))
	for _, c := range commits {
		p, _ := s.engine.Result(c)
		out = append(out, p)
	}
	return out
}

// rank is a commit's place in the history between the ends. What is not in it
// comes before.
func (s *commitSearch) rank(c string) int {
	if r, ok := s.ranks[c]; ok {
		return r
	}
	return math.MinInt
}

// mapped is what the reference calls a row that the program calls label.
func (s *commitSearch) mapped(label string) string {
	for _, m := range s.opt.Compare.Map {
		if rest, ok := strings.CutPrefix(label, m.Old); ok && (rest == "" || rest[0] == '[') {
			return m.New + rest
		}
	}
	return label
}
