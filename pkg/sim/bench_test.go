package sim

import (
	"context"
	"math/rand/v2"
	"testing"
)

// benchConfig is like a real image's: a large detector far from a crystal of
// some tens of cells, ten phi steps, no sample with F = 0.
func benchConfig() Config {
	c := DefaultConfig()
	c.Crystal.Cell = &[6]float64{74, 95, 87, 90, 90, 90}
	c.Crystal.Misset = &[3]float64{10, 20, 30}
	c.Crystal.Cells = [3]float64{36, 47, 29}
	c.Crystal.DefaultF = 1
	c.Detector.PixelMM, c.Detector.DistanceMM = 0.172, 230
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 2463, 2527
	c.Rotation = RotationConfig{OscDeg: 0.1, PhistepDeg: -1, Phisteps: 10}
	c.Sampling.Oversample = 1
	g, err := NewFGrid([3]int{-40, -50, -50}, [3]int{40, 50, 50}, 0)
	if err != nil {
		panic(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	g.setAll(func(int) float64 { return 1 + 100*r.Float64() })
	c.Crystal.F = g
	return c
}

const benchedRows = 40

// benchRows renders rows of the image in one thread and reports nanoseconds
// for each phi step of each pixel.
func benchRows(b *testing.B, c Config) {
	c.Sampling.ROI = [4]int{-1, -1, 1000, 1000 + benchedRows - 1}
	e := mustPrepare(b, c)
	for b.Loop() {
		if _, err := e.Render(context.Background(), Options{Threads: 1}); err != nil {
			b.Fatal(err)
		}
	}
	steps := benchedRows * e.Geometry.Fast * e.Steps
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(steps), "ns/step")
}

func BenchmarkRows(b *testing.B) {
	shapes := []Shape{Square, Round, Gauss}
	for _, s := range shapes {
		b.Run(s.String(), func(b *testing.B) {
			c := benchConfig()
			c.Crystal.Shape = s
			benchRows(b, c)
		})
	}
	b.Run("mosaic", func(b *testing.B) {
		c := benchConfig()
		c.Crystal.MosaicDeg, c.Crystal.Domains = 0.3, 5
		benchRows(b, c)
	})
	b.Run("interpolated", func(b *testing.B) {
		c := benchConfig()
		c.Crystal.Interpolate = InterpolateOn
		c.Profile.InterpOOB = InterpOOBLocal // one sample out of range must not end it
		benchRows(b, c)
	})
}

// BenchmarkTrace is one pixel with everything recorded.
func BenchmarkTrace(b *testing.B) {
	e := mustPrepare(b, benchConfig())
	for b.Loop() {
		if _, err := e.Trace(context.Background(), Pixel{1000, 1000}, NewTap(Filter{All: true})); err != nil {
			b.Fatal(err)
		}
	}
}
