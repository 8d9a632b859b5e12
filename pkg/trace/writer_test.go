package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

var writers = map[string]func(io.Writer) Writer{"c": NewC, "py": NewPy, "jsonl": NewJSONL}

func written(t testing.TB, kind string, records []Record) string {
	t.Helper()
	var b bytes.Buffer
	w := writers[kind](&b)
	for i := range records {
		if err := w.Write(&records[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// traceLines returns the lines of a log that start with a tag.
func traceLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "TRACE") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(as), len(bs)) {
		x, y := "", ""
		if i < len(as) {
			x = as[i]
		}
		if i < len(bs) {
			y = bs[i]
		}
		if x != y {
			return fmt.Sprintf("line %d: %.200q, want %.200q", i+1, x, y)
		}
	}
	return ""
}

// full prints all of a record but its position and tag, NaN by its bits.
func full(r *Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %v %q %+v %d %q", r.Stream, r.Key, r.Name, r.At, r.Occur, r.Text)
	for _, v := range r.Values {
		fmt.Fprintf(&b, " %q:%x:%q", v.Name, math.Float64bits(v.Num), v.Text)
	}
	return b.String()
}

func fullText(records []Record) string {
	lines := make([]string, len(records))
	for i := range records {
		lines[i] = full(&records[i])
	}
	return strings.Join(lines, "\n")
}

// TestTraceLinesComeBack: what was read is written byte for byte, through the
// writer of the log's own dialect.
func TestTraceLinesComeBack(t *testing.T) {
	check := func(t *testing.T, kind, file string) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := written(t, kind, readString(t, string(raw)).Records)
		if diff := firstDifference(got, traceLines(string(raw))); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
	t.Run("testdata", func(t *testing.T) {
		for _, f := range []string{"supervisor", "sources", "tilt"} {
			check(t, "c", "testdata/"+f+".log")
		}
	})
	t.Run("golden", func(t *testing.T) {
		for _, f := range testkit.SharedGlob(t, "golden", "*", "*", "trace_*.log") {
			check(t, "c", f)
		}
	})
	t.Run("real", func(t *testing.T) {
		for _, f := range testkit.SharedGlob(t, "logs", "*", "*.log") {
			pair := filepath.Base(filepath.Dir(f)) + "/" + filepath.Base(f)
			// In these the port announces its pixel in words of its own.
			if pair != "sources/py.log" && pair != "swapped-pixel/py.log" {
				check(t, strings.TrimSuffix(filepath.Base(f), ".log"), f)
			}
		}
	})
}

// TestRoundTrip: read, write, read again gives the same records in every
// dialect, and written once more the same bytes.
func TestRoundTrip(t *testing.T) {
	files := []string{"testdata/supervisor.log", "testdata/sources.log", "testdata/tilt.log", "testdata/port.log"}
	for _, g := range grammars {
		// A JSON line may say more or less of its place than a line can.
		if !strings.Contains(g.want, "!") && !strings.HasPrefix(g.name, "JSON") {
			checkRoundTrip(t, g.name, g.in+"\n")
		}
	}
	for _, f := range files {
		checkRoundTrip(t, f, testkit.File(t, f))
	}
	t.Run("real", func(t *testing.T) {
		for _, f := range testkit.SharedGlob(t, "logs", "*", "*.log") {
			checkRoundTrip(t, f, testkit.File(t, f))
		}
	})
}

func checkRoundTrip(t testing.TB, name, text string) {
	t.Helper()
	first := readString(t, text)
	for kind := range writers {
		once := written(t, kind, first.Records)
		again := readString(t, once)
		want := first.Records
		if kind == "jsonl" {
			want = inJSON(want)
		}
		if diff := firstDifference(fullText(again.Records), fullText(want)); diff != "" {
			t.Errorf("%s as %s: %s", name, kind, diff)
		}
		if len(again.Problems) > 0 {
			t.Errorf("%s as %s: %v", name, kind, again.Problems[0])
		}
		if diff := firstDifference(written(t, kind, again.Records), once); diff != "" {
			t.Errorf("%s as %s, written again: %s", name, kind, diff)
		}
	}
}

// inJSON rewrites the numbers whose text is no JSON number ("2.", "+1") the
// way the JSON writer does.
func inJSON(records []Record) []Record {
	out := make([]Record, len(records))
	for i, r := range records {
		r.Values = append([]Value(nil), r.Values...)
		for j := range r.Values {
			v := &r.Values[j]
			v.Text = strings.Trim(string(appendNumber(nil, v)), `"`)
		}
		out[i] = r
	}
	return out
}

// recordedAt is a place of a record that was not read: no log, no run.
func recordedAt(slow, fast, layer, sub, source, domain, phi int32) schema.Coord {
	return schema.Coord{-1, slow, fast, layer, sub, source, domain, phi}
}

// simulated is a pixel as a simulator records it: numbers without text, the
// neighbourhood in one record and before its use.
func simulated() []Record {
	px := recordedAt(12, 34, -1, -1, -1, -1, -1)
	sample := recordedAt(12, 34, 0, 0, 0, -1, -1)
	step := func(phi int32) schema.Coord { return recordedAt(12, 34, 0, 0, 0, 0, phi) }
	nums := func(vs ...float64) []Value {
		out := make([]Value, len(vs))
		for i, v := range vs {
			out[i].Num = v
		}
		return out
	}
	rec := func(s Stream, k schema.Key, at schema.Coord, vs ...float64) Record {
		return Record{Kind: &Kind{Stream: s, Key: k, Name: k.String()}, At: at, Values: nums(vs...)}
	}
	cells := make([]float64, 64)
	for i := range cells {
		cells[i] = float64(i) + 0.25
	}
	angles := rec(SetupStream, schema.AnglesRad, schema.Nowhere, 0.1, -0.2)
	angles.Values[0].Name, angles.Values[1].Name = "rotx", "roty"
	return []Record{
		{Kind: &Kind{Stream: SetupStream, Key: schema.DetectorConvention, Name: "detector_convention"}, At: schema.Nowhere, Text: "CUSTOM"},
		angles,
		rec(SetupStream, schema.Rx, schema.Nowhere, 1, 0, 0, 0, 1, math.Copysign(0, -1), 0, 0, 1),
		{Kind: &Kind{Stream: NoteStream, Name: "Raw matrix"}, At: schema.Nowhere, Text: " Raw matrix:"},
		rec(PixelStream, schema.FdetVec, sample, 0, 0, 1),
		rec(PixelStream, schema.HKLRounded, step(0), -7, -1, -14),
		rec(TricubicStream, schema.TricubicH, step(0), -8, -7, -6, -5),
		rec(TricubicStream, schema.TricubicK, step(0), -2, -1, 0, 1),
		rec(TricubicStream, schema.TricubicL, step(0), -15, -14, -13, -12),
		rec(TricubicStream, schema.TricubicF, step(0), cells...),
		rec(PixelStream, schema.FCellInterpolated, step(0), 155.16970121928112),
		rec(PhiStream, schema.PhiDeg, step(0), 0),
		rec(PhiStream, schema.PhiKFrac, step(0), -1.0/3),
		rec(PhiStream, schema.PhiDeg, step(1), 0.01),
		rec(PhiStream, schema.PhiKFrac, step(1), math.Inf(1)),
		rec(PixelStream, schema.Steps, px, 10),
		rec(PixelStream, schema.IPixelFinal, px, 2.88139542684698e-07),
		rec(SourceStream, schema.SourceWeight, recordedAt(12, 34, -1, -1, 1, -1, -1), 0.2),
		rec(PixelStream, schema.Steps, recordedAt(12, 35, -1, -1, -1, -1, -1), 10),
	}
}

func TestDialects(t *testing.T) {
	for kind := range writers {
		got := written(t, kind, simulated())
		if kind != "jsonl" {
			got = shortGrid(got)
		}
		golden := "testdata/simulated." + kind
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := firstDifference(got, testkit.File(t, golden)); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
	}
}

// shortGrid drops the middle of the 64 lines, after a look at their count.
func shortGrid(text string) string {
	if n := strings.Count(text, "_TRICUBIC: ["); n != 64 {
		return fmt.Sprintf("%d lines of the neighbourhood, want 64", n)
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, "_TRICUBIC: [") || strings.Contains(line, "[0,0,0]") ||
			strings.Contains(line, "[1,2,3]") || strings.Contains(line, "[3,3,3]") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// TestSimulatedReadsBack: the numbers that were recorded are those that a
// reader finds: to 15 digits in lines, to the last bit in JSON.
func TestSimulatedReadsBack(t *testing.T) {
	for kind := range writers {
		log := readString(t, written(t, kind, simulated()))
		if len(log.Problems) > 0 {
			t.Errorf("%s: %v", kind, log.Problems)
		}
		find := func(name string, phi int32) Record {
			for _, r := range log.Records {
				if r.Name == name && (phi < 0 || r.At[schema.Phi] == phi) {
					return r
				}
			}
			t.Fatalf("%s: no %s", kind, name)
			return Record{}
		}
		k := find("k_frac", 0)
		exact := kind == "jsonl"
		if (k.Values[0].Num == -1.0/3) != exact || math.Abs(k.Values[0].Num+1.0/3) > 1e-15 || k.At != coord(12, 34, k.At[schema.Layer], 0, 0, 0, 0) {
			t.Errorf("%s: %s", kind, full(&k))
		}
		if inf := find("k_frac", 1); !math.IsInf(inf.Values[0].Num, 1) {
			t.Errorf("%s: %s", kind, full(&inf))
		}
		if c := find("tricubic_F[1,2,3]", 0); c.Values[0].Num != 16+8+3+0.25 || c.Key != schema.TricubicF {
			t.Errorf("%s: %s", kind, full(&c))
		}
		if z := find("Rx", -1); !math.Signbit(z.Values[5].Num) {
			t.Errorf("%s: the sign of zero is lost: %s", kind, full(&z))
		}
		if a := find("angles_rad", -1); a.Values[1].Name != "roty" {
			t.Errorf("%s: %s", kind, full(&a))
		}
	}
}

func TestWriterRefuses(t *testing.T) {
	at := recordedAt(0, 0, 0, 0, 0, 0, -1)
	one := []Value{{Num: 1}}
	for _, c := range []struct {
		name string
		r    Record
		json bool // JSON can hold it
	}{
		{"a line break in a text", Record{Kind: &Kind{Stream: SetupStream, Name: "k"}, Text: "a\nTRACE_C:b=1"}, true},
		{"a line break in a name", Record{Kind: &Kind{Stream: PixelStream, Name: "k\nk"}, Values: one, At: at}, false},
		{"a blank in a name", Record{Kind: &Kind{Stream: PixelStream, Name: "k k"}, Values: one, At: at}, false},
		{"no name", Record{Kind: &Kind{Stream: PixelStream}, Values: one, At: at}, false},
		{"no value", Record{Kind: &Kind{Stream: PixelStream, Name: "k"}, At: at}, false},
		{"a row without its step", Record{Kind: &Kind{Stream: PhiStream, Name: "k_frac"}, Values: one, At: at}, true},
		{"no stream", Record{Kind: &Kind{Stream: 99, Name: "k"}, Values: one, At: at}, false},
	} {
		for kind, open := range writers {
			var b bytes.Buffer
			w := open(&b)
			err := w.Write(&c.r)
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			if want := c.json && kind == "jsonl"; (err == nil) != want || !want && b.Len() > 0 {
				t.Errorf("%s as %s: %v, wrote %q", c.name, kind, err, b.String())
			}
		}
	}
}

func TestWriterTellsOfFailure(t *testing.T) {
	records := simulated()
	for kind, open := range writers {
		w := open(&testkit.FullDisk{})
		if err := w.Write(&records[0]); err != nil {
			t.Errorf("%s: %v before anything is flushed", kind, err)
		}
		if err := w.Flush(); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: Flush gives %v", kind, err)
		}
		if err := w.Write(&records[0]); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: Write after the failure gives %v", kind, err)
		}
	}
}
