package trace

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// BenchmarkMatch reads the pixels of a log by their template.
func BenchmarkMatch(b *testing.B) {
	text := readFileString(b, "testdata/supervisor.log")
	_, block, ok := strings.Cut(text, "TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n")
	if !ok {
		b.Fatal("no pixel in the recorded log")
	}
	naming := []byte("TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n")
	t := learn(b, naming, []byte(block))
	b.SetBytes(int64(len(block)))
	var spans []Span
	for b.Loop() {
		if spans, ok = t.Match([]byte(block), spans[:0]); !ok {
			b.Fatal("no match")
		}
	}
}

func learn(tb testing.TB, naming, lines []byte) *Template {
	tb.Helper()
	p := NewPartReader("a.log")
	p.Begin()
	if err := p.Read(append(bytes.Clone(naming), lines...), 0, false); err != nil {
		tb.Fatal(err)
	}
	t, ok := Learn(naming, lines, p.Log(), 0)
	if !ok {
		tb.Fatal("no template")
	}
	return t
}

var _ = fmt.Sprint
