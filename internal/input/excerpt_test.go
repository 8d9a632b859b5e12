package input

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/pkg/trace"
)

// A long log is entered in its middle, and at the right line.
func TestExcerptsOfALongLog(t *testing.T) {
	var text strings.Builder
	const n = 200_000
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&text, "TRACE_C: line%d %d%s\n", i, i, strings.Repeat(" ", i%37))
	}
	path := filepath.Join(t.TempDir(), "long.log")
	if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	s := &Source{Role: "got", Path: path}
	if err := s.Open(t.Context(), "long.log", nil); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Sum(); err != nil {
		t.Fatal(err)
	}
	if len(s.Files[0].marks) < 4 {
		t.Fatalf("%d marks in %d bytes", len(s.Files[0].marks), s.Files[0].Bytes)
	}
	check := []int{1, 2, n - 1, n}
	for _, m := range s.Files[0].marks {
		check = append(check, m.lines, m.lines+1, m.lines+2, m.lines+3, m.lines+4, m.lines+5)
	}
	for _, line := range check {
		if line < 1 || line > n {
			continue
		}
		got, first, err := Excerpts(s)(trace.Pos{File: "long.log", Line: line}, 3)
		if err != nil || first != max(1, line-3) || len(got) != min(n, line+3)-first+1 {
			t.Fatalf("line %d: %d lines from %d, %v", line, len(got), first, err)
		}
		for i, l := range got {
			if !strings.HasPrefix(l, fmt.Sprintf("TRACE_C: line%d ", first+i)) {
				t.Fatalf("line %d: %q stands for line %d", line, l, first+i)
			}
		}
	}
}

func TestExcerpts(t *testing.T) {
	var text strings.Builder
	for i := 1; i <= 9; i++ {
		fmt.Fprintf(&text, "TRACE_C: line%d %d\r\n", i, i)
	}
	fmt.Fprintf(&text, "%s\nTRACE_C: last 1", strings.Repeat("x", 1<<20))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(text.String())); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"plain.log": []byte(text.String()), "packed.log.gz": packed.Bytes()} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		s := &Source{Role: "got", Path: path}
		if err := s.Open(t.Context(), name, nil); err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		get := Excerpts(s)
		for _, c := range []struct {
			line, first, n int
			begins         string
		}{{1, 1, 3, "TRACE_C: line1 1"}, {5, 3, 5, "TRACE_C: line3 3"}, {10, 8, 4, "TRACE_C: line8 8"}, {11, 9, 3, "TRACE_C: line9 9"}} {
			lines, first, err := get(trace.Pos{File: name, Line: c.line}, 2)
			if err != nil || first != c.first || len(lines) != c.n || lines[0] != c.begins {
				t.Errorf("%s:%d: %d lines from %d, %v", name, c.line, len(lines), first, err)
			}
		}
		if _, _, err := get(trace.Pos{File: name, Line: 15}, 2); err == nil {
			t.Errorf("%s: a line behind the end is shown", name)
		}
		if _, _, err := get(trace.Pos{File: "other", Line: 1}, 2); err == nil {
			t.Error("an unknown file is shown")
		}
	}
}
