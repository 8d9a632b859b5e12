package imagecmp

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// The quantile is gonum's of the sorted values, for values of every kind of order.
func TestPercentile(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for name, value := range map[string]func(i, n int) float64{
		"random":     func(int, int) float64 { return r.Float64() },
		"few values": func(int, int) float64 { return float64(r.IntN(3)) },
		"equal":      func(int, int) float64 { return 7 },
		"rising":     func(i, _ int) float64 { return float64(i) },
		"falling":    func(i, _ int) float64 { return -float64(i) },
		"organ pipe": func(i, n int) float64 { return float64(min(i, n-i)) },
		"peaks":      func(i, _ int) float64 { return math.Pow(r.Float64(), 40) },
	} {
		for _, n := range []int{1, 2, 3, 9, 64, 65, 66, 1000, 7919} {
			v := make([]float64, n)
			for i := range v {
				v[i] = value(i, n)
			}
			sorted := slices.Clone(v)
			slices.Sort(sorted)
			for _, p := range []float64{1e-9, 0.1, 1, 25, 50, 99, 99.5, 99.99, 100} {
				want := stat.Quantile(p/100, stat.Empirical, sorted, nil)
				if got := percentile(context.Background(), slices.Clone(v), p); got != want {
					t.Errorf("%s: percentile %g of %d values is %g, want %g", name, p, n, got, want)
				}
			}
		}
	}
	if v := percentile(context.Background(), nil, 50); !math.IsNaN(v) {
		t.Errorf("the percentile of nothing is %g", v)
	}
}

// endingContext ends at a look at it.
type endingContext struct {
	context.Context
	looks atomic.Int64
	end   int64
}

func (c *endingContext) Err() error {
	if c.looks.Add(1) >= c.end {
		return context.Canceled
	}
	return nil
}

// Wherever a context ends, a comparison ends with its error; it is looked at for
// every few rows of the images.
func TestCompareEnds(t *testing.T) {
	ref, got := rough(512, 512, 1), rough(512, 512, 2)
	whole := &endingContext{Context: context.Background(), end: 1 << 60}
	if _, err := Compare(whole, ref, got, DefaultOptions()); err != nil {
		t.Fatal(err)
	}
	looks := whole.looks.Load()
	if least := int64(2 * 512 * 512 / lookEvery); looks < least {
		t.Errorf("%d looks at the context, want %d at least", looks, least)
	}
	for _, end := range []int64{1, 2, 3, looks / 3, looks / 2, looks - 2, looks - 1, looks} {
		ctx := &endingContext{Context: context.Background(), end: end}
		if rep, err := Compare(ctx, ref, got, DefaultOptions()); rep != nil || !errors.Is(err, context.Canceled) {
			t.Fatalf("ended at look %d of %d: %v", end, looks, err)
		}
	}
}

// The pixels that are listed are those of a full sort, with equal differences too.
func TestLargest(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	ref, got := rough(64, 64, 1), rough(64, 64, 1)
	for i := range got.Pix {
		got.Pix[i] += float64(r.IntN(50))
	}
	rep := compare(ref, got, DefaultOptions())
	delta := func(i int) float64 { return math.Abs(got.Pix[i] - ref.Pix[i]) }
	all := rep.largest(context.Background(), delta, 1<<30)
	slices.SortStableFunc(all, func(a, b int) int {
		switch {
		case delta(a) > delta(b):
			return -1
		case delta(a) < delta(b):
			return 1
		}
		return 0
	})
	for _, n := range []int{1, 10, 77, 1000, len(all) - 1, len(all)} {
		want := slices.Clone(all[:n])
		slices.Sort(want)
		if some := rep.largest(context.Background(), delta, n); !slices.Equal(some, want) {
			t.Errorf("the %d largest are not those of a sort", n)
		}
	}
}
