package sim

import (
	"math"
	"math/rand/v2"
	"testing"

	"simtrace/pkg/sim/fast"
)

func noisy(t *testing.T, change func(c *Config)) *Experiment {
	t.Helper()
	c := DefaultConfig()
	c.Crystal.Cell = &[6]float64{100, 100, 100, 90, 90, 90}
	c.Crystal.DefaultF = 100
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 8, 8
	if change != nil {
		change(&c)
	}
	e, err := Prepare(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestPoisson: mean and variance of the counts are the mean asked for, within
// five standard deviations of what so many draws give, on both sides of the
// places where the method changes.
func TestPoisson(t *testing.T) {
	const draws = 20_000
	e := noisy(t, nil)
	for _, mean := range []float32{0.01, 0.5, 11.99, 12, 30, 5000, 2e6} {
		n := e.NewNoise(7)
		sum, sqr := 0.0, 0.0
		for range draws {
			v := float64(n.Poisson(mean))
			if mean <= 1e6 && (v < 0 || v != math.Trunc(v)) {
				t.Fatalf("mean %g: %g photons", mean, v)
			}
			sum += v
			sqr += (v - float64(mean)) * (v - float64(mean))
		}
		m := float64(mean)
		if d, sigma := sum/draws-m, math.Sqrt(m/draws); math.Abs(d) > 5*sigma {
			t.Errorf("mean %g: the counts' is off by %g, %g sigma", mean, d, d/sigma)
		}
		// The variance of (v-m)^2 is m + 2 m^2 for a Poisson deviate.
		if d, sigma := sqr/draws-m, math.Sqrt((m+2*m*m)/draws); math.Abs(d) > 5*sigma {
			t.Errorf("mean %g: the variance is off by %g, %g sigma", mean, d, d/sigma)
		}
	}
	n := e.NewNoise(7)
	for range 1000 {
		if v := n.Poisson(0); v != 0 {
			t.Fatalf("%g photons where none are", v)
		}
	}
}

// TestPoissonStops: numbers that are no mean end, whatever they give.
func TestPoissonStops(t *testing.T) {
	n := noisy(t, nil).NewNoise(1)
	for _, mean := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -5, math.MaxFloat32} {
		n.Poisson(float32(mean))
	}
}

func first(n *Noise) [8]float32 {
	var out [8]float32
	for i := range out {
		out[i] = n.Poisson(100)
	}
	return out
}

// TestNoiseSeeds: a positive seed starts afresh; a negative one goes on with
// what the mosaic domains left.
func TestNoiseSeeds(t *testing.T) {
	a := noisy(t, nil)
	b := noisy(t, func(c *Config) { c.Crystal.MosaicSeed = 5 })
	if first(a.NewNoise(3)) != first(b.NewNoise(3)) {
		t.Error("a positive seed depends on the mosaic seed")
	}
	if first(a.NewNoise(3)) == first(a.NewNoise(4)) {
		t.Error("two seeds give the same noise")
	}
	if first(a.NewNoise(-3)) == first(b.NewNoise(-3)) {
		t.Error("a negative seed does not go on with the mosaic domains' draws")
	}
}

// TestOmegaSum: the solid angle of a square detector facing the crystal is
// known in closed form (4 arctan(a b/(d sqrt(a^2+b^2+d^2))) for half edges a and
// b). The midpoint rule with steps of 1/40 of the edge is off by a fraction of
// (1/40)^2 = 6e-4.
func TestOmegaSum(t *testing.T) {
	for _, oversample := range []int{1, 2} {
		e := noisy(t, func(c *Config) {
			c.Detector.Convention = XDS
			c.Detector.PixelsFast, c.Detector.PixelsSlow = 40, 40
			c.Detector.PixelMM, c.Detector.DistanceMM = 1, 30
			c.Sampling.Oversample = oversample
		})
		a, d := 0.02, 0.03
		want := 4 * math.Atan(a*a/(d*math.Sqrt(2*a*a+d*d)))
		if got := e.OmegaSum() / float64(e.Steps); math.Abs(got-want) > 2e-4*want {
			t.Errorf("oversample %d: %g steradian, %g are true", oversample, got, want)
		}
	}
}

// TestStatistics against figures that are easy to see, with a mask and a
// region.
func TestStatistics(t *testing.T) {
	e := noisy(t, func(c *Config) {
		c.Sampling.ROI = [4]int{1, 2, 0, 1}
		c.Sampling.Mask = make([]uint16, 64)
		for i := range c.Sampling.Mask {
			c.Sampling.Mask[i] = 1
		}
		c.Sampling.Mask[9] = 0
		c.Sampling.Oversample = 2
	})
	image := make([]float32, 64)
	image[1], image[2], image[10] = 3, 5, 5
	image[40] = 99 // outside the region
	s := e.Statistics(image)
	px := e.Geometry.PixelSize
	if s.Pixels != 3 || s.Max != 5 || s.MaxPixel != (Pixel{0, 2}) {
		t.Errorf("%d pixels, the brightest %g at %v", s.Pixels, s.Max, s.MaxPixel)
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"fast", s.MaxFast, 2.75 * px}, {"slow", s.MaxSlow, 0.75 * px}, {"mean", s.Mean, 13.0 / 3}, {"rms", s.RMS, math.Sqrt(59.0 / 2)},
		// The masked pixel counts here, as zero.
		{"rmsd", s.RMSD, math.Sqrt((16.0/9 + 4.0/9 + 4.0/9 + 169.0/9) / 3)},
	} {
		if math.Abs(c.got-c.want) > 1e-12*c.want {
			t.Errorf("%s = %g, want %g", c.name, c.got, c.want)
		}
	}
}

// TestRoundedExp: the quick exponential rounds to the same single.
func TestRoundedExp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	for range 300_000 {
		x := -12 * r.Float64()
		if got, want := roundedExp(x, fast.Exp(x)), float32(exp(x)); got != want {
			t.Fatalf("exp(%v) is %v, want %v", x, got, want)
		}
	}
	for _, x := range []float64{0, math.Copysign(0, -1), 1, -750, 750, math.NaN(), math.Inf(-1)} {
		if got, want := roundedExp(x, fast.Exp(x)), float32(exp(x)); got != want && !(got != got && want != want) {
			t.Errorf("exp(%v) is %v, want %v", x, got, want)
		}
	}
}
