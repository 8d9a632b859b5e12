package diff

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// unnamedPixels prints pixels, or runs of one pixel each, without a line that names
// them; each number is off by a relative error.
func unnamedPixels(n int, runs bool, tag string, off float64, without ...int) string {
	var out strings.Builder
	r := rand.New(rand.NewPCG(5, 7))
	setup := func() { fmt.Fprintf(&out, "TRACE_%s: fdet_vec 0.99998 0.0059 -0.00011\n", tag) }
	if !runs {
		setup()
	}
	for i := range n {
		line := func(name string, constant float64) string {
			x := r.NormFloat64()
			if constant != 0 {
				x = constant
			}
			return fmt.Sprintf("TRACE_%s: %s %.15g\n", tag, name, x*(1+off))
		}
		block := line("R_distance_meters", 0) + line("omega_pixel", 0) + line("close_distance_meters", 0.231271809414591) +
			line("F_latt", 0) + line("F_cell", 0) + line("I_before_scaling", 0) + line("I_pixel_final", 0)
		skip := false
		for _, k := range without {
			skip = skip || k == i
		}
		if skip {
			continue
		}
		if runs {
			setup()
		}
		out.WriteString(block)
	}
	return out.String()
}

// TestUnnamedPixels: one pixel that a log lacks shifts no other, be it that both logs
// print the same bytes or that they are of two programs whose last digits differ.
func TestUnnamedPixels(t *testing.T) {
	for _, tag := range []string{"C", "PY"} {
		for _, runs := range []bool{false, true} {
			for _, side := range []int{0, 1} {
				logs := [2]string{unnamedPixels(90, runs, "C", 0), unnamedPixels(90, runs, tag, 0)}
				if tag == "PY" {
					logs[1] = unnamedPixels(90, runs, tag, 3e-13)
				}
				whole := len(compare(t, logs[0], logs[1]).Rows)
				logs[side] = unnamedPixels(90, runs, [2]string{"C", tag}[side], 0, 33)
				res := compare(t, logs[0], logs[1])
				lost := 0
				for i := range res.Rows {
					row := &res.Rows[i]
					if row.Gap == Lost {
						lost++
					}
					if row.Diverged() {
						t.Fatalf("%s runs=%t side %d: %s differs", tag, runs, side, res.label(row))
					}
				}
				if want := map[bool]int{false: 7, true: 8}[runs]; lost != want || len(res.Rows) != whole {
					t.Errorf("%s runs=%t side %d: %d of %d rows are lost, not %d of %d", tag, runs, side, lost, len(res.Rows), want, whole)
				}
			}
		}
	}
	// One on each side, the same bytes elsewhere.
	res := compare(t, unnamedPixels(90, false, "C", 0, 60), unnamedPixels(90, false, "C", 0, 20))
	lost := 0
	for i := range res.Rows {
		if row := &res.Rows[i]; row.Diverged() {
			t.Errorf("%s differs", res.label(row))
		} else if row.Gap == Lost {
			lost++
		}
	}
	if lost != 14 {
		t.Errorf("%d rows are lost, not 2 pixels of 7", lost)
	}
}
