package parity_test

import (
	"strings"
	"testing"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

// TestAnyLogWhoeverReads: what the lines before a block say about those in it does
// not hang on who read them: one thread that sees all, or several that see parts.
// Lines stand between so that tables, headings and arrays come in every order.
func TestAnyLogWhoeverReads(t *testing.T) {
	defer parity.SetSizes(diff.Sizes{Batch: 300})()
	for i := range kinds {
		k := &kinds[i]
		t.Run(k.name, func(t *testing.T) {
			other := &kinds[(i+1)%len(kinds)]
			var ref, got []string
			for n := range 3 {
				ref = append(append(ref, lines(k, 0, func(int, *[5]float64) {})...), lines(other, 0, func(int, *[5]float64) {})...)
				got = append(append(got, lines(k, 0, func(step int, q *[5]float64) { q[step%5] *= 1 + float64(n)*1e-3 })...), lines(other, 0, func(int, *[5]float64) {})...)
			}
			a, b := strings.Join(ref, "\n")+"\n", strings.Join(got, "\n")+"\n"
			if self := compareWith(t, a, a, parity.Options{Threads: 4}); self.Verdict != parity.Match || self.Counts.Lost > 0 {
				t.Errorf("a log against itself: %s, %v", self.Verdict, self.Reasons)
			}
			one, many := compareWith(t, a, b, parity.Options{Threads: 1}), compareWith(t, a, b, parity.Options{Threads: 4})
			if one.Counts != many.Counts || one.Headline != many.Headline || one.Counts.Lost > 0 {
				t.Errorf("one thread: %s %+v; four: %s %+v", one.Headline, one.Counts, many.Headline, many.Counts)
			}
		})
	}
}
