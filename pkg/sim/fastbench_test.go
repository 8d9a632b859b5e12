//go:build unix

package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

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
	w := newWorker(context.Background(), newRacer(e, k, 0))
	start := cpuTime(b)
	for b.Loop() {
		_ = inParallel(context.Background(), 1, e.ROI[2], e.ROI[3], func(slow int) { w.row(slow, image[slow*e.Geometry.Fast:][:e.Geometry.Fast], nil) })
	}
	perSample(b, cpuTime(b)-start, benchedRows*e.Geometry.Fast*e.Steps)
}

// BenchmarkGrowth lets one number at a time grow a hundredfold and reports the
// time for a sample: it should stay.
func BenchmarkGrowth(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		for _, g := range []struct {
			name string
			set  func(c *Config)
		}{
			{"pixels", func(c *Config) { c.Sampling.ROI = [4]int{0, 1999, 0, 20*n - 1} }},
			{"phisteps", func(c *Config) { c.Rotation.Phisteps = 10 * n }},
			{"domains", func(c *Config) { c.Crystal.MosaicDeg, c.Crystal.Domains = 0.1, n }},
			{"sources", func(c *Config) { c.Beam.Sources = sourcesAround(n) }},
		} {
			b.Run(fmt.Sprintf("%s/%d", g.name, n), func(b *testing.B) {
				c := benchConfig()
				c.Sampling.ROI = [4]int{0, 1999, 1000, 1007}
				g.set(&c)
				e := mustPrepare(b, c)
				image := make([]float32, e.Geometry.Fast*e.Geometry.Slow)
				w := newWorker(context.Background(), newRacer(e, fast.All()[0], 0))
				start := cpuTime(b)
				for b.Loop() {
					_ = inParallel(context.Background(), 1, e.ROI[2], e.ROI[3], func(slow int) { w.row(slow, image[slow*e.Geometry.Fast:][:e.Geometry.Fast], nil) })
				}
				pixels := (e.ROI[1] - e.ROI[0] + 1) * (e.ROI[3] - e.ROI[2] + 1)
				perSample(b, cpuTime(b)-start, pixels*e.Steps)
			})
		}
	}
}

// sourcesAround are n sources that a sweep of the beam would make.
func sourcesAround(n int) []Source {
	out := make([]Source, n)
	for i := range out {
		out[i] = Source{Direction: Vec3{-1, 1e-4 * float64(i), 0}, Weight: 1, LambdaM: 1e-10}
	}
	return out
}

// cpuTime is what this process has used of the processors.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano())
}

// perSample reports the times for a phi step of a pixel: the clock's, and the
// processor's, which others on the machine disturb less.
func perSample(b *testing.B, cpu time.Duration, samples int) {
	n := float64(b.N) * float64(samples)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/n, "ns/step")
	b.ReportMetric(float64(cpu.Nanoseconds())/n, "cpu-ns/step")
}

// BenchmarkCheck is the check that follows each image of the fast engine, of as many
// pixels and phi steps as BenchmarkFast has. It takes the same time whether the
// image is right or, as here, wrong.
func BenchmarkCheck(b *testing.B) {
	e := mustPrepare(b, benchConfig())
	image := make([]float32, e.Geometry.Fast*e.Geometry.Slow)
	bright := make([]lightPixel, checkedBright)
	for b.Loop() {
		_, _ = e.check(context.Background(), image, 0, bright, rand.New(rand.NewPCG(1, 0)))
	}
}
