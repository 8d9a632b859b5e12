package parity_test

import (
	"context"
	"fmt"
	"strings"

	rules "simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
)

// Two logs in, a report out.
func Example() {
	ref := strings.NewReader("TRACE_C: pixel_pos_meters -0.0384 0.0974 -0.2308\nTRACE_C: R_distance_meters 0.253436\nTRACE_C: I_pixel_final 11\n")
	got := strings.NewReader("TRACE_PY: pixel_pos_meters -0.0384 0.0984 -0.2308\nTRACE_PY: R_distance_meters 0.253822\nTRACE_PY: I_pixel_final 11\n")
	opt := parity.DefaultOptions()
	opt.Rules = rules.Rules()
	opt.RefPath, opt.GotPath = "c.log", "py.log"
	r, err := parity.Readers(context.Background(), ref, got, opt)
	if err != nil {
		fmt.Println(err)
		return
	}
	first := r.FirstRow()
	fmt.Println(r.Verdict, "at", first.Name(), first.Component, first.Got.Pos(), first.Status)
	fmt.Println(r.Headline)
	fmt.Println(len(r.Roots), "root")
	// Output:
	// DIVERGED at pixel_pos_meters y py.log:1 DIVERGENT
	// first at pixel_pos_meters: 2 of 3 rows, 0 of 1 results, 1 pixel
	// 1 root
}
