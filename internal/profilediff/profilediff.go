// Package profilediff answers which habits make two programs differ on one
// configuration, without running either:
//
//  1. both profiles' images are rendered;
//  2. pixels are chosen: the brightest, those where the two differ most, and some at
//     random;
//  3. each switch in which the profiles differ is exchanged alone, once on top of the
//     one profile and once on top of the other, and these pixels computed again;
//  4. the switches are ranked by how much intensity each moves at the pixels at random,
//     whichever profile it is exchanged on, so by the smaller of the two changes; then,
//     for what shows in few pixels, at those that differ most.
//
// A profile whose program stops at the configuration is named with the reason; the
// other switches are ranked as if it did not.
package profilediff

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"simtrace/pkg/sim"
)

// How many pixels of each kind are computed.
const (
	brightPixels = 8
	unlikePixels = 16
	randomPixels = 256

	firstUnlike = brightPixels
	firstRandom = brightPixels + unlikePixels
)

// Options of a comparison.
type Options struct {
	A, B  sim.Profile
	Build func(p sim.Profile) (*sim.Experiment, error) // the configuration in a profile
	Seed  uint64                                       // of the random pixels
}

// Stop is a program that does not compute the configuration.
type Stop struct {
	Profile string `json:"profile"`
	Reason  string `json:"reason"`
}

// Habit is one switch in which the profiles differ, and what it does here.
type Habit struct {
	Switch string `json:"switch"`
	Help   string `json:"help"`
	A      string `json:"a"`
	B      string `json:"b"`
	// OnA is the mean relative change that exchanging the switch on top of A makes, over
	// the pixels at random; OnB likewise. Where one is far from the other, the habit acts
	// together with another one.
	OnA       float64 `json:"on_a"`
	OnB       float64 `json:"on_b"`
	Brightest float64 `json:"brightest"` // relative change at A's brightest pixel, on top of A
	Random    float64 `json:"random"`    // the largest at a pixel at random
	Most      float64 `json:"most"`      // the mean over the pixels where A and B differ most, the smaller of both ways
	Pixels    int     `json:"pixels"`    // of those computed, how many change
	Error     string  `json:"error,omitempty"`
}

// Report is the answer.
type Report struct {
	A          string     `json:"a"`
	B          string     `json:"b"`
	Stops      []Stop     `json:"stops,omitempty"`
	Pixels     int        `json:"pixels"` // of the image
	Differ     int        `json:"differ"` // in any bit of their float32
	Brightest  [2]int     `json:"brightest_pixel"`
	Intensity  [2]float64 `json:"intensity"` // there, of A and of B
	Habits     []Habit    `json:"habits"`    // ranked, those that change something
	Idle       []string   `json:"idle"`      // switches that differ and change nothing here
	Computed   int        `json:"computed_pixels"`
	Unlike     float64    `json:"unlike"` // mean relative difference of A and B over the pixels at random
	RandomSeed uint64     `json:"seed"`
}

// Compare ranks the habits.
func Compare(ctx context.Context, o Options) (*Report, error) {
	r := &Report{A: o.A.Name, B: o.B.Name, Habits: []Habit{}, Idle: []string{}, RandomSeed: o.Seed}
	a, err := r.build(o, &o.A)
	if err != nil {
		return nil, fmt.Errorf("profile %s: %w", o.A.Name, err)
	}
	b, err := r.build(o, &o.B)
	if err != nil {
		return nil, fmt.Errorf("profile %s: %w", o.B.Name, err)
	}
	pixels, err := r.choose(ctx, a, b, o.Seed)
	if err != nil {
		return nil, err
	}
	ia, err := intensities(ctx, a, pixels)
	if err != nil {
		return nil, err
	}
	ib, err := intensities(ctx, b, pixels)
	if err != nil {
		return nil, err
	}
	r.Computed, r.Intensity, r.Unlike = len(pixels), [2]float64{ia[0], ib[0]}, meanChange(ia[firstRandom:], ib[firstRandom:])
	for _, s := range sim.Switches() {
		if s.Name == "stops" || s.Get(o.A) == s.Get(o.B) {
			continue
		}
		h := Habit{Switch: s.Name, Help: s.Help, A: s.Get(o.A), B: s.Get(o.B)}
		if err := h.measure(ctx, o, pixels, ia, ib); err != nil {
			return nil, err
		}
		if h.Pixels == 0 && h.Error == "" {
			r.Idle = append(r.Idle, s.Name)
		} else {
			r.Habits = append(r.Habits, h)
		}
	}
	slices.SortStableFunc(r.Habits, func(x, y Habit) int { return cmp.Or(y.before(x), cmp.Compare(y.Pixels, x.Pixels)) })
	return r, nil
}

// lastBits is a relative change that rounding alone makes.
const lastBits = 1e-12

// before is positive where the habit ranks ahead of another one.
func (h Habit) before(g Habit) int {
	for _, v := range [][2]float64{
		{min(h.OnA, h.OnB), min(g.OnA, g.OnB)}, {h.Most, g.Most}, {max(h.OnA, h.OnB), max(g.OnA, g.OnB)},
	} {
		if max(v[0], v[1]) > lastBits && v[0] != v[1] {
			return cmp.Compare(v[0], v[1])
		}
	}
	return 0
}

// build prepares the configuration in a profile; where its program stops, without that.
func (r *Report) build(o Options, p *sim.Profile) (*sim.Experiment, error) {
	e, err := o.Build(*p)
	var stop *sim.StopError
	if !errors.As(err, &stop) {
		return e, err
	}
	r.Stops = append(r.Stops, Stop{p.Name, stop.At})
	p.Stops = sim.StopsNever
	return o.Build(*p)
}

// choose renders both images and chooses the pixels: A's brightest first, then the
// other bright ones, those that differ most, and those at random.
func (r *Report) choose(ctx context.Context, a, b *sim.Experiment, seed uint64) ([]sim.Pixel, error) {
	ia, err := a.Render(ctx, sim.Options{Engine: sim.EngineAuto})
	if err != nil {
		return nil, err
	}
	ib, err := b.Render(ctx, sim.Options{Engine: sim.EngineAuto})
	if err != nil {
		return nil, err
	}
	if len(ia) != len(ib) {
		return nil, fmt.Errorf("%s has %d pixels, %s %d: their flags mean different detectors", r.A, len(ia), r.B, len(ib))
	}
	width := a.Geometry.Fast
	var wanted []int
	for i := range ia {
		if a.Wanted(i/width, i%width) && b.Wanted(i/width, i%width) {
			wanted = append(wanted, i)
		}
	}
	if len(wanted) == 0 {
		return nil, errors.New("the two have no pixel in common")
	}
	r.Pixels = len(wanted)
	for _, i := range wanted {
		if math.Float32bits(ia[i]) != math.Float32bits(ib[i]) {
			r.Differ++
		}
	}
	var out []sim.Pixel
	take := func(n int, of func(i int) float64) {
		for _, i := range largest(wanted, n, of) {
			out = append(out, sim.Pixel{Slow: i / width, Fast: i % width})
		}
	}
	take(brightPixels, func(i int) float64 { return float64(ia[i]) })
	take(unlikePixels, func(i int) float64 { return change(float64(ia[i]), float64(ib[i])) })
	random := rand.New(rand.NewPCG(seed, 0))
	for range randomPixels {
		i := wanted[random.IntN(len(wanted))]
		out = append(out, sim.Pixel{Slow: i / width, Fast: i % width})
	}
	r.Brightest = [2]int{out[0].Slow, out[0].Fast}
	return out, nil
}

// largest returns the n elements with the largest values, the first of equal ones,
// repeated where there are fewer than n.
func largest(all []int, n int, of func(i int) float64) []int {
	out, values := make([]int, 0, n+1), make([]float64, 0, n+1)
	for _, i := range all {
		v := of(i)
		at := len(out)
		for at > 0 && cmp.Compare(v, values[at-1]) > 0 {
			at--
		}
		if at < n {
			out, values = slices.Insert(out, at, i), slices.Insert(values, at, v)
			out, values = out[:min(len(out), n)], values[:min(len(values), n)]
		}
	}
	for found := len(out); len(out) < n; {
		out = append(out, out[len(out)-found])
	}
	return out
}

// intensities computes pixels, in photons.
func intensities(ctx context.Context, e *sim.Experiment, pixels []sim.Pixel) ([]float64, error) {
	tracer, err := e.Tracer(ctx)
	if err != nil {
		return nil, err
	}
	out, errs := make([]float64, len(pixels)), make([]error, len(pixels))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(pixels); i = int(next.Add(1)) - 1 {
				out[i], errs[i] = tracer.Trace(ctx, pixels[i], nil)
			}
		})
	}
	wg.Wait()
	return out, errors.Join(errs...)
}

// measure exchanges the switch on top of each profile.
func (h *Habit) measure(ctx context.Context, o Options, pixels []sim.Pixel, ia, ib []float64) error {
	a, err := h.exchanged(ctx, o, o.A, h.B, pixels)
	if err != nil {
		return err
	}
	b, err := h.exchanged(ctx, o, o.B, h.A, pixels)
	if err != nil {
		return err
	}
	h.Most = math.Inf(1)
	if a != nil {
		h.OnA, h.Brightest = h.add(ia, a), change(ia[0], a[0])
	}
	if b != nil {
		h.OnB = h.add(ib, b)
	}
	if a == nil && b == nil {
		h.Most = 0
	}
	return nil
}

// exchanged computes the pixels with one switch of a profile changed; nil where the
// configuration cannot be had so, which is the habit's error.
func (h *Habit) exchanged(ctx context.Context, o Options, p sim.Profile, value string, pixels []sim.Pixel) ([]float64, error) {
	if err := p.Set(h.Switch, value); err != nil {
		return nil, err
	}
	e, err := o.Build(p)
	if err == nil {
		var out []float64
		if out, err = intensities(ctx, e, pixels); err == nil {
			return out, nil
		}
	}
	if ctx.Err() == nil {
		h.Error = err.Error()
	}
	return nil, ctx.Err()
}

// add counts what one exchange changes, and returns the mean change at random.
func (h *Habit) add(was, now []float64) float64 {
	n := 0
	for i := range was {
		d := change(was[i], now[i])
		if d > 0 {
			n++
		}
		if i >= firstRandom {
			h.Random = max(h.Random, d)
		}
	}
	h.Pixels = max(h.Pixels, n)
	h.Most = min(h.Most, meanChange(was[firstUnlike:firstRandom], now[firstUnlike:firstRandom]))
	return meanChange(was[firstRandom:], now[firstRandom:])
}

// change is |a - b| by the larger of the two; 1 where only one of them is a number.
func change(a, b float64) float64 {
	switch {
	case a == b || math.IsNaN(a) && math.IsNaN(b):
		return 0
	case math.IsNaN(a) || math.IsNaN(b):
		return 1
	}
	return math.Abs(a-b) / max(math.Abs(a), math.Abs(b))
}

func meanChange(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += change(a[i], b[i])
	}
	return sum / float64(len(a))
}
