package sim

import (
	"context"
	"math"
	"testing"

	"simtrace/pkg/trace/schema"
)

// counts are traced as they are.
var counts = map[schema.Key]bool{schema.Steps: true, schema.SourceIndex: true}

// traced records a pixel with everything, by key: the first sample of each.
func traced(t *testing.T, e *Experiment, p Pixel) (*Tap, map[schema.Key][]float64) {
	t.Helper()
	tap := NewTap(Filter{All: true})
	if _, err := e.Trace(context.Background(), p, tap); err != nil {
		t.Fatal(err)
	}
	by := map[schema.Key][]float64{}
	for _, s := range tap.Samples {
		if by[s.Key] == nil {
			by[s.Key] = s.Values
		}
	}
	return tap, by
}

// singles: what one goes through in single precision, with the shapes, sources
// and factors that base leaves out.
func singles() map[string]Config {
	c := base()
	c.Detector.ThickUM, c.Detector.AbsorbUM = 300, 200
	c.Beam.Polarization = 0.9
	c.Beam.HDivergence = SweepConfig{Range: 2, Step: -1, Steps: 3}
	round, gauss, grid := c, c, c
	round.Crystal.Shape, gauss.Crystal.Shape = Round, Gauss
	grid.Crystal.F = planeGrid()
	grid.Crystal.Interpolate, grid.Profile.InterpOOB = InterpolateOn, InterpOOBLocal
	curved := c
	curved.Detector.Curved = true
	return map[string]Config{"square": c, "round": round, "gauss": gauss, "interpolated": grid, "curved": curved}
}

// planeGrid is large enough for every index of base's detector.
func planeGrid() *FGrid {
	g, err := NewFGrid([3]int{-12, -12, -12}, [3]int{12, 12, 12}, 0)
	if err != nil {
		panic(err)
	}
	g.setAll(func(i int) float64 { return 100 + math.Sqrt(float64(i)) })
	return g
}

// TestSinglePrecision: in float32 every traced number is one of float32, nearly
// none is in float64, and the images differ by what precision makes.
func TestSinglePrecision(t *testing.T) {
	for name, c := range singles() {
		t.Run(name, func(t *testing.T) {
			double := mustPrepare(t, c)
			c.Dtype = Float32
			single := mustPrepare(t, c)
			p := Pixel{7, 11}
			tap, _ := traced(t, single, p)
			for _, s := range tap.Samples {
				for _, v := range s.Values {
					if !counts[s.Key] && v != float64(float32(v)) {
						t.Fatalf("%s is %.17g, which no float32 is", s.Key, v)
					}
				}
			}
			tap, _ = traced(t, double, p)
			short, all := 0, 0
			for _, s := range tap.Samples {
				for _, v := range s.Values {
					all++
					if v == float64(float32(v)) {
						short++
					}
				}
			}
			if short > all*2/3 { // zeros, ones, indices, switches
				t.Errorf("%d of %d numbers of the double precision are float32 numbers", short, all)
			}
			closeImages(t, render(t, double, Options{}), render(t, single, Options{}))
		})
	}
}

// closeImages: most pixels differ, and none by more than precision can make. An
// index of at most 12 is good to 2^-24 of itself, the phase pi N h to 22 times
// that, 1.6e-5; the square of its sine to twice that. A weak pixel is a small
// difference of such numbers: the bound is on the scale of the brightest.
func closeImages(t *testing.T, a, b []float32) {
	t.Helper()
	largest, same := 0.0, 0
	for _, v := range a {
		largest = math.Max(largest, float64(v))
	}
	for i := range a {
		if a[i] == b[i] {
			same++
		}
		if d := math.Abs(float64(a[i]) - float64(b[i])); d > 1e-4*largest {
			t.Fatalf("pixel %d: %v in float64, %v in float32, the brightest %v", i, a[i], b[i], largest)
		}
	}
	if same > len(a)/10 {
		t.Errorf("%d of %d pixels are the same in both", same, len(a))
	}
}

// TestEveryIntermediateIsRounded computes what can be computed from the traced
// numbers once more, in float32 and in another way of writing: a step that
// went through float64 and was rounded at its end would have other last bits.
func TestEveryIntermediateIsRounded(t *testing.T) {
	c := singles()["square"]
	c.Dtype = Float32
	e := mustPrepare(t, c)
	var omegas, dots, products int
	check := func(what string, got float64, single float32, double float64) int {
		t.Helper()
		if got != float64(single) {
			t.Errorf("%s is %.9g, in float32 step by step %.9g", what, got, single)
		}
		if single != float32(double) {
			return 1 // the sample tells the two apart
		}
		return 0
	}
	for slow := range e.Geometry.Slow {
		_, v := traced(t, e, Pixel{slow, 3 + slow/2})
		px, r, near := float32(e.Geometry.PixelSize), float32(v[schema.RDistance][0]), float32(v[schema.CloseDistance][0])
		omega := px * px
		omega /= r
		omega /= r
		omega *= near
		omega /= r
		omegas += check("omega", v[schema.OmegaSample][0], omega,
			float64(px)*float64(px)/float64(r)/float64(r)*float64(near)/float64(r))

		in, out := v[schema.IncidentVec], v[schema.DiffractedVec]
		for i := range in {
			d := float32(out[i]) - float32(in[i])
			dots += check("scattering", v[schema.ScatteringVec][i], d/float32(v[schema.LambdaMeters][0]), (out[i]-in[i])/v[schema.LambdaMeters][0])
		}
		latt := float32(v[schema.FLattA][0]) * float32(v[schema.FLattB][0])
		latt *= float32(v[schema.FLattC][0])
		products += check("F_latt", v[schema.FLatt][0], latt, v[schema.FLattA][0]*v[schema.FLattB][0]*v[schema.FLattC][0])

		photons := float32(rESqr) * float32(v[schema.Fluence][0])
		photons *= float32(v[schema.IBeforeScaling][0])
		photons /= float32(v[schema.Steps][0])
		photons *= float32(v[schema.CaptureFraction][0])
		photons *= float32(v[schema.Polar][0])
		photons *= float32(v[schema.OmegaPixel][0])
		check("I_pixel_final", v[schema.IPixelFinal][0], photons, 0)
	}
	if omegas == 0 || dots == 0 || products == 0 {
		t.Errorf("the samples do not tell the two precisions apart: %d, %d, %d", omegas, dots, products)
	}
}

// TestDoesNotFit: a number that float32 has not is refused, not made infinite
// or zero.
func TestDoesNotFit(t *testing.T) {
	for want, change := range map[string]func(c *Config){
		"fluence 1e+40 does not fit into float32":   func(c *Config) { c.Beam.Fluence = 1e40 },
		"default_F 1e-60 does not fit into float32": func(c *Config) { c.Crystal.DefaultF = 1e-60 },
		"fudge 1e+300 does not fit into float32":    func(c *Config) { c.Crystal.Fudge = 1e300 },
	} {
		c := base()
		change(&c)
		if _, err := Prepare(c); err != nil {
			t.Errorf("float64: %v", err)
		}
		c.Dtype = Float32
		if _, err := Prepare(c); err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestDtypeByName(t *testing.T) {
	for _, name := range DtypeNames() {
		if d, err := DtypeByName(name); err != nil || d.String() != name {
			t.Errorf("%s: %v, %v", name, d, err)
		}
	}
	if _, err := DtypeByName("float16"); err == nil || err.Error() != `unknown dtype "float16" (known: float64, float32)` {
		t.Error(err)
	}
}
