package sim

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// memoryStore is a store for tests, which may fail after some rows.
type memoryStore struct {
	image    []float32
	restarts int
	room     int // pixels; 0 for any number
}

var errFull = errors.New("the store is full")

func (m *memoryStore) Write(rows []float32) error {
	m.image = append(m.image, rows...)
	if m.room > 0 && len(m.image) > m.room {
		return errFull
	}
	return nil
}

func (m *memoryStore) Image() ([]float32, error) { return m.image, nil }

func (m *memoryStore) Restart() error {
	m.image, m.restarts = nil, m.restarts+1
	return nil
}

// wholeConfig is racedConfig on the whole detector, where rows are stored while
// others are computed.
func wholeConfig(r *rand.Rand, rows int) Config {
	c := racedConfig(r)
	c.Sampling.ROI = [4]int{-1, -1, -1, -1}
	c.Detector.PixelsSlow = rows
	c.Crystal.Cells = [3]float64{5, 5, 5}
	if m := c.Sampling.Mask; m != nil {
		c.Sampling.Mask = make([]uint16, c.Detector.PixelsFast*rows)
		for i := range c.Sampling.Mask {
			c.Sampling.Mask[i] = m[r.IntN(len(m))]
		}
	}
	return c
}

// TestStore: the stored image and its sums are those of an image in memory,
// whatever engine computes it and however many threads.
func TestStore(t *testing.T) {
	for i := range uint64(24) {
		r := rand.New(rand.NewPCG(i, 11))
		c := wholeConfig(r, 1+r.IntN(60))
		if i%4 == 3 {
			c = racedConfig(r) // a part of the detector
		}
		e := mustPrepare(t, c)
		for _, engine := range []Engine{EngineExact, EngineFast} {
			want := render(t, e, Options{Engine: engine})
			var sums Sums
			store := &memoryStore{}
			got := render(t, e, Options{Engine: engine, Store: store, Sums: &sums, Threads: 1 + r.IntN(5)})
			if !slices.EqualFunc(got, want, sameFloat) || !slices.EqualFunc(store.image, want, sameFloat) {
				t.Fatalf("experiment %d, engine %v: the stored image is another", i, engine)
			}
			// An experiment may make pixels that are no numbers.
			if diff := cmp.Diff(e.Sums(want), sums, cmpopts.EquateNaNs(), cmp.AllowUnexported(Sums{})); diff != "" {
				t.Errorf("experiment %d, engine %v: sums (-of the image +on the way):\n%s", i, engine, diff)
			}
		}
	}
}

func sameFloat(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }

// TestStoreFails: an error ends the rendering, and nothing waits for ever.
func TestStoreFails(t *testing.T) {
	for i := range uint64(12) {
		r := rand.New(rand.NewPCG(i, 12))
		e := mustPrepare(t, wholeConfig(r, 40+r.IntN(100)))
		pixels := e.Geometry.Fast * e.Geometry.Slow
		for _, engine := range []Engine{EngineExact, EngineFast} {
			store := &memoryStore{room: 1 + r.IntN(pixels-1)}
			_, err := e.Render(context.Background(), Options{Engine: engine, Store: store, Threads: 1 + r.IntN(5)})
			if !errors.Is(err, errFull) {
				t.Errorf("experiment %d, engine %v: %v", i, engine, err)
			}
		}
	}
}

// TestStoreInterrupted: an early end leaves no goroutine waiting for room.
func TestStoreInterrupted(t *testing.T) {
	e := mustPrepare(t, wholeConfig(rand.New(rand.NewPCG(1, 13)), 200))
	for i := range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		opt := Options{Engine: EngineFast, Store: &memoryStore{}, Threads: 4, Progress: func(done, _ int) {
			if done == 1+7*i {
				cancel()
			}
		}}
		if _, err := e.Render(ctx, opt); !errors.Is(err, context.Canceled) {
			t.Errorf("after %d rows: %v", 1+7*i, err)
		}
		cancel()
	}
}
