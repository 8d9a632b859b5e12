package trace

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"simtrace/internal/testkit"
)

// TestFloatText: what is printed by one multiplication is what the standard library
// prints, for numbers of all kinds: few digits and many, halves of the last digit, next
// to powers of ten, and any bits.
func TestFloatText(t *testing.T) {
	testkit.NotUnderRace(t)
	r := rand.New(rand.NewPCG(3, 5))
	quick := 0
	check := func(v float64) {
		t.Helper()
		if _, ok := round15(v); ok {
			quick++
		}
		if got, want := string(appendFloat([]byte("x="), v)), "x="+FormatFloat(v); got != want {
			t.Fatalf("%x prints as %q, not %q", math.Float64bits(v), got, want)
		}
	}
	for x := -60; x <= 60; x++ {
		near := math.Pow(10, float64(x))
		for _, v := range []float64{near, 2 * near, 5 * near, 9 * near} {
			for ulp := range uint64(8) {
				check(math.Float64frombits(math.Float64bits(v) - 4 + ulp))
			}
		}
	}
	const n = 1_000_000
	quick = 0
	for range n {
		check(math.Ldexp(r.Float64()-0.5, r.IntN(140)-45))
	}
	if quick < n*99/100 {
		t.Errorf("%d of %d numbers are left to the standard library", n-quick, n)
	}
	for range n {
		check(drawNumber(r))
		check(float64(r.IntN(1<<r.IntN(31))) * math.Pow(10, float64(-r.IntN(12))))
		check((float64(r.Int64N(1e15)) + 0.5) / math.Pow(10, float64(r.IntN(20)))) // half of the last digit, or next to it
		check(float64(r.Int64N(1<<53)) / float64(uint64(1)<<r.IntN(60)))
	}
}

// TestTens holds the powers of ten against long integers.
func TestTens(t *testing.T) {
	for i, got := range tens {
		p := i + leastTen
		exact := new(big.Float).SetPrec(300).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(p, -p))), nil))
		if p < 0 {
			exact.Quo(big.NewFloat(1).SetPrec(300), exact)
		}
		e := exact.MantExp(nil) - 1
		want, _ := exact.SetMantExp(exact, 63-e).Uint64()
		if got != want || binaryOfTen(p) != e {
			t.Errorf("10^%d is %x 2^%d, want %x 2^%d", p, got, binaryOfTen(p), want, e)
		}
	}
}

func BenchmarkFloatText(b *testing.B) {
	r := rand.New(rand.NewPCG(4, 5))
	var v [1024]float64
	for i := range v {
		v[i] = r.NormFloat64() * math.Pow(10, float64(r.IntN(6)))
	}
	text := make([]byte, 0, 64)
	for i := 0; b.Loop(); i++ {
		text = appendFloat(text[:0], v[i%len(v)])
	}
}
