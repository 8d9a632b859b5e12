package fast

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"simtrace/pkg/sim/crmath"
)

// ulp is the distance of neighbouring float64 at x.
func ulp(x float64) float64 {
	x = math.Abs(x)
	return math.Nextafter(x, math.Inf(1)) - x
}

// worst is the largest error of f against a correctly rounded function, in
// units in the last place; both halves of an ulp that the latter may be off
// count.
func worst(n int, draw func(r *rand.Rand) float64, f, exact func(float64) float64) (most, at float64) {
	r := rand.New(rand.NewPCG(3, 3))
	for range n {
		x := draw(r)
		want := exact(x)
		if e := math.Abs(f(x)-want)/ulp(want) + 0.5; e > most {
			most, at = e, x
		}
	}
	return most, at
}

const drawn = 300_000

func within(t *testing.T, what string, bound float64, draw func(r *rand.Rand) float64, f, exact func(float64) float64) {
	t.Helper()
	most, at := worst(drawn, draw, f, exact)
	t.Logf("%s: %.3f ulp, at %v", what, most, at)
	if most > bound {
		t.Errorf("%s is off by %.3f ulp at %v, more than the %.1f that its comment states", what, most, at, bound)
	}
}

// TestFunctions holds what the comments say of the errors against the correctly
// rounded functions.
func TestFunctions(t *testing.T) {
	quarter := func(r *rand.Rand) float64 { return math.Pi / 2 * (2*r.Float64() - 1) }
	small := func(r *rand.Rand) float64 { return math.Ldexp(quarter(r), -r.IntN(60)) }
	within(t, "sin", 4, quarter, sinReduced, crmath.Sin)
	within(t, "sin of small arguments", 4, small, sinReduced, crmath.Sin)
	within(t, "exp", 5, func(r *rand.Rand) float64 { return 708 * (2*r.Float64() - 1) }, Exp, crmath.Exp)
	within(t, "exp of small arguments", 5, small, Exp, crmath.Exp)
	r := rand.New(rand.NewPCG(4, 4))
	for range drawn {
		// The cosine's error is absolute: it crosses zero.
		if x := quarter(r); math.Abs(cosReduced(x)-crmath.Cos(x)) > 2.5e-16 {
			t.Fatalf("cos(%v) is off by %v", x, cosReduced(x)-crmath.Cos(x))
		}
	}
}

// TestReduce holds the sine of a large argument, reduced as the kernels reduce
// it, against the correctly rounded one: also next to multiples of pi, where
// nearly all digits cancel.
func TestReduce(t *testing.T) {
	f := func(x float64) float64 {
		m := math.RoundToEven(x * InvPi)
		s := sinReduced(reduce(x, m))
		if math.Mod(m, 2) != 0 {
			s = -s
		}
		return s
	}
	within(t, "sin of large arguments", 4, func(r *rand.Rand) float64 { return 1e6 * (2*r.Float64() - 1) }, f, crmath.Sin)
	r := rand.New(rand.NewPCG(5, 5))
	for range drawn {
		m := float64(r.IntN(300000))
		x := math.Pi * m
		for range r.IntN(4) {
			x = math.Nextafter(x, math.Inf(1))
		}
		want := crmath.Sin(x)
		if off := math.Abs(f(x) - want); off > 4*ulp(want)+1e-32*m {
			t.Fatalf("sin(%v) is off by %v of %v", x, off, want)
		}
	}
}

// TestConstants: the two parts of pi and ln 2 add up to them.
func TestConstants(t *testing.T) {
	for _, c := range []struct {
		name, digits string
		hi, lo       float64
	}{
		{"pi", "3.14159265358979323846264338327950288419716939937510582097494459", PiHi, PiLo},
		{"ln 2", "0.693147180559945309417232121458176568075500134360255254120680009", Ln2Hi, Ln2Lo},
	} {
		want, _, err := big.ParseFloat(c.digits, 10, 300, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		sum := new(big.Float).SetPrec(300).Add(big.NewFloat(c.hi), big.NewFloat(c.lo))
		off, _ := sum.Sub(sum, want).Float64()
		if math.Abs(off) > 1e-32 {
			t.Errorf("%s is off by %v", c.name, off)
		}
	}
}
