package parity_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
)

// shape is a form of logs that people compare. Both logs hold the same random numbers
// but for those that a shape changes.
type shape struct {
	name   string
	head   string
	tail   string
	schema string // of a program that a file describes
	// block is one of the blocks that follow each other until a log has its size.
	// differs is set in one of a hundred of the second log, or in all.
	block func(w *bufio.Writer, r *rand.Rand, n int, differs bool)
	all   bool              // every block differs
	equal bool              // none does
	lacks int               // the block that the second log lacks, from 1
	only  bool              // the blocks are the second log's alone
	port  *strings.Replacer // what the second log prints in place of the first's words; nil for nothing
}

// write makes one of the two logs of a shape.
func (s *shape) write(path string, side, size int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := &counted{w: f}
	b := bufio.NewWriter(w)
	r, faults := rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(3, 4))
	fmt.Fprint(b, s.head)
	for n := 0; w.n+b.Buffered() < size && !(side == 0 && s.only); n++ {
		differs := side == 1 && !s.equal && (s.all || faults.IntN(100) == 0)
		switch {
		case side == 1 && n+1 == s.lacks:
			s.block(bufio.NewWriter(&counted{}), r, n, differs)
		case side == 1 && s.port != nil:
			var text strings.Builder
			own := bufio.NewWriter(&text)
			s.block(own, r, n, differs)
			own.Flush()
			s.port.WriteString(b, text.String())
		default:
			s.block(b, r, n, differs)
		}
	}
	b.WriteString(s.tail)
	if err := b.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// counted counts what is written.
type counted struct {
	w *os.File
	n int
}

func (c *counted) Write(p []byte) (int, error) {
	c.n += len(p)
	if c.w == nil {
		return len(p), nil
	}
	return c.w.Write(p)
}

// off returns a number that differs by a thousandth where it is to.
func off(x float64, differs bool) float64 {
	if differs {
		return x * 1.001
	}
	return x
}

var someDigits = regexp.MustCompile(`\.\d{4,}`)

// recordedParts are the setup of the recorded log and its pixel's block.
func recordedParts(tb testing.TB) (setup, block string) {
	tb.Helper()
	setup, block, ok := strings.Cut(testkit.File(tb, "../../testdata/supervisor/trace_685_1039.log"), "TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n")
	if !ok {
		tb.Fatal("no pixel in the recorded log")
	}
	return setup, block
}

// recordedPixel returns the setup of the recorded log and what writes its pixel's block
// with other digits.
func recordedPixel(tb testing.TB) (setup string, block func(*bufio.Writer, *rand.Rand, int, bool)) {
	setup, text := recordedParts(tb)
	return setup, func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
		w.WriteString(someDigits.ReplaceAllStringFunc(text, func(old string) string {
			b := []byte(old)
			for i := 1; i < len(b); i++ {
				b[i] = byte('1' + r.IntN(9))
			}
			if differs {
				b[3] = '0'
			}
			return string(b)
		}))
	}
}

func announced(block func(*bufio.Writer, *rand.Rand, int, bool), before string) func(*bufio.Writer, *rand.Rand, int, bool) {
	return func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
		fmt.Fprintf(w, "%sTRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n", before, n/2463, n%2463)
		block(w, r, n, differs)
	}
}

// pixelShapes are logs of nanoBragg.
func pixelShapes(tb testing.TB) []shape {
	setup, block := recordedPixel(tb)
	head := setup + "TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\nTRACE_C: R_distance_meters 0.25\n"
	const tail = "TRACE_C: I_pixel_final 2.5\n"
	return []shape{
		{name: "equal pixels", head: setup, block: announced(block, ""), equal: true},
		{name: "pixels that differ", head: setup, block: announced(block, ""), all: true},
		{name: "equal runs", block: announced(block, setup), equal: true},
		{name: "runs that differ", block: announced(block, setup), all: true},
		{name: "two dialects", head: setup, block: announced(block, ""), port: strings.NewReplacer("TRACE_C:", "TRACE_PY:", "TRACE_C_", "TRACE_PY_", "F_cell ", "F_cell_nearest ")},
		{name: "pixels without names", head: setup, block: block},
		{name: "one of many pixels without names lacking", head: setup, block: block, lacks: 20},
		{name: "phi steps that differ", head: head, tail: tail, all: true, block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "TRACE_C_PHI phi_tic=%d phi_deg=%.15g k_frac=%.15g F_latt_b=%.15g F_latt=%.15g\n", n, float64(n)/100, off(r.NormFloat64(), differs), r.NormFloat64(), r.NormFloat64())
		}},
		{name: "subpixels that differ", head: head, tail: tail, all: true, block: subpixel},
		{name: "one of many subpixels lost", head: head, tail: tail, equal: true, lacks: 100, block: subpixel},
		{name: "names that one log prints", head: head, tail: tail, only: true, block: func(w *bufio.Writer, r *rand.Rand, n int, _ bool) {
			fmt.Fprintf(w, "TRACE_C: extra_%d %.15g\n", n, r.NormFloat64())
		}},
	}
}

func subpixel(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
	fmt.Fprintf(w, "TRACE_C: pixel_pos_meters %.15g %.15g -0.23\nTRACE_C: omega_pixel_sr %.15g\nTRACE_C: hkl_frac %.15g %.15g %.15g\nTRACE_C: F_latt %.15g\n",
		float64(n%60)*1e-6, float64(n/60)*1e-6, off(r.Float64(), differs), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), off(r.NormFloat64(), differs))
}

// programShapes are logs of other programs.
func programShapes() []shape {
	return []shape{
		{name: "a schema's steps", schema: "index: [step]\nquantities:\n  - {name: x, parents: [v@prev]}\n  - {name: v}\n  - {name: energy, parents: [x, v]}\n", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "step %d\nx %.15g\nv %.15g\nenergy %.15g\n", n, off(r.NormFloat64(), differs), r.NormFloat64(), r.NormFloat64())
		}},
		{name: "JSON lines", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, `{"step": %d, "energy": %.17g, "pos": [%.17g, %.17g, %.17g]}`+"\n", n, off(r.NormFloat64(), differs), r.NormFloat64(), r.NormFloat64(), r.NormFloat64())
		}},
		{name: "a table", head: "   Step          Temp          E_pair         Press\n", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "%10d   %-14.8g %-14.8g %-14.8g\n", n, off(300+r.NormFloat64(), differs), r.NormFloat64()-4000, r.NormFloat64()*1000)
		}},
		{name: "CSV by time", head: "t,x,y,z\n", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "%.2f,%.10g,%.10g,%.10g\n", float64(n)*0.01, off(r.NormFloat64(), differs), r.NormFloat64(), r.NormFloat64())
		}},
		{name: "key = value", head: "a solver\n", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "Iteration %d\nenergy: %.12g Ha\nforces = [%.6f, %.6f, %.6f]\nmax force: %.3e\nconverged: no\n\n", n, off(r.NormFloat64(), differs), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.Float64())
		}},
		{name: "a logger's lines", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "2026-01-%02d %02d:%02d:%02d,%03d INFO train: step=%d loss=%.8f grad_norm=%.6f\n", 1+n/86400%28, n/3600%24, n/60%60, n%60, r.IntN(1000), n, off(r.Float64(), differs), r.Float64())
		}},
		{name: "names above numbers", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "           Step           Time\n%15d %14.5f\n\n   Energies (kJ/mol)\n           Bond          Angle    Proper Dih.\n%15.5e%15.5e%15.5e\n\n", n*100, float64(n)*0.2, off(r.NormFloat64(), differs), r.NormFloat64(), r.NormFloat64())
		}},
		{name: "rows of a large array", head: "A = [\n", tail: "]\n", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "  [%.8f, %.8f, %.8f],\n", off(r.NormFloat64(), differs), r.NormFloat64(), r.NormFloat64())
		}},
		{name: "ever new headings", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "section %d name%d:\n  a: %.8f\n  b: %.8f\n", n, n, off(r.Float64(), differs), r.Float64())
		}},
		{name: "two tables by turns", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "           Step           Time\n%15d %14.5f\n\n          Angle    Proper Dih.         LJ (SR)\n%15.5e%15.5e%15.5e\n      Potential    Kinetic En. Pressure (bar)\n%15.5e%15.5e%15.5e\n\n",
				n*100, float64(n)*0.2, off(r.NormFloat64(), differs), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64())
		}},
		{name: "steps of two kinds by turns", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			if n%2 == 0 {
				fmt.Fprintf(w, "step=%d loss=%.9f\n", n, off(r.Float64(), differs))
			} else {
				fmt.Fprintf(w, "step=%d grad=%.6e lr: %.6f\n", n, off(r.Float64(), differs), r.Float64())
			}
		}},
		{name: "rows with labels", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "Iteration %d\n  atom       fx        fy\n  H1   %9.6f %9.6f\n  O2   %9.6f %9.6f\n  term      value\n  bond %9.6f\n", n, off(r.NormFloat64(), differs), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64())
		}},
		{name: "a logger's lines without a counter", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "[2026-11-27 10:%02d:%02d,%03d][INFO] Epoch: [%d][%d/100]\tTime %.3f (%.3f)\tLoss %.4e (%.4e)\n", n/60%60, n%60, r.IntN(1000), n/100, n%100, r.Float64(), r.Float64(), off(r.Float64(), differs), r.Float64())
		}},
		{name: "no counter and all differ", all: true, block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "residual = %.10e\n  norm of x: %.10f  norm of r: %.8e\n", off(r.NormFloat64(), differs), off(r.Float64(), differs), off(r.NormFloat64(), differs))
		}},
		{name: "no counter", head: "    energy    force   stress\n", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "%14.8f %14.8f %14.8f\n", off(r.NormFloat64(), differs), r.NormFloat64(), r.NormFloat64())
		}},
		{name: "no counter and one line lacking", block: func(w *bufio.Writer, r *rand.Rand, n int, differs bool) {
			fmt.Fprintf(w, "residual = %.10e\n  norm of x: %.10f  norm of r: %.8e\n", r.NormFloat64(), r.Float64(), r.NormFloat64())
		}, equal: true, lacks: 100},
	}
}

// shapes are all of them.
func shapes(tb testing.TB) []shape { return append(pixelShapes(tb), programShapes()...) }

// logsOf writes both logs of a shape.
func (s *shape) logsOf(tb testing.TB, size int) (ref, got string) {
	tb.Helper()
	dir := tb.TempDir()
	ref, got = filepath.Join(dir, "ref.log"), filepath.Join(dir, "got.log")
	for side, path := range []string{ref, got} {
		if err := s.write(path, side, size); err != nil {
			tb.Fatal(err)
		}
	}
	return ref, got
}

// BenchmarkShapes compares logs of all shapes, 12 MB each, and reports MB/s of both
// together, and how much of the heap was in use at most.
func BenchmarkShapes(b *testing.B) {
	for _, s := range shapes(b) {
		b.Run(s.name, func(b *testing.B) {
			ref, got := s.logsOf(b, 12<<20)
			opt := parity.DefaultOptions()
			if s.schema != "" {
				opt.Schema = readSchema(b, s.schema)
			}
			b.SetBytes(sizeOf(b, ref) + sizeOf(b, got))
			peak := peakHeap(func() {
				for b.Loop() {
					compareFiles(b, ref, got, opt)
				}
			})
			b.ReportMetric(float64(peak)/(1<<20), "heap-MB")
		})
	}
}

// peakHeap is how many bytes of the heap were in use at most while f ran, as looked at
// every millisecond.
func peakHeap(f func()) uint64 {
	runtime.GC()
	var stop atomic.Bool
	peak := make(chan uint64)
	go func() {
		most := uint64(0)
		for ; !stop.Load(); time.Sleep(time.Millisecond) {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
		peak <- most
	}()
	f()
	stop.Store(true)
	return <-peak
}

func sizeOf(tb testing.TB, path string) int64 {
	st, err := os.Stat(path)
	if err != nil {
		tb.Fatal(err)
	}
	return st.Size()
}
