package sim

import (
	"context"
	"math"
	"slices"

	"simtrace/pkg/sim/fast"
)

// blockWork is what an orientation of a whole block costs, in orientations of one
// pixel; see lookEvery.
const blockWork = fast.Width / 8

// worker is what one goroutine of the fast engine works in.
type worker struct {
	*racer
	block   fast.Block
	at      locator
	given   *fast.Factors // where the general sweeps are needed
	box     fast.Box
	single  *block32            // in single precision
	exact   [fast.Width]bool    // pixels of the block that are the exact engine's
	special bool                // there are such, or masked ones
	held    [fast.Width]float64 // sums, while a sweep makes new ones
	exactly int                 // pixels that the exact engine computed
	unknown *[3]int
	bright  brightest
	stop    stopper
}

func newWorker(ctx context.Context, r *racer) *worker {
	w := &worker{racer: r, stop: stopper{ctx: ctx}}
	// They stay so where nothing else is computed.
	fill(w.block.Capture[:], 1)
	fill(w.block.Polar[:], 1)
	fill(w.block.Idle[:], 1)
	if r.singles != nil {
		w.single = new(block32)
	}
	if r.e.Interpolate || r.e.compounds {
		w.given = new(fast.Factors)
		for i := range w.box.Floor {
			fill(w.box.Floor[i][:], math.NaN()) // no box yet
		}
	}
	return w
}

// row computes one row of the region of interest into a row of the image, and keeps
// the solid angles where they are asked for.
func (w *worker) row(slow int, into []float32, omegas []float64) {
	e := w.e
	for fast0, n := e.ROI[0], 0; fast0 <= e.ROI[1] && !w.stop.stopped; fast0 += n {
		interpolate := false
		interpolate, n = w.interpolates(slow*e.Geometry.Fast+fast0, min(fast.Width, e.ROI[1]-fast0+1))
		if w.wanted(slow, fast0, n) {
			w.compute(slow, fast0, n, interpolate)
			w.keep(slow, fast0, into[fast0:fast0+n])
		}
		if omegas != nil {
			e.keepOmegas(&w.block, slow, fast0, omegas[fast0:fast0+n])
		}
	}
}

// wanted marks the pixels that the mask leaves out, and reports whether any is
// left.
func (w *worker) wanted(slow, fast0, n int) bool {
	clear(w.exact[:n])
	m := w.e.Config.Sampling.Mask
	w.special = m != nil
	if m == nil {
		return true
	}
	any := false
	for _, v := range m[slow*w.e.Geometry.Fast+fast0:][:n] {
		any = any || v != 0
	}
	return any
}

// compute fills the block's Image with n pixels of a row.
func (w *worker) compute(slow, fast0, n int, interpolate bool) {
	e, b := w.e, &w.block
	all := lanes(n)
	background := 0.0
	if e.Config.Profile.Water.inSum() {
		background = e.Beam.Background
	}
	fill(b.Sum[:all], background)
	w.scanned(slow, fast0, n)
	if w.single != nil {
		w.computeSingle(slow, fast0, n)
		return
	}
	samples := e.samples()
	for i := range samples {
		s := e.sampleAt(i)
		if w.sample(fastSample{slow: slow, fast: fast0, n: all, layer: s.Layer, sub: s.Sub, first: i == 0, last: i == samples-1, interpolate: interpolate}); w.stop.stopped {
			return
		}
	}
	p, s := &e.Config.Profile, &e.Config.Sampling
	if p.CaptureKeep == KeepEvery || s.OversampleThick {
		fill(b.Capture[:all], 1)
	}
	if p.OmegaKeep == KeepEvery || s.OversampleOmega {
		fill(b.Omega[:all], 1)
	}
	if e.compoundPolar {
		fill(b.Polar[:all], 1)
	}
	w.kernels.Finish(b, all, w.scale)
}

// scanned leaves the pixels to the exact engine that hang on the order of the scan.
func (w *worker) scanned(slow, fast0, n int) {
	for _, one := range []int{w.e.first, w.latch} {
		if i := one - slow*w.e.Geometry.Fast - fast0; one >= 0 && i >= 0 && i < n {
			w.exact[i], w.special = true, true
		}
	}
}

// lanes is the number of pixels that the kernels compute for n.
func lanes(n int) int { return (n + fast.Lanes - 1) / fast.Lanes * fast.Lanes }

// fastSample is one subpixel on one layer of a block.
type fastSample struct {
	slow, fast, n int
	layer, sub    int
	first, last   bool // of the pixels' samples
	interpolate   bool // structure factors
}

// sample adds one subpixel on one layer.
func (w *worker) sample(at fastSample) {
	if w.stop.spend(sampleWork) {
		return
	}
	e, b, p, s := w.e, &w.block, &w.e.Config.Profile, &w.e.Config.Sampling
	e.locate(b, w.kernels, at, &w.at)
	if p.OmegaKeep == KeepEvery || s.OversampleOmega || at.first && p.OmegaKeep == KeepFirst || at.last && p.OmegaKeep == KeepLast {
		w.kernels.SolidAngles(b, at.n, &w.solid)
	}
	g := e.Geometry
	kept := at.layer == g.ThickSteps-1 && at.sub == 0 // of the last layer, its first subpixel's counts
	if p.LayersInside {
		kept = at.last // each sample is another layer than the one before
	}
	if s.OversampleThick || g.Thick > 0 && (p.CaptureKeep == KeepEvery || kept) {
		w.kernels.Absorb(b, at.n, &w.layers[at.layer])
	}
	if p.Water == WaterFirst && at.first {
		w.factor(at.n, 1)
	}
	for i := range w.rays {
		if e.Dmin > 0 {
			w.cut(at.n, &w.rays[i])
		}
		if e.compoundPolar {
			w.kernels.Polarize(b, at.n, &w.kahns[i])
		}
		if at.interpolate || e.compounds {
			w.general(at, i)
		} else {
			w.source(at.n, i)
		}
		w.polarize(at, i)
	}
}

// polarize computes the polarisation factors where the exact engine does and it
// matters. The last one counts; each makes the directions unit vectors once
// more for the sources behind it, which changes the directions' last bits and
// with them those of the Miller indices, but not those of a float32 factor.
func (w *worker) polarize(at fastSample, source int) {
	first, last := at.first && source == 0, at.last && source == len(w.rays)-1
	p, each := &w.e.Config.Profile, w.e.compoundPolar
	once := p.PolarKeep.first()
	if !each && (w.e.Beam.NoPolar || once && !first) {
		return
	}
	if source < len(w.rays)-1 && !p.PolarKept {
		w.kernels.Normalize(&w.block, at.n)
	}
	if !each && (once || last) {
		w.kernels.Polarize(&w.block, at.n, &w.kahns[source])
	}
}

// cut leaves the pixels to the exact engine that the resolution limit cuts at a
// sample.
func (w *worker) cut(n int, ray *fast.Ray) {
	b := &w.block
	for i := range n {
		if w.e.double.cut(scattering(Vec3{b.X[i], b.Y[i], b.Z[i]}, ray.Incident, ray.Lambda)) {
			w.exact[i], w.special = true, true
		}
	}
}

// source adds all orientations for one source.
func (w *worker) source(n, i int) {
	b := &w.block
	if w.e.factors {
		copy(w.held[:n], b.Sum[:n])
		clear(b.Sum[:n])
	}
	for some := range slices.Chunk(w.table, fast.Steps) {
		if w.stop.spend(len(some) * blockWork) {
			return
		}
		w.sweep(b, n, &w.lattice, &w.rays[i], some)
	}
	if w.e.factors {
		w.factor(n, w.e.Beam.Sources[i].Weight)
		for j := range n {
			b.Sum[j] += w.held[j]
		}
	}
}

// factor multiplies the sums by what the profile gives to each sample.
func (w *worker) factor(n int, weight float64) { w.factored(w.block.Sum[:n], weight) }

// factored multiplies numbers of pixels by what the profile gives to each sample.
func (w *worker) factored(numbers []float64, weight float64) {
	b, p := &w.block, &w.e.Config.Profile
	for j, v := range numbers {
		if p.Steps.weighs() {
			v = float64(v * weight)
		}
		if p.CaptureKeep == KeepEvery {
			v = float64(v * b.Capture[j])
		}
		if p.OmegaKeep == KeepEvery {
			v = float64(v * b.Omega[j])
		}
		numbers[j] = v
	}
}

// keep moves the block's pixels into the image, and settles them.
func (w *worker) keep(slow, fast0 int, into []float32) {
	copy(into, w.block.Image[:len(into)])
	w.settle(slow, fast0, into)
}

// settle has the exact engine compute those of the image's pixels that the kernels
// could not, and notes the bright ones.
func (w *worker) settle(slow, fast0 int, into []float32) {
	e := w.e
	at := slow*e.Geometry.Fast + fast0
	for i, v := range into {
		// One comparison finds both the bright and what is not a number.
		if v <= w.bright.least && !w.special {
			continue
		}
		if m := e.Config.Sampling.Mask; m != nil && m[at+i] == 0 {
			into[i] = 0
			continue
		}
		if v != v || w.exact[i] {
			v = w.exactPixel(slow, fast0+i)
			into[i] = v
		}
		if v > w.bright.least {
			w.bright.add(v, Pixel{slow, fast0 + i})
		}
	}
}

// exactPixel has the exact engine compute a pixel.
func (w *worker) exactPixel(slow, fast int) float32 {
	sc := w.e.scanAt(slow*w.e.Geometry.Fast+fast, w.latch)
	sc.stopper = w.stop
	v := float32(w.e.pixel(slow, fast, &sc, nil))
	w.stop = sc.stopper
	w.exactly++
	if sc.unknown != nil {
		w.unknown = sc.unknown
	}
	return v
}

func fill(s []float64, v float64) {
	if math.Float64bits(v) == 0 {
		clear(s) // many at a time
		return
	}
	for i := range s {
		s[i] = v
	}
}
