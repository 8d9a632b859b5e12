package trace

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/pkg/trace/schema"
)

// TestFormScanJumps: the scan of a schema's log passes over lines without the
// outermost index key at once, and reads plain counters without parting the line; it
// finds the blocks that a scan line by line finds.
func TestFormScanJumps(t *testing.T) {
	s, err := schema.Read(strings.NewReader("index: [step, stage]\nquantities:\n  - {name: x}\n"), "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	blocks := 0
	for n := range 400 {
		r := rand.New(rand.NewPCG(uint64(n), 3))
		var text strings.Builder
		for range r.IntN(60) {
			k := r.IntN(4)
			text.WriteString([]string{
				"x 0.5", "x=1.25 step=%d", "step %d", "step: %d", "step %d.5", " step %d", "step %d\r", "step", "", "substep 3", "my step %d",
				"stage %d", "step %d x 3", "a step %d", "\x1b[1mstep %d", "# step %d", "step 0%d",
			}[r.IntN(17)])
			line := strings.ReplaceAll(text.String(), "%d", fmt.Sprint(k))
			text.Reset()
			text.WriteString(line + "\n")
		}
		log := strings.TrimSuffix(text.String(), strings.Repeat("\n", r.IntN(2)))
		names := NewNames(s)
		w := newWalk(Text(log, "log"), names, Options{})
		if err := w.toEnd(t.Context()); err != nil {
			t.Fatal(err)
		}
		slow := newWalk(Text(log, "log"), names, Options{})
		slow.s.form.spaced = []string{"no such name"} // leaves every line to pairs
		for off := 0; off < len(log); slow.lines++ {
			line, _, _ := strings.Cut(log[off:], "\n")
			if begins := (Piece{Off: int64(off), Line: slow.lines}); slow.s.line([]byte(line), &begins) {
				slow.x.add(begins)
			}
			off += len(line) + 1
		}
		slow.x.pack()
		if diff := cmp.Diff(piecesOf(slow.x), piecesOf(w.x)); diff != "" || w.lines != slow.lines {
			t.Fatalf("log %d, %d lines, not %d:\n%s\nline by line (-), at once (+)\n%s", n, w.lines, slow.lines, log, diff)
		}
		blocks += w.x.Len() - 1
	}
	if blocks < 400 {
		t.Errorf("only %d blocks", blocks)
	}
}

func piecesOf(x *Index) (out []Piece) {
	c := x.Cursor()
	for i := range x.Len() {
		out = append(out, c.At(i))
	}
	return out
}
