package trace

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

// TestMemoryIsBounded reads logs of 10 MB and more block by block, in spans of
// 64 KiB, and looks at what the reader still holds at the end.
func TestMemoryIsBounded(t *testing.T) {
	testkit.NotUnderRace(t)
	_, block := supervisorParts(t)
	for _, c := range []struct {
		name string
		n    int
		part func(i int) string
		held int // MiB
	}{
		{"pixels", 4000, func(i int) string {
			return fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n%s", i/97, i%97, block)
		}, 8},
		{"no pixel named", 4000, func(int) string { return block }, 8},
		{"rows of one pixel", 300000, func(i int) string { return fmt.Sprintf("TRACE_C_PHI phi_tic=%d k_frac=1 F_latt=2\n", i) }, 8},
		{"garbled lines", 300000, func(i int) string { return fmt.Sprintf("TRACE_C: F_cell 1.2.%d the line is broken\n", i) }, 8},
		{"keys", 300000, func(i int) string { return fmt.Sprintf("TRACE_C:key_number_%d=1 2 3\n", i) }, 200},
		{"crashes", 30000, func(i int) string { return fmt.Sprintf("Traceback (most recent call last):\nKeyError: %d\n", i) }, 8},
		{"pixels of few records", 150000, func(i int) string {
			return fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\nTRACE_C: F_cell 1\n", i/2527, i%2527)
		}, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			var text strings.Builder
			for i := range c.n {
				text.WriteString(c.part(i))
			}
			before := heap()
			src, names := Text(text.String(), "g.log"), NewNames(schema.NanoBragg())
			x, err := Scan(context.Background(), src, names, Options{})
			if err != nil {
				t.Fatal(err)
			}
			r := NewReader(src, names, Options{})
			records := readInSpans(r, src, x, 64<<10)
			held := heap() - before
			t.Logf("%d records of %d MiB, %d KiB held", records, src.Size>>20, held>>10)
			if held > c.held<<20 {
				t.Errorf("%d MiB are held after %d MiB were read", held>>20, src.Size>>20)
			}
			runtime.KeepAlive(r)
			runtime.KeepAlive(x)
		})
	}
}

// readInSpans reads each block a span of whole lines at a time, and counts the
// records.
func readInSpans(r *Reader, src *Source, x *Index, most int64) (records int) {
	at := x.Cursor()
	for i := range x.Len() {
		p, end := at.At(i), at.End(i)
		r.Begin(p.At.Coord(r.names.all.Schema))
		for off, behind := p.Off, int(p.Line); off < end; {
			buf, err := src.ReadSpan(nil, off, min(off+most, end))
			if err != nil {
				panic(err)
			}
			lines := string(buf)
			if off+int64(len(lines)) < end {
				lines = lines[:strings.LastIndexByte(lines, '\n')+1]
			}
			records += len(r.ReadMore(lines, behind, off+int64(len(lines)) == src.Size))
			off, behind = off+int64(len(lines)), behind+strings.Count(lines, "\n")
		}
	}
	return records
}

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

func TestProblemsAreCounted(t *testing.T) {
	const n = MaxProblems + 5
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "TRACE_C: F_cell 1.2.%d\n", i)
	}
	b.WriteString("Traceback (most recent call last):\nKeyError: 5\nTRACE_C: F_cel")
	log := readString(t, b.String())
	if len(log.Problems) != MaxProblems+2 || log.Unlisted != (ProblemCounts{Unparsed: 5}) {
		t.Errorf("%d listed, %v not", len(log.Problems), log.Unlisted)
	}
	for kind, want := range (ProblemCounts{Unparsed: n, Truncated: 1, Traceback: 1}) {
		if got := log.Count(ProblemKind(kind)); got != want {
			t.Errorf("%s: %d, want %d", ProblemKind(kind), got, want)
		}
	}
	if p := log.Problems[MaxProblems]; p.Why != "KeyError: 5" {
		t.Errorf("the crash is listed as %+v", p)
	}
}

// TestCrashesAreCounted: a crash that is not listed any more must not name the
// one listed last.
func TestCrashesAreCounted(t *testing.T) {
	var b strings.Builder
	for i := range MaxProblems + 3 {
		fmt.Fprintf(&b, "Traceback (most recent call last):\nKeyError: %d\n", i)
	}
	log := readString(t, b.String())
	last := log.Problems[len(log.Problems)-1]
	if want := fmt.Sprint("KeyError: ", MaxProblems-1); last.Why != want || log.Unlisted[Traceback] != 3 {
		t.Errorf("%+v, %v not listed; want %s", last, log.Unlisted, want)
	}
}

// TestNumber: equal quantities at one place are counted, and nothing else is.
func TestNumber(t *testing.T) {
	a, b := &Kind{Symbol: &Symbol{ID: 1}}, &Kind{Symbol: &Symbol{ID: 2}}
	list := []Record{
		{Kind: a, At: schema.AtPixel(1, 2)}, {Kind: b, At: schema.AtPixel(1, 2)}, {Kind: a, At: schema.AtPixel(1, 3)},
		{Kind: a, At: schema.AtPixel(1, 2)}, {Kind: a, At: schema.AtPixel(1, 2)}, {Kind: b, At: schema.AtPixel(1, 2)},
	}
	Number(list)
	for i, want := range []int{0, 0, 0, 1, 2, 1} {
		if list[i].Occur != want {
			t.Errorf("record %d occurs as %d, want %d", i, list[i].Occur, want)
		}
	}
}

// A setting agrees with another as far as the digits of both tell.
func TestSettingsAgreeByDigits(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"1e-10", "1.00e-10"}: true, {"9.768e-11", "9.80e-11"}: false, {"5", "3"}: false, {"0 0 1", "0 0 1"}: true, {"0 0 1", "0 1 0"}: false,
		{"0.978", "0.98"}: true, {"no", "curved"}: false, {"1", "nan"}: false,
	} {
		if got := (Setting{Text: pair[0]}).Same(Setting{Text: pair[1]}); got != want {
			t.Errorf("%q: %v, want %v", pair, got, want)
		}
	}
}

// TestSettings: cell counts are read wherever the reference prints them, and
// from no line that resembles it.
func TestSettings(t *testing.T) {
	for in, want := range map[string]map[string]float64{
		"parallelpiped xtal: 36x47x29 cells\n":  {"Na": 36, "Nb": 47, "Nc": 29},
		"round xtal: 5.5x1x1 cells\n":           {"Na": 5.5, "Nb": 1, "Nc": 1},
		"a xtal: 36x47 cells\n":                 nil,
		"a xtal: 36x47xmany cells\n":            nil,
		"a crystal: 36x47x29 cells\n":           nil,
		"TRACE_C: F_cell 1 xtal: 1x1x1 cells\n": nil,
	} {
		got := map[string]float64(nil)
		for name, s := range readString(t, in).Settings {
			if name == "Na" || name == "Nb" || name == "Nc" {
				if got == nil {
					got = map[string]float64{}
				}
				got[name] = s.Num
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
}
