package trace

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

// otherDigits changes the decimals of some numbers of a log, and nothing else.
func otherDigits(r *rand.Rand, text string) string {
	return someNumber.ReplaceAllStringFunc(text, func(number string) string {
		if r.IntN(30) > 0 {
			return number
		}
		b := []byte(number)
		b[strings.IndexByte(number, '.')+1] = '0' + byte(r.IntN(10))
		return string(b)
	})
}

// checkLockstep holds the scan of two logs together against that of each, where blocks
// begin and what the lines before say, and returns which part of the second log the
// first one's scan stood for.
func checkLockstep(t *testing.T, s *schema.Schema, a, b string) float64 {
	t.Helper()
	text := [2]string{a, b}
	checkBoth(t, s, text, [2]Options{})
	names := NewNames(s)
	var together, alone [2]*walk
	for side := range text {
		together[side] = newWalk(Text(text[side], "a.log"), names, Options{})
		alone[side] = newWalk(Text(text[side], "a.log"), names, Options{})
	}
	if _, err := together[0].together(context.Background(), together[1]); err != nil {
		t.Fatal(err)
	}
	part := float64(together[1].at) / float64(max(1, len(b)))
	for side := range text {
		for _, w := range []*walk{together[side], alone[side]} {
			if err := w.toEnd(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range pieces(alone[side].x) {
			x, y := together[side].x.states.at(p.Line), alone[side].x.states.at(p.Line)
			if !x.alike(y) {
				t.Fatalf("log %d, line %d: the state is %+v together, %+v alone\n%.3000s\n----\n%.3000s", side, p.Line+1, x, y, a, b)
			}
		}
	}
	return part
}

// TestScanLockstep: of logs whose lines differ in numbers that are no counters one is
// scanned for both, and whatever else differs, the blocks are those that each has.
func TestScanLockstep(t *testing.T) {
	testkit.NotUnderRace(t)
	r := rand.New(rand.NewPCG(77, 1))
	logs := manySteps(r, 300)
	for _, name := range slices.Sorted(maps.Keys(logs)) {
		text := logs[name]
		s := inferred(t, text)
		part := checkLockstep(t, s, text, otherDigits(r, text))
		t.Logf("%s: %.0f %% of the second log", name, 100*part)
		if part < 0.9 {
			t.Errorf("%s: only %.0f %% of the second log are scanned with the first", name, 100*part)
		}
		for range 4 {
			checkLockstep(t, s, text, disturbed(r, text))
			checkLockstep(t, s, disturbed(r, text), text)
			other := disturbed(r, text)
			checkLockstep(t, s, other, otherDigits(r, other))
		}
	}
	steps := readSchema(t, "index: [step]\nquantities: [{name: loss}, {name: lr}]\n")
	if part := checkLockstep(t, steps, logs["pairs"], otherDigits(r, logs["pairs"])); part < 0.9 {
		t.Errorf("schema: only %.0f %% of the second log are scanned with the first", 100*part)
	}
	for range 10 {
		checkLockstep(t, steps, logs["pairs"], disturbed(r, logs["pairs"]))
	}
	known := anyLogs(t)
	for _, name := range slices.Sorted(maps.Keys(known)) {
		text := known[name]
		s := inferred(t, text)
		for range 4 {
			checkLockstep(t, s, text, otherDigits(r, text))
			checkLockstep(t, s, text, disturbed(r, text))
		}
	}
}
