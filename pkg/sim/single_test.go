package sim

import (
	"context"
	"math"
	"slices"
	"testing"

	"simtrace/pkg/trace/schema"
)

// The PyTorch port's cell of 70 80 90 A and right angles: the cosine of its 90 degrees
// is that of the nearest float32.
func TestSingleCell(t *testing.T) {
	c := base()
	c.Crystal.Cell, c.Crystal.Matrix, c.Crystal.Misset = &[6]float64{70, 80, 90, 90, 90, 90}, nil, nil
	c.Profile.Setup = SetupSingle
	got := mustPrepare(t, c).Crystal.Setup.RealA
	want := Lattice{{70, -3.05979756376473e-06, -3.05979710901738e-06}, {0, 80, -3.4969109492522e-06}, {0, 0, 90}}
	for i := range want {
		for j := range want[i] {
			if math.Abs(got[i][j]-want[i][j]) > 1e-15*math.Abs(want[i][j]) {
				t.Errorf("vector %d is %v, the port prints %v", i, got[i], want[i])
			}
		}
	}
}

// Each stage rounds what it names, and nothing else.
func TestPrecisionStages(t *testing.T) {
	single := func(v Vec3) bool { return v == widen32(rounded[float32](v)) }
	for _, v := range []struct {
		list           string
		cell, detector bool
		pixel          Dtype
	}{
		{"float64", false, false, Float64},
		{"float32", false, false, Float32},
		{"setup=float32", true, true, Float64},
		{"cell=float32", true, false, Float64},
		{"detector=float32", false, true, Float64},
		{"cell=float32,detector=float32,pixel=float32", true, true, Float32},
		{"setup=float32,cell=float64", false, true, Float64},
	} {
		c := base()
		c.Detector.RotDeg = [3]float64{5, 3, 2}
		if err := c.SetPrecision(v.list); err != nil {
			t.Fatal(err)
		}
		e := mustPrepare(t, c)
		cell, detector := single(e.Crystal.Setup.RealA[0]), single(e.Geometry.Frame.Fast)
		if cell != v.cell || detector != v.detector || c.Dtype != v.pixel {
			t.Errorf("%s: cell float32 %v, detector float32 %v, pixel %v", v.list, cell, detector, c.Dtype)
		}
	}
	c := base()
	if err := c.SetPrecision("miller=float32"); err != nil || !c.Profile.MillerSingle {
		t.Error("the Miller index is not rounded", err)
	}
	tap := NewTap(Filter{})
	if _, err := mustPrepare(t, c).Trace(t.Context(), Pixel{3, 4}, tap); err != nil {
		t.Fatal(err)
	}
	for _, s := range tap.Samples {
		for i, v := range s.Values {
			if s.Key == schema.HKLFrac && v != float64(float32(v)) {
				t.Errorf("component %d of the Miller index is %v, no float32 number", i, v)
			}
		}
	}
	for _, list := range []string{"", "float16", "sum=float32", "setup="} {
		if c.SetPrecision(list) == nil {
			t.Errorf("%q is a precision", list)
		}
	}
}

// A trace of the pixel's centre has that pixel's sums, and the samples of the centre.
func TestTracedCentre(t *testing.T) {
	c := base()
	c.Sampling.Oversample, c.Detector.ThickUM, c.Beam.Sources = 3, 300, twoSources()
	trace := func(traced Traced, change func(c *Config)) map[schema.Key][]float64 {
		c := c
		change(&c)
		c.Profile.Traced = traced
		tap := NewTap(Filter{})
		if _, err := mustPrepare(t, c).Trace(context.Background(), Pixel{3, 4}, tap); err != nil {
			t.Fatal(err)
		}
		out := map[schema.Key][]float64{}
		for _, s := range tap.Samples {
			if s.Key == schema.PixelPos && out[s.Key] != nil && traced != TracedSamples {
				t.Error("more than one position")
			}
			out[s.Key] = s.Values
		}
		return out
	}
	same := func(*Config) {}
	all, centre, metres := trace(TracedSamples, same), trace(TracedCentre, same), trace(TracedMetres, same)
	one := trace(TracedSamples, func(c *Config) {
		c.Sampling.Oversample, c.Detector.ThickUM, c.Beam.Sources = 1, 0, nil
	})
	equal := func(k schema.Key, a, b []float64, by float64) {
		t.Helper()
		for i := range a {
			if math.Abs(a[i]-b[i]*by) > 1e-14*math.Abs(a[i]) {
				t.Errorf("%v is %v, not %v times %g", k, a, b, by)
				return
			}
		}
	}
	for _, k := range []schema.Key{schema.IBeforeScaling, schema.Steps, schema.IPixelFinal, schema.CaptureFraction} {
		equal(k, centre[k], all[k], 1)
	}
	for _, k := range []schema.Key{schema.PixelPos, schema.IncidentVec, schema.ScatteringVec, schema.HKLFrac, schema.FLatt} {
		equal(k, centre[k], one[k], 1)
	}
	for _, k := range []schema.Key{schema.RotA, schema.HKLFrac} {
		equal(k, metres[k], centre[k], 1e-10)
	}
	equal(schema.RotAStar, metres[schema.RotAStar], centre[schema.RotAStar], 1)
}

// TestCaptureAtCentre: the capture fraction of a pixel's centre is the same in however
// many subpixels the pixel is cut, multiplies the sum, and is what is traced.
func TestCaptureAtCentre(t *testing.T) {
	traced := func(oversample int, keep Keep) (capture, sum, value float64) {
		c := base()
		thick(&c)
		c.Profile.LayerPitch, c.Profile.LayerLast, c.Profile.CaptureKeep = true, true, keep
		c.Detector.ThickSteps, c.Sampling.Oversample, c.Beam.NoPolar = 3, oversample, true
		tap := NewTap(Filter{})
		e := mustPrepare(t, c)
		value, err := e.Trace(t.Context(), Pixel{3, 5}, tap)
		if err != nil {
			t.Fatal(err)
		}
		of := map[schema.Key]float64{}
		for _, s := range tap.Samples {
			of[s.Key] = s.Values[0]
		}
		return of[schema.CaptureFraction], of[schema.IBeforeScaling] * of[schema.OmegaPixel] / of[schema.Steps], value
	}
	whole, _, _ := traced(1, KeepLast)
	first, sum, value := traced(3, KeepLast)
	centre, sameSum, other := traced(3, KeepCentre)
	if centre != whole || centre == first || sameSum != sum {
		t.Errorf("the centre captures %v, the pixel as one %v, its first subpixel %v; sums %v and %v", centre, whole, first, sameSum, sum)
	}
	if r := other / value / (centre / first); math.Abs(r-1) > 1e-14 {
		t.Errorf("the pixel is %v for %v: not by as much as %v for %v", other, value, centre, first)
	}
}

// TestCentreInterpolates: a trace of the pixel's centre has the interpolated structure
// factor and its neighbourhood also where the pixel is summed without, and default_F out
// of the list's range.
func TestCentreInterpolates(t *testing.T) {
	trace := func(pixel Pixel, change func(c *Config)) map[schema.Key][]float64 {
		c := base()
		outOfSomeRange(&c)
		c.Crystal.Interpolate, c.Crystal.DefaultF = InterpolateOff, 77
		change(&c)
		tap := NewTap(Filter{})
		if _, err := mustPrepare(t, c).Trace(t.Context(), pixel, tap); err != nil {
			t.Fatal(err)
		}
		out := map[schema.Key][]float64{}
		for _, s := range tap.Samples {
			out[s.Key] = slices.Clone(s.Values)
		}
		return out
	}
	near := Pixel{0, 0} // no pixel before it switches interpolation off
	want := trace(near, func(c *Config) { c.Sampling.Oversample, c.Crystal.Interpolate = 1, InterpolateOn })
	got := trace(near, func(c *Config) { c.Profile.Traced = TracedCentre })
	for _, k := range []schema.Key{schema.FCellInterpolated, schema.TricubicF, schema.TricubicH, schema.TricubicL} {
		if len(want[k]) == 0 || !slices.Equal(got[k], want[k]) {
			t.Errorf("%v is %v, want %v", k, got[k], want[k])
		}
	}
	plain := trace(near, func(*Config) {})
	if f := got[schema.FCell][0]; f != got[schema.FCellNearest][0] || got[schema.IPixelFinal][0] != plain[schema.IPixelFinal][0] || plain[schema.FCellInterpolated] != nil {
		t.Errorf("F is %v: interpolating for the trace changed what the pixel is summed from", f)
	}
	d := base().Detector
	if far := trace(Pixel{d.PixelsSlow - 1, d.PixelsFast - 1}, func(c *Config) { c.Profile.Traced = TracedCentre }); !slices.Equal(far[schema.FCellInterpolated], []float64{77}) || far[schema.TricubicF] != nil {
		t.Errorf("out of range: %v, neighbourhood %v", far[schema.FCellInterpolated], far[schema.TricubicF])
	}
}
