package sim

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestFMA32: one rounding, against exact arithmetic, also where two would differ.
func TestFMA32(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200000 {
		a, b := float32(r.NormFloat64()), float32(r.NormFloat64())
		c := float32(r.NormFloat64() * math.Exp2(float64(r.IntN(80)-40)))
		if r.IntN(3) == 0 {
			c = -float32(a * b) // what is left is the product's rounding error
		}
		exact := new(big.Float).SetPrec(400).Mul(big.NewFloat(float64(a)), big.NewFloat(float64(b)))
		exact.Add(exact, big.NewFloat(float64(c)))
		want, _ := exact.Float32()
		if got := fma32(a, b, c); got != want {
			t.Fatalf("%v*%v + %v = %v, not %v", a, b, c, got, want)
		}
	}
}

// TestPairs: the operations of pairs are good to 44 bits.
func TestPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	near := func(name string, got pair, want float64) {
		t.Helper()
		if v := float64(got.hi) + float64(got.lo); !(math.Abs(v-want) <= 0x1p-44*math.Abs(want)) {
			t.Fatalf("%s is %.17g, not %.17g", name, v, want)
		}
	}
	for range 20000 {
		x, y := 0.1+r.Float64(), 0.1+r.Float64()
		a, b := pairOf(x), pairOf(y)
		x, y = float64(a.hi)+float64(a.lo), float64(b.hi)+float64(b.lo)
		near("a sum", a.add(b), x+y)
		near("a product", a.mul(b), x*y)
		near("a quotient", a.div(b), x/y)
		near("a root", a.sqrt(), math.Sqrt(x))
		near("a product with a single", a.mulSingle(b.hi), x*float64(b.hi))
		s, c := a.sinCos()
		if d := math.Abs(float64(s.hi) + float64(s.lo) - math.Sin(x)); d > 1e-7 {
			t.Fatalf("the sine of %v is off by %g", x, d)
		}
		if d := math.Abs(float64(c.hi) + float64(c.lo) - math.Cos(x)); d > 1e-7 {
			t.Fatalf("the cosine of %v is off by %g", x, d)
		}
	}
}

// TestLibm32: the functions are within a unit in the last place of the correctly rounded
// ones, over all ways through them.
func TestLibm32(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 200000 {
		x := float32((2*r.Float64() - 1) * math.Exp2(float64(r.IntN(40)-30)))
		y := float32((2*r.Float64() - 1) * math.Exp2(float64(r.IntN(40)-30)))
		for name, v := range map[string][2]float32{
			"sin": {sin32(x), float32(math.Sin(float64(x)))}, "cos": {cos32(x), float32(math.Cos(float64(x)))},
			"exp":   {exp32(-abs32(x)), float32(math.Exp(-float64(abs32(x))))},
			"atan2": {atan2of32(y, x), float32(math.Atan2(float64(y), float64(x)))},
		} {
			if v[0] != v[1] && ulps(v[0], v[1]) > 2 && v[1] > 1e-37 {
				t.Fatalf("%s of %v, %v is %v, not %v", name, x, y, v[0], v[1])
			}
		}
	}
}

// TestArithNeedsItsProfile: another program's arithmetic goes with its habits alone.
func TestArithNeedsItsProfile(t *testing.T) {
	c := base()
	for _, change := range []func(p *Profile){func(p *Profile) { *p = ProfileSpec }, func(p *Profile) { p.Water = WaterNone }} {
		c.Profile, _ = ProfileByName("bl831-cuda")
		change(&c.Profile)
		_, err := mustPrepare(t, c).RenderArith(context.Background(), ArithBl831DF64, Options{})
		if err == nil || !strings.Contains(err.Error(), "is that of profile bl831-cuda") {
			t.Errorf("error is %v", err)
		}
	}
}

// TestArithIsNear: double-float differs from float64 by what float32 behind the Miller
// index does, single precision by more.
func TestArithIsNear(t *testing.T) {
	c := base()
	c.Profile, _ = ProfileByName("bl831-cuda")
	c.Beam.Polarization, c.Detector.Curved, c.Crystal.Shape = 0.9, true, Round
	e := mustPrepare(t, c)
	want := render(t, e, Options{})
	peak := float64(0)
	for _, v := range want {
		peak = max(peak, float64(v))
	}
	for a, bound := range map[Arith]float64{ArithBl831DF64: 2e-6, ArithBl831Single: 1e-3} {
		got, err := e.RenderArith(context.Background(), a, Options{})
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for i := range want {
			worst = max(worst, math.Abs(float64(got[i])-float64(want[i]))/peak)
		}
		if worst > bound || worst == 0 {
			t.Errorf("%s is off by %g of the peak", a, worst)
		}
	}
}

// TestArithUnknown: a reflection that the embedded window leaves out is an error of
// another program's arithmetic, too, never a zero.
func TestArithUnknown(t *testing.T) {
	c := base()
	g, err := NewFWindow([3]int{-40, -40, -40}, [3]int{40, 40, 40}, [3]int{30, 30, 30}, [3]int{31, 31, 31}, "no more")
	if err != nil {
		t.Fatal(err)
	}
	g.Count = 1000
	c.Profile, _ = ProfileByName("bl831-cuda")
	c.Crystal.F, c.Crystal.Interpolate = g, InterpolateOff
	for _, a := range []Arith{ArithBl831DF64, ArithBl831Single} {
		image, err := mustPrepare(t, c).RenderArith(context.Background(), a, Options{})
		if err == nil || !strings.Contains(err.Error(), "is not among those at hand: no more") || image != nil {
			t.Errorf("%s: %d pixels, %v", a, len(image), err)
		}
	}
}

// TestArithInterrupted: a rendering that is ended returns no image.
func TestArithInterrupted(t *testing.T) {
	c := base()
	c.Profile, _ = ProfileByName("bl831-cuda")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if image, err := mustPrepare(t, c).RenderArith(ctx, ArithBl831DF64, Options{}); err == nil || image != nil {
		t.Errorf("%d pixels, %v", len(image), err)
	}
}
