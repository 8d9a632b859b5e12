package trace

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

// checkLines holds the reading of a log as one block, with the lines it has learnt,
// against the general way, and returns which part of the lines with numbers was read as
// one that is known.
func checkLines(t *testing.T, text string, s *schema.Schema) float64 {
	t.Helper()
	src := Text(text, "a.log")
	names := NewNames(s)
	quick, general := NewReader(src, names, Options{}), NewReader(src, names, Options{})
	quick.Begin(schema.Nowhere)
	quick.Read(text, 0, true)
	want := byLines(general, schema.Nowhere, text, 0, true)
	if got := quick.Block(); shown(got) != shown(want) {
		t.Fatalf("as known lines (+), the general way (-): %s\n%.3000s", cmp.Diff(shown(want), shown(got)), text)
	}
	checkBlocks(t, src, names)
	return float64(quick.text.templates.used) / float64(max(1, want.TraceLines))
}

// checkBlocks does so for the blocks of a log, by a reader that goes from one to another.
func checkBlocks(t *testing.T, src *Source, names *Names) {
	t.Helper()
	x, list := scanned(t, src, names, Options{})
	var opt Options
	x.Apply(&opt)
	quick, general := NewReader(src, names, opt), NewReader(src, names, opt)
	text, err := src.ReadSpan(nil, 0, src.Size)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range rand.New(rand.NewPCG(uint64(len(list)), 3)).Perm(len(list)) {
		p, lines := list[i], linesOf(string(text), x, list, i)
		at, last := p.At.Coord(names.Schema), i+1 == len(list)
		quick.Begin(at)
		quick.Read(lines, int(p.Line), last)
		want := byLines(general, at, lines, int(p.Line), last)
		if got := quick.Block(); shown(got) != shown(want) {
			t.Fatalf("block %d as known lines (+), the general way (-): %s\n%.3000s", i, cmp.Diff(shown(want), shown(got)), text)
		}
	}
}

// TestLineTemplates: lines of a long block are read as ones that came before are, and
// to the same records as ever, however the log is disturbed.
func TestLineTemplates(t *testing.T) {
	testkit.NotUnderRace(t)
	r := rand.New(rand.NewPCG(28, 11))
	bare := *inferred(t, "nothing\n")
	logs := manySteps(r, 300)
	for _, name := range slices.Sorted(maps.Keys(logs)) {
		text := logs[name]
		for _, s := range []*schema.Schema{inferred(t, text), &bare} {
			part := checkLines(t, text, s)
			t.Logf("%s: %.0f %% of the lines with %d counters", name, 100*part, len(s.Index))
			if part < 0.6 {
				t.Errorf("%s: only %.0f %% of the lines are read as known ones", name, 100*part)
			}
			for range 4 {
				checkLines(t, disturbed(r, text), s)
			}
		}
	}
	known := anyLogs(t)
	for _, name := range slices.Sorted(maps.Keys(known)) {
		text := known[name]
		for _, s := range []*schema.Schema{inferred(t, text), &bare} {
			checkLines(t, text+text+text, s)
			for range 4 {
				checkLines(t, disturbed(r, text+text), s)
			}
		}
	}
}

// TestShapeByTemplates: what counts in a log, and what may be a time of the clock, is
// found out alike whether its lines are read as ones that came before or not.
func TestShapeByTemplates(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 28))
	logs := anyLogs(t)
	maps.Copy(logs, manySteps(r, 100))
	for i := range 50 {
		logs["ranks"] += fmt.Sprintf("[%d] iter=%d energy=%.6f\n", i%2, i/2, r.Float64())
		logs["headings"] += fmt.Sprintf("energy = %.6f\nTimings:\nforce = %.3f\n\n", r.Float64(), r.Float64())
	}
	opts := cmp.AllowUnexported(shapeOfLog{}, seriesOf{})
	used, lines := 0, 0
	for _, name := range slices.Sorted(maps.Keys(logs)) {
		for try := range 4 {
			text := logs[name] + logs[name]
			if try > 0 {
				text = disturbed(r, text)
			}
			quick, general := freeReader(t, text), freeReader(t, text)
			general.text.templates.on = false
			got, err := shapeOf(t.Context(), quick, text)
			want, other := shapeOf(t.Context(), general, text)
			if err != nil || other != nil {
				t.Fatal(err, other)
			}
			if d := cmp.Diff(want, got, opts, cmpopts.EquateNaNs()); d != "" {
				t.Fatalf("%s, the general way (-), by templates (+): %s\n%.3000s", name, d, text)
			}
			used, lines = used+quick.text.templates.used, lines+got.lines
		}
	}
	if 3*used < lines {
		t.Errorf("of %d lines, %d were read by templates", lines, used)
	}
}

// freeReader is one that knows nothing of a log.
func freeReader(t *testing.T, text string) *Reader {
	t.Helper()
	s, err := schema.New("text", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Free = true
	return NewReader(Text(text, "a.log"), NewNames(s), Options{})
}

// TestRuleOfOtherSigns: a line of signs alone names nothing.
func TestRuleOfOtherSigns(t *testing.T) {
	for _, rule := range []string{"<<<<  >>>>", "-- <> --", "< * >", "==  ><  ==", "| -- | -- |x", "(|) -- (|)"} {
		text := "a = 1.5\n" + rule + "\nb = 2.5\n" + rule + "\nb = 3.5\n"
		checkLines(t, text, inferred(t, text))
	}
}

// TestTracebackInAScan: a scan keeps no problems, so that the exception behind a
// traceback has none to be told of.
func TestTracebackInAScan(t *testing.T) {
	text := "step 1 x 2.5\nstep 2 x 3.5\nTraceback (most recent call last): a step at 12:00:05\n  File a.py, line 3\nKeyError: step 7\nstep 3 x 4.5\n"
	checkLines(t, text, inferred(t, "step 1 x 2.5\nstep 2 x 3.5\nstep 3 x 4.5\nstep 4 x 4.25\n"))
}
