package parity_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
)

// TestMissingSteps: a step that one log lacks takes nothing of those behind it along,
// wherever it is and however many blocks there are.
func TestMissingSteps(t *testing.T) {
	for _, steps := range []int{12, 53, 3000} {
		for _, lost := range []int{4, steps / 2, steps - 2} {
			var logs [2]strings.Builder
			for side := range logs {
				logs[side].WriteString("step force energy\n")
				for i := range steps {
					if side == 0 || i != lost {
						fmt.Fprintf(&logs[side], "%d %.3f %.6f\n", i, float64(i*7919%100), 2.5*float64(i*104729%1000))
					}
				}
			}
			for side := range logs {
				r := compare(t, logs[side].String(), logs[1-side].String())
				if r.Verdict != parity.Diverged || r.Counts.Lost != 2 || r.Counts.Diverged != 0 || r.Counts.Matched != 2*steps-2 {
					t.Errorf("%d steps, %d lost: %s, %+v", steps, lost, r.Headline, r.Counts)
				}
			}
		}
	}
}

// TestMissingLines: lines that one side lacks are lost, and shift nothing of what
// follows, however many there are and however long the log.
func TestMissingLines(t *testing.T) {
	testkit.NotUnderRace(t)
	for _, c := range []struct {
		lines, at, gap int
		row            bool
	}{{1_000_000, 500_000, 1, false}, {60_000, 20_000, 5000, false}, {3000, 1500, 1, true}, {3000, 1000, 700, true}} {
		rng := rand.New(rand.NewPCG(1, 2))
		var ref, got strings.Builder
		for i := range c.lines {
			line := fmt.Sprintf("value %.17g\n", rng.Float64())
			if c.row {
				line = fmt.Sprintf("%.12f %.12f\n", rng.Float64(), rng.Float64())
			}
			ref.WriteString(line)
			if i < c.at || i >= c.at+c.gap {
				got.WriteString(line)
			}
		}
		r := compare(t, ref.String(), got.String())
		lost := c.gap
		if c.row {
			lost *= 2
		}
		if r.Verdict != parity.Diverged || r.Counts.Lost != lost || r.Counts.Diverged != 0 {
			t.Errorf("%+v: %s, %+v", c, r.Verdict, r.Counts)
			continue
		}
		if first := r.FirstRow(); first == nil || first.Ref == nil || first.Ref.Line != c.at+1 {
			t.Errorf("%+v: the first that is lost is not line %d: %s", c, c.at+1, r.Headline)
		}
	}
}

// TestEndsAlike: a last line without a newline may be cut, unless the other log
// ends with the same line and a newline, or both logs lack the newline of a line like one
// before it.
func TestEndsAlike(t *testing.T) {
	whole := "step 1\nloss 0.5\nstep 2\nloss 0.25"
	block := "loss 0.5\n" + strings.Repeat("x 1\n", 123) + "loss 0.25000"
	if len(block)%512 != 1 {
		t.Fatal(len(block))
	}
	for _, c := range []struct {
		ref, got string
		want     parity.Verdict
	}{
		{whole + "\n", whole, parity.Match},
		{whole, whole + "\n", parity.Match},
		{whole, whole, parity.Match},
		{whole, strings.Replace(whole, "0.25", "0.250000001", 1), parity.Match},
		{whole, strings.Replace(whole, "0.25", "0.26", 1), parity.Diverged},
		{whole[:len(whole)-2], whole[:len(whole)-2], parity.Refused}, // "loss 0." is like no line
		{block, block, parity.Match},
		{block[:len(block)-1], block[:len(block)-1], parity.Refused}, // both may be cut where a buffer was full
		{"loss 0.5", "loss 0.5", parity.Refused},                     // no line says how one ends
		{whole + "\n", whole[:len(whole)-1], parity.Diverged},
		{whole + "\n", strings.TrimSuffix(whole, " 0.25"), parity.Diverged},
	} {
		if r := compareWith(t, c.ref, c.got, parity.Options{}); r.Verdict != c.want {
			t.Errorf("%q against %q: %v, want %v: %s", c.ref, c.got, r.Verdict, c.want, r.Headline)
		}
	}
}

// TestNumberedLines: numbers that tools put before each line are none of the program's,
// however a line of one log shifts them; those of a table are.
func TestNumberedLines(t *testing.T) {
	for _, number := range []string{"%6d\t", "%d:", "run/out.log:%d:"} {
		var logs [3]string
		for side := range logs {
			n := 0
			add := func(format string, args ...any) {
				n++
				logs[side] += fmt.Sprintf(number, n) + fmt.Sprintf(format, args...) + "\n"
			}
			for i := range 12 {
				add("step %d", i)
				if side > 0 && i == 2 {
					add("note: cache flushed")
				}
				add("energy = %.8f", 2.5+float64(i*i%7)+float64(side/2*(i/6)))
			}
		}
		if r := compare(t, logs[0], logs[1]); r.Verdict != parity.Match || r.Counts.Matched != 12 {
			t.Errorf("%q: %s, %+v", number, r.Headline, r.Counts)
		}
		if r := compare(t, logs[0], logs[2]); r.Verdict != parity.Diverged || r.Counts.Lost != 0 || r.FirstRow().Ref.Line != 14 || r.FirstRow().Got.Line != 15 {
			t.Errorf("%q: %s, %+v", number, r.Headline, r.Counts)
		}
	}
	table, other := "", ""
	for i := range 12 {
		table += fmt.Sprintf("%6d\t%.4f\n", i+1, float64(i*i%7))
		other += fmt.Sprintf("%6d\t%.4f\n", i+1+i/6, float64(i*i%7))
	}
	if r := compare(t, table, other); r.Verdict == parity.Match {
		t.Errorf("a table with other numbers of its rows: %s", r.Headline)
	}
}
