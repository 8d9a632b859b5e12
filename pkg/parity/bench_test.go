package parity_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"simtrace/pkg/parity"
)

// benchSize is how long each log of the benchmarks is.
const benchSize = 200 << 20

// largeLogs writes two logs of many pixels: the setup of the recorded supervisor
// trace, and its pixel block again and again, each with other digits in its
// numbers. In got, one line of so many has another number; 0 for none. Where
// SIMTRACE_BENCH_DIR names a folder the logs stay there.
func largeLogs(tb testing.TB, size int64, oneOf int) (ref, got string) {
	tb.Helper()
	dir := os.Getenv("SIMTRACE_BENCH_DIR")
	if dir == "" {
		dir = tb.TempDir()
	}
	ref, got = filepath.Join(dir, "ref.log"), filepath.Join(dir, fmt.Sprintf("got-%d.log", oneOf))
	setup, block := recordedParts(tb)
	writeLog(tb, ref, setup, block, size, 0)
	writeLog(tb, got, setup, block, size, oneOf)
	return ref, got
}

func writeLog(tb testing.TB, path, setup, block string, size int64, oneOf int) {
	tb.Helper()
	if st, err := os.Stat(path); err == nil && st.Size() >= size {
		return
	}
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	w.WriteString(setup)
	digits, faults := rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(3, 4))
	places := digitPlaces(block)
	text := []byte(block)
	for n := int64(len(setup)); n < size; n += int64(len(text)) {
		i := int(n) / len(text)
		for _, p := range places {
			text[p] = byte('1' + digits.Uint32N(9))
		}
		fmt.Fprintf(w, "TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n", i/2463, i%2463)
		if oneOf == 0 {
			w.Write(text)
			continue
		}
		for line := range bytes.Lines(text) {
			if faults.IntN(oneOf) == 0 {
				line = otherNumber(line)
			}
			w.Write(line)
		}
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
}

// digitPlaces finds the digits behind the twelfth of long numbers.
func digitPlaces(block string) []int {
	var out []int
	run := 0
	for i, c := range block {
		if c >= '0' && c <= '9' || c == '.' {
			if run++; run > 12 {
				out = append(out, i)
			}
			continue
		}
		run = 0
	}
	return out
}

// otherNumber changes the third digit of the line's last number.
func otherNumber(line []byte) []byte {
	out := bytes.Clone(line)
	start := bytes.LastIndexAny(out[:len(out)-1], " =") + 1
	for i := min(start+4, len(out)-2); i >= start; i-- {
		if out[i] >= '0' && out[i] <= '9' {
			out[i] = '0' + (out[i]-'0'+3)%10
			break
		}
	}
	return out
}

// BenchmarkCompareLarge compares two logs of 200 MB, as the command does: files
// of many pixels. The same logs, and logs of which every hundredth line differs.
func BenchmarkCompareLarge(b *testing.B) {
	for _, c := range []struct {
		name           string
		oneOf, threads int
	}{{"same", 0, 0}, {"same/threads=1", 0, 1}, {"onepercent", 100, 0}, {"onepercent/threads=1", 100, 1}} {
		b.Run(c.name, func(b *testing.B) {
			ref, got := largeLogs(b, benchSize, c.oneOf)
			b.SetBytes(2 * benchSize)
			for b.Loop() {
				r := compareFiles(b, ref, got, parity.Options{Tolerance: parity.DefaultTolerance, Threads: c.threads})
				if r.Summary == nil || r.Summary.Pixels < 50000 || (r.Verdict == parity.Match) != (c.oneOf == 0) {
					b.Fatalf("%s, %+v", r.Verdict, r.Summary)
				}
			}
		})
	}
}

func compareFiles(tb testing.TB, ref, got string, opt parity.Options) *parity.Report {
	tb.Helper()
	r, err := parity.Files(tb.Context(), ref, got, opt)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// BenchmarkLineByLine is what a script does to compare two logs, and no more:
// read both line by line, cut a line into words, read the numbers and subtract.
// It aligns nothing and reports nothing.
func BenchmarkLineByLine(b *testing.B) {
	ref, got := largeLogs(b, benchSize/8, 0)
	st, err := os.Stat(ref)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(2 * st.Size())
	for b.Loop() {
		worst := 0.0
		var lines [2]*bufio.Scanner
		for i, p := range []string{ref, got} {
			f, err := os.Open(p)
			if err != nil {
				b.Fatal(err)
			}
			lines[i] = bufio.NewScanner(f)
			defer f.Close()
		}
		for lines[0].Scan() && lines[1].Scan() {
			x, y := strings.Fields(lines[0].Text()), strings.Fields(lines[1].Text())
			for i := 2; i < min(len(x), len(y)); i++ {
				v, err1 := strconv.ParseFloat(x[i], 64)
				w, err2 := strconv.ParseFloat(y[i], 64)
				if err1 == nil && err2 == nil {
					worst = max(worst, math.Abs(v-w))
				}
			}
		}
		if worst != 0 {
			b.Fatal(worst)
		}
	}
}
