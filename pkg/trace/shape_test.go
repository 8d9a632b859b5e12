package trace

import (
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

// TestShapes: what stands on a line does not depend on the lines before it, by
// which its beginning is guessed. Every line is read between others and alone.
func TestShapes(t *testing.T) {
	var lines []string
	for _, file := range []string{"supervisor", "port", "sources", "tilt"} {
		for _, l := range strings.Split(testkit.File(t, "testdata/"+file+".log"), "\n") {
			if strings.HasPrefix(l, "TRACE_") && !strings.HasPrefix(l, "TRACE_CONFIG") {
				lines = append(lines, l)
			}
		}
	}
	odd := []string{
		"TRACE_C: F_latt 1", "TRACE_C: F_cell  5", "TRACE_C: F_cell\t5", "TRACE_C: F_cell =5", "TRACE_C: F_cell = 5", "TRACE_C: F_cell 5 A",
		"TRACE_C: F_cell 5=6", "TRACE_C: F_cell -", "TRACE_C: F_cell -nan", "TRACE_C: F_cell 1.2.3", "TRACE_C: F_cell ", "TRACE_C: F_cell", "TRACE_C:F_cell=5",
		"TRACE_C: F_cell 5 6", "TRACE_PY: F_cell 5", "TRACE_C: F_cell 5 TRACE_C: F_latt 6", "TRACE_C: F_cell_nearest 5", "TRACE_C: F_cell [5]", "TRACE_C_TAP5: F_cell 5",
	}
	// Each odd line comes where its shape is expected, and where not.
	for _, o := range odd {
		lines = append(lines, "TRACE_C: F_latt 1", "TRACE_C: F_cell 2", "TRACE_C: F_latt 1", o, o)
	}
	together := readString(t, strings.Join(lines, "\n")+"\n")
	byLine := map[int][]Record{}
	for _, r := range together.Records {
		byLine[r.Line] = append(byLine[r.Line], r)
	}
	why := map[int]string{}
	for _, p := range together.Problems {
		why[p.Pos.Line] = p.Why
	}
	for i, l := range lines {
		alone := readString(t, l+"\n")
		got, want := sketches(&Log{Records: byLine[i+1]}), sketches(&Log{Records: alone.Records})
		if got != want {
			t.Errorf("%q\nbetween others %s\nalone          %s", l, got, want)
		}
		for k, r := range alone.Records {
			if k < len(byLine[i+1]) && (byLine[i+1][k].Tag != r.Tag || byLine[i+1][k].Key != r.Key) {
				t.Errorf("%q: %+v, alone %+v", l, byLine[i+1][k], r)
			}
		}
		if len(alone.Problems) > 0 != (why[i+1] != "") || len(alone.Problems) > 0 && alone.Problems[0].Why != why[i+1] {
			t.Errorf("%q: %q, alone %v", l, why[i+1], alone.Problems)
		}
	}
	text := strings.Repeat("TRACE_C: F_latt 1\nTRACE_C: F_cell 2\n", 3)
	r := NewReader(Text(text, "t.log"), NewNames(schema.NanoBragg()), Options{})
	byLines(r, schema.Nowhere, text, 0, true)
	if r.last == nil || r.last.next == nil || r.last.next.prefix != "TRACE_C: F_latt " {
		t.Errorf("nothing is expected after alternating lines: %+v", r.last)
	}
}
