package sim

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// How many pixels of a fast image the exact engine computes again: drawn at
// random, and the brightest. Of a small image with many steps a pixel, that many
// would take as long as the fast engine takes for all: of fewer pixels, an
// eightieth and a 320th, and the least numbers where those are smaller.
const (
	checkedRandom = 256
	checkedBright = 64
	leastRandom   = 24
	leastBright   = 8
)

// checked is how many pixels are computed again of so many.
func checked(pixels int) (random, bright int) {
	return min(max(pixels/80, leastRandom), checkedRandom, pixels), min(max(pixels/320, leastBright), checkedBright, pixels)
}

// Check is the outcome of the fast engine's check by the exact engine.
type Check struct {
	Pixels    int    // computed by both
	Identical int    // the same float32
	MaxULP    uint32 // largest deviation, in units of float32, of pixels above Faint of the brightest
	Worst     Pixel  // the pixel that deviates most
	Got, Want float32
	Failed    bool // a deviation is beyond the bound
}

// faint is the fraction of the brightest pixel below which a deviation is
// judged by its size, at most tiny of the brightest, in place of ulps: such a
// pixel is what is left where all samples cancel.
const (
	faint = 1e-9
	tiny  = 1e-15
)

// String says it in a line.
func (c Check) String() string {
	s := fmt.Sprintf("%d pixels computed again by the exact engine, %d identical, largest deviation %d ulp", c.Pixels, c.Identical, c.MaxULP)
	if c.Failed {
		s += fmt.Sprintf(" (slow %d fast %d: %.9g, exactly %.9g)", c.Worst.Slow, c.Worst.Fast, c.Got, c.Want)
	}
	return s
}

// check computes pixels of a fast image again.
func (e *Experiment) check(ctx context.Context, image []float32, latch int, bright []lightPixel, r *rand.Rand) (Check, error) {
	return e.beginCheck(ctx, latch, r).finish(image, bright)
}

// checking is a check that has begun: the exact engine computes the random pixels,
// which may be done while a device computes the image.
type checking struct {
	e      *Experiment
	ctx    context.Context
	latch  int
	pixels []Pixel
	random chan []float32 // what they are
}

func (e *Experiment) beginCheck(ctx context.Context, latch int, r *rand.Rand) *checking {
	c := &checking{e: e, ctx: ctx, latch: latch, pixels: e.draw(r), random: make(chan []float32, 1)}
	go func() { c.random <- c.exactly(c.pixels) }()
	return c
}

// exactly has the exact engine compute pixels, on all processors. What it returns after
// an interrupt is of no use.
func (c *checking) exactly(pixels []Pixel) []float32 {
	out := make([]float32, len(pixels))
	_ = inParallel(c.ctx, 0, 0, len(pixels)-1, func(i int) {
		p := pixels[i]
		sc := c.e.scanAt(p.Slow*c.e.Geometry.Fast+p.Fast, c.latch)
		sc.stopper = stopper{ctx: c.ctx}
		out[i] = float32(c.e.pixel(p.Slow, p.Fast, &sc, nil))
	})
	return out
}

// finish computes the brightest pixels too, and judges all.
func (c *checking) finish(image []float32, bright []lightPixel) (Check, error) {
	e, pixels := c.e, c.pixels
	random := make(map[Pixel]bool, len(pixels))
	for _, p := range pixels {
		random[p] = true
	}
	_, most := checked(e.pixels())
	for _, b := range bright[:min(len(bright), most)] {
		if !random[b.at] {
			pixels = append(pixels, b.at)
		}
	}
	want := append(<-c.random, c.exactly(pixels[len(c.pixels):])...)
	var out Check
	if c.ctx.Err() != nil {
		return out, c.ctx.Err()
	}
	// The brightest is the exact engine's: the other's word is what is in doubt.
	brightest := float32(0)
	for _, v := range want {
		brightest = max(brightest, v)
	}
	for i, p := range pixels {
		out.add(p, image[p.Slow*e.Geometry.Fast+p.Fast], want[i], brightest)
	}
	return out, nil
}

// add judges one pixel.
func (c *Check) add(p Pixel, got, want, brightest float32) {
	c.Pixels++
	if got == want || isNaN32(got) && isNaN32(want) {
		c.Identical++
		return
	}
	ulp := ulps(got, want)
	bad := ulp > 1
	if float64(want) <= faint*float64(brightest) {
		// Written so that a NaN is bad.
		bad = !(math.Abs(float64(got)-float64(want)) <= tiny*float64(brightest))
		if !bad {
			return
		}
	}
	if ulp > c.MaxULP {
		c.MaxULP, c.Worst, c.Got, c.Want = ulp, p, got, want
	}
	c.Failed = c.Failed || bad
}

// draw chooses pixels of the region of interest at random, none twice; fewer
// where a mask leaves hardly any.
func (e *Experiment) draw(r *rand.Rand) []Pixel {
	width, n := e.ROI[1]-e.ROI[0]+1, e.pixels()
	want, _ := checked(n)
	out, drawn := make([]Pixel, 0, want), make(map[int]int, 4*want)
	// The first places of a shuffle (Fisher and Yates), of which only the
	// exchanges are kept.
	at := func(i int) int {
		if j, moved := drawn[i]; moved {
			return j
		}
		return i
	}
	for i := range min(4*want, n) {
		j := i + r.IntN(n-i)
		k := at(j)
		drawn[j] = at(i)
		if p := (Pixel{e.ROI[2] + k/width, e.ROI[0] + k%width}); e.Wanted(p.Slow, p.Fast) {
			out = append(out, p)
		}
		if len(out) == want {
			break
		}
	}
	return out
}

// pixels is how many the region of interest has.
func (e *Experiment) pixels() int { return (e.ROI[1] - e.ROI[0] + 1) * (e.ROI[3] - e.ROI[2] + 1) }

// ulps is the number of float32 between two; the largest number where one is
// NaN or the signs differ.
func ulps(a, b float32) uint32 {
	if isNaN32(a) || isNaN32(b) || math.Signbit(float64(a)) != math.Signbit(float64(b)) {
		return math.MaxUint32
	}
	x, y := math.Float32bits(a), math.Float32bits(b)
	return max(x, y) - min(x, y)
}

func isNaN32(v float32) bool { return v != v }

// lightPixel is a pixel with its value.
type lightPixel struct {
	value float32
	at    Pixel
}

// brightest collects the brightest pixels.
type brightest struct {
	pixels []lightPixel
	least  float32 // what a further one has to exceed
}

// add collects one more pixel; now and then all but the brightest are dropped.
func (b *brightest) add(v float32, p Pixel) {
	b.pixels = append(b.pixels, lightPixel{v, p})
	if len(b.pixels) >= 16*checkedBright {
		b.cut()
		b.least = b.pixels[len(b.pixels)-1].value
	}
}

// cut keeps the brightest, sorted; the order does not depend on how they came.
func (b *brightest) cut() {
	slices.SortFunc(b.pixels, func(x, y lightPixel) int {
		switch {
		case x.value != y.value && x.value > y.value:
			return -1
		case x.value != y.value:
			return 1
		case x.at.Slow != y.at.Slow:
			return x.at.Slow - y.at.Slow
		}
		return x.at.Fast - y.at.Fast
	})
	b.pixels = b.pixels[:min(len(b.pixels), checkedBright)]
}
