package crmath

import (
	"math"
	"math/big"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"simtrace/internal/testkit"
)

// bound is the error that the package promises, in units in the last place.
const bound = 0.5001

// samples is how many random arguments each function is tried with; SIMTRACE_LONG
// in the environment makes it a million, which takes a minute.
func samples() int {
	switch {
	case testkit.Long():
		return 1_000_000
	case testing.Short():
		return 20_000
	}
	return 100_000
}

// judge computes f in high precision; the test fails where got is further from
// it than the bound.
type judge struct {
	name string
	got  func(x, y float64) float64
	want func(x, y, got float64) (errUlp float64)
	draw func(r *rand.Rand) (x, y float64)
}

func judges() []judge {
	angle := func(r *rand.Rand) (float64, float64) {
		x := math.Exp(r.Float64()*26-12) * sign(r) // 6e-6 to 1.2e6
		if r.IntN(4) == 0 {
			x = math.Pi * float64(r.IntN(300)) * r.Float64() // as in sin(pi N h)
		}
		return math.Min(x, 1e6), 0
	}
	return []judge{
		{"Sin", func(x, _ float64) float64 { return Sin(x) }, func(x, _, got float64) float64 {
			s, _ := bigSinCos(x)
			return ulps(got, s)
		}, angle},
		{"Cos", func(x, _ float64) float64 { return Cos(x) }, func(x, _, got float64) float64 {
			_, c := bigSinCos(x)
			return ulps(got, c)
		}, angle},
		{"Exp", func(x, _ float64) float64 { return Exp(x) }, func(x, _, got float64) float64 {
			return ulps(got, bigExp(x))
		}, func(r *rand.Rand) (float64, float64) {
			if r.IntN(2) == 0 {
				return r.Float64()*1400 - 700, 0
			}
			return math.Exp(r.Float64()*12-12) * sign(r), 0
		}},
		{"Atan2", Atan2, atanError, func(r *rand.Rand) (float64, float64) {
			return math.Exp(r.Float64()*20-10) * sign(r), math.Exp(r.Float64()*20-10) * sign(r)
		}},
	}
}

func sign(r *rand.Rand) float64 { return float64(2*r.IntN(2) - 1) }

func TestRandomArguments(t *testing.T) {
	for _, j := range judges() {
		t.Run(j.name, func(t *testing.T) {
			t.Parallel()
			var wg sync.WaitGroup
			workers := runtime.GOMAXPROCS(0)
			worst := make([]float64, workers)
			for w := range workers {
				wg.Go(func() {
					r := rand.New(rand.NewPCG(1, uint64(w)))
					for range samples() / workers {
						x, y := j.draw(r)
						got := j.got(x, y)
						e := j.want(x, y, got)
						if worst[w] = math.Max(worst[w], e); e > bound {
							t.Errorf("%s(%v, %v) = %v is off by %v ulp", j.name, x, y, got, e)
							return
						}
					}
				})
			}
			wg.Wait()
			most := 0.0
			for _, w := range worst {
				most = math.Max(most, w)
			}
			t.Logf("largest error of %d: %.6f ulp", samples(), most)
			if most < 0.49 {
				t.Errorf("largest error %v ulp is below what rounding alone gives: the judge is broken", most)
			}
		})
	}
}

// TestNearZeros goes where a sine or cosine nearly vanishes: the doubles next
// to multiples of pi/2, which lose the most in the reduction.
func TestNearZeros(t *testing.T) {
	check := func(x float64) {
		s, c := bigSinCos(x)
		if e := ulps(Sin(x), s); e > bound {
			t.Errorf("Sin(%x) is off by %v ulp", x, e)
		}
		if e := ulps(Cos(x), c); e > bound {
			t.Errorf("Cos(%x) is off by %v ulp", x, e)
		}
	}
	for k := 1; k <= 3000; k++ {
		n := k
		if k > 1500 {
			n = k * k / 15 // up to 600000
		}
		x, _ := new(big.Float).Quo(new(big.Float).Mul(fixedPi, big.NewFloat(float64(n))), big.NewFloat(2)).Float64()
		check(x)
		check(-math.Nextafter(x, 0))
		check(math.Nextafter(x, math.Inf(1)))
	}
	// The table's steps, and halves of them, where the nearest step changes.
	for k := -500; k <= 500; k++ {
		check(float64(k) * math.Pi / 128)
		check(float64(k) / stepsPerRadian)
	}
	for e := -60; e < 20; e++ {
		check(math.Ldexp(1, e))
		check(math.Ldexp(1.9999999999999998, e))
	}
}

func TestSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"Sin(0)", Sin(0), 0}, {"Sin(inf)", Sin(inf), nan}, {"Sin(nan)", Sin(nan), nan},
		{"Cos(0)", Cos(0), 1}, {"Cos(-inf)", Cos(-inf), nan},
		{"Exp(0)", Exp(0), 1}, {"Exp(-inf)", Exp(-inf), 0}, {"Exp(inf)", Exp(inf), inf}, {"Exp(710)", Exp(710), inf}, {"Exp(nan)", Exp(nan), nan},
		{"Exp(-745)", Exp(-745), math.Exp(-745)},
		{"Atan2(0,1)", Atan2(0, 1), 0}, {"Atan2(0,-1)", Atan2(0, -1), math.Pi}, {"Atan2(1,0)", Atan2(1, 0), math.Pi / 2}, {"Atan2(nan,1)", Atan2(nan, 1), nan},
	} {
		if c.got != c.want && !(math.IsNaN(c.got) && math.IsNaN(c.want)) {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	if !math.Signbit(Sin(math.Copysign(0, -1))) {
		t.Error("Sin(-0) is not -0")
	}
	if Sin(1e300) != math.Sin(1e300) {
		t.Error("Sin beyond its range is not math.Sin's")
	}
}

// TestSymmetry holds exactly, whatever the rounding.
func TestSymmetry(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 10_000 {
		x := (r.Float64() - 0.5) * 2000
		if Sin(-x) != -Sin(x) || Cos(-x) != Cos(x) {
			t.Fatalf("sine is not odd or cosine not even at %v", x)
		}
	}
}

var sink float64

func BenchmarkSin(b *testing.B) {
	x := 1.0
	for b.Loop() {
		x = Sin(x) + 3.1
	}
	sink = x
}

func BenchmarkExp(b *testing.B) {
	x := 1.0
	for b.Loop() {
		x = -Exp(x)
	}
	sink = x
}
