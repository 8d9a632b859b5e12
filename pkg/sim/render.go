package sim

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"simtrace/pkg/sim/fast"
)

// Pixel addresses a pixel, slow axis first.
type Pixel struct{ Slow, Fast int }

// Options of a rendering.
type Options struct {
	Threads  int                   // 0: as many as there are processors
	Progress func(done, total int) // rows finished, called from many goroutines; may be nil
	Taps     map[Pixel]*Tap        // pixels to record on the way; the image is the same with and without
	// TapOf, where not nil, returns the tap of a pixel that Taps has none for, nil for
	// none. It is called from many goroutines.
	TapOf func(p Pixel) *Tap

	Printed bool        // quantities of pixels are printed besides: the image has to have the same, so auto is exact
	Engine  Engine      // the zero value is the exact engine
	Kernels string      // of the fast engine: avx512, avx2, go; "" for the fastest, or what SIMTRACE_CPU says
	Device  fast.Device // where not nil, it computes what the fast engine does, if EngineAuto finds that worth it
	Seed    uint64      // of the pixels that check the fast engine; 0 for new ones each time
	Run     *Run        // where not nil, it is told how the image came about

	// Store, where not nil, is given the image too; what Render returns may then be
	// the store's.
	Store Store
	Sums  *Sums // where not nil, it is given the image's
}

// taps reports whether there may be taps.
func (o *Options) taps() bool { return len(o.Taps) > 0 || o.TapOf != nil }

// tapOf is the tap of a pixel, nil for none.
func (o *Options) tapOf(p Pixel) *Tap {
	t := o.Taps[p]
	if t == nil && o.TapOf != nil {
		t = o.TapOf(p)
	}
	return t
}

// Render computes the image: float32 photons, fast axis first, zero outside the
// region of interest. It does not depend on the number of threads. When ctx
// ends early, it returns its error and no image.
func (e *Experiment) Render(ctx context.Context, opt Options) ([]float32, error) {
	kernels, run, err := e.choose(opt)
	if err != nil {
		return nil, err
	}
	var image []float32
	if run.Engine == EngineFast {
		image, err = e.raceChecked(ctx, opt, kernels, &run)
	} else {
		image, err = e.renderStored(ctx, opt)
	}
	if opt.Run != nil {
		*opt.Run = run
	}
	return image, err
}

// renderStored is Render by the exact engine.
func (e *Experiment) renderStored(ctx context.Context, opt Options) ([]float32, error) {
	image, err := e.renderExactly(ctx, opt)
	if err == nil {
		err = e.stored(opt, image)
	}
	if err != nil {
		return nil, err
	}
	return image, nil
}

// renderExactly computes every pixel as a trace does.
func (e *Experiment) renderExactly(ctx context.Context, opt Options) ([]float32, error) {
	g := e.Geometry
	image := make([]float32, g.Fast*g.Slow)
	latch := e.latch(ctx, len(image))
	var unknown atomic.Pointer[[3]int]
	progress := e.counted(opt)
	err := inParallel(ctx, opt.Threads, e.ROI[2], e.ROI[3], func(slow int) {
		e.row(ctx, slow, latch, image, &opt, &unknown)
		progress()
	})
	if err != nil {
		return nil, err
	}
	if u := unknown.Load(); u != nil {
		return nil, e.unknownError(*u)
	}
	return image, nil
}

func (e *Experiment) row(ctx context.Context, slow, latch int, image []float32, opt *Options, unknown *atomic.Pointer[[3]int]) {
	stop := stopper{ctx: ctx}
	for fast := e.ROI[0]; fast <= e.ROI[1] && !stop.stopped; fast++ {
		if !e.Wanted(slow, fast) {
			continue
		}
		i := slow*e.Geometry.Fast + fast
		sc := e.scanAt(i, latch)
		sc.stopper = stop
		var t *Tap
		if opt.taps() {
			t = opt.tapOf(Pixel{slow, fast})
		}
		image[i] = float32(e.pixel(slow, fast, &sc, t))
		stop = sc.stopper
		if sc.unknown != nil {
			unknown.CompareAndSwap(nil, sc.unknown)
		}
	}
}

// Trace computes one pixel as it would come out in a full rendering, records
// its quantities in t, and returns its value in photons before it is rounded to
// float32. The pixel must lie on the detector, in the region of interest and
// outside the mask.
func (e *Experiment) Trace(ctx context.Context, p Pixel, t *Tap) (float64, error) {
	if err := e.Check(p); err != nil {
		return 0, err
	}
	latch := e.latch(ctx, p.Slow*e.Geometry.Fast+p.Fast)
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return e.trace(ctx, p, t, latch)
}

// Tracer traces many pixels of an experiment: what a scan brings to them is
// computed once. Any number of goroutines may trace with it.
type Tracer struct {
	e     *Experiment
	latch int
}

// Tracer returns one. The only error is that of ctx, where it ends before.
func (e *Experiment) Tracer(ctx context.Context) (*Tracer, error) {
	return &Tracer{e, e.latch(ctx, e.Geometry.Fast*e.Geometry.Slow)}, ctx.Err()
}

// Trace is Experiment's.
func (t *Tracer) Trace(ctx context.Context, p Pixel, tap *Tap) (float64, error) {
	if err := t.e.Check(p); err != nil {
		return 0, err
	}
	return t.e.trace(ctx, p, tap, t.latch)
}

// Latched is LatchedBefore.
func (t *Tracer) Latched(p Pixel) (by Pixel, latched bool) {
	width := t.e.Geometry.Fast
	return Pixel{t.latch / width, t.latch % width}, t.latch < p.Slow*width+p.Fast
}

// trace is Trace where the index of the pixel is known that switches interpolation
// off.
func (e *Experiment) trace(ctx context.Context, p Pixel, t *Tap, latch int) (float64, error) {
	sc := e.scanAt(p.Slow*e.Geometry.Fast+p.Fast, latch)
	sc.stopper = stopper{ctx: ctx}
	if t != nil {
		t.reserve(e.samples())
	}
	v := e.pixel(p.Slow, p.Fast, &sc, t)
	if sc.stopped {
		return 0, ctx.Err()
	}
	if t != nil && t.full {
		return v, fmt.Errorf("its trace has more than %d values: choose fewer stages or phi steps, or trace a smaller oversampling", maxSamples)
	}
	if sc.unknown != nil {
		return v, e.unknownError(*sc.unknown)
	}
	return v, nil
}

// LatchedBefore reports whether interpolation, switched on for the run, is off
// again when the scan comes to a pixel, and which pixel before it left the range
// of interpolation and switched it off.
func (e *Experiment) LatchedBefore(ctx context.Context, p Pixel) (by Pixel, latched bool) {
	i := p.Slow*e.Geometry.Fast + p.Fast
	first := e.latch(ctx, i)
	return Pixel{first / e.Geometry.Fast, first % e.Geometry.Fast}, first < i
}

// Check reports why a pixel has no value, or nil where it has one.
func (e *Experiment) Check(p Pixel) error {
	g := e.Geometry
	if p.Slow < 0 || p.Fast < 0 || p.Slow >= g.Slow || p.Fast >= g.Fast {
		return fmt.Errorf("pixel %d %d (slow fast) is not on the detector of %d x %d pixels (slow x fast)", p.Slow, p.Fast, g.Slow, g.Fast)
	}
	if !e.Wanted(p.Slow, p.Fast) {
		return fmt.Errorf("pixel %d %d (slow fast) is outside the roi %v (fast min, max, slow min, max) or masked", p.Slow, p.Fast, e.ROI)
	}
	return nil
}

func storeMin(a *atomic.Int64, v int64) {
	for {
		old := a.Load()
		if v >= old || a.CompareAndSwap(old, v) {
			return
		}
	}
}

// inParallel calls do for every row from lo to hi, in rising order, from as
// many goroutines as asked for.
func inParallel(ctx context.Context, threads, lo, hi int, do func(row int)) error {
	return withWorkers(ctx, threads, lo, hi, func() func(int) { return do })
}

// withWorkers is inParallel with something of its own for each goroutine:
// worker is called once for each, before it starts, and returns what it does
// with a row.
func withWorkers(ctx context.Context, threads, lo, hi int, worker func() func(row int)) error {
	var next atomic.Int64
	next.Store(int64(lo))
	var wg sync.WaitGroup
	for range min(threadsFor(threads), max(hi-lo+1, 0)) {
		do := worker()
		wg.Go(func() {
			for ctx.Err() == nil {
				row := int(next.Add(1)) - 1
				if row > hi {
					return
				}
				do(row)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// threadsFor is the number of threads asked for; 0 is one for each processor.
func threadsFor(asked int) int {
	if asked > 0 {
		return asked
	}
	return runtime.GOMAXPROCS(0)
}
