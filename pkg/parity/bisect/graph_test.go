package bisect

import (
	"context"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// randomHistory is a history of n commits in which every sixth is a merge or so.
func randomHistory(r *rand.Rand, n int) *graph {
	var order []string
	parents := map[string][]string{}
	for i := range n {
		c := fmt.Sprintf("c%03d", i)
		if i > 0 {
			parents[c] = append(parents[c], order[max(0, i-1-r.IntN(3))])
			if other := order[r.IntN(i)]; r.IntN(6) == 0 && other != parents[c][0] {
				parents[c] = append(parents[c], other)
			}
		}
		order = append(order, c)
	}
	return newGraph(order, parents)
}

// In any history, whatever the number of jobs, the search comes down to the
// commit that brought the fault in, and on a line it takes no more rounds than
// halving does.
func TestSearchFindsCulprit(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for trial := range 300 {
		n := 2 + r.IntN(120)
		g := randomHistory(r, n)
		tip := g.order[n-1]
		all := g.sorted(g.reach(tip, nil))
		culprit := all[r.IntN(len(all))]
		bad := map[string]bool{culprit: true}
		for c := range g.descendants(culprit) {
			bad[c] = true
		}
		jobs := 1 + r.IntN(5)
		s := &commitSearch{report: &CommitReport{}}
		probes := 0
		s.engine = &Engine[CommitProbe]{Jobs: jobs, Probe: func(_ context.Context, c string) (CommitProbe, error) {
			p := CommitProbe{Outcome: Good}
			if bad[c] {
				p.Outcome = Bad
			}
			return p, nil
		}, Done: func(string, CommitProbe) { probes++ }}
		if err := s.engine.Run(context.Background(), tip); err != nil {
			t.Fatal(err)
		}
		set := g.reach(tip, nil)
		rounds := 0
		for set = s.apply(g, set, plain); len(set) > 1; set = s.apply(g, set, plain) {
			next := g.split(set, func(c string) bool { _, ok := s.engine.Result(c); return !ok }, jobs)
			if len(next) == 0 {
				t.Fatalf("trial %d: nothing to probe, %d left", trial, len(set))
			}
			if err := s.engine.Run(context.Background(), next...); err != nil {
				t.Fatal(err)
			}
			rounds++
		}
		if !set[culprit] {
			t.Fatalf("trial %d: found %v, want %s", trial, set, culprit)
		}
		merges := 0
		for _, c := range g.order {
			merges += max(0, len(g.parents[c])-1)
		}
		// Where lines join, no commit need cut the set in halves.
		if limit := bits.Len(uint(n)) + 1; merges == 0 && jobs == 1 && len(all) == n && rounds > limit {
			t.Errorf("trial %d: %d rounds for %d commits", trial, rounds, n)
		}
	}
}

// The weights are the numbers of ancestors, counted one by one.
func TestWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 50 {
		g := randomHistory(r, 60)
		set := g.reach(g.order[59], nil)
		for a := range g.reach(g.order[r.IntN(59)], nil) {
			delete(set, a)
		}
		w := g.weights(set)
		for c := range set {
			if n := len(g.reach(c, set)); w[c] != n {
				t.Fatalf("%s weighs %d, reaches %d", c, w[c], n)
			}
		}
	}
}
