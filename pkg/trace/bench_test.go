package trace

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

const supervisorPixel = "TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n"

// supervisorParts are the setup and the pixel block of a recorded log, without
// the line that names the pixel.
func supervisorParts(tb testing.TB) (setup, block string) {
	tb.Helper()
	setup, block, ok := strings.Cut(testkit.File(tb, "testdata/supervisor.log"), supervisorPixel)
	if !ok {
		tb.Fatal("no pixel in the recorded log")
	}
	return setup, block
}

// manyPixels is a log of n pixels: the setup of a recorded log once, its pixel
// block again and again, each under a pixel of its own.
func manyPixels(tb testing.TB, n int) []byte {
	tb.Helper()
	setup, block := supervisorParts(tb)
	var out bytes.Buffer
	out.WriteString(setup)
	for i := range n {
		fmt.Fprintf(&out, "TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n%s", i/2463, i%2463, block)
	}
	return out.Bytes()
}

// BenchmarkScan finds the blocks of a log.
func BenchmarkScan(b *testing.B) {
	src := Text(string(manyPixels(b, 1000)), "b.log")
	b.SetBytes(src.Size)
	b.ReportAllocs()
	for b.Loop() {
		x, err := Scan(context.Background(), src, NewNames(schema.NanoBragg()), Options{})
		if err != nil || x.Len() != 1001 {
			b.Fatal(x.Len(), err)
		}
	}
}

// BenchmarkRead reads the blocks of a log: by the layout that they share, and
// each line by itself.
func BenchmarkRead(b *testing.B) {
	text := string(manyPixels(b, 1000))
	src, names := Text(text, "b.log"), NewNames(schema.NanoBragg())
	x, err := Scan(context.Background(), src, names, Options{})
	if err != nil {
		b.Fatal(err)
	}
	for _, way := range []string{"layout", "lines"} {
		b.Run(way, func(b *testing.B) {
			b.SetBytes(src.Size)
			b.ReportAllocs()
			for b.Loop() {
				r, at, n := NewReader(src, names, Options{}), x.Cursor(), 0
				for i := range x.Len() {
					p := at.At(i)
					lines, where := text[p.Off:at.End(i)], p.At.Coord(names.Schema)
					if way == "layout" {
						r.ReadBlock(where, lines, int(p.Line), false)
					} else {
						r.Begin(where)
						r.Read(lines, int(p.Line), false)
					}
					n += len(r.Block().Records)
				}
				if n < 80*1000 {
					b.Fatal(n, "records")
				}
			}
		})
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
