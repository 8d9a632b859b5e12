package imagecmp_test

import (
	"context"
	"fmt"

	"simtrace/pkg/parity/imagecmp"
)

// Two images in memory; Read takes them from files.
func ExampleCompare() {
	shape := imagecmp.Shape{Slow: 2, Fast: 3}
	ref := imagecmp.FromFloat32("ref", shape, []float32{0, 1, 2, 3, 4, 5})
	got := imagecmp.FromFloat32("got", shape, []float32{0, 1, 2, 3, 4, 5.5})

	r, err := imagecmp.Compare(context.Background(), ref, got, imagecmp.DefaultOptions())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Verdict, r.Counts.Beyond, "of", r.Counts.Compared, "pixels")
	fmt.Printf("largest difference %g at slow %d fast %d\n", r.MaxAbs.Delta(), r.MaxAbs.Slow, r.MaxAbs.Fast)
	// Output:
	// DIVERGED 1 of 6 pixels
	// largest difference 0.5 at slow 1 fast 2
}
