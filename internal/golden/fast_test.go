package golden

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"simtrace/pkg/sim"
	"simtrace/pkg/sim/fast"
)

// TestFastParity holds the fast engine's images against the recorded ones, with
// every kernel that this processor has: at least 999 of 1000 pixels the same,
// the others within one ulp, or within 1e-15 of the brightest where a pixel is
// fainter than 1e-9 of it.
func TestFastParity(t *testing.T) {
	total, same := map[string]int{}, map[string]int{}
	for _, dir := range folders {
		cases, err := Cases(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(cases) == 0 {
			t.Logf("SKIPPED: %s is not here", dir)
		}
		for _, c := range cases {
			t.Run(filepath.Base(dir)+"/"+c.Name, func(t *testing.T) { fastParity(t, c, total, same) })
		}
	}
	for name, n := range total {
		t.Logf("%s: %d of %d pixels are the recorded ones", name, same[name], n)
		if (n-same[name])*1000 > n {
			t.Errorf("%s: %d of %d pixels are not the recorded ones", name, n-same[name], n)
		}
	}
}

func fastParity(t *testing.T, c Case, total, same map[string]int) {
	want, err := c.Image()
	if err != nil {
		t.Fatal(err)
	}
	if want == nil {
		t.Skip("no image was recorded")
	}
	e, err := c.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range fast.All() {
		var run sim.Run
		got, err := e.Render(context.Background(), sim.Options{Engine: sim.EngineFast, Kernels: k.Name, Run: &run})
		if err != nil {
			t.Skip(err) // says why this image is the exact engine's
		}
		if run.Engine != sim.EngineFast || run.Kernels != k.Name {
			t.Fatalf("%s: rendered by %+v", k.Name, run)
		}
		p := ComparePixels(want, got)
		total[k.Name], same[k.Name] = total[k.Name]+p.Total, same[k.Name]+p.Same
		if n := beyond(want, got); n > 0 {
			t.Errorf("%s: %d pixels beyond the bound, worst %d ulp", k.Name, n, p.WorstULP)
		}
	}
}

// beyond counts the pixels outside the fast engine's bound.
func beyond(want, got []float32) (n int) {
	brightest := 0.0
	for _, v := range want {
		brightest = math.Max(brightest, float64(v))
	}
	for i := range want {
		a, b := float64(want[i]), float64(got[i])
		near := ulps(want[i], got[i]) <= 1
		if a <= 1e-9*brightest {
			near = math.Abs(a-b) <= 1e-15*brightest
		}
		if !near {
			n++
		}
	}
	return n
}
