package parity_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/report"
)

// pairsOf are logs in all kinds of states, by name.
func pairsOf(t testing.TB) map[string][2]string {
	setup, blocks := pixelsOf(t, "testdata/carry.log", 28)
	whole := setup + strings.Join(blocks, "")
	const cell = "TRACE_C: F_cell 190.27\n"
	if strings.Count(whole, cell) != 28 {
		t.Fatal("the log has other structure factors than it had")
	}
	crash := "Traceback (most recent call last):\n  File x\nValueError: no\n"
	py := strings.NewReplacer("TRACE_C:", "TRACE_PY:", "TRACE_C_", "TRACE_PY_")
	out := map[string][2]string{
		"short on both sides": {shortened(whole, 6), shortened(strings.ReplaceAll(whole, "190.27", "190.2701"), 7)},
		"unlike the guess":    {in(setup, blocks, 5, "TRACE_C: mine 1\n"+cell), in(setup, blocks, 20, "TRACE_C: mine 1\n"+cell)},
		"a stand-in once":     {in(setup, blocks, 5, ""), in(setup, blocks, 5, "TRACE_C: F_cell_nearest 190.27\n")},
		"a late short log":    {whole, shortened(strings.Join([]string{setup, strings.Join(blocks[:25], "")}, ""), 6) + strings.Join(blocks[25:], "")},
	}
	for name, got := range map[string]string{
		"equal":              whole,
		"one number":         strings.Replace(whole, "F_cell 190.27", "F_cell 190.28", 1),
		"all of a number":    strings.ReplaceAll(whole, "F_cell 190.27", "F_cell 190.28"),
		"within tolerance":   strings.ReplaceAll(whole, "F_cell 190.27", "F_cell 190.27000001"),
		"nan":                strings.ReplaceAll(whole, "F_cell 190.27", "F_cell nan"),
		"placeholder":        strings.Replace(whole, "F_cell 190.27", "F_cell NOT_EXTRACTED", 3),
		"garbled":            strings.Replace(whole, "F_cell 190.27", "F_cell 19x", 3),
		"all garbled":        strings.ReplaceAll(whole, "F_cell 190.27", "F_cell 19x"),
		"never printed":      strings.ReplaceAll(whole, cell, ""),
		"another name":       strings.ReplaceAll(whole, cell, "TRACE_C: F_cell_nearest 190.27\nTRACE_C: F_cell_interpolated 180.5\n"),
		"unknown":            strings.ReplaceAll(whole, cell, cell+"TRACE_C: mine 1 2 3\n"),
		"other dialect":      py.Replace(whole),
		"setup":              strings.Replace(whole, "TRACE_C:Fclose_m=0.2", "TRACE_C:Fclose_m=0.3", 1),
		"cut":                whole[:len(whole)-4000],
		"cut in a line":      whole[:len(whole)-4010],
		"cut in the end":     whole[:len(whole)-5],
		"a pixel lost":       setup + strings.Join(blocks[:27], ""),
		"first pixel lost":   setup + strings.Join(blocks[1:], ""),
		"other order":        setup + strings.Join(blocks[20:], "") + strings.Join(blocks[:20], ""),
		"pixel twice":        setup + strings.Join(blocks[:20], "") + blocks[3] + strings.Join(blocks[20:], ""),
		"pixel twice, apart": setup + strings.Join(blocks[:20], "") + blocks[3] + blocks[2] + blocks[3] + strings.Join(blocks[20:], "") + blocks[19],
		"crash":              whole + crash,
		"crash in between":   setup + strings.Join(blocks[:20], "") + crash + strings.Join(blocks[20:], ""),
		"progress":           setup + strings.Join(blocks, "12 % done\n"),
		"short print":        shortened(whole, 6),
		"CRLF":               strings.ReplaceAll(whole, "\n", "\r\n"),
		"setup twice":        setup + strings.Join(blocks[:20], "") + setup + strings.Join(blocks[20:], ""),
		"only other pixels":  strings.ReplaceAll(whole, "spixel=10", "spixel=20"),
		"no line end":        strings.TrimSuffix(whole, "\n"),
		"runs":               setup + strings.Join(blocks, setup),
		"announced twice":    strings.ReplaceAll(whole, "TRACE_CONFIG: tracing pixel (spixel=101, fpixel=31)\n", "Tracing pixel (slow=101, fast=31)\nTRACE_CONFIG: tracing pixel (spixel=101, fpixel=31)\n"),
	} {
		out[name] = [2]string{whole, got}
		out[name+", swapped"] = [2]string{got, whole}
	}
	return out
}

// in puts lines in the place of the structure factor of one pixel.
func in(setup string, blocks []string, pixel int, lines string) string {
	b := slices.Clone(blocks)
	b[pixel] = strings.Replace(b[pixel], "TRACE_C: F_cell 190.27\n", lines, 1)
	return setup + strings.Join(b, "")
}

// shortened prints long numbers with fewer digits.
func shortened(text string, digits int) string {
	return floatNumber.ReplaceAllStringFunc(text, func(s string) string {
		if len(s) <= digits {
			return s
		}
		var v float64
		fmt.Sscan(s, &v)
		return fmt.Sprintf("%.*g", digits, v)
	})
}

// written is all that a comparison writes, byte for byte.
func written(t testing.TB, r *parity.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := errors.Join(report.JSON(&b, r), report.Markdown(&b, r, report.Options{})); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sameWritten holds that any number of threads and any batch says the same, byte
// for byte, and that plans for blocks of one layout count what every row tells.
func sameWritten(t testing.TB, name string, ref, got string) {
	t.Helper()
	one := compareWith(t, ref, got, parity.Options{Threads: 1})
	want := written(t, one)
	for _, c := range []struct {
		threads int
		batch   int64
	}{{3, 300}, {4, 2000}} {
		restore := parity.SetSizes(diff.Sizes{Batch: c.batch})
		r := compareWith(t, ref, got, parity.Options{Threads: c.threads})
		restore()
		if text := written(t, r); text != want {
			t.Errorf("%s: %d threads, %d bytes at a time say otherwise:\n%s", name, c.threads, c.batch, gocmp.Diff(strings.Split(want, "\n"), strings.Split(text, "\n")))
			return
		}
	}
	rows, diverged := 0, 0
	each := compareWith(t, ref, got, parity.Options{EachRow: func(_ string, row *diff.Row) {
		if rows++; row.Diverged() {
			diverged++
		}
	}})
	if d := gocmp.Diff(one.Counts, each.Counts); d != "" || one.Verdict != each.Verdict || one.Headline != each.Headline {
		t.Errorf("%s: with a plan for each layout (-), and row by row (+):\n%s%s %s\n%s %s", name, d, one.Verdict, one.Headline, each.Verdict, each.Headline)
	}
	if rows%max(each.Counts.Total, 1) != 0 || diverged%max(each.Counts.Diverged, 1) != 0 {
		t.Errorf("%s: %d rows handed out, %d of them differ; counted %+v", name, rows, diverged, each.Counts)
	}
}

func TestSameForAnyThreadsAndBatches(t *testing.T) {
	all := pairsOf(t)
	for i, name := range slices.Sorted(maps.Keys(all)) {
		if !testkit.UnderRace() || i%8 == 0 {
			sameWritten(t, name, all[name][0], all[name][1])
		}
	}
	pairs := uint64(10)
	if testkit.Long() {
		pairs = 20000
	}
	for n := range pairs {
		ref, got := randomPair(n)
		if sameWritten(t, fmt.Sprintf("pair %d", n), ref, got); t.Failed() {
			return
		}
	}
}

// FuzzSameWritten: two logs in whatever state are told alike by any number of
// threads and any batches.
func FuzzSameWritten(f *testing.F) {
	for n := range uint64(8) {
		ref, got := randomPair(n)
		f.Add(ref, got)
	}
	f.Fuzz(func(t *testing.T, ref, got string) { sameWritten(t, "fuzzed", ref, got) })
}

// mirrored is what exchanging the sides must exchange.
type mirrored struct {
	Name     string
	Ref, Got int
	Status   diff.Status
	Gap      diff.Gap
	Abs, Rel float64
}

func mirrorOf(r *parity.Report, exchange bool) []mirrored {
	var out []mirrored
	for i := range r.Rows {
		row := &r.Rows[i]
		m := mirrored{Name: row.Name(), Status: row.Status, Gap: row.Gap, Abs: row.Abs, Rel: row.Rel}
		if row.StandIn {
			m.Name = "" // it is the reference's
		}
		if row.Ref != nil {
			m.Ref = row.Ref.Line
		}
		if row.Got != nil {
			m.Got = row.Got.Line
		}
		if exchange {
			m.Ref, m.Got, m.Abs = m.Got, m.Ref, -m.Abs
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(x, y mirrored) int {
		return cmp.Or(cmp.Compare(x.Ref, y.Ref), cmp.Compare(x.Got, y.Got), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Rel, y.Rel))
	})
	return out
}

// Exchanging the sides exchanges the signs, and nothing else.
func TestSidesExchanged(t *testing.T) {
	testkit.NotUnderRace(t)
	pairs := map[string][2]string{"carry": {testkit.File(t, "testdata/carry.log"), testkit.File(t, "testdata/fresh.log")}}
	for n := range uint64(150) {
		ref, got := randomPair(n)
		pairs[fmt.Sprintf("pair %d", n)] = [2]string{ref, got}
	}
	for name, p := range pairs {
		there, back := compare(t, p[0], p[1]), compare(t, p[1], p[0])
		if d := gocmp.Diff(mirrorOf(there, false), mirrorOf(back, true), cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-14, 0)); d != "" || there.Verdict != back.Verdict {
			t.Errorf("%s: %s, exchanged %s\n%s", name, there.Verdict, back.Verdict, d)
		}
	}
}

// A log agrees with itself, or nothing is said; it never differs.
func TestLogAgainstItself(t *testing.T) {
	for n := range uint64(300) {
		_, log := randomPair(n)
		r := compareWith(t, log, log, parity.Options{NaNEqual: true})
		if r.Verdict == parity.Diverged || r.Counts.Diverged+r.Counts.Lost+r.Counts.Unpaired > 0 {
			t.Errorf("pair %d against itself: %s %v %+v\n%s", n, r.Verdict, r.Reasons, r.Counts, log)
		}
	}
}

// A compressed log that ends early is cut; it is read to where it ends.
func TestCutArchive(t *testing.T) {
	setup, blocks := pixelsOf(t, "testdata/carry.log", 20)
	whole := setup + strings.Join(blocks, "")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, whole)
	z.Flush() // all lines are there, the end of the archive is not
	r, err := parity.Readers(t.Context(), strings.NewReader(whole), bytes.NewReader(packed.Bytes()), parity.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != parity.Refused || !r.Got.Truncated || len(r.Problems) != 1 || r.Problems[0].Pos.Line != r.Ref.Lines {
		t.Errorf("%s, cut %v, problems %v", r.Verdict, r.Got.Truncated, r.Problems)
	}
}

// The zero Options compare exactly; nothing that makes no sense is taken.
func TestZeroOptionsAreExact(t *testing.T) {
	a, b := "TRACE_C: R_distance_meters 0.25\nTRACE_C: I_pixel_final 2\n", "TRACE_C: R_distance_meters 0.25\nTRACE_C: I_pixel_final 2.000000000000001\n"
	r, err := parity.Readers(t.Context(), strings.NewReader(a), strings.NewReader(b), parity.Options{})
	if err != nil || r.Verdict != parity.Diverged || r.Counts.Diverged != 1 {
		t.Errorf("one unit in the last place: %v, %v", r, err)
	}
	for _, opt := range []parity.Options{{Tolerance: -1}, {Tolerance: math.NaN()}, {Tolerance: math.Inf(1)}, {Threads: -1}} {
		if _, err := parity.Readers(t.Context(), strings.NewReader(a), strings.NewReader(b), opt); err == nil {
			t.Errorf("%+v is taken", opt)
		}
	}
}
