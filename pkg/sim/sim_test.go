package sim

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

// base is a small experiment with something of everything that a pixel passes.
func base() Config {
	c := DefaultConfig()
	c.Crystal.Cell = &[6]float64{70, 80, 90, 75, 85, 95}
	c.Crystal.Cells = [3]float64{7, 5, 3}
	c.Crystal.DefaultF = 100
	c.Crystal.MosaicDeg, c.Crystal.Domains = 0.3, 3
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 24, 20
	c.Rotation = RotationConfig{PhiDeg: 0, OscDeg: 1, PhistepDeg: -1, Phisteps: 4}
	c.Sampling.Oversample = 2
	return c
}

func mustPrepare(t testing.TB, c Config) *Experiment {
	t.Helper()
	e, err := Prepare(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func render(t testing.TB, e *Experiment, opt Options) []float32 {
	t.Helper()
	image, err := e.Render(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// randomConfig draws an experiment from the corners of the option space.
func randomConfig(r *rand.Rand) Config {
	c := base()
	conv := []Convention{Custom, Adxv, Mosflm, XDS, Dials, Denzo}
	c.Detector.Convention = conv[r.IntN(len(conv))]
	c.Detector.Pivot = Pivot(r.IntN(2))
	c.Detector.DistanceMM = 50 + 100*r.Float64()
	c.Detector.RotDeg = [3]float64{10 * r.NormFloat64(), 10 * r.NormFloat64(), 10 * r.NormFloat64()}
	c.Detector.TwothetaDeg = 10 * r.NormFloat64()
	c.Crystal.Cell = &[6]float64{40 + 60*r.Float64(), 40 + 60*r.Float64(), 40 + 60*r.Float64(), 70 + 40*r.Float64(), 70 + 40*r.Float64(), 70 + 40*r.Float64()}
	c.Crystal.Shape = Shape(r.IntN(4))
	c.Crystal.Cells = [3]float64{1 + float64(r.IntN(9)), 1 + float64(r.IntN(9)), 1 + float64(r.IntN(9))}
	c.Crystal.Domains = 1 + r.IntN(3)
	c.Rotation.PhiDeg = []float64{0, -0.5, 10, -1}[r.IntN(4)]
	c.Rotation.Phisteps = 1 + r.IntN(4)
	c.Sampling.Oversample = 1 + r.IntN(2)
	c.Sampling.OversampleOmega, c.Sampling.OversamplePolar = r.IntN(4) == 0, r.IntN(4) == 0
	c.Beam.Polarization = []float64{0, 0.9}[r.IntN(2)]
	c.Beam.NoPolar = r.IntN(4) == 0
	c.Detector.ThickUM, c.Detector.AbsorbUM = []float64{0, 300}[r.IntN(2)], 200
	c.Beam.HDivergence = SweepConfig{Range: []float64{-1, 2}[r.IntN(2)], Step: -1, Steps: 2}
	if r.IntN(3) == 0 {
		c.Crystal.F = randomGrid(r)
		c.Crystal.Interpolate = Interpolation(r.IntN(3))
	}
	if r.IntN(2) == 0 {
		c.Profile = ProfileNanoBragg
	}
	for _, s := range Switches() {
		if r.IntN(4) > 0 {
			continue
		}
		values := s.ValueNames()
		if err := c.Profile.Set(s.Name, values[r.IntN(len(values))]); err != nil {
			panic(err)
		}
	}
	c.Profile.Stops = StopsNever
	c.Dtype = Dtype(r.IntN(2))
	return c
}

func randomGrid(r *rand.Rand) *FGrid {
	n := 4 + r.IntN(12)
	g, err := NewFGrid([3]int{-n, -n, -n}, [3]int{n, n, n}, 0)
	if err != nil {
		panic(err)
	}
	g.setAll(func(int) float64 {
		if r.IntN(3) == 0 {
			return 0
		}
		return 100 * r.Float64()
	})
	return g
}

// setAll lists every reflection of the box; f is asked for them in their order.
func (g *FGrid) setAll(f func(i int) float64) {
	g.Count = 0
	for h := g.Min[0]; h <= g.Max[0]; h++ {
		for k := g.Min[1]; k <= g.Max[1]; k++ {
			for l := g.Min[2]; l <= g.Max[2]; l++ {
				g.Set(h, k, l, f(g.Count))
				g.Count++
			}
		}
	}
}

// TestRandomExperiments: what holds for every experiment, without a reference.
func TestRandomExperiments(t *testing.T) {
	n := 60
	if testing.Short() || testkit.UnderRace() {
		n = 15
	}
	for i := range n {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			r := rand.New(rand.NewPCG(42, uint64(i)))
			e := mustPrepare(t, randomConfig(r))
			image := render(t, e, Options{Threads: 1})
			sameBits(t, "one thread and three", image, render(t, e, Options{Threads: 3}))
			taps := map[Pixel]*Tap{}
			for range 12 {
				p := Pixel{r.IntN(e.Geometry.Slow), r.IntN(e.Geometry.Fast)}
				taps[p] = NewTap(Filter{All: r.IntN(2) == 0})
			}
			taps[Pixel{0, 0}] = NewTap(Filter{}) // the run's first sweep
			sameBits(t, "taps off and on", image, render(t, e, Options{Taps: taps}))
			for p, tap := range taps {
				tracedIsRendered(t, e, p, tap, image[p.Slow*e.Geometry.Fast+p.Fast])
			}
		})
	}
}

func sameBits(t *testing.T, what string, a, b []float32) {
	t.Helper()
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			t.Fatalf("%s: pixel %d is %v and %v", what, i, a[i], b[i])
		}
	}
}

// tracedIsRendered: a pixel traced alone is the pixel of the image, and its tap
// holds the same numbers as one inside the rendering.
func tracedIsRendered(t *testing.T, e *Experiment, p Pixel, inside *Tap, pixel float32) {
	t.Helper()
	alone := NewTap(inside.filter)
	v, err := e.Trace(context.Background(), p, alone)
	if err != nil {
		t.Fatal(err)
	}
	if math.Float32bits(float32(v)) != math.Float32bits(pixel) {
		t.Errorf("pixel %v: traced %v, rendered %v", p, v, pixel)
	}
	if diff := cmp.Diff(inside.Samples, alone.Samples, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("pixel %v: the tap of a single pixel differs from the one inside the rendering (-inside +alone):\n%s", p, diff)
	}
	last := alone.Samples[len(alone.Samples)-1]
	if last.Key != schema.FloatImage || float32(last.Values[0]) != pixel {
		t.Errorf("pixel %v: the trace ends with %s %v, the image has %v", p, last.Key, last.Values, pixel)
	}
}

// TestProfilesAgreeOffZero: phi steps other than phi = 0 are the same in both
// profiles, and a start that misses zero is the same altogether.
func TestProfilesAgreeOffZero(t *testing.T) {
	c := base()
	c.Sampling.Oversample = 1 // one sweep a pixel
	c.Rotation.PhiDeg = 1e-12
	spec := render(t, mustPrepare(t, c), Options{})
	c.Profile.PhiZero = PhiZeroCarry
	sameBits(t, "phi 1e-12", spec, render(t, mustPrepare(t, c), Options{}))

	c.Rotation.PhiDeg = 0
	e := mustPrepare(t, c)
	carried := render(t, e, Options{})
	c.Profile.PhiZero = PhiZeroFresh
	f := mustPrepare(t, c)
	fresh := render(t, f, Options{})
	if carried[0] != fresh[0] {
		t.Error("the first pixel of a run is fresh in either profile")
	}
	same := 0
	for i := range fresh {
		if carried[i] == fresh[i] {
			same++
		}
	}
	if same > len(fresh)/10 {
		t.Errorf("carrying over changes only %d of %d pixels", len(fresh)-same, len(fresh))
	}
	for i := range f.orient.sweep {
		carry, first := e.orient.sweep[i], e.orient.firstSweep[i]
		if phi := i / e.Domains; (carry == f.orient.sweep[i]) != (phi != 0) || first != f.orient.sweep[i] {
			t.Errorf("orientation %d: the table carries where it must not, or does not where it must", i)
		}
	}
}

// TestCarryInTheMiddle: a sweep that reaches exactly zero in the middle keeps
// the step before it; one that misses it by rounding does not.
func TestCarryInTheMiddle(t *testing.T) {
	c := base()
	c.Profile = ProfileNanoBragg
	c.Crystal.MosaicDeg, c.Crystal.Domains = -1, -1
	c.Rotation = RotationConfig{PhiDeg: -0.5, OscDeg: 1, PhistepDeg: -1, Phisteps: 10}
	o := mustPrepare(t, c).orient
	if o.sweep[5] != o.sweep[4] || o.sweep[6] == o.sweep[5] || o.firstSweep != nil {
		t.Error("-phi -0.5 -osc 1 -phisteps 10 does not carry at step 5")
	}
	c.Rotation.PhiDeg = -0.3
	o = mustPrepare(t, c).orient
	if o.sweep[3] == o.sweep[2] {
		t.Error("-phi -0.3 misses zero by rounding and must not carry")
	}
}

// TestIdenticalSources: n copies of a source leave the image, up to rounding.
func TestIdenticalSources(t *testing.T) {
	c := base()
	one := Source{Direction: Vec3{-10, 0.01, 0}, LambdaM: 1e-10, Weight: 1}
	c.Beam.Sources = []Source{one}
	a := render(t, mustPrepare(t, c), Options{})
	c.Beam.Sources = []Source{one, one, one}
	b := render(t, mustPrepare(t, c), Options{})
	for i := range a {
		// Three additions and a division: a few units of 2^-53, then float32.
		if math.Abs(float64(a[i])-float64(b[i])) > 1.2e-7*math.Abs(float64(a[i])) {
			t.Fatalf("pixel %d: %v with one source, %v with three copies", i, a[i], b[i])
		}
	}
}

// TestFullTurn: a rotation by 360 degrees is none, within its rounding.
func TestFullTurn(t *testing.T) {
	c := base()
	c.Rotation = RotationConfig{PhiDeg: 0, OscDeg: 0, PhistepDeg: 0, Phisteps: 1}
	a := mustPrepare(t, c).orient.sweep
	c.Rotation.PhiDeg = 360
	b := mustPrepare(t, c).orient.sweep
	for i := range a {
		d := Vec3{a[i].a[0] - b[i].a[0], a[i].a[1] - b[i].a[1], a[i].a[2] - b[i].a[2]}
		// 2 pi as a double is off by 2.4e-16 rad, and degrees to radians by 1 ulp.
		if norm(d) > 2e-15*norm(a[i].a) {
			t.Errorf("orientation %d moves by %g of its length", i, norm(d)/norm(a[i].a))
		}
	}
}

// TestBackgroundRoundsEachStep: the water background is multiplied up from the
// left, every product rounded. The compiler multiplies constants exactly.
func TestBackgroundRoundsEachStep(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		c := base()
		c.Beam.WaterUM, c.Beam.Fluence = 100*r.Float64(), 1e24*r.Float64()
		e := mustPrepare(t, c)
		w := e.Beam.WaterSize
		want := 1.0
		for _, v := range []float64{2.57, 2.57, 7.94079248018965e-30, c.Beam.Fluence, w, w, w, 1e6, 6.02214179e23} {
			want *= v
		}
		if want /= 18; e.Beam.Background != want {
			t.Fatalf("%g um: %.17g, step by step %.17g", c.Beam.WaterUM, e.Beam.Background, want)
		}
	}
}

// TestIntensityGoesWithFSquared: doubling F multiplies every pixel by four,
// exactly, because both factors are powers of two.
func TestIntensityGoesWithFSquared(t *testing.T) {
	c := base()
	a := render(t, mustPrepare(t, c), Options{})
	c.Crystal.DefaultF *= 2
	b := render(t, mustPrepare(t, c), Options{})
	for i := range a {
		if b[i] != 4*a[i] {
			t.Fatalf("pixel %d: %v, and %v with twice the structure factor", i, a[i], b[i])
		}
	}
}
