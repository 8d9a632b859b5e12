package sim

import (
	"math"
	"math/rand/v2"
	"testing"

	"simtrace/pkg/sim/fast"
)

// racedConfig draws an experiment that the fast engine computes, from all that
// it may meet.
func racedConfig(r *rand.Rand) Config {
	c := randomConfig(r)
	if c.Sampling.OversampleThick = r.IntN(4) == 0; c.Profile.SumByPhi {
		c.Sampling.OversampleThick, c.Sampling.OversamplePolar, c.Sampling.OversampleOmega = false, false, false
	}
	if c.Dtype = Float64; r.IntN(4) == 0 {
		c.Dtype = Float32
	}
	if r.IntN(3) == 0 {
		c.Crystal.F = randomGrid(r)
		c.Crystal.Interpolate = []Interpolation{InterpolateOn, InterpolateOff, InterpolateAuto}[r.IntN(3)]
	}
	c.Profile.LayerLast, c.Profile.MillerSingle = false, false
	if c.Profile.CaptureKeep == KeepCentre {
		c.Profile.CaptureKeep = KeepLast
	}
	if c.Profile.Water == WaterAfter {
		c.Profile.Water = WaterAdded
	}
	if late := c.Profile.PolarKeep; late == KeepCentre || late == KeepEvery || (c.Crystal.Shape != Square || c.Profile.AlwaysGauss) && (late == KeepFinal || late == KeepLastLit) {
		c.Profile.PolarKeep = KeepLast
	}
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 1+r.IntN(300), 1+r.IntN(12)
	c.Detector.Curved, c.Detector.PointPixel = r.IntN(6) == 0, r.IntN(6) == 0
	c.Crystal.DminA = []float64{0, 0, 0, 2, 4}[r.IntN(5)]
	c.Beam.WaterUM = []float64{0, 100}[r.IntN(2)]
	c.Detector.ThickSteps = []int{-1, 3}[r.IntN(2)]
	if r.IntN(3) == 0 {
		c.Crystal.Cells = [3]float64{10 + float64(r.IntN(90)), 10 + float64(r.IntN(90)), 10 + float64(r.IntN(90))}
	}
	if r.IntN(6) == 0 {
		c.Crystal.Cells, c.Crystal.Shape = [3]float64{1, 1, 1}, Square
	}
	if r.IntN(4) == 0 {
		c.Sampling.ROI = [4]int{r.IntN(c.Detector.PixelsFast), -1, r.IntN(c.Detector.PixelsSlow), -1}
	}
	if r.IntN(4) == 0 {
		m := make([]uint16, c.Detector.PixelsFast*c.Detector.PixelsSlow)
		for i := range m {
			m[i] = uint16(r.IntN(3))
		}
		c.Sampling.Mask = m
	}
	// Some habits are the exact engine's, in single precision, where a list of one
	// plane is interpolated, or with a shape that the profile has; see TestChooseEngine.
	for _, give := range []func(){func() { c.Dtype = Float64 }, func() { c.Crystal.Interpolate = InterpolateOff }, func() { c.Profile.PolarKeep = KeepLast }} {
		if e, err := Prepare(c); err == nil && e.onlyExact() != "" {
			give()
		}
	}
	return c
}

// figures of a fast image against the exact one.
type raced struct{ pixels, other, beyond, exactly int }

// against counts the pixels that differ, and those beyond the bound of the
// fast engine: one ulp, or 1e-15 of the brightest where a pixel is fainter than
// 1e-9 of it.
func (f *raced) against(image, exact []float32) {
	max := 0.0
	for _, v := range exact {
		max = math.Max(max, float64(v))
	}
	for i, want := range exact {
		if want == 0 && image[i] == 0 {
			continue // most of them were not computed
		}
		f.pixels++
		got := image[i]
		if math.Float32bits(got) == math.Float32bits(want) || got == 0 && want == 0 {
			continue
		}
		f.other++
		near := ulps(got, want) <= 1
		if float64(want) <= 1e-9*max {
			near = math.Abs(float64(got)-float64(want)) <= 1e-15*max
		}
		if !near {
			f.beyond++
		}
	}
}

// TestFastEngine holds the fast engine against the exact one, every kernel on
// experiments of its own.
func TestFastEngine(t *testing.T) {
	n := 150
	if testing.Short() {
		n = 40
	}
	for _, k := range fast.All() {
		t.Run(k.Name, func(t *testing.T) {
			var sum raced
			uncut := 0
			for i := range n {
				r := rand.New(rand.NewPCG(uint64(i), 5))
				c := racedConfig(r)
				e := mustPrepare(t, c)
				exact := render(t, e, Options{})
				var run Run
				image := render(t, e, Options{Engine: EngineFast, Kernels: k.Name, Run: &run, Threads: 1 + r.IntN(3)})
				if run.Engine != EngineFast || run.Kernels != k.Name {
					t.Fatalf("experiment %d was rendered by %+v", i, run)
				}
				var own raced
				own.against(image, exact)
				if own.beyond > 0 {
					t.Errorf("experiment %d, %v: %d of %d pixels beyond the bound", i, c.Crystal.Shape, own.beyond, own.pixels)
				}
				sum.pixels += own.pixels
				sum.other += own.other
				if e.Dmin == 0 { // what the resolution limit cuts is the exact engine's
					sum.exactly, uncut = sum.exactly+run.Exactly, uncut+own.pixels
				}
			}
			t.Logf("%d of %d pixels differ; of %d, %d were the exact engine's", sum.other, sum.pixels, uncut, sum.exactly)
			if sum.exactly*20 > uncut {
				t.Errorf("%d of %d pixels were left to the exact engine: what is compared with it is itself", sum.exactly, uncut)
			}
			if sum.other*1000 > sum.pixels {
				t.Errorf("%d of %d pixels differ, more than one in a thousand", sum.other, sum.pixels)
			}
		})
	}
}

// TestFastEngineLarge: a large crystal far from the detector, where the
// arguments of the sines are large.
func TestFastEngineLarge(t *testing.T) {
	c := benchConfig()
	for _, row := range []int{0, 1263, 2000} {
		c.Sampling.ROI = [4]int{-1, -1, row, row + 7}
		e := mustPrepare(t, c)
		exact := render(t, e, Options{})
		for _, k := range fast.All() {
			var f raced
			f.against(render(t, e, Options{Engine: EngineFast, Kernels: k.Name}), exact)
			if f.beyond > 0 || f.other*1000 > f.pixels {
				t.Errorf("%s, from row %d: of %d pixels %d differ, %d beyond the bound", k.Name, row, f.pixels, f.other, f.beyond)
			}
			t.Logf("%s: %d pixels, %d differ", k.Name, f.pixels, f.other)
		}
	}
}
