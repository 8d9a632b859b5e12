package sim

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"simtrace/pkg/sim/fast"
)

// countedContext ends at a look at it, and counts the looks. Work is counted with
// it, not time: a loop looks once every lookEvery of work.
type countedContext struct {
	context.Context
	looks, end atomic.Int64
}

func endingAt(look int64) *countedContext {
	c := &countedContext{Context: context.Background()}
	c.end.Store(look)
	return c
}

func (c *countedContext) Err() error {
	if c.looks.Add(1) >= c.end.Load() {
		return context.Canceled
	}
	return nil
}

const never = 1 << 60

// oversampled is an experiment of which each pixel is much work.
func oversampled(t *testing.T, n, phisteps, domains int) *Experiment {
	t.Helper()
	c := base()
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 64, 4
	c.Sampling.Oversample = n
	c.Rotation.OscDeg, c.Rotation.Phisteps = 1, phisteps
	c.Crystal.MosaicDeg, c.Crystal.Domains = 0.5, domains
	c.Profile = ProfileNanoBragg
	return mustPrepare(t, c)
}

// The context is looked at all through one pixel, whichever of its loops is the
// long one.
func TestLooksWithinPixel(t *testing.T) {
	for _, c := range []struct{ oversample, phisteps, domains int }{{100, 1, 1}, {1, 1, 60000}, {2, 20000, 1}} {
		e := oversampled(t, c.oversample, c.phisteps, c.domains)
		ctx := endingAt(never)
		if _, err := e.Trace(ctx, Pixel{1, 1}, nil); err != nil {
			t.Fatal(err)
		}
		work := int64(c.oversample*c.oversample) * int64(sampleWork+c.phisteps*c.domains)
		if looks := ctx.looks.Load(); looks < work/lookEvery {
			t.Errorf("%+v: %d looks at the context, want %d at least", c, looks, work/lookEvery)
		}
	}
}

// The fast engine looks while it goes through the orientations of one block.
func TestLooksWithinBlock(t *testing.T) {
	const orientations = 4000
	e := oversampled(t, 1, 1, orientations)
	ctx := endingAt(never)
	w := newWorker(ctx, newRacer(e, fast.All()[0], 0))
	w.row(1, make([]float32, e.Geometry.Fast), nil)
	if looks, least := ctx.looks.Load(), int64(orientations*blockWork/lookEvery/2); looks < least {
		t.Errorf("%d looks at the context, want %d at least", looks, least)
	}
}

// Whatever ends at an interrupt ends at the next look: afterwards each goroutine
// looks a few times more, to find its loops ended.
func TestEndsAtNextLook(t *testing.T) {
	e := oversampled(t, 100, 3, 4)
	const at = 20
	for name, do := range map[string]func(ctx context.Context) error{
		"trace": func(ctx context.Context) error { _, err := e.Trace(ctx, Pixel{1, 1}, NewTap(Filter{})); return err },
		"exact": func(ctx context.Context) error {
			_, err := e.Render(ctx, Options{Threads: 2})
			return err
		},
		"fast": func(ctx context.Context) error {
			_, err := e.Render(ctx, Options{Threads: 2, Engine: EngineFast})
			return err
		},
		"check": func(ctx context.Context) error {
			_, err := e.check(ctx, make([]float32, 256), 0, nil, rand.New(rand.NewPCG(1, 0)))
			return err
		},
	} {
		ctx := endingAt(at)
		if err := do(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the error is %v", name, err)
		}
		if looks := ctx.looks.Load(); looks > at+10 {
			t.Errorf("%s: %d looks, though the context ended at the %dth", name, looks, at)
		}
	}
}

// A look changes no number.
func TestLooksChangeNothing(t *testing.T) {
	e := oversampled(t, 2, 20, 450)
	want, err := e.Trace(context.Background(), Pixel{1, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tap := NewTap(Filter{All: true})
	got, err := e.Trace(endingAt(never), Pixel{1, 1}, tap)
	if err != nil || got != want {
		t.Errorf("%g with a tap, %g without: %v", got, want, err)
	}
	if n := len(tap.Samples); n < 4*20*450 {
		t.Errorf("%d values were recorded", n)
	}
	for i := range tap.Samples { // each sample's values are its own
		s := &tap.Samples[i]
		if cap(s.Values) != len(s.Values) {
			t.Fatal("a sample's values can grow into the next one's")
		}
	}
}
