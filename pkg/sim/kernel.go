package sim

import (
	"fmt"

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

	diffracted [3]T
	incident   [3]T
}

// pixel computes one pixel: the value that is added to the float image, in
// photons. It is the only way to a pixel, traced or not.
func (e *kernel[T]) pixel(slow, fast int, sc *scan, t *Tap) T {
	p := pixelState[T]{scan: sc, sum: e.background}
	p.first = e.first == slow*e.Geometry.Fast+fast
	if e.Beam.NoPolar {
		p.polar = 1
	}
	for layer := range e.Geometry.ThickSteps {
		p.capture = 0
		if e.Geometry.Thick == 0 {
			p.capture = 1
		}
		for subS := range e.Oversample {
			for subF := range e.Oversample {
				at := Step{Layer: layer, Sub: subS*e.Oversample + subF, Source: -1, Phi: -1, Domain: -1}
				if e.sample(&p, slow, fast, at, t); p.stopped {
					return 0
				}
			}
		}
	}
	return e.scaled(&p, t)
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
	if p.capture == 0 || c.Sampling.OversampleThick || c.Profile.CaptureEach && g.Thick > 0 {
		p.capture = e.absorbed(at.Layer, p.diffracted)
	}
	if e.factors && at.Layer == 0 && at.Sub == 0 {
		p.weight = 1 // the background has no source
		p.sum = e.factored(p, p.sum)
	}
	for i := range e.Beam.Sources {
		src := &e.Beam.Sources[i]
		lambda := T(src.Lambda)
		p.incident, p.weight = rounded[T](src.Incident), T(src.Weight)
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
		if p.polar == 0 || c.Sampling.OversamplePolar || (c.Profile.PolarKeep == KeepLast && !e.Beam.NoPolar) {
			e.polarize(p)
		}
		if e.sweep(p, q, at, t); p.stopped {
			return
		}
	}
}

// absorbed is the fraction of the photons that a layer takes.
func (e *kernel[T]) absorbed(layer int, diffracted [3]T) T {
	parallax := dot(diffracted, e.normal)
	return exp(-T(layer)*e.thickStep*e.mu/parallax) - exp(-T(layer+1)*e.thickStep*e.mu/parallax)
}

// polarize computes the polarisation factor. It makes the two directions unit
// vectors once more on the way, and they stay so: the reference's last bits
// depend on it.
func (e *kernel[T]) polarize(p *pixelState[T]) {
	p.incident, _ = unit(p.incident)
	p.diffracted, _ = unit(p.diffracted)
	p.polar = polarizationFactor(e.polarization, p.incident, p.diffracted, e.polarAxis)
}

// sweep adds all phi steps and mosaic domains for one scattering vector.
func (e *kernel[T]) sweep(p *pixelState[T], q [3]T, at Step, t *Tap) {
	table := e.sweepCells
	if p.first {
		table, p.first = e.firstCells, false
	}
	domains := e.orient.domains
	for first := 0; first < len(table); first += lookEvery {
		part := table[first:min(first+lookEvery, len(table))]
		if p.spend(sampleWork + len(part)) {
			return
		}
		for i := range part {
			o := &part[i]
			if t != nil {
				at.Phi, at.Domain = (first+i)/domains, (first+i)%domains
				t.enter(at)
			}
			e.step(p, o, &q, t)
		}
	}
}

// step adds one orientation.
func (e *kernel[T]) step(p *pixelState[T], o *cell[T], q *[3]T, t *Tap) {
	h, k, l := dotOf(&o.a, q), dotOf(&o.b, q), dotOf(&o.c, q)
	h0, k0, l0 := nearest(h), nearest(k), nearest(l)
	quick := t == nil && !p.interpolate && !e.compounds
	var fcell T
	if quick {
		// Nothing is added where F is zero: leave out the lattice factor.
		if fcell = e.nearestF(p, h0, k0, l0); fcell == 0 {
			return
		}
	}
	if t != nil {
		e.tapMiller(t, o, [3]T{h, k, l}, [3]T{h0, k0, l0})
	}
	latt := e.latticeFactor(h, k, l, h0, k0, l0, t)
	if latt == 0 && e.Beam.WaterSize == 0 {
		return
	}
	if !quick {
		fcell = e.structureFactor(p, h, k, l, h0, k0, l0, t)
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
	if c.WeighSource {
		term = T(term * p.weight)
	}
	if c.CaptureEach {
		term = T(term * p.capture)
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
	if e.Config.Sampling.OversamplePolar {
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

// nearestF is the structure factor of the nearest reflection.
func (e *kernel[T]) nearestF(p *pixelState[T], h0, k0, l0 T) T {
	g := e.Config.Crystal.F
	if g == nil || g.Count == 0 {
		return e.defaultF
	}
	h, k, l := int(h0), int(k0), int(l0)
	if g.Stored(h, k, l) {
		return T(g.At(h, k, l))
	}
	if g.Contains(h, k, l) && p.unknown == nil {
		p.unknown = &[3]int{h, k, l}
	}
	return e.defaultF
}

// structureFactor is nearestF, or the interpolated value while interpolation
// is on. What a sample out of its range takes, and whether it switches
// interpolation off for good, is the profile's.
func (e *kernel[T]) structureFactor(p *pixelState[T], h, k, l, h0, k0, l0 T, t *Tap) T {
	g := e.Config.Crystal.F
	if !p.interpolate {
		f := e.nearestF(p, h0, k0, l0)
		t.Put(schema.FCell, float64(f))
		t.Put(schema.FCellNearest, float64(f))
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
		f = e.nearestF(p, h0, k0, l0)
		t.Put(schema.FCellNearest, float64(f))
	case InterpOOBDefault:
		f = e.defaultF
	}
	t.Put(schema.FCell, float64(f))
	return f
}

// scaled turns the sum into photons.
func (e *kernel[T]) scaled(p *pixelState[T], t *Tap) T {
	s, c := &e.Config.Sampling, &e.Config.Profile
	v := rESqr * e.fluence * p.sum / T(e.Steps)
	if !s.OversampleThick && !c.CaptureEach {
		v *= p.capture
	}
	if !s.OversamplePolar {
		v *= p.polar
	}
	if !s.OversampleOmega && c.OmegaKeep != KeepEvery {
		v *= p.omega
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
