package trace

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"simtrace/pkg/trace/schema"
)

func addSeeds(f *testing.F) {
	files, err := filepath.Glob("testdata/*.log")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		// The whole and its parts: short seeds are what a fuzzer gets along with.
		for len(b) > 0 {
			n := min(len(b), 700)
			f.Add(b[:n])
			b = b[n:]
		}
	}
	for _, g := range grammars {
		f.Add([]byte(g.in))
	}
	f.Add([]byte(strings.Join([]string{"TRACE_C: F_latt_a 1", "TRACE_C_PHI phi_tic=0 k_frac=1"}, "\r\n")))
	f.Add(zipped(f, "TRACE_C: F_cell 1\n"))
}

// FuzzRead: whatever the input, reading ends, counts every line, and hands out
// records in the order of the file that differ from one another.
func FuzzRead(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		log, err := Read(bytes.NewReader(in), "f.log")
		gzipped := bytes.HasPrefix(in, []byte{0x1f, 0x8b})
		utf16 := bytes.HasPrefix(in, []byte{0xff, 0xfe}) || bytes.HasPrefix(in, []byte{0xfe, 0xff})
		if err != nil {
			if !gzipped && !utf16 {
				t.Fatal(err)
			}
			return
		}
		if !gzipped {
			body := bytes.Clone(bytes.TrimPrefix(in, []byte("\ufeff")))
			newlines(body)
			lines := bytes.Count(body, []byte("\n"))
			if len(body) > 0 && body[len(body)-1] != '\n' {
				lines++
			}
			if log.Lines != lines || log.Bytes != int64(len(in)) {
				t.Errorf("%d lines, %d bytes; want %d, %d", log.Lines, log.Bytes, lines, len(in))
			}
		}
		if log.TraceLines > log.Lines {
			t.Errorf("%d of %d lines are traces", log.TraceLines, log.Lines)
		}
		checkOrder(t, log)
		for _, p := range log.Problems {
			if len(p.Text) > maxProblemText || !utf8.ValidString(p.Text) || p.Why == "" {
				t.Errorf("%+v", p)
			}
		}
	})
}

func checkOrder(t *testing.T, log *Log) {
	t.Helper()
	last := 0
	for _, r := range log.Records {
		if r.Line < max(last, 1) || r.Line > log.Lines {
			t.Errorf("line %d after line %d of %d", r.Line, last, log.Lines)
		}
		last = r.Line
		if len(r.Values) == 0 && r.Text == "" && r.Stream != NoteStream {
			t.Errorf("a record without a value: %+v", r)
		}
	}
}

// FuzzRoundTrip: what a reader made of any input, JSON lines give back whole;
// and lines of either dialect, read and written, do not change any more.
func FuzzRoundTrip(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		// JSON holds UTF-8 alone.
		log, err := Read(strings.NewReader(strings.ToValidUTF8(string(in), "?")), "f.log")
		if err != nil || len(log.Records) == 0 || severalUnnamed(log) {
			return
		}
		json := written(t, "jsonl", log.Records)
		back := readString(t, json)
		if diff := firstDifference(fullText(back.Records), fullText(inJSON(log.Records))); diff != "" {
			t.Fatalf("JSON: %s", diff)
		}
		if bytes.Contains(in, []byte(jsonStart)) {
			return // it may place records where no line can
		}
		for _, kind := range []string{"c", "py"} {
			once := written(t, kind, log.Records)
			again := readString(t, once)
			if diff := firstDifference(fullText(again.Records), fullText(log.Records)); diff != "" {
				t.Fatalf("%s: %s", kind, diff)
			}
			if twice := written(t, kind, again.Records); twice != once {
				t.Fatalf("%s: %s", kind, firstDifference(twice, once))
			}
		}
	})
}

// severalUnnamed tells a log of several pixels that it does not name: nothing that
// is written of them would tell them apart.
func severalUnnamed(log *Log) bool {
	return slices.ContainsFunc(log.Records, func(r Record) bool { return r.At[schema.Slow] < 0 && r.At[schema.Fast] >= 0 })
}
