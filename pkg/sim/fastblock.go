package sim

import (
	"context"

	"simtrace/pkg/sim/fast"
)

// blockWork is what an orientation of a whole block costs, in orientations of one
// pixel; see lookEvery.
const blockWork = fast.Width / 8

// worker is what one goroutine of the fast engine works in.
type worker struct {
	*racer
	block   fast.Block
	line    fast.Row
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
	return w
}

// row computes one row of the region of interest into a row of the image, and keeps
// the solid angles where they are asked for.
func (w *worker) row(slow int, into []float32, omegas []float64) {
	e := w.e
	for fast0 := e.ROI[0]; fast0 <= e.ROI[1] && !w.stop.stopped; fast0 += fast.Width {
		n := min(fast.Width, e.ROI[1]-fast0+1)
		if w.wanted(slow, fast0, n) {
			w.compute(slow, fast0, n)
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
func (w *worker) compute(slow, fast0, n int) {
	e, b := w.e, &w.block
	all := lanes(n)
	fill(b.Sum[:all], e.Beam.Background)
	if e.first >= 0 && e.first/e.Geometry.Fast == slow {
		if i := e.first%e.Geometry.Fast - fast0; i >= 0 && i < n {
			w.exact[i], w.special = true, true
		}
	}
	samples := e.Oversample * e.Oversample
	for layer := range e.Geometry.ThickSteps {
		for sub := range samples {
			at := fastSample{slow: slow, fast: fast0, n: all, layer: layer, sub: sub}
			at.first = layer == 0 && sub == 0
			at.last = layer == e.Geometry.ThickSteps-1 && sub == samples-1
			if w.sample(at); w.stop.stopped {
				return
			}
		}
	}
	p := &e.Config.Profile
	if p.CaptureEach {
		fill(b.Capture[:all], 1)
	}
	if p.OmegaKeep == KeepEvery {
		fill(b.Omega[:all], 1)
	}
	w.kernels.Finish(b, all, w.scale)
}

// lanes is the number of pixels that the kernels compute for n.
func lanes(n int) int { return (n + fast.Lanes - 1) / fast.Lanes * fast.Lanes }

// fastSample is one subpixel on one layer of a block.
type fastSample struct {
	slow, fast, n int
	layer, sub    int
	first, last   bool // of the pixels' samples
}

// sample adds one subpixel on one layer.
func (w *worker) sample(at fastSample) {
	if w.stop.spend(sampleWork) {
		return
	}
	e, b, p := w.e, &w.block, &w.e.Config.Profile
	e.locate(b, w.kernels, at, &w.line)
	if p.OmegaKeep == KeepEvery || at.first && p.OmegaKeep == KeepFirst || at.last && p.OmegaKeep == KeepLast {
		w.kernels.SolidAngles(b, at.n, &w.solid)
	}
	g := e.Geometry
	if g.Thick > 0 && (p.CaptureEach || at.layer == g.ThickSteps-1 && at.sub == 0) {
		for i := range at.n {
			b.Capture[i] = g.fastAbsorbed(at.layer, Vec3{b.X[i], b.Y[i], b.Z[i]})
		}
	}
	if e.factors && at.first {
		w.factor(at.n, 1)
	}
	for i := range w.rays {
		if e.Dmin > 0 {
			w.cut(at.n, &w.rays[i])
		}
		w.source(at.n, i)
		w.polarize(at, i)
	}
}

// polarize computes the polarisation factors where the exact engine does and it
// matters. The last one counts; each makes the directions unit vectors once
// more for the sources behind it, which changes the directions' last bits and
// with them those of the Miller indices, but not those of a float32 factor.
func (w *worker) polarize(at fastSample, source int) {
	first, last := at.first && source == 0, at.last && source == len(w.rays)-1
	once := w.e.Config.Profile.PolarKeep == KeepFirst
	if w.e.Beam.NoPolar || once && !first {
		return
	}
	if source < len(w.rays)-1 {
		w.kernels.Normalize(&w.block, at.n)
	}
	if once || last {
		w.kernels.Polarize(&w.block, at.n, &w.kahns[source])
	}
}

// locate computes directions and distances. row is for its use.
func (e *Experiment) locate(b *fast.Block, k fast.Kernels, at fastSample, row *fast.Row) {
	g := e.Geometry
	subS, subF := at.sub/e.Oversample, at.sub%e.Oversample
	if g.Curved {
		for i := range at.n {
			d, r := unit(e.double.position(at.slow, at.fast+i, at.layer, subS, subF))
			b.X[i], b.Y[i], b.Z[i], b.R[i], b.Inverse[i] = d[0], d[1], d[2], r, 1/r
		}
		return
	}
	*row = e.fastRow(at.slow, at.fast, at.layer, subS, subF)
	k.Positions(b, at.n, row)
}

// fastRow prepares what position computes for neighbouring pixels, in its order
// of operations.
func (e *Experiment) fastRow(slow, fast0, layer, subS, subF int) fast.Row {
	g, n := e.Geometry, e.Oversample
	half := float64(e.subpixel / 2.0)
	s := float64(e.subpixel*float64(slow*n+subS)) + half
	o := float64(layer) * g.ThickStep
	row := fast.Row{First: float64(fast0*n + subF), Stride: float64(n), Sub: e.subpixel, Half: half, Fast: g.Frame.Fast, Origin: g.Pix0}
	for i := range 3 {
		row.Slow[i], row.Layer[i] = float64(s*g.Frame.Slow[i]), float64(o*g.Frame.Normal[i])
	}
	return row
}

// fastAbsorbed is absorbed with the kernels' exponential.
func (g *Geometry) fastAbsorbed(layer int, diffracted Vec3) float64 {
	parallax := dot(diffracted, g.Frame.Normal)
	return fast.Exp(-float64(layer)*g.ThickStep*g.Mu/parallax) - fast.Exp(-float64(layer+1)*g.ThickStep*g.Mu/parallax)
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
	for rest := w.table; len(rest) > 0; {
		m := min(fast.Steps, len(rest))
		if w.stop.spend(m * blockWork) {
			return
		}
		w.sweep(b, n, &w.lattice, &w.rays[i], rest[:m])
		rest = rest[m:]
	}
	if w.e.factors {
		w.factor(n, w.e.Beam.Sources[i].Weight)
		for j := range n {
			b.Sum[j] += w.held[j]
		}
	}
}

// factor multiplies the sums by what the profile gives to each sample.
func (w *worker) factor(n int, weight float64) {
	b, p := &w.block, &w.e.Config.Profile
	for j := range n {
		v := b.Sum[j]
		if p.WeighSource {
			v = float64(v * weight)
		}
		if p.CaptureEach {
			v = float64(v * b.Capture[j])
		}
		if p.OmegaKeep == KeepEvery {
			v = float64(v * b.Omega[j])
		}
		b.Sum[j] = v
	}
}

// keep moves the block's pixels into the image, and has the exact engine
// compute those that the kernels could not.
func (w *worker) keep(slow, fast0 int, into []float32) {
	e := w.e
	at := slow*e.Geometry.Fast + fast0
	copy(into, w.block.Image[:len(into)])
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
	sc := scan{stopper: w.stop}
	v := float32(w.e.pixel(slow, fast, &sc, nil))
	w.stop = sc.stopper
	w.exactly++
	if sc.unknown != nil {
		w.unknown = sc.unknown
	}
	return v
}

func fill(s []float64, v float64) {
	for i := range s {
		s[i] = v
	}
}
