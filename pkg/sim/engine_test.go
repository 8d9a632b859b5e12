package sim

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"

	"simtrace/pkg/sim/fast"
)

// largeEnough is an experiment for which auto takes the fast engine.
func largeEnough() Config {
	c := base()
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 400, 100
	c.Crystal.Domains, c.Sampling.Oversample = 1, 1
	c.Profile = ProfileNanoBragg
	return c
}

// TestChooseEngine: which engine runs, and what is said of it.
func TestChooseEngine(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(c *Config, o *Options)
		engine Engine
		why    string
	}{
		{"auto", func(*Config, *Options) {}, EngineFast, "no switch needs"},
		{"taps", func(_ *Config, o *Options) { o.Taps = map[Pixel]*Tap{{}: NewTap(Filter{})} }, EngineFast, "no switch needs"},
		{"printed", func(_ *Config, o *Options) { o.Printed = true }, EngineExact, "printed"},
		{"few pixels", func(c *Config, _ *Options) { c.Sampling.ROI = [4]int{0, 9, 0, 9} }, EngineExact, "few pixels (100)"},
		{"few steps", func(c *Config, _ *Options) { c.Detector.PixelsSlow, c.Rotation.Phisteps = 20, 1 }, EngineExact, "few steps (8000 in 8000 pixels)"},
		{"few pixels, many steps", func(c *Config, _ *Options) {
			c.Detector.PixelsSlow, c.Rotation.OscDeg, c.Rotation.Phisteps = 20, 0.1, 50
		}, EngineFast, "no switch needs"},
		{"a Miller index in single precision", func(c *Config, _ *Options) { c.Profile.MillerSingle = true }, EngineExact, "Miller index"},
		{"compounding", func(c *Config, _ *Options) { c.Sampling.OversampleOmega = true }, EngineFast, "no switch needs"},
		{"single precision", func(c *Config, _ *Options) { c.Dtype = Float32 }, EngineFast, "no switch needs"},
		{"single and compounding", func(c *Config, _ *Options) { c.Dtype, c.Sampling.OversampleOmega = Float32, true }, EngineExact, "single precision"},
		{"half a cell", func(c *Config, _ *Options) { c.Crystal.Cells[1] = 2.5 }, EngineExact, "whole"},
		{"exact", func(_ *Config, o *Options) { o.Engine = EngineExact }, EngineExact, "asked for"},
		{"fast, though few", func(c *Config, o *Options) { c.Detector.PixelsSlow, o.Engine = 20, EngineFast }, EngineFast, "asked for"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, run := largeEnough(), Run{}
			o := Options{Engine: EngineAuto, Run: &run}
			tt.change(&c, &o)
			render(t, mustPrepare(t, c), o)
			if run.Engine != tt.engine || !strings.Contains(run.Why, tt.why) {
				t.Errorf("%v ran because %q; want %v because of %q", run.Engine, run.Why, tt.engine, tt.why)
			}
			if run.Engine == EngineFast && (run.Check.Pixels < leastRandom || run.Check.Failed) {
				t.Errorf("the check is %+v", run.Check)
			}
		})
	}
}

// TestEngineRefused: what the fast engine cannot do is an error where it was
// asked for.
func TestEngineRefused(t *testing.T) {
	c := largeEnough()
	c.Crystal.Cells[0] = 2.5
	_, err := mustPrepare(t, c).Render(context.Background(), Options{Engine: EngineFast})
	if err == nil || !strings.Contains(err.Error(), "whole") {
		t.Errorf("the error is %v", err)
	}
	if _, err = mustPrepare(t, largeEnough()).Render(context.Background(), Options{Engine: EngineAuto, Kernels: "mmx"}); err == nil {
		t.Error("kernels of no processor are no error")
	}
}

// TestCheckFindsFaults plants faults into a kernel, as a processor or a mistake
// in assembly would: the image has to be the exact engine's.
func TestCheckFindsFaults(t *testing.T) {
	e := mustPrepare(t, largeEnough())
	exact := render(t, e, Options{})
	good := fast.All()[0]
	for name, fault := range map[string]func(b *fast.Block, n int){
		"all a little off":     func(b *fast.Block, n int) { scaleSums(b.Sum[:n], 1+1e-6) },
		"one lane of eight":    func(b *fast.Block, n int) { scaleLane(b.Sum[:n], 3) },
		"not a number":         func(b *fast.Block, n int) { fill(b.Sum[:n], math.Inf(1)) },
		"the brightest wrong":  func(b *fast.Block, n int) { limit(b.Sum[:n], 1e6) },
		"too small by a third": func(b *fast.Block, n int) { scaleSums(b.Sum[:n], 2.0/3) },
	} {
		t.Run(name, func(t *testing.T) {
			bad := good
			bad.Square = func(b *fast.Block, n int, l *fast.Lattice, ray *fast.Ray, table []fast.Orientation) {
				good.Square(b, n, l, ray, table)
				fault(b, n)
			}
			run := Run{Engine: EngineFast, Kernels: bad.Name}
			var sums Sums
			store := &memoryStore{}
			image, err := e.raceChecked(context.Background(), Options{Seed: 1, Store: store, Sums: &sums}, bad, &run)
			if err != nil {
				t.Fatal(err)
			}
			if !run.Check.Failed || run.Engine != EngineExact {
				t.Errorf("the fault was not found: %+v", run)
			}
			sameBits(t, "after the check failed", image, exact)
			sameBits(t, "in the store, after the check failed", store.image, exact)
			if sums != e.Sums(exact) {
				t.Error("the sums are those of the faulty image")
			}
		})
	}
}

func scaleSums(s []float64, by float64) {
	for i := range s {
		s[i] *= by
	}
}

func scaleLane(s []float64, lane int) {
	for i := lane; i < len(s); i += fast.Lanes {
		s[i] *= 1.001
	}
}

func limit(s []float64, most float64) {
	for i := range s {
		s[i] = math.Min(s[i], most)
	}
}

// TestFastUnknown: a reflection that the embedded window leaves out is an
// error of the fast engine, too, never a zero.
func TestFastUnknown(t *testing.T) {
	c := largeEnough()
	g, err := NewFWindow([3]int{-40, -40, -40}, [3]int{40, 40, 40}, [3]int{-1, -1, -1}, [3]int{1, 1, 1}, "no more")
	if err != nil {
		t.Fatal(err)
	}
	g.Count = 1000
	c.Crystal.F, c.Crystal.Interpolate = g, InterpolateOff
	e := mustPrepare(t, c)
	for _, o := range []Options{{}, {Engine: EngineFast}} {
		if _, err := e.Render(context.Background(), o); err == nil || !strings.Contains(err.Error(), "no more") {
			t.Errorf("engine %v: %v", o.Engine, err)
		}
	}
}

// TestFastInterrupted: a rendering that is ended returns no image.
func TestFastInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if image, err := mustPrepare(t, largeEnough()).Render(ctx, Options{Engine: EngineFast}); err == nil || image != nil {
		t.Errorf("%d pixels, %v", len(image), err)
	}
}

// TestDrawnOnce: no pixel is checked twice, all of a small image are drawn, and
// none that the mask leaves out.
func TestDrawnOnce(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {5, 3}, {40, 30}, {400, 100}} {
		c := largeEnough()
		c.Detector.PixelsFast, c.Detector.PixelsSlow = size[0], size[1]
		m := make([]uint16, size[0]*size[1])
		for i := range m {
			m[i] = uint16((i + 1) % 3)
		}
		for _, c.Sampling.Mask = range [][]uint16{nil, m} {
			e := mustPrepare(t, c)
			seen := map[Pixel]bool{}
			for _, p := range e.draw(rand.New(rand.NewPCG(1, 2))) {
				if seen[p] || !e.Wanted(p.Slow, p.Fast) {
					t.Errorf("%v: pixel %v is drawn twice or not wanted", size, p)
				}
				seen[p] = true
			}
			want, _ := checked(size[0] * size[1])
			if n := len(seen); c.Sampling.Mask == nil && n != want || size[0]*size[1] > 1 && 2*n < want {
				t.Errorf("%v: %d pixels are drawn, want %d", size, n, want)
			}
		}
	}
}

// TestTapsBeside: the image is the same bits with taps and without, in each engine,
// and the taps of a region see what a trace of each pixel sees.
func TestTapsBeside(t *testing.T) {
	e := mustPrepare(t, largeEnough())
	for _, engine := range []Engine{EngineExact, EngineFast} {
		plain := render(t, e, Options{Engine: engine})
		var mu sync.Mutex
		taps := map[Pixel]*Tap{}
		tapped := render(t, e, Options{Engine: engine, TapOf: func(p Pixel) *Tap {
			if p.Slow < 50 || p.Slow > 52 || p.Fast%40 != 0 {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			taps[p] = NewTap(Filter{All: true})
			return taps[p]
		}})
		sameBits(t, "taps off and on", plain, tapped)
		if len(taps) != 30 {
			t.Errorf("%v: %d pixels have a tap", engine, len(taps))
		}
		for p, tap := range taps {
			own := NewTap(Filter{All: true})
			if _, err := e.Trace(context.Background(), p, own); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(own.Samples, tap.Samples) {
				t.Errorf("%v, pixel %v: the tap saw other values", engine, p)
			}
		}
	}
}
