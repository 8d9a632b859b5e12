package sim

import (
	"context"
	"testing"

	"simtrace/pkg/sim/fast"
)

// BenchmarkFast is BenchmarkRows by the fast engine, its check left out, for
// each of its kernels.
func BenchmarkFast(b *testing.B) {
	for _, k := range fast.All() {
		for _, s := range []Shape{Square, Round, Gauss, Tophat} {
			b.Run(k.Name+"/"+s.String(), func(b *testing.B) {
				c := benchConfig()
				c.Crystal.Shape = s
				benchFast(b, c, k)
			})
		}
		b.Run(k.Name+"/mosaic", func(b *testing.B) {
			c := benchConfig()
			c.Crystal.MosaicDeg, c.Crystal.Domains = 0.3, 5
			benchFast(b, c, k)
		})
	}
}

func benchFast(b *testing.B, c Config, k fast.Kernels) {
	c.Sampling.ROI = [4]int{-1, -1, 1000, 1000 + benchedRows - 1}
	e := mustPrepare(b, c)
	image := make([]float32, e.Geometry.Fast*e.Geometry.Slow)
	w := newWorker(newRacer(e, k))
	for b.Loop() {
		_ = inParallel(context.Background(), 1, e.ROI[2], e.ROI[3], func(slow int) { w.row(slow, image) })
	}
	steps := benchedRows * e.Geometry.Fast * e.Steps
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(steps), "ns/step")
}
