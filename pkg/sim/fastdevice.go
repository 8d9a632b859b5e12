package sim

import (
	"context"
	"fmt"
	"sync/atomic"

	"simtrace/internal/hugepage"
	"simtrace/pkg/sim/fast"
)

// leastDeviceSteps is from how many steps auto takes a device: opening it and
// compiling for it takes as long as this processor needs for fewer.
const leastDeviceSteps = 5e9

// brushes is how many goroutines keep a device busy: one computes there while
// others copy and settle what came back.
const brushes = 3

// chooseDevice decides whether the device computes what the fast engine is to.
func (e *Experiment) chooseDevice(opt *Options, run *Run) {
	steps := float64(e.pixels()) * float64(e.samplesOfPixel())
	switch {
	case run.Engine != EngineFast:
		run.NotOnDevice = "the exact engine computes the image: " + run.Why
	case e.single != nil:
		run.NotOnDevice = "it has no kernel for single precision"
	case opt.Engine == EngineAuto && steps < leastDeviceSteps:
		run.NotOnDevice = fmt.Sprintf("the image has %.2g steps, and a device pays from %.0e on (--engine fast takes it all the same)", steps, leastDeviceSteps)
	default:
		run.Kernels = opt.Device.Name()
	}
}

// raceDevice renders on a device, into memory.
func (e *Experiment) raceDevice(ctx context.Context, opt Options, r *racer, recruit func() *worker) ([]float32, error) {
	painter, err := opt.Device.Painter(r.scene())
	if err != nil {
		return nil, err
	}
	defer painter.Close()
	width, rows := e.Geometry.Fast, painter.Rows()
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
	image := hugepage.Make[float32](width * e.Geometry.Slow)
	progress := e.counted(opt)
	var failed atomic.Pointer[error]
	err = withWorkers(ctx, len(hands), 0, bands-1, func() func(int) {
		h := hands[0]
		hands = hands[1:]
		return func(band int) {
			slow := e.ROI[2] + band*rows
			n := min(rows, e.ROI[3]-slow+1)
			if failed.Load() != nil {
				return
			}
			if err := h.paint(slow, n, image[slow*width:][:n*width]); err != nil {
				failed.CompareAndSwap(nil, &err)
			}
			for range n {
				progress()
			}
		}
	})
	if f := failed.Load(); f != nil && err == nil {
		err = *f
	}
	if err == nil {
		err = e.stored(opt, image)
	}
	return image, err
}

// hand is what one goroutine computes with on a device: the brush, and a worker for
// what the brush leaves to the exact engine.
type hand struct {
	*worker
	brush fast.Brush
	held  []float32 // pixels of a region narrower than the detector
}

// paint computes n rows into rows of the image.
func (h *hand) paint(slow, n int, image []float32) error {
	e := h.e
	pitch, width := e.Geometry.Fast, e.ROI[1]-e.ROI[0]+1
	into := image
	if width < pitch {
		if len(h.held) < n*width {
			h.held = make([]float32, n*width)
		}
		into = h.held[:n*width]
	}
	if err := h.brush.Paint(slow, n, into); err != nil {
		return err
	}
	for row := 0; row < n && !h.stop.stopped; row++ {
		pixels := image[row*pitch+e.ROI[0]:][:width]
		copy(pixels, into[row*width:])
		for from := 0; from < width; from += fast.Width {
			some := pixels[from:min(from+fast.Width, width)]
			if !h.wanted(slow+row, e.ROI[0]+from, len(some)) {
				clear(some)
				continue
			}
			h.scanned(slow+row, e.ROI[0]+from, len(some))
			h.settle(slow+row, e.ROI[0]+from, some)
		}
	}
	return nil
}
