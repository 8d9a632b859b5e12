package main

import (
	"fmt"
	"io"

	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// rotStars writes the rows that the port prints with emit_rot_stars: of each phi step
// the y components of the rotated cell vectors, in angstrom.
func rotStars(w io.Writer, t *sim.Tap) error {
	y := map[schema.Key]map[int]float64{schema.RotA: {}, schema.RotB: {}, schema.RotC: {}}
	steps := -1
	for i := range t.Samples {
		s := &t.Samples[i]
		if y[s.Key] == nil || s.At.Domain != 0 || s.At.Source != 0 {
			continue
		}
		if _, seen := y[s.Key][s.At.Phi]; !seen {
			y[s.Key][s.At.Phi] = s.Values[1]
			steps = max(steps, s.At.Phi)
		}
	}
	for phi := range steps + 1 {
		a, ok := y[schema.RotA][phi]
		if !ok {
			continue
		}
		if _, err := fmt.Fprintf(w, "TRACE_PY_ROTSTAR phi_tic=%d ap_y=%s bp_y=%s cp_y=%s\n", phi,
			trace.FormatFloat(a), trace.FormatFloat(y[schema.RotB][phi]), trace.FormatFloat(y[schema.RotC][phi])); err != nil {
			return err
		}
	}
	return nil
}
