package trace

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
)

// supervisorPixels is a log of n pixels, made while it is read.
func supervisorPixels(tb testing.TB, n int) *generated {
	tb.Helper()
	setup, block, ok := strings.Cut(readFileString(tb, "testdata/supervisor.log"), "TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n")
	if !ok {
		tb.Fatal("no pixel in the recorded log")
	}
	return &generated{n: n + 1, part: func(i int) string {
		if i == 0 {
			return setup
		}
		return fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n%s", i/2463, i%2463, block)
	}}
}

// BenchmarkReadTwo streams two logs of 200 MB at once, as a comparison reads
// them.
func BenchmarkReadTwo(b *testing.B) {
	const pixels = 62000
	for b.Loop() {
		var all sync.WaitGroup
		var bytes [2]int64
		for i := range bytes {
			all.Go(func() {
				r := NewReader(supervisorPixels(b, pixels), "b.log")
				for {
					if _, err := r.Next(); err == io.EOF {
						break
					} else if err != nil {
						b.Error(err)
						return
					}
				}
				bytes[i] = r.src.bytes
			})
		}
		all.Wait()
		b.SetBytes(bytes[0] + bytes[1])
	}
}
