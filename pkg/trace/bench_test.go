package trace

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// manyPixels is a log of n pixels: the setup of a recorded log once, its pixel
// block again and again, each under a pixel of its own.
func manyPixels(b *testing.B, n int) []byte {
	b.Helper()
	text := readFileString(b, "testdata/supervisor.log")
	setup, block, ok := strings.Cut(text, "TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n")
	if !ok {
		b.Fatal("no pixel in the recorded log")
	}
	var out bytes.Buffer
	out.WriteString(setup)
	for i := range n {
		fmt.Fprintf(&out, "TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n%s", i/2463, i%2463, block)
	}
	return out.Bytes()
}

// BenchmarkRead streams a log through the Reader, record by record.
func BenchmarkRead(b *testing.B) {
	in := manyPixels(b, 1000)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		r := NewReader(bytes.NewReader(in), "b.log")
		n := 0
		for {
			if _, err := r.Next(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n < 80*1000 || len(r.Problems()) > 0 {
			b.Fatal(n, "records", r.Problems())
		}
	}
}

// BenchmarkWrite writes the same log from records in memory.
func BenchmarkWrite(b *testing.B) {
	in := manyPixels(b, 1000)
	log, err := Read(bytes.NewReader(in), "b.log")
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range []string{"c", "jsonl"} {
		b.Run(kind, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				w := writers[kind](io.Discard)
				for i := range log.Records {
					if err := w.Write(&log.Records[i]); err != nil {
						b.Fatal(err)
					}
				}
				if err := w.Flush(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
