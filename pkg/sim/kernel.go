package sim

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

// scan is what a scan carries from pixel to pixel.
type scan struct {
	interpolate bool    // until the first sample out of range
	unknown     *[3]int // the first reflection that a window did not hold
	stopper
}

// pixelState is what the samples of one pixel share.
type pixelState[T float] struct {
	*scan
	sum     T // I before scaling
	polar   T // 0: not computed yet
	omega   T
	capture T
	weight  T    // of the source
	first   bool // the run's first sweep is still to come
	final   bool // the sample is the pixel's last, apart from phi steps and domains
	last    bool // and so is the orientation
	settled bool // the polarisation factor of this sample and source is computed
	skip    bool // the sample adds nothing
	apart   T    // sum of a phi step's domains
	plain   T    // sum without the factors of angle, where every sample has a polarisation factor of its own

	diffracted [3]T
	incident   [3]T
}

// pixel computes one pixel: the value that is added to the float image, in
// photons. It is the only way to a pixel, traced or not.
func (e *kernel[T]) pixel(slow, fast int, sc *scan, t *Tap) T {
	p := pixelState[T]{scan: sc}
	if t != nil {
		t.begin(Pixel{slow, fast})
	}
	if e.Config.Profile.Water.inSum() {
		p.sum = e.background
	}
	p.first = e.first == slow*e.Geometry.Fast+fast
	keep := e.Config.Profile.PolarKeep
	switch {
	case keep == KeepCentre:
		e.polarAtCentre(&p, slow, fast)
	case e.Beam.NoPolar && keep != KeepFinal:
		p.polar = 1
	}
	layer := -1
	for i := range e.samples() {
		at := e.sampleAt(i)
		if at.Layer != layer {
			layer, p.capture = at.Layer, 0
			if e.Geometry.Thick == 0 {
				p.capture = 1
			}
		}
		p.final = i == e.samples()-1
		if e.sample(&p, slow, fast, at, t); p.stopped {
			return 0
		}
	}
	if keep == KeepFirstElse1 && p.polar == 0 {
		p.polar = 1
	}
	return e.scaled(&p, t)
}

// sampleAt is the layer and the subpixel of a pixel's i-th sample.
func (e *Experiment) sampleAt(i int) Step {
	layers, subs := e.Geometry.ThickSteps, e.Oversample*e.Oversample
	at := Step{Layer: i / subs, Sub: i % subs, Source: -1, Phi: -1, Domain: -1}
	if e.Config.Profile.LayersInside {
		at.Layer, at.Sub = i%layers, i/layers
	}
	return at
}

// sample adds one subpixel on one layer.
func (e *kernel[T]) sample(p *pixelState[T], slow, fast int, at Step, t *Tap) {
	g, c := e.Geometry, &e.Config
	pos := e.position(slow, fast, at.Layer, at.Sub/e.Oversample, at.Sub%e.Oversample)
	var r T
	p.diffracted, r = unit(pos)
	if p.omega == 0 || c.Sampling.OversampleOmega || c.Profile.OmegaKeep != KeepFirst {
		p.omega = e.pixelSize * e.pixelSize / r / r * e.close / r
		if g.PointPixel {
			p.omega = 1.0 / r / r
		}
	}
	if p.capture == 0 || c.Sampling.OversampleThick || c.Profile.CaptureKeep == KeepEvery && g.Thick > 0 {
		toward := p.diffracted
		if c.Profile.CaptureKeep == KeepCentre {
			toward = e.toCentre(slow, fast)
		}
		p.capture = e.absorbed(at.Layer+g.CaptureFrom, toward)
	}
	if c.Profile.Water == WaterFirst && at.Layer == 0 && at.Sub == 0 {
		p.weight = 1 // the background has no source
		p.sum = e.factored(p, p.sum)
	}
	for i := range e.Beam.Sources {
		src := &e.Beam.Sources[i]
		lambda := T(src.Lambda)
		p.incident, p.weight = rounded[T](src.Incident), T(src.Weight)
		p.settled = false
		q := scattering(p.diffracted, p.incident, lambda)
		at.Source = i
		t.enter(at)
		if t != nil {
			e.tapSample(t, p, pos, r, lambda, q)
		}
		if e.cut(q) {
			if p.spend(sampleWork) {
				return
			}
			continue
		}
		if e.polarizes(p) {
			e.polarize(p)
		}
		p.last = p.final && i == len(e.Beam.Sources)-1
		if e.sweep(p, q, at, t); p.stopped {
			return
		}
	}
}

// absorbed is the fraction of the photons that a layer takes.
func (e *kernel[T]) absorbed(layer int, diffracted [3]T) T {
	parallax := dot(diffracted, e.normal)
	if e.depth != 0 {
		return exp(-T(layer)*e.thickStep/e.depth/parallax) - exp(-T(layer+1)*e.thickStep/e.depth/parallax)
	}
	return exp(-T(layer)*e.thickStep*e.mu/parallax) - exp(-T(layer+1)*e.thickStep*e.mu/parallax)
}

// sweep adds all phi steps and mosaic domains for one scattering vector.
func (e *kernel[T]) sweep(p *pixelState[T], q [3]T, at Step, t *Tap) {
	table := e.sweepCells
	if p.first {
		table, p.first = e.firstCells, false
	}
	final := p.last
	if t != nil {
		e.tapSweep(p, table, &q, at, t)
		return
	}
	for first := 0; first < len(table); first += lookEvery {
		part := table[first:min(first+lookEvery, len(table))]
		if p.spend(sampleWork + len(part)) {
			return
		}
		for i := range part {
			p.last = final && first+i == len(table)-1
			e.add(p, &part[i], &q, first+i, nil)
		}
	}
}

// add adds the orientation of a place in the table.
func (e *kernel[T]) add(p *pixelState[T], o *cell[T], q *[3]T, at int, t *Tap) {
	if e.Config.Profile.SumByPhi {
		e.stepApart(p, o, q, at%e.orient.domains, t)
	} else {
		e.step(p, o, q, t)
	}
}

// stepApart is step where the domains of a phi step are summed before they are
// added.
func (e *kernel[T]) stepApart(p *pixelState[T], o *cell[T], q *[3]T, domain int, t *Tap) {
	if domain == 0 {
		p.apart = 0
	}
	held := p.sum
	p.sum = p.apart
	e.step(p, o, q, t)
	p.apart, p.sum = p.sum, held
	if domain == e.orient.domains-1 {
		p.sum += p.apart
	}
}

// step adds one orientation.
func (e *kernel[T]) step(p *pixelState[T], o *cell[T], q *[3]T, t *Tap) {
	h, k, l := dotOf(&o.a, q), dotOf(&o.b, q), dotOf(&o.c, q)
	if e.Config.Profile.MillerSingle {
		h, k, l = T(float32(h)), T(float32(k)), T(float32(l))
	}
	h0, k0, l0 := nearest(h), nearest(k), nearest(l)
	quick := e.quick && t == nil && !p.interpolate
	var fcell T
	if quick {
		// Nothing is added where F is zero: leave out the lattice factor.
		if fcell = e.nearestF(p.scan, h0, k0, l0); fcell == 0 {
			return
		}
	}
	if t != nil {
		e.tapMiller(t, o, [3]T{h, k, l}, [3]T{h0, k0, l0})
	}
	latt := e.latticeFactor(h, k, l, h0, k0, l0, t)
	if e.polarLate {
		e.polarizeLate(p, latt)
	}
	if latt == 0 && (e.Beam.WaterSize == 0 || !e.Config.Profile.Water.inSum()) {
		return
	}
	if !quick {
		if fcell = e.structureFactor(p, h, k, l, h0, k0, l0, t); p.skip {
			p.skip = false
			return
		}
		if e.polarLate {
			e.polarizeLit(p, latt)
		}
	}
	if t != nil {
		e.tapSource(t, p, fcell, latt)
	}
	term := T(fcell * fcell * latt * latt)
	if e.factors {
		term = e.factored(p, term)
	}
	p.sum += term
	if e.compounds {
		e.compound(p)
	}
}

// factored multiplies a sample by what the profile gives to each.
func (e *kernel[T]) factored(p *pixelState[T], term T) T {
	c := &e.Config.Profile
	if c.Steps.weighs() {
		term = T(term * p.weight)
	}
	if c.CaptureKeep == KeepEvery {
		term = T(term * p.capture)
	}
	if c.PolarKeep == KeepEvery {
		p.plain += term
		term = T(term * p.polar)
	}
	if c.OmegaKeep == KeepEvery {
		term = T(term * p.omega)
	}
	return term
}

// compound applies the factors of the -oversample_* switches to the whole
// running sum, at every step, as the reference does.
func (e *kernel[T]) compound(p *pixelState[T]) {
	if e.compoundThick {
		p.sum *= p.capture
	}
	if e.compoundPolar {
		p.sum *= p.polar
	}
	if e.compoundOmega {
		p.sum *= p.omega
	}
}

func (e *kernel[T]) latticeFactor(h, k, l, h0, k0, l0 T, t *Tap) T {
	if e.Config.Crystal.Shape != Square {
		return e.roundLattice(h-h0, k-k0, l-l0)
	}
	a, b, c, f := squareLattice(&e.cells, h, k, l)
	if t != nil {
		e.tapLattice(t, k, a, b, c, f)
	}
	return f
}

// lookUp is the structure factor of a reflection; known is false where the list has
// it, but not the window of the list that is at hand.
func (e *kernel[T]) lookUp(h, k, l int) (f T, known bool) {
	g := e.Config.Crystal.F
	if g == nil || g.Count == 0 {
		return e.defaultF, true
	}
	if g.Stored(h, k, l) {
		return T(g.At(h, k, l)), true
	}
	return e.beyondF, !g.Contains(h, k, l)
}

// nearestF is the structure factor of the nearest reflection.
func (e *kernel[T]) nearestF(sc *scan, h0, k0, l0 T) T {
	h, k, l := int(h0), int(k0), int(l0)
	f, known := e.lookUp(h, k, l)
	if !known && sc.unknown == nil {
		sc.unknown = &[3]int{h, k, l}
	}
	return f
}

// structureFactor is nearestF, or the interpolated value while interpolation
// is on. What a sample out of its range takes, and whether it switches
// interpolation off for good, is the profile's.
func (e *kernel[T]) structureFactor(p *pixelState[T], h, k, l, h0, k0, l0 T, t *Tap) T {
	g := e.Config.Crystal.F
	if !p.interpolate {
		f := e.nearestF(p.scan, h0, k0, l0)
		t.Put(schema.FCell, float64(f))
		if e.peeks && t != nil {
			e.tapPeek(t, h, k, l, f)
		} else {
			t.Put(schema.FCellNearest, float64(f))
		}
		return f
	}
	if !interpolable(g, h, k, l) {
		return e.outOfRange(p, h0, k0, l0, t)
	}
	var n neighbourhood[T]
	if !n.collect(g, h, k, l) {
		if p.unknown == nil {
			p.unknown = &[3]int{int(h0), int(k0), int(l0)}
		}
		return 0
	}
	f := n.interpolate(h, k, l)
	if t != nil {
		e.tapInterpolated(t, p, &n, f, h0, k0, l0)
	}
	return f
}

func (e *kernel[T]) outOfRange(p *pixelState[T], h0, k0, l0 T, t *Tap) T {
	oob := e.Config.Profile.InterpOOB
	p.interpolate = !oob.latches()
	var f T
	switch oob {
	case InterpOOBNearest, InterpOOBLocal:
		f = e.nearestF(p.scan, h0, k0, l0)
		t.Put(schema.FCellNearest, float64(f))
	case InterpOOBDefault:
		f = e.defaultF
	case InterpOOBSkip:
		p.skip = true
	}
	t.Put(schema.FCell, float64(f))
	return f
}

// scaled turns the sum into photons.
func (e *kernel[T]) scaled(p *pixelState[T], t *Tap) T {
	s, c := &e.Config.Sampling, &e.Config.Profile
	polar := p.polar
	if e.compoundPolar || c.PolarKeep == KeepEvery {
		polar = 1 // every running sum was multiplied by it
	}
	var v T
	switch c.Products {
	case ProductsPolarLast:
		v = rESqr * e.fluence * p.sum / T(e.Steps)
	case ProductsPolarFirst:
		v = rESqr * e.fluence * polar * p.sum / T(e.Steps)
	case ProductsStepsFirst:
		v = rESqr * e.fluence / T(e.Steps) * polar * p.sum
	}
	if !s.OversampleThick && c.CaptureKeep != KeepEvery {
		v *= p.capture
	}
	if c.Products == ProductsPolarLast {
		v *= polar
	}
	if !s.OversampleOmega && c.OmegaKeep != KeepEvery {
		v *= p.omega
	}
	if c.Water == WaterAfter {
		v += e.background
	}
	if e.unset {
		v = T(math.Float32frombits(unsetBits))
	}
	if t != nil {
		t.enter(Step{-1, -1, -1, -1, -1})
		e.tapPixel(t, p, v)
	}
	return v
}

// unknownError explains a reflection that the embedded window does not hold.
func (e *Experiment) unknownError(hkl [3]int) error {
	return fmt.Errorf("structure factor of %d %d %d is not among those at hand: %s", hkl[0], hkl[1], hkl[2], e.Config.Crystal.F.Hint)
}
