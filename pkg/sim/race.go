package sim

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"simtrace/internal/hugepage"
	"simtrace/pkg/sim/fast"
)

// raceChecked renders with the fast engine, and with the exact one where its
// check fails.
func (e *Experiment) raceChecked(ctx context.Context, opt Options, k fast.Kernels, run *Run) ([]float32, error) {
	r := newRacer(e, k, e.latch(ctx, e.Geometry.Fast*e.Geometry.Slow))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	image, err := e.race(ctx, opt, r, run)
	if err == nil && run.Check.Failed {
		run.Engine, run.Kernels, run.Why = EngineExact, "", "the fast engine's check failed"
		if opt.Store != nil {
			if err := opt.Store.Restart(); err != nil {
				return nil, err
			}
		}
		return e.renderStored(ctx, opt)
	}
	if err == nil && opt.taps() {
		err = e.tapBeside(ctx, &opt, r.latch)
	}
	return image, err
}

// tapBeside traces the pixels that have a tap, once the fast engine has rendered
// them: the exact engine alone has something to say to a tap.
func (e *Experiment) tapBeside(ctx context.Context, opt *Options, latch int) error {
	var failed atomic.Pointer[error]
	err := inParallel(ctx, opt.Threads, e.ROI[2], e.ROI[3], func(slow int) {
		for fast := e.ROI[0]; fast <= e.ROI[1] && failed.Load() == nil; fast++ {
			p := Pixel{slow, fast}
			if !e.Wanted(slow, fast) {
				continue
			}
			if t := opt.tapOf(p); t != nil {
				if _, err := e.trace(ctx, p, t, latch); err != nil {
					failed.CompareAndSwap(nil, &err)
				}
			}
		}
	})
	if f := failed.Load(); err == nil && f != nil {
		err = *f
	}
	return err
}

// race renders with the fast engine and has the exact engine check it.
func (e *Experiment) race(ctx context.Context, opt Options, r *racer, run *Run) ([]float32, error) {
	var image []float32
	var err error
	var workers []*worker
	recruit := func() *worker {
		w := newWorker(ctx, r)
		workers = append(workers, w)
		return w
	}
	seed := opt.Seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	checked, end := context.WithCancel(ctx)
	defer end() // a check of an image that fails is of no use
	begin := sync.OnceValue(func() *checking { return e.beginCheck(checked, r.latch, rand.New(rand.NewPCG(seed, 0))) })
	if opt.Device != nil && run.NotOnDevice == "" {
		begin() // the processors have nothing else to do
		image, err = e.raceDevice(ctx, opt, r, recruit)
	} else if opt.Store != nil && e.streams() && r.singles == nil {
		image, err = e.raceStream(ctx, opt, recruit)
	} else {
		image, err = e.raceMemory(ctx, opt, recruit)
	}
	if err != nil {
		return nil, err
	}
	var bright brightest
	for _, w := range workers {
		if w.unknown != nil {
			return nil, e.unknownError(*w.unknown)
		}
		run.Exactly += w.exactly
		bright.pixels = append(bright.pixels, w.bright.pixels...)
	}
	bright.cut()
	run.Check, err = begin().finish(image, bright.pixels)
	return image, err
}

// raceMemory renders into memory.
func (e *Experiment) raceMemory(ctx context.Context, opt Options, newWorker func() *worker) ([]float32, error) {
	width := e.Geometry.Fast
	image := hugepage.Make[float32](width * e.Geometry.Slow)
	progress := e.counted(opt)
	err := withWorkers(ctx, opt.Threads, e.ROI[2], e.ROI[3], func() func(int) {
		w := newWorker()
		return func(slow int) {
			w.row(slow, image[slow*width:][:width], nil)
			progress()
		}
	})
	if err == nil {
		err = e.stored(opt, image)
	}
	return image, err
}

// raceStream renders row by row into the store.
func (e *Experiment) raceStream(ctx context.Context, opt Options, newWorker func() *worker) ([]float32, error) {
	s := e.newStream(opt.Store, threadsFor(opt.Threads))
	progress := e.counted(opt)
	err := withWorkers(ctx, opt.Threads, e.ROI[2], e.ROI[3], func() func(int) {
		w := newWorker()
		return func(slow int) {
			row, omegas := s.begin(slow)
			if row == nil {
				return
			}
			if e.Config.Sampling.Mask != nil {
				clear(row) // what is masked is not written
			}
			w.row(slow, row, omegas)
			s.end(slow)
			progress()
		}
	})
	if err != nil {
		return nil, err
	}
	image, sums, err := s.all()
	if opt.Sums != nil {
		*opt.Sums = sums
	}
	return image, err
}

// counted returns what reports a finished row.
func (e *Experiment) counted(opt Options) func() {
	if opt.Progress == nil {
		return func() {}
	}
	var done atomic.Int64
	return func() { opt.Progress(int(done.Add(1)), e.ROI[3]-e.ROI[2]+1) }
}

// stored stores an image that was rendered into memory, and sums it.
func (e *Experiment) stored(opt Options, image []float32) error {
	if opt.Sums != nil {
		*opt.Sums = e.Sums(image)
	}
	if opt.Store == nil {
		return nil
	}
	return opt.Store.Write(image)
}
