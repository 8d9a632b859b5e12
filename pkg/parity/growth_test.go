package parity_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// counting counts the bytes that are read of a log.
type counting struct {
	io.ReaderAt
	n int64
}

func (c *counting) ReadAt(b []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(b, off)
	c.n += int64(n)
	return n, err
}

// shapes are pairs of logs of a size, in the forms that logs come in.
func shapes(t testing.TB) map[string]func(n int) (ref, got string) {
	setup, block, _ := strings.Cut(testkit.File(t, "testdata/carry.log"), "TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n")
	pixel := func(i int) string {
		return fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n", i/100, i%100)
	}
	differ := strings.NewReplacer("0.2", "0.3", "0.6", "0.7", "1.0", "1.1", "-0.5", "-0.4")
	py := strings.NewReplacer("TRACE_C:", "TRACE_PY:", "TRACE_C_", "TRACE_PY_", "F_cell ", "F_cell_nearest ")
	each := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	pixels := func(n int, edit func(string) string) string {
		return edit(setup) + each(n/4, func(i int) string { return pixel(i) + edit(block) })
	}
	runs := func(n int, edit func(string) string) string {
		return each(n/6, func(i int) string { return edit(setup) + pixel(i) + edit(block) })
	}
	same := func(s string) string { return s }
	phi := func(n int, by float64) string {
		return pixel(1) + "TRACE_C: R_distance_meters 0.253416334111961\n" + each(10*n, func(i int) string {
			return fmt.Sprintf("TRACE_C_PHI phi_tic=%d phi_deg=%.15g k_frac=%.15g\n", i, float64(i)/7, 2.5+by+float64(i)/8191)
		}) + "TRACE_C: I_pixel_final 2.5\n"
	}
	samples := func(n int, by float64, without int) string {
		return pixel(1) + each(n, func(i int) string {
			if i == without {
				return ""
			}
			return fmt.Sprintf("TRACE_C: pixel_pos_meters 0.1 %.15g 0.2\nTRACE_C: R_distance_meters %.15g\nTRACE_C: omega_pixel_sr %.15g\n", float64(i)/8191, 0.25+by+float64(i)/1e7, 1e-6+by/1e5)
		}) + "TRACE_C: I_pixel_final 2.5\n"
	}
	names := func(n int) string {
		return pixel(1) + each(10*n, func(i int) string { return fmt.Sprintf("TRACE_C: mine%d 1.5\n", i) }) + "TRACE_C: I_pixel_final 2.5\n"
	}
	json := func(n int, one int) string {
		return each(10*n, func(i int) string {
			v := 0.25 + float64(i)/8191
			if one > 0 && i%one == 0 {
				v += 0.125
			}
			return fmt.Sprintf(`{"stream":"pixel","key":"I_pixel_final","pixel":[%d,%d],"values":[%.15g]}`+"\n", i/100, i%100, v)
		})
	}
	return map[string]func(n int) (string, string){
		"runs":               func(n int) (string, string) { return runs(n, same), runs(n, same) },
		"runs, all differ":   func(n int) (string, string) { return runs(n, same), runs(n, differ.Replace) },
		"pixels":             func(n int) (string, string) { return pixels(n, same), pixels(n, same) },
		"pixels, all differ": func(n int) (string, string) { return pixels(n, same), pixels(n, differ.Replace) },
		"C against PY":       func(n int) (string, string) { return pixels(n, same), pixels(n, py.Replace) },
		"without names": func(n int) (string, string) {
			return setup + strings.Repeat(block, n/4), setup + strings.Repeat(block, n/4)
		},
		"a pixel missing": func(n int) (string, string) {
			return pixels(n, same), strings.Replace(pixels(n, same), pixel(3)+block, "", 1)
		},
		"phi rows, all differ": func(n int) (string, string) { return phi(n, 0), phi(n, 1e-3) },
		"samples, all differ":  func(n int) (string, string) { return samples(n, 0, -1), samples(n, 1e-3, -1) },
		"a sample lost":        func(n int) (string, string) { return samples(n, 0, -1), samples(n, 0, n/2) },
		"names of one log":     func(n int) (string, string) { return pixel(1) + "TRACE_C: I_pixel_final 2.5\n", names(n) },
		"JSON":                 func(n int) (string, string) { return json(n, 0), json(n, 100) },
	}
}

// work is what a comparison reads and allocates.
type work struct{ read, allocated int64 }

func workOf(t testing.TB, ref, got string, s *schema.Schema) work {
	t.Helper()
	var logs [2]*trace.Source
	var counts [2]counting
	for i, text := range []string{ref, got} {
		counts[i].ReaderAt = strings.NewReader(text)
		logs[i] = &trace.Source{ReaderAt: &counts[i], Size: int64(len(text)), Name: [2]string{"c.log", "py.log"}[i]}
	}
	opt := withDefaults(parity.Options{Threads: 1, Schema: s})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := parity.Sources(t.Context(), logs[0], logs[1], opt); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return work{counts[0].n + counts[1].n, int64(after.Mallocs - before.Mallocs)}
}

// The work grows as the logs do, in every form that they come in: what is read,
// and what is allocated, are counted.
func TestWorkIsLinear(t *testing.T) {
	testkit.NotUnderRace(t)
	spring := readSchema(t, "prefixes: [DBG]\nindex: [step]\nquantities: [{name: force}, {name: speed, parents: [force]}]\n")
	all := shapes(t)
	steps := func(n, one int) string {
		var b strings.Builder
		for i := range 10 * n {
			v := 0.25 + float64(i)/8191
			if one > 0 && i%one == 0 {
				v += 0.125
			}
			fmt.Fprintf(&b, "DBG step %d\nDBG force %.15g\nDBG speed %.15g\n", i, v, 2*v)
		}
		return b.String()
	}
	all["a schema's steps"] = func(n int) (string, string) { return steps(n, 0), steps(n, 100) }
	for name, shape := range all {
		var s *schema.Schema
		if name == "a schema's steps" {
			s = spring
		}
		const small, times = 400, 4
		a, b := shape(small)
		c, d := shape(small * times)
		x, y := workOf(t, a, b, s), workOf(t, c, d, s)
		grown := float64(len(c)+len(d)) / float64(len(a)+len(b))
		if r := float64(y.read) / float64(x.read); r > 1.2*grown {
			t.Errorf("%s: logs %.2f times as long, %.2f times as much is read", name, grown, r)
		}
		if r := float64(y.allocated) / float64(x.allocated); r > 1.5*grown {
			t.Errorf("%s: logs %.2f times as long, %.2f times as many allocations", name, grown, r)
		}
		if passes := float64(y.read) / float64(len(c)+len(d)); passes > 6 {
			t.Errorf("%s: the logs are read %.1f times", name, passes)
		}
	}
}
