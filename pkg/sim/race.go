package sim

import (
	"context"
	"math/rand/v2"
	"sync/atomic"

	"simtrace/internal/hugepage"
	"simtrace/pkg/sim/fast"
)

// raceChecked renders with the fast engine, and with the exact one where its
// check fails.
func (e *Experiment) raceChecked(ctx context.Context, opt Options, k fast.Kernels, run *Run) ([]float32, error) {
	image, err := e.race(ctx, opt, newRacer(e, k), run)
	if err == nil && run.Check.Failed {
		run.Engine, run.Kernels, run.Why = EngineExact, "", "the fast engine's check failed"
		return e.renderExactly(ctx, opt)
	}
	return image, err
}

// race renders with the fast engine and has the exact engine check it.
func (e *Experiment) race(ctx context.Context, opt Options, r *racer, run *Run) ([]float32, error) {
	image := hugepage.Make[float32](e.Geometry.Fast * e.Geometry.Slow)
	lo, hi := e.ROI[2], e.ROI[3]
	var done atomic.Int64
	var workers []*worker
	err := withWorkers(ctx, opt.Threads, lo, hi, func() func(int) {
		w := newWorker(r)
		workers = append(workers, w)
		return func(slow int) {
			w.row(slow, image)
			if n := int(done.Add(1)); opt.Progress != nil {
				opt.Progress(n, hi-lo+1)
			}
		}
	})
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
	seed := opt.Seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	run.Check = e.check(image, bright.pixels, rand.New(rand.NewPCG(seed, 0)))
	return image, nil
}
