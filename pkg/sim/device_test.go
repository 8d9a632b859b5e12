//go:build gpu

package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"simtrace/pkg/sim/fast"
	"simtrace/pkg/sim/fast/gpu"
)

// deviceName is what the environment variable SIMTRACE_TEST_DEVICE names, or POCL's
// processor.
func deviceName() string {
	if name := os.Getenv("SIMTRACE_TEST_DEVICE"); name != "" {
		return name
	}
	return "opencl:portable"
}

// testDevice opens that device.
func testDevice(t testing.TB) *gpu.Device {
	t.Helper()
	name := deviceName()
	d, err := gpu.Open(name)
	if err != nil {
		t.Skipf("SKIPPED, NOT TESTED: no device %s: %v", name, err)
	}
	t.Cleanup(d.Close)
	return d
}

// streamed holds an image that is passed on by rows, and its sums.
func streamed(t *testing.T, e *Experiment, d *gpu.Device, want []float32) {
	t.Helper()
	var sums Sums
	store := &memoryStore{}
	render(t, e, Options{Engine: EngineFast, Device: d, Store: store, Sums: &sums})
	sameBits(t, "by rows", store.image, want)
	if sums != e.Sums(want) {
		t.Errorf("the sums are %+v, not %+v", sums, e.Sums(want))
	}
}

// TestDeviceTuned: what a device does at a time does not show in the bits.
func TestDeviceTuned(t *testing.T) {
	c := largeEnough()
	c.Crystal.MosaicDeg, c.Crystal.Domains, c.Sampling.Oversample = 0.5, 7, 2
	e := mustPrepare(t, c)
	want := render(t, e, Options{Engine: EngineFast, Kernels: "go"})
	d := testDevice(t)
	for _, tune := range [][3]int{{0, 64, 1e5}, {16, 64, 1e7}, {128, 32, 3e5}} {
		d.Tune(tune[0], tune[1], tune[2])
		sameBits(t, fmt.Sprint(tune), render(t, e, Options{Engine: EngineFast, Device: d}), want)
	}
}

// TestDeviceShared: images that are under way on one device at once are the same bits.
func TestDeviceShared(t *testing.T) {
	d := testDevice(t)
	var group sync.WaitGroup
	var images [8][]float32
	var experiments [8]*Experiment
	for i := range images {
		c := largeEnough()
		c.Crystal.Misset = &[3]float64{10, 20, float64(30 * i)}
		if i%2 == 1 {
			c.Crystal.Shape = Round
		}
		e := mustPrepare(t, c)
		experiments[i] = e
		group.Go(func() {
			var err error
			if images[i], err = e.Render(context.Background(), Options{Engine: EngineFast, Device: d}); err != nil {
				t.Error(err)
			}
		})
	}
	if group.Wait(); t.Failed() {
		return
	}
	for i, e := range experiments {
		sameBits(t, fmt.Sprint("image ", i), images[i], render(t, e, Options{Engine: EngineFast, Kernels: "go"}))
	}
}

// BenchmarkDevice is an image of a hundred wavelengths and a hundred mosaic domains,
// without its check: a million pixels, or a thousand without SIMTRACE_TEST_DEVICE.
func BenchmarkDevice(b *testing.B) {
	d := testDevice(b)
	c := benchConfig()
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 32, 32
	if os.Getenv("SIMTRACE_TEST_DEVICE") != "" {
		c.Detector.PixelsFast, c.Detector.PixelsSlow = 1024, 1024
	}
	c.Rotation = RotationConfig{OscDeg: -1, PhistepDeg: -1, Phisteps: -1}
	c.Crystal.MosaicDeg, c.Crystal.Domains = 0.3, 100
	c.Beam.Dispersion = SweepConfig{Range: 1, Step: -1, Steps: 100}
	e := mustPrepare(b, c)
	for _, tune := range [][3]int{{128, 128, 2e9}, {128, 64, 2e9}, {128, 256, 2e9}, {0, 128, 2e9}, {128, 128, 4e9}, {128, 128, 1e10}} {
		b.Run(fmt.Sprintf("staged=%d/group=%d/steps=%d", tune[0], tune[1], tune[2]), func(b *testing.B) {
			d.Tune(tune[0], tune[1], tune[2])
			r := newRacer(e, fast.All()[0], e.pixels())
			for b.Loop() {
				if _, err := e.raceDevice(context.Background(), Options{Device: d}, r, func() *worker { return newWorker(context.Background(), r) }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(e.pixels()*e.samplesOfPixel()), "ns/step")
		})
	}
}

// BenchmarkDeviceImages is a series of images of 10⁹ steps on one device, each of
// another orientation, prepared and checked like any: one after the other, and
// several under way at once.
func BenchmarkDeviceImages(b *testing.B) {
	d := testDevice(b)
	c := benchConfig()
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 1000, 1000
	if os.Getenv("SIMTRACE_TEST_DEVICE") == "" {
		c.Detector.PixelsFast, c.Detector.PixelsSlow = 32, 32
	}
	c.Rotation = RotationConfig{OscDeg: -1, PhistepDeg: -1, Phisteps: -1}
	c.Crystal.MosaicDeg, c.Crystal.Domains = 0.3, 100
	c.Beam.Dispersion = SweepConfig{Range: 1, Step: -1, Steps: 10}
	var turned atomic.Int64
	image := func() error {
		c := c
		c.Crystal.Misset = &[3]float64{10, 20, 30 + float64(turned.Add(1))}
		e, err := Prepare(c)
		if err == nil {
			_, err = e.Render(context.Background(), Options{Engine: EngineFast, Device: d})
		}
		return err
	}
	for _, atOnce := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("at once=%d", atOnce), func(b *testing.B) {
			var left atomic.Int64
			left.Store(int64(b.N))
			var group sync.WaitGroup
			for range atOnce {
				group.Go(func() {
					for left.Add(-1) >= 0 {
						if err := image(); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			group.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}

// BenchmarkDeviceOpen is what a run takes besides: the driver, the test of the
// device, the compiled kernels from the cache.
func BenchmarkDeviceOpen(b *testing.B) {
	testDevice(b) // skips where there is none
	r := newRacer(mustPrepare(b, benchConfig()), fast.All()[0], 0)
	name := deviceName()
	for b.Loop() {
		d, err := gpu.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		p, err := d.Painter(r.scene())
		if err != nil {
			b.Fatal(err)
		}
		p.Close()
		d.Close()
	}
}

// TestDevice holds a device's images against those of the kernels in plain Go, bit for
// bit, on random experiments. SIMTRACE_DEVICE_N draws more of them.
func TestDevice(t *testing.T) {
	d := testDevice(t)
	n := 25
	if v, err := strconv.Atoi(os.Getenv("SIMTRACE_DEVICE_N")); err == nil {
		n = v
	}
	pixels, computed, exactly := 0, 0, 0
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(i), 5))
		c := racedConfig(r)
		c.Dtype = Float64
		e := mustPrepare(t, c)
		if e.onlyExact() != "" {
			continue
		}
		var here, run Run
		want := render(t, e, Options{Engine: EngineFast, Kernels: "go", Run: &here, Seed: 1})
		got := render(t, e, Options{Engine: EngineFast, Device: d, Run: &run, Seed: 1})
		if run.Engine != EngineFast || run.Kernels != d.Name() {
			t.Fatalf("experiment %d was rendered by %+v", i, run)
		}
		if run.Exactly != here.Exactly {
			t.Errorf("experiment %d: the device leaves %d pixels to the exact engine, this processor %d", i, run.Exactly, here.Exactly)
		}
		computed++
		pixels += e.pixels()
		exactly += run.Exactly
		sameBits(t, "experiment "+strconv.Itoa(i), got, want)
		if i%8 == 0 {
			streamed(t, e, d, want)
		}
	}
	t.Logf("%s: %d experiments, %d pixels, %d of them the exact engine's", d.Name(), computed, pixels, exactly)
	if computed*2 < n {
		t.Errorf("%d of %d experiments were computed on the device", computed, n)
	}
}
