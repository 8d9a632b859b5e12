package parity_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"simtrace/pkg/parity"
)

// Two streams in, a report out: with a name of the port's mapped to the
// reference's, a tolerance for one quantity, and a waiver for another.
func ExampleReaders() {
	ref := strings.NewReader("TRACE_C: R_distance_meters 0.2534\nTRACE_C: omega_pixel_sr 4.6e-07\nTRACE_C: F_latt -2.383\nTRACE_C: I_pixel_final 7\n")
	got := strings.NewReader("TRACE_PY: range_m 0.2535\nTRACE_PY: omega_pixel_sr 4.6001e-07\nTRACE_PY: F_latt 1.379\nTRACE_PY: I_pixel_final 7\n")

	tolerances, err := parity.ReadTolerances(strings.NewReader(
		"quantities:\n  omega_pixel_sr: {abs: 1e-10, rel: 1e-9, join: or}\n"), "tolerances.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	waivers, err := parity.ReadWaivers(strings.NewReader(
		"waivers:\n  - id: phi-zero\n    where: {key: F_latt}\n    abs: [3.7, 3.8]\n"+
			"    reason: the reference carries the cell over\n    expires: 2027-01-31\n"), "waivers.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := parity.Readers(context.Background(), ref, got, parity.Options{
		Tolerance: parity.DefaultTolerance,
		RefPath:   "c.log", GotPath: "py.log", Tolerances: tolerances, Waivers: waivers,
		Map:   []parity.Rename{{Old: "range_m", New: "R_distance_meters"}},
		Today: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	first := r.FirstRow()
	fmt.Println(r.Verdict, "at", first.Name(), first.Got.Pos(), "- would pass with", first.WouldPass())
	fmt.Println(r.Counts.Matched, "matched,", r.Counts.Diverged, "diverged,", r.Counts.Waived, "waived")
	// Output:
	// DIVERGED at R_distance_meters py.log:1 - would pass with rel 3.95e-04
	// 2 matched, 1 diverged, 1 waived
}
