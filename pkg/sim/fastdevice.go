package sim

import (
	"context"
	"fmt"
	"sync/atomic"

	"simtrace/internal/hugepage"
	"simtrace/pkg/sim/fast"
)

// leastDeviceSteps is from how many steps for each of the processor's threads auto
// takes a device. A core needs 3.3 to 5 ns for a step. Opening a device takes 0.4 s,
// about 1e8 of them, and where the kernel is compiled for the first time, 2 s, which
// are 4e8 to 6e8: measured on an H100 (docs/gpu.md).
const leastDeviceSteps = 5e8

// brushes is how many goroutines keep a device busy: one computes there while
// others copy and settle what came back.
const brushes = 3

// chooseDevice decides whether the device computes what the fast engine is to.
func (e *Experiment) chooseDevice(opt *Options, run *Run) {
	steps := float64(e.pixels()) * float64(e.samplesOfPixel())
	threads := threadsFor(opt.Threads)
	least := leastDeviceSteps * float64(threads)
	switch {
	case run.Engine != EngineFast:
		run.NotOnDevice = "the exact engine computes the image: " + run.Why
	case e.single != nil:
		run.NotOnDevice = "it has no kernel for single precision"
	case opt.Engine == EngineAuto && steps < least:
		run.NotOnDevice = fmt.Sprintf("the image has %.2g steps, and against %d threads a device pays from %.2g on (--engine fast takes it all the same)", steps, threads, least)
	default:
		run.Kernels = opt.Device.Name()
	}
}

// raceDevice renders on a device, row by row into the store where there is one.
func (e *Experiment) raceDevice(ctx context.Context, opt Options, r *racer, recruit func() *worker) ([]float32, error) {
	painter, err := opt.Device.Painter(r.scene())
	if err != nil {
		return nil, err
	}
	defer painter.Close()
	rows := painter.Rows()
	bands := (e.ROI[3]-e.ROI[2])/rows + 1
	var hands []*hand
	for range min(brushes, bands) {
		b, err := painter.Brush()
		if err != nil {
			return nil, err
		}
		defer b.Close()
		hands = append(hands, &hand{worker: recruit(), brush: b})
	}
	progress, width := e.counted(opt), e.Geometry.Fast
	if opt.Store == nil || !e.streams() {
		image := hugepage.Make[float32](width * e.Geometry.Slow)
		begin := func(slow int) ([]float32, []float64) { return image[slow*width:][:width], nil }
		if err := e.paint(ctx, hands, rows, begin, func(int) { progress() }); err != nil {
			return nil, err
		}
		return image, e.stored(opt, image)
	}
	// Room for what all hands have under way, so that none waits for another.
	s := e.newStream(opt.Store, 2*len(hands)*(rows/chunkRows+1))
	if err := e.paint(ctx, hands, rows, s.begin, func(slow int) { s.end(slow); progress() }); err != nil {
		return nil, err
	}
	image, sums, err := s.all()
	if opt.Sums != nil {
		*opt.Sums = sums
	}
	return image, err
}

// paint shares the rows of the region of interest among hands. begin returns the memory
// of a row and of its solid angles, nil where these do not count; end is told that it is
// complete.
func (e *Experiment) paint(ctx context.Context, hands []*hand, rows int, begin func(slow int) ([]float32, []float64), end func(slow int)) error {
	var failed atomic.Pointer[error]
	next := 0
	err := withWorkers(ctx, len(hands), 0, (e.ROI[3]-e.ROI[2])/rows, func() func(int) {
		h := hands[next]
		next++
		return func(band int) {
			slow := e.ROI[2] + band*rows
			n := min(rows, e.ROI[3]-slow+1)
			if failed.Load() == nil {
				if err := h.paint(slow, n); err != nil {
					failed.CompareAndSwap(nil, &err)
				}
			}
			// Others may wait for these rows, also after a failure.
			for i := range n {
				pixels, omegas := begin(slow + i)
				if pixels != nil && failed.Load() == nil {
					h.row(slow+i, i, pixels, omegas)
				}
				if pixels != nil {
					end(slow + i)
				}
			}
		}
	})
	if f := failed.Load(); f != nil && err == nil {
		err = *f
	}
	return err
}

// hand is what one goroutine computes with on a device: the brush, and a worker for
// what the brush leaves to the exact engine.
type hand struct {
	*worker
	brush   fast.Brush
	painted []float32 // of the region of interest
}

// paint computes n rows on the device.
func (h *hand) paint(slow, n int) error {
	size := n * (h.e.ROI[1] - h.e.ROI[0] + 1)
	if len(h.painted) < size {
		h.painted = make([]float32, size)
	}
	return h.brush.Paint(slow, n, h.painted[:size])
}

// row copies the i-th of the painted rows into a row of the image and settles it.
func (h *hand) row(slow, i int, pixels []float32, omegas []float64) {
	e := h.e
	width := e.ROI[1] - e.ROI[0] + 1
	painted := h.painted[i*width:][:width]
	for from := 0; from < width && !h.stop.stopped; from += fast.Width {
		n, fast0 := min(fast.Width, width-from), e.ROI[0]+from
		into := pixels[fast0:][:n]
		if h.wanted(slow, fast0, n) {
			copy(into, painted[from:])
			h.scanned(slow, fast0, n)
			h.settle(slow, fast0, into)
		} else {
			clear(into)
		}
		if omegas != nil {
			h.solidAngles(slow, fast0, n)
			e.keepOmegas(&h.block, slow, fast0, omegas[fast0:][:n])
		}
	}
}

// solidAngles computes those of the pixels' first samples, which the device keeps to
// itself.
func (h *hand) solidAngles(slow, fast0, n int) {
	at := h.e.sampleAt(0)
	s := fastSample{slow: slow, fast: fast0, n: lanes(n), layer: at.Layer, sub: at.Sub}
	h.e.locate(&h.block, h.kernels, s, &h.at)
	h.kernels.SolidAngles(&h.block, s.n, &h.solid)
}
