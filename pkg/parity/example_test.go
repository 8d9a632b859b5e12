package parity_test

import (
	"fmt"
	"strings"

	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
)

// Two logs in, a report out.
func Example() {
	ref, _ := trace.Read(strings.NewReader("TRACE_C: pixel_pos_meters -0.0384 0.0974 -0.2308\nTRACE_C: R_distance_meters 0.2534\n"), "c.log")
	got, _ := trace.Read(strings.NewReader("TRACE_PY: pixel_pos_meters -0.0384 0.0984 -0.2308\nTRACE_PY: R_distance_meters 0.2538\n"), "py.log")
	r := parity.CompareLogs(ref, got, parity.Options{})
	first := r.FirstRow()
	fmt.Println(r.Verdict, "at", first.Name(), first.Component, first.Got.Pos, first.Status)
	fmt.Println(len(r.Roots), "root")
	// Output:
	// DIVERGED at pixel_pos_meters y py.log:1 DIVERGENT
	// 1 root
}
