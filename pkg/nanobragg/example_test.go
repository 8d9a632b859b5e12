package nanobragg_test

import (
	"fmt"
	"strings"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// A command line becomes an experiment: its flags are told apart, applied in order, and
// resolved. What a flag switches besides is a warning.
func ExampleBuilder() {
	ours, theirs, err := nanobragg.Split(strings.Fields("render --threads 2 -cell 70 80 90 75 85 95 -N 5 -default_F 100 -detpixels 64 -fdet_vector 1 0 0 -twotheta 5"), map[string]int{"threads": 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	b := nanobragg.NewBuilder(sim.ProfileSpec)
	if err := b.Apply(theirs); err != nil {
		fmt.Println(err)
		return
	}
	e, err := b.Prepare()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ours, len(theirs), "of nanoBragg's")
	fmt.Println(e.Geometry.Fast, "x", e.Geometry.Slow, "pixels, pivot", e.Geometry.Pivot)
	// Output:
	// [render --threads=2] 6 of nanoBragg's
	// 64 x 64 pixels, pivot sample
}
