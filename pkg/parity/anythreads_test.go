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

// TestSameRowsBelowOtherHeaders: rows that are the same byte for byte are of other
// quantities where other names head them, even where so many kinds of steps were met
// before that no more are learnt.
func TestSameRowsBelowOtherHeaders(t *testing.T) {
	defer parity.SetSizes(diff.Sizes{Batch: 2000})()
	const head = "step\tmass\tenergy\n"
	var ref, got strings.Builder
	ref.WriteString(head)
	got.WriteString(head)
	differ := 0
	for i := range 1500 {
		if i == 1400 {
			got.WriteString("step\tenergy\tmass\n")
			differ += 100
		}
		mass, words := 0.37*float64(i)+0.11, ""
		if i%2 == 1 && i < 1300 {
			words = fmt.Sprintf("%c%c%c went well.\n", 'a'+i/4%20, 'a'+i/80, 'a'+i/4%3)
		}
		fmt.Fprintf(&ref, "%d\t%.6f\t%.9f\n%s", i, mass, 2.13-float64(i)/7, words)
		if words != "" || i%100 == 40 && i < 1400 {
			mass, differ = mass+1, differ+1
		}
		fmt.Fprintf(&got, "%d\t%.6f\t%.9f\n%s", i, mass, 2.13-float64(i)/7, words)
	}
	r := compareWith(t, ref.String(), got.String(), parity.Options{Threads: 1})
	if r.Verdict != parity.Diverged || r.Counts.Diverged != differ+100 {
		t.Errorf("%s, %+v; %d rows differ", r.Headline, r.Counts, differ+100)
	}
}
