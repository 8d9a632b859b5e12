package parity_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

const (
	anySteps = 14
	faultAt  = 6
)

// TestAnyLog holds verdict and first cited line of every kind of log: the same
// run twice, a run on another machine, a fault from one step on, and stray lines
// on one side.
func TestAnyLog(t *testing.T) {
	testkit.NotUnderRace(t)
	for i := range kinds {
		k := &kinds[i]
		clean := lines(k, 0, func(int, *[5]float64) {})
		t.Run(k.name+"/same", func(t *testing.T) {
			holds(t, clean, lines(k, 1, func(int, *[5]float64) {}), [2]int{}, nil)
		})
		t.Run(k.name+"/noise", func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, uint64(i)))
			holds(t, clean, lines(k, 1, func(_ int, q *[5]float64) {
				for j := range q {
					q[j] *= 1 + 1e-9*(rng.Float64()-0.5)
				}
			}), [2]int{}, nil)
		})
		for q := range motionNames {
			fault := func(step int, v *[5]float64) {
				if step >= faultAt {
					v[q] *= 1.02
				}
			}
			broken := lines(k, 1, fault)
			at := [2]int{
				firstChange(clean, lines(k, 0, fault)),
				firstChange(lines(k, 1, func(int, *[5]float64) {}), broken),
			}
			// Ranks may print in another order.
			other := lines(k, 1, func(int, *[5]float64) {})
			if i := at[0] - 1; i >= 0 {
				for d := 12; d >= 0; d-- {
					for _, j := range []int{i - d, i + d} {
						if j >= 0 && j < len(other) && other[j] == clean[i] && at[1] > 0 {
							at[1] = j + 1
						}
					}
				}
			}
			if at[0] == 0 {
				continue // the kind does not print it
			}
			t.Run(fmt.Sprintf("%s/fault-%s", k.name, motionNames[q]), func(t *testing.T) {
				holds(t, clean, broken, at, nil)
			})
			t.Run(fmt.Sprintf("%s/extra-%s", k.name, motionNames[q]), func(t *testing.T) {
				holds(t, clean, broken, at, func(i int) bool { return i%9 == 4 })
			})
		}
	}
}

func lines(k *kind, run int, disturb func(int, *[5]float64)) []string {
	p := &printer{}
	k.print(p, motions(anySteps, disturb), &clock{run: run})
	return p.lines
}

// firstChange is the first line, from 1, that the fault changes; 0 for none.
func firstChange(a, b []string) int {
	for i := range a {
		if a[i] != b[i] {
			return i + 1
		}
	}
	return 0
}

// holds compares, and looks for the verdict and the first line that is cited; at 0
// stands for a match.
func holds(t *testing.T, ref, got []string, at [2]int, stray func(int) bool) {
	t.Helper()
	var with []string
	gotAt := at[1]
	for i, l := range got {
		if stray != nil && stray(i) && !inTable(ref, i) {
			with = append(with, "note: cache flushed")
			if i < at[1] {
				gotAt++
			}
		}
		with = append(with, l)
	}
	r := compare(t, strings.Join(ref, "\n")+"\n", strings.Join(with, "\n")+"\n")
	want := parity.Match
	if at[0] > 0 {
		want = parity.Diverged
	}
	first := r.FirstRow()
	if r.Verdict != want {
		what := ""
		for i := range r.Rows {
			if row := &r.Rows[i]; row.Broken() && len(what) < 1500 {
				what += fmt.Sprintf("\n%s: %s %v", r.Label(row), row.Status, row.Note)
			}
		}
		t.Fatalf("%s, want %s: %v%s", r.Verdict, want, r.Reasons, what)
	}
	if at[0] == 0 {
		return
	}
	refLine, gotLine := 0, 0
	if first.Ref != nil {
		refLine = first.Ref.Line
	}
	if first.Got != nil {
		gotLine = first.Got.Line
	}
	if refLine != at[0] || gotLine != gotAt {
		t.Errorf("first at %d and %d (%s), want %d and %d\n%s", refLine, gotLine, r.Label(first), at[0], gotAt, ref[at[0]-1])
	}
	if r.Counts.Lost > 0 {
		what := ""
		for i := range r.Rows {
			if row := &r.Rows[i]; row.Gap == diff.Lost && len(what) < 600 {
				what += fmt.Sprintf("\n%s: %v", r.Label(row), row.Note)
			}
		}
		t.Errorf("%d lost%s", r.Counts.Lost, what)
	}
}

// inTable tells whether a stray line here would part what belongs together on
// paper: the line before is a header, or an array is open.
func inTable(lines []string, i int) bool {
	return i > 0 && strings.Count(lines[i], "[") == 0 && strings.HasPrefix(strings.TrimSpace(lines[i]), "]")
}
