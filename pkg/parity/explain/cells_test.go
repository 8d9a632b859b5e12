package explain

import (
	"math/rand/v2"
	"testing"
)

// TestCellsIsNotTooQuick: the number of cells is found with the quick look as
// without it, for indices of all sizes and next to whole ones, true factors and
// others.
func TestCellsIsNotTooQuick(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	found := 0
	for range 400 {
		n := 1 + r.IntN(maxCells)
		h := []float64{float64(r.IntN(60)-30) + []float64{r.Float64(), 1e-3 * r.Float64(), 1e-7 * r.Float64(), 0}[r.IntN(4)]}
		f := []float64{sincg(n, h[0])}
		if r.IntN(2) == 0 {
			h = append(h, h[0]+0.01*r.Float64())
			f = append(f, sincg(n, h[1]))
		}
		f[0] *= []float64{1, 1 + 3e-8, 1.001}[r.IntN(3)]
		got, ok := cells(h, f)
		want, count := 0, 0
		for try := 1; try <= maxCells; try++ {
			if fits(try, h, f) {
				want, count = try, count+1
			}
		}
		if count != 1 {
			want = 0
		}
		if got != want || ok != (count == 1) {
			t.Fatalf("h %v, F %v: %d cells, %v; one by one %d, %d of which fit", h, f, got, ok, want, count)
		}
		if ok {
			found++
		}
	}
	if found < 50 {
		t.Errorf("only %d of 400 were found at all", found)
	}
}
