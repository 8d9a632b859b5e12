package sim

import (
	"context"

	"simtrace/pkg/sim/fast"
)

// Held is the outcome of holding a device's pixels against traced ones.
type Held struct {
	Check
	Exactly int // pixels that the device leaves to the exact engine, of Check.Pixels
	// NotOnDevice says why the device computed nothing; "" where it did.
	NotOnDevice string
}

// Hold computes regions (fast min, max, slow min, max, inclusive) on a device, and
// again as Trace does. It judges them as a rendering's check does.
func (e *Experiment) Hold(ctx context.Context, d fast.Device, regions [][4]int) (Held, error) {
	run := Run{Engine: EngineFast}
	if why := e.onlyExact(); why != "" {
		run = Run{Engine: EngineExact, Why: why}
	}
	if e.chooseDevice(&Options{Engine: EngineFast, Device: d}, &run); run.NotOnDevice != "" {
		return Held{NotOnDevice: run.NotOnDevice}, nil
	}
	latch := e.latch(ctx, e.Geometry.Fast*e.Geometry.Slow)
	scene := newRacer(e, fast.All()[0], latch).scene()
	scene.First, scene.Width = columns(regions)
	painter, err := d.Painter(scene)
	if err != nil {
		return Held{}, err
	}
	defer painter.Close()
	brush, err := painter.Brush()
	if err != nil {
		return Held{}, err
	}
	defer brush.Close()
	h := &holder{e: e, latch: latch, scene: scene, brush: brush, rows: painter.Rows()}
	for _, r := range regions {
		if err := h.region(ctx, r); err != nil {
			return h.held, err
		}
	}
	return h.held, nil
}

// columns are the first and the number of the columns that regions lie in.
func columns(regions [][4]int) (first, n int) {
	first, last := regions[0][0], regions[0][1]
	for _, r := range regions {
		first, last = min(first, r[0]), max(last, r[1])
	}
	return first, last - first + 1
}

// holder computes regions one after another.
type holder struct {
	e     *Experiment
	latch int
	scene *fast.Scene
	brush fast.Brush
	rows  int // that the brush computes at once
	held  Held
}

func (h *holder) region(ctx context.Context, r [4]int) error {
	width := h.scene.Width
	got := make([]float32, width*min(h.rows, r[3]-r[2]+1))
	for slow := r[2]; slow <= r[3]; slow += h.rows {
		n := min(h.rows, r[3]-slow+1)
		if err := h.brush.Paint(slow, n, got[:n*width]); err != nil {
			return err
		}
		want := make([]float32, n*width)
		err := inParallel(ctx, 0, 0, n-1, func(row int) { h.trace(ctx, r, slow+row, want[row*width:][:width]) })
		if err != nil {
			return err
		}
		h.judge(r, slow, got[:n*width], want)
	}
	return nil
}

// trace computes a row of a region as a trace does.
func (h *holder) trace(ctx context.Context, r [4]int, slow int, into []float32) {
	stop := stopper{ctx: ctx}
	for fast := r[0]; fast <= r[1] && !stop.stopped; fast++ {
		if !h.e.Wanted(slow, fast) {
			continue
		}
		sc := h.e.scanAt(slow*h.e.Geometry.Fast+fast, h.latch)
		sc.stopper = stop
		into[fast-h.scene.First] = float32(h.e.pixel(slow, fast, &sc, nil))
		stop = sc.stopper
	}
}

// judge compares rows of a region.
func (h *holder) judge(r [4]int, slow int, got, want []float32) {
	brightest := float32(0)
	for _, v := range want {
		brightest = max(brightest, v)
	}
	for i, w := range want {
		p := Pixel{slow + i/h.scene.Width, h.scene.First + i%h.scene.Width}
		if p.Fast < r[0] || p.Fast > r[1] || !h.e.Wanted(p.Slow, p.Fast) {
			continue
		}
		index := p.Slow*h.e.Geometry.Fast + p.Fast
		if isNaN32(got[i]) || index == h.latch || index == h.e.first {
			h.held.Pixels++
			h.held.Exactly++
			continue
		}
		h.held.add(p, got[i], w, brightest)
	}
}
