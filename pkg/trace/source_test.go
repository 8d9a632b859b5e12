package trace

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

// opened is the text of a log, as Open makes it readable at any place.
func opened(t testing.TB, r io.Reader) (*Source, string) {
	t.Helper()
	s, err := Open(context.Background(), r, "t.log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	b, err := s.ReadSpan(nil, 0, s.Size)
	if err != nil {
		t.Fatal(err)
	}
	return s, string(b)
}

func TestOpen(t *testing.T) {
	const text = "TRACE_C: F_cell 1\nTRACE_C: F_latt 2\n"
	for name, in := range map[string]io.Reader{
		"plain":                   strings.NewReader(text),
		"byte by byte":            iotest.OneByteReader(strings.NewReader(text)),
		"gzip":                    bytes.NewReader(zipped(t, text)),
		"two members of gzip":     io.MultiReader(bytes.NewReader(zipped(t, text[:20])), bytes.NewReader(zipped(t, text[20:]))),
		"behind a mark":           strings.NewReader("\ufeff" + text),
		"gzip of text with mark":  bytes.NewReader(zipped(t, "\ufeff"+text)),
		"data with its end":       iotest.DataErrReader(strings.NewReader(text)),
		"gzip, byte by byte":      iotest.OneByteReader(bytes.NewReader(zipped(t, text))),
		"gzip in halves of reads": iotest.HalfReader(bytes.NewReader(zipped(t, text))),
	} {
		if s, got := opened(t, in); got != text || s.Cut || s.Size != int64(len(text)) {
			t.Errorf("%s: %q, cut %v", name, got, s.Cut)
		}
	}
	if s := Text("\ufeff"+text, "t.log"); s.Size != int64(len(text)) {
		t.Error("the mark is no part of a text in memory")
	}
	if _, got := opened(t, strings.NewReader("a 1\rb 2\r")); got != "a 1\nb 2\n" {
		t.Errorf("lines that end in carriage returns alone are %q", got)
	}
	for _, bar := range []string{"10 %\r20 %\rdone 1\n", "a 1\r"} {
		if _, got := opened(t, strings.NewReader(bar)); got != bar {
			t.Errorf("%q is read as %q", bar, got)
		}
	}
	for name, in := range map[string]string{"little": "\xff\xfeT\x00R\x00", "big": "\xfe\xff\x00T\x00R", "packed": string(zipped(t, "\xff\xfeT\x00"))} {
		if _, err := Open(context.Background(), strings.NewReader(in), "t.log"); err == nil || err.Error() != "t.log: this is UTF-16 text; convert it to UTF-8" {
			t.Errorf("UTF-16, %s: %v", name, err)
		}
	}
}

// largeText is longer than what is held in memory; it packs well.
var largeText = sync.OnceValue(func() string {
	r := rand.New(rand.NewPCG(7, 7))
	var b strings.Builder
	for b.Len() < MemoryLog+MemoryLog/8 {
		b.WriteString(strings.Repeat(FormatFloat(r.Float64())+"\n", 50))
	}
	return b.String()
})

// TestOpenLarge: a log beyond the memory's limit is copied where it must be, and
// the copy is gone when it is closed. A plain file is read where it is.
func TestOpenLarge(t *testing.T) {
	testkit.NotUnderRace(t)
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	text := largeText()
	file := filepath.Join(t.TempDir(), "large.log")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, in := range map[string]io.Reader{
		"a stream": strings.NewReader(text), "a packed stream": bytes.NewReader(zipped(t, text)), "a file": f,
	} {
		s, got := opened(t, in)
		if got != text || (s.temp == nil) != (name == "a file") {
			t.Errorf("%s: %d bytes of %d, copied %v", name, len(got), len(text), s.temp != nil)
		}
		// Any place, read by several at once.
		for _, from := range []int64{0, MemoryLog - 3, MemoryLog, s.Size - 5} {
			if b, err := s.ReadSpan(nil, from, min(from+9, s.Size)); err != nil || string(b) != text[from:min(from+9, s.Size)] {
				t.Errorf("%s: %q at %d, %v", name, b, from, err)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left behind", left)
	}
	// From where the file stands on.
	if _, err := f.Seek(MemoryLog/16, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if _, got := opened(t, f); got != text[MemoryLog/16:] {
		t.Errorf("%d bytes of %d", len(got), len(text)-MemoryLog/16)
	}
}

// TestOpenCut: a packed log that ends early is what came of it, and said to be
// cut, before and behind the memory's limit.
func TestOpenCut(t *testing.T) {
	testkit.NotUnderRace(t)
	t.Setenv("TMPDIR", t.TempDir())
	for _, text := range []string{testkit.File(t, "testdata/supervisor.log"), largeText()} {
		z := zipped(t, text)
		s, got := opened(t, bytes.NewReader(z[:len(z)-len(z)/50-9]))
		if !s.Cut || len(got) < len(text)/2 || !strings.HasPrefix(text, got) {
			t.Errorf("%d bytes of %d, cut %v", len(got), len(text), s.Cut)
		}
	}
	for _, n := range []int{2, 9} { // within the header of the packed file
		if _, err := Open(context.Background(), bytes.NewReader(zipped(t, "x")[:n]), "t.log"); err == nil || !strings.HasPrefix(err.Error(), "t.log: ") {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestOpenFails(t *testing.T) {
	testkit.NotUnderRace(t)
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	broken := errors.New("disk on fire")
	for _, text := range []string{"TRACE_C: F_cell 1\n", largeText()} {
		in := io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))
		if _, err := Open(context.Background(), in, "t.log"); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "t.log: ") {
			t.Errorf("failing input gives %v", err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	in := io.MultiReader(strings.NewReader(largeText()), readerFunc(func([]byte) (int, error) { cancel(); return 0, nil }), strings.NewReader("more"))
	if _, err := Open(ctx, in, "t.log"); !errors.Is(err, context.Canceled) {
		t.Errorf("the context ended: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left behind", left)
	}
	if _, err := Text("short", "t.log").ReadSpan(nil, 0, 9); err == nil || err.Error() != "t.log: it has become shorter while it was read" {
		t.Error(err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func concat(t testing.TB, list ...*Source) *Source {
	t.Helper()
	all, err := Concat(context.Background(), "all", list...)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestConcat: several files make one log, whose positions keep their files.
func TestConcat(t *testing.T) {
	all := concat(t,
		Text(setupLine+pixelLine(1, 2), "a.log"), Text("", "empty.log"),
		Text(sampleLine+stepsLine, "b.log"), Text("TRACE_C_PHI phi_tic=0 phi_deg=0\n", "c.log"))
	log, err := all.Log(context.Background(), schema.NanoBragg())
	if err != nil {
		t.Fatal(err)
	}
	var got []Pos
	for _, r := range log.Records {
		got = append(got, r.Pos())
	}
	if diff := cmp.Diff([]Pos{{"a.log", 1, ""}, {"b.log", 1, ""}, {"b.log", 2, ""}, {"c.log", 1, ""}}, got); diff != "" || len(log.Problems) > 0 || log.Lines != 5 {
		t.Errorf("%s\n%v, %d lines", diff, log.Problems, log.Lines)
	}
	if at := log.Records[3].At; at[schema.Slow] != 1 || at[schema.Fast] != 2 {
		t.Errorf("the rows of the last file are at %v", at)
	}
	if err := all.Close(); err != nil {
		t.Error(err)
	}
}

// TestConcatReadsLikeOneText: at any place, in pieces of any length.
func TestConcatReadsLikeOneText(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for range 300 {
		var parts []*Source
		want := ""
		for range r.IntN(6) {
			s := strings.Repeat("abc\nd", r.IntN(4))
			if r.IntN(2) == 0 && s != "" {
				s += "\n"
			}
			parts = append(parts, Text(s, "p"))
			if want += s; s != "" && !strings.HasSuffix(s, "\n") {
				want += "\n"
			}
		}
		all := concat(t, parts...)
		if all.Size != int64(len(want)) {
			t.Fatalf("%d bytes, want %q", all.Size, want)
		}
		for range 20 {
			from := r.IntN(len(want) + 1)
			to := from + r.IntN(len(want)-from+1)
			if b, err := all.ReadSpan(nil, int64(from), int64(to)); err != nil || string(b) != want[from:to] {
				t.Fatalf("%q from %d to %d of %q: %v", b, from, to, want, err)
			}
		}
		if n, err := all.ReadAt(make([]byte, 5), all.Size); n != 0 || err != io.EOF {
			t.Fatalf("%d, %v at the end", n, err)
		}
	}
}

// TestConcatOfCutFiles: a file that breaks off is told wherever it stands among
// the files.
func TestConcatOfCutFiles(t *testing.T) {
	const whole, cut = "TRACE_C: F_cell 190.27\n", "TRACE_C: F_latt 12"
	for name, list := range map[string][]*Source{
		"first": {Text(cut, "cut.log"), Text(whole, "b.log")},
		"last":  {Text(whole, "a.log"), Text(cut, "cut.log")},
		"only":  {Text(cut, "cut.log")},
	} {
		log, err := concat(t, list...).Log(context.Background(), schema.NanoBragg())
		if err != nil {
			t.Fatal(err)
		}
		want := []Problem{{Pos: Pos{"cut.log", 1, ""}, Kind: Truncated, Text: cut, Why: "the log ends without a newline; its last value may be cut"}}
		if diff := cmp.Diff(want, log.Problems); diff != "" || len(log.Records) != len(list)-1 {
			t.Errorf("%s: %d records, %s", name, len(log.Records), diff)
		}
	}
	// Where a whole pixel stands before it, nothing is missing.
	pixel := strings.TrimSuffix(testkit.File(t, "testdata/supervisor.log"), "\n")
	log, err := concat(t, Text(pixel, "a.log"), Text(whole, "b.log")).Log(context.Background(), schema.NanoBragg())
	if err != nil || len(log.Problems) > 0 {
		t.Errorf("%v, %v", err, log.Problems)
	}
}

// TestConcatAndLayouts: a layout does not take the number on which a file ends.
func TestConcatAndLayouts(t *testing.T) {
	block := func(i int, v string) string { return pixelLine(i, i) + "TRACE_C: F_cell 5\nTRACE_C: F_latt " + v }
	all := concat(t, Text(block(1, "1\n")+block(2, "2"), "a.log"), Text(block(3, "3\n")+block(4, "4\n"), "b.log"))
	log, err := all.Log(context.Background(), schema.NanoBragg())
	if err != nil {
		t.Fatal(err)
	}
	want := "pixel {F_cell} 5\npixel {F_latt} 1\npixel {F_cell} 5\npixel {F_cell} 5\npixel {F_latt} 3\npixel {F_cell} 5\npixel {F_latt} 4\n" +
		"! 6 truncated: the log ends without a newline; its last value may be cut"
	if diff := cmp.Diff(want, sketches(log)); diff != "" {
		t.Error(diff)
	}
}

// TestConcatOfPackedFiles: the file that ends early is the one that is named.
func TestConcatOfPackedFiles(t *testing.T) {
	z := zipped(t, testkit.File(t, "testdata/supervisor.log"))
	s, err := Open(context.Background(), bytes.NewReader(z[:len(z)/2]), "cut.gz")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := s.ReadSpan(nil, 0, s.Size)
	log, err := concat(t, s, Text("TRACE_C: F_cell 1\n", "b.log")).Log(context.Background(), schema.NanoBragg())
	if err != nil {
		t.Fatal(err)
	}
	last := log.Problems[len(log.Problems)-1]
	if last.Pos != (Pos{"cut.gz", strings.Count(string(text), "\n") + 1, ""}) || last.Why != "the compressed log ends early" {
		t.Errorf("%+v", last)
	}
}

func zipped(t testing.TB, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
