package crmath

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestQuick: the quick way gives the accurate way's bits, everywhere. Were its
// error bound too small, some arguments near the middle of two doubles would
// come out on the other side.
func TestQuick(t *testing.T) {
	n := 4_000_000
	if testing.Short() {
		n = 400_000
	}
	r := rand.New(rand.NewPCG(3, 5))
	for i := range n {
		var x float64
		switch i % 4 {
		case 0: // as in sin(pi N h)
			x = math.Pi * (r.Float64() - 0.5) * float64(1+r.IntN(3000))
		case 1: // all sizes, into the accurate way's own range
			x = math.Exp(r.Float64()*34-20) * sign(r)
		case 2: // next to zeros and the table's angles, at any distance
			x = float64(r.IntN(4000)-2000)*math.Pi/128 + math.Exp(-30*r.Float64())*sign(r)
		default: // the edges of the steps
			x = (float64(r.IntN(200_000)-100_000) + 0.5) * math.Pi / 128
			x += float64(r.IntN(9)-4) * ulp(x)
		}
		if got, want := Sin(x), accurateSin(x); math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("Sin(%x) = %x, and %x the accurate way", x, got, want)
		}
		if got, want := Cos(x), accurateCos(x); math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("Cos(%x) = %x, and %x the accurate way", x, got, want)
		}
	}
}
