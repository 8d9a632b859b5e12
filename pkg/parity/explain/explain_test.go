package explain

import (
	"math"
	"strings"
	"testing"
)

func TestRulesAreDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if r.ID == "" || r.Title == "" || r.Text == "" || r.Example == "" || r.Find == nil {
			t.Errorf("rule %q lacks something", r.ID)
		}
		if seen[r.ID] {
			t.Errorf("two rules are called %s", r.ID)
		}
		seen[r.ID] = true
		for _, part := range []string{"How it shows:", "How to check:"} {
			if !strings.Contains(r.Text, part) {
				t.Errorf("%s does not tell: %s", r.ID, part)
			}
		}
		if got, ok := ByID(r.ID); !ok || got.Title != r.Title {
			t.Errorf("ByID(%s) finds another", r.ID)
		}
	}
}

func TestConfidenceGrowsAndStaysBelowOne(t *testing.T) {
	for n := 0; n < 20; n++ {
		if a, b := confidence(n), confidence(n+1); !(a < b && b < 1) {
			t.Errorf("confidence(%d) = %g, confidence(%d) = %g", n, a, n+1, b)
		}
	}
}

// sincg against the sum that it is the closed form of: sum over cells of
// cos(2 pi h (j - (n-1)/2)).
func TestSincg(t *testing.T) {
	for _, n := range []int{1, 2, 5, 36, 47} {
		for _, h := range []float64{-6.8795206024501, -0.607255839576692, 0.1, 2.5, 3.0001} {
			want := 0.0
			for j := range n {
				want += math.Cos(2 * math.Pi * h * (float64(j) - float64(n-1)/2))
			}
			// The sum of n terms loses n roundings of arguments up to 2 pi h n.
			if got := sincg(n, h); math.Abs(got-want) > 1e-13*float64(n*n)*(1+math.Abs(h)) {
				t.Errorf("sincg(%d, %g) = %.15g, the sum gives %.15g", n, h, got, want)
			}
		}
	}
	for _, n := range []int{4, 5} {
		for _, h := range []float64{-3, 0, 2} {
			if got, near := sincg(n, h), sincg(n, h+1e-7); math.Abs(got-near) > 1e-6 {
				t.Errorf("sincg(%d, %g) = %g, and %g beside it", n, h, got, near)
			}
		}
	}
}

func TestCellsAreFoundOrNot(t *testing.T) {
	// Figures of a recorded trace: 36 x 47 x 29 cells.
	for _, c := range []struct {
		h, f float64
		want int
	}{{-6.8795206024501, -2.36012735995387, 36}, {-0.607255839576692, 1.05079664302326, 47}, {-13.766298525469, 0.960961003611676, 29}} {
		if n, ok := cells([]float64{c.h}, []float64{c.f}); !ok || n != c.want {
			t.Errorf("cells(%g, %g) = %d %v, want %d", c.h, c.f, n, ok, c.want)
		}
	}
	if n, ok := cells([]float64{0.25}, []float64{sincg(5, 0.25)}); ok {
		t.Errorf("h = 1/4 repeats every 8 cells, and %d was taken", n)
	}
	if _, ok := cells([]float64{0.3}, []float64{0.123456}); ok {
		t.Error("a number of cells was found for a factor that no number gives")
	}
}

func TestDualityOfADual(t *testing.T) {
	v := []Vec{{-14.3562690335399, -21.8717928453817, -5.58202083498661}, {-11.4986968432508, 0.717320030990266, -29.1132147806318}, {21.0699500320179, -24.3892962470766, -9.75265166505327}}
	if d := duality(v, dual(v)); d > 1e-14 {
		t.Errorf("a cell and its dual are off by %g", d)
	}
	if d := duality(v, []Vec{{1}, {0, 1}, {0, 0, 1}}); d < 1 {
		t.Errorf("a cell and something else pass for duals: %g", d)
	}
}
