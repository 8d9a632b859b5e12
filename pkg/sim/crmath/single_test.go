package crmath

import (
	"math"
	"slices"
	"sync"
	"testing"

	"simtrace/internal/testkit"
)

// TestRoundedTwice: which results, of all float32 arguments up to 1e6, end
// exactly half way between two float32 numbers. Only there can rounding them
// to float32 go another way than rounding the true value would.
func TestRoundedTwice(t *testing.T) {
	lo, hi := math.Float32bits(1000), math.Float32bits(10000)
	if testkit.Long() {
		lo, hi = 0, math.Float32bits(1e6) // minutes
	} else if testing.Short() {
		lo, hi = math.Float32bits(9800), math.Float32bits(9900)
	}
	var mu sync.Mutex
	var found []float32
	var wg sync.WaitGroup
	const parts = 8
	for part := range uint32(parts) {
		wg.Go(func() {
			for b := lo + part; b <= hi; b += parts {
				x := math.Float32frombits(b)
				for _, v := range []float64{Sin(float64(x)), Cos(float64(x)), Exp(float64(x)), Exp(-float64(x))} {
					if halfway(v) {
						mu.Lock()
						found = append(found, x)
						mu.Unlock()
					}
				}
			}
		})
	}
	wg.Wait()
	if want := []float32{9830.3984375}; !slices.Equal(found, want) {
		t.Errorf("half way at %v, documented at %v", found, want)
	}
}

// halfway reports whether v lies exactly between two neighbouring float32
// numbers.
func halfway(v float64) bool {
	if math.Abs(v) < 0x1p-126 { // subnormal numbers are 2^-149 apart
		n := math.Abs(v) * 0x1p149
		return n-math.Floor(n) == 0.5
	}
	return math.Float64bits(v)&(1<<29-1) == 1<<28
}
