package parity_test

import (
	"fmt"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

// TestAnyLogWhoeverReads: what the lines before a block say about those in it does
// not hang on who read them: one thread that sees all, or several that see parts.
// Tables whose rows look alike have other headers in every other step.
func TestAnyLogWhoeverReads(t *testing.T) {
	testkit.NotUnderRace(t)
	defer parity.SetSizes(diff.Sizes{Batch: 300})()
	var tables strings.Builder
	for i := range 60 {
		head := [2][2]string{{"min", "max"}, {"lower", "upper"}}[i/7%2]
		fmt.Fprintf(&tables, "step %d\n", i)
		if i%7 == 0 {
			fmt.Fprintf(&tables, "name       %10s  %10s\n", head[0], head[1])
		}
		fmt.Fprintf(&tables, "force      %10.4f  %10.4f\n", float64(i)*0.37, 2-float64(i))
	}
	alike := tables.String()
	logs := [][2]string{{alike, strings.ReplaceAll(alike, "11.1000", "11.2000")}}
	for i := range kinds {
		k, other := &kinds[i], &kinds[(i+1)%len(kinds)]
		var ref, got []string
		for n := range 3 {
			ref = append(append(ref, lines(k, 0, func(int, *[5]float64) {})...), lines(other, 0, func(int, *[5]float64) {})...)
			got = append(append(got, lines(k, 0, func(step int, q *[5]float64) { q[step%5] *= 1 + float64(n)*1e-3 })...), lines(other, 0, func(int, *[5]float64) {})...)
		}
		logs = append(logs, [2]string{strings.Join(ref, "\n") + "\n", strings.Join(got, "\n") + "\n"})
	}
	for _, l := range logs {
		if self := compareWith(t, l[0], l[0], parity.Options{Threads: 4}); self.Verdict != parity.Match || self.Counts.Lost > 0 {
			t.Errorf("a log against itself: %s, %v", self.Verdict, self.Reasons)
		}
		one, many := compareWith(t, l[0], l[1], parity.Options{Threads: 1}), compareWith(t, l[0], l[1], parity.Options{Threads: 4})
		if one.Counts != many.Counts || one.Headline != many.Headline || one.Counts.Lost > 0 {
			t.Errorf("one thread: %s %+v; four: %s %+v", one.Headline, one.Counts, many.Headline, many.Counts)
		}
	}
}
