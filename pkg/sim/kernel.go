package sim

import (
	"fmt"

	"simtrace/pkg/trace/schema"
)

// scan is what a scan carries from pixel to pixel.
type scan struct {
	interpolate bool    // until the first sample out of range
	unknown     *[3]int // the first reflection that a window did not hold
}

// pixelState is what the samples of one pixel share.
type pixelState struct {
	*scan
	sum     float64 // I before scaling
	polar   float64 // 0: not computed yet
	omega   float64
	capture float64
	weight  float64 // of the source
	first   bool    // the run's first sweep is still to come

	diffracted Vec3
	incident   Vec3
}

// pixel computes one pixel: the value that is added to the float image, in
// photons. It is the only way to a pixel, traced or not.
func (e *Experiment) pixel(slow, fast int, sc *scan, t *Tap) float64 {
	p := pixelState{scan: sc, sum: e.Beam.Background}
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
				e.sample(&p, slow, fast, at, t)
			}
		}
	}
	return e.scaled(&p, t)
}

// sample adds one subpixel on one layer.
func (e *Experiment) sample(p *pixelState, slow, fast int, at Step, t *Tap) {
	g, c := e.Geometry, &e.Config
	pos := e.position(slow, fast, at.Layer, at.Sub/e.Oversample, at.Sub%e.Oversample)
	var r float64
	p.diffracted, r = unit(pos)
	if p.omega == 0 || c.Sampling.OversampleOmega || c.Profile.OmegaKeep != KeepFirst {
		p.omega = g.PixelSize * g.PixelSize / r / r * g.Close / r
		if g.PointPixel {
			p.omega = 1.0 / r / r
		}
	}
	if p.capture == 0 || c.Sampling.OversampleThick || c.Profile.CaptureEach && g.Thick > 0 {
		p.capture = g.absorbed(at.Layer, p.diffracted)
	}
	if e.factors && at.Layer == 0 && at.Sub == 0 {
		p.weight = 1 // the background has no source
		p.sum = e.factored(p, p.sum)
	}
	for i := range e.Beam.Sources {
		src := &e.Beam.Sources[i]
		p.incident, p.weight = src.Incident, src.Weight
		q := scattering(p.diffracted, p.incident, src.Lambda)
		at.Source = i
		t.enter(at)
		if t != nil {
			e.tapSample(t, p, pos, r, src.Lambda, q)
		}
		if e.cut(q) {
			continue
		}
		if p.polar == 0 || c.Sampling.OversamplePolar || (c.Profile.PolarKeep == KeepLast && !e.Beam.NoPolar) {
			e.polarize(p)
		}
		e.sweep(p, q, at, t)
	}
}

// absorbed is the fraction of the photons that a layer takes.
func (g *Geometry) absorbed(layer int, diffracted Vec3) float64 {
	parallax := dot(diffracted, g.Frame.Normal)
	return exp(-float64(layer)*g.ThickStep*g.Mu/parallax) - exp(-float64(layer+1)*g.ThickStep*g.Mu/parallax)
}

// polarize computes the polarisation factor. It makes the two directions unit
// vectors once more on the way, and they stay so: the reference's last bits
// depend on it.
func (e *Experiment) polarize(p *pixelState) {
	p.incident, _ = unit(p.incident)
	p.diffracted, _ = unit(p.diffracted)
	p.polar = polarizationFactor(e.Beam.Polarization, p.incident, p.diffracted, e.polarAxis)
}

// sweep adds all phi steps and mosaic domains for one scattering vector.
func (e *Experiment) sweep(p *pixelState, q Vec3, at Step, t *Tap) {
	table := e.orient.sweep
	if p.first {
		table, p.first = e.orient.firstSweep, false
	}
	domains := e.orient.domains
	for i := range table {
		o := &table[i]
		if t != nil {
			at.Phi, at.Domain = i/domains, i%domains
			t.enter(at)
		}
		e.step(p, o, &q, t)
	}
}

// step adds one orientation.
func (e *Experiment) step(p *pixelState, o *orientation, q *Vec3, t *Tap) {
	h, k, l := o.a.dot(q), o.b.dot(q), o.c.dot(q)
	h0, k0, l0 := nearest(h), nearest(k), nearest(l)
	quick := t == nil && !p.interpolate && !e.compounds
	var cell float64
	if quick {
		// Nothing is added where F is zero: leave out the lattice factor.
		if cell = e.nearestF(p, h0, k0, l0); cell == 0 {
			return
		}
	}
	if t != nil {
		e.tapMiller(t, o, Vec3{h, k, l}, Vec3{h0, k0, l0})
	}
	latt := e.latticeFactor(h, k, l, h0, k0, l0, t)
	if latt == 0 && e.Beam.WaterSize == 0 {
		return
	}
	if !quick {
		cell = e.structureFactor(p, h, k, l, h0, k0, l0, t)
	}
	if t != nil {
		e.tapSource(t, p, cell, latt)
	}
	term := float64(cell * cell * latt * latt)
	if e.factors {
		term = e.factored(p, term)
	}
	p.sum += term
	if e.compounds {
		e.compound(p)
	}
}

// factored multiplies a sample by what the profile gives to each.
func (e *Experiment) factored(p *pixelState, term float64) float64 {
	c := &e.Config.Profile
	if c.WeighSource {
		term = float64(term * p.weight)
	}
	if c.CaptureEach {
		term = float64(term * p.capture)
	}
	if c.OmegaKeep == KeepEvery {
		term = float64(term * p.omega)
	}
	return term
}

// compound applies the factors of the -oversample_* switches to the whole
// running sum, at every step, as the reference does.
func (e *Experiment) compound(p *pixelState) {
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

func (e *Experiment) latticeFactor(h, k, l, h0, k0, l0 float64, t *Tap) float64 {
	c := &e.Config.Crystal
	if c.Shape != Square {
		return e.Crystal.roundLattice(c.Shape, e.Config.Profile.RadiusHKL, c.Fudge, h-h0, k-k0, l-l0)
	}
	a, b, cc, f := e.Crystal.squareLattice(h, k, l)
	if t != nil {
		e.tapLattice(t, k, a, b, cc, f)
	}
	return f
}

// nearestF is the structure factor of the nearest reflection.
func (e *Experiment) nearestF(p *pixelState, h0, k0, l0 float64) float64 {
	g := e.Config.Crystal.F
	if g == nil || g.Count == 0 {
		return e.Config.Crystal.DefaultF
	}
	h, k, l := int(h0), int(k0), int(l0)
	if g.Stored(h, k, l) {
		return g.At(h, k, l)
	}
	if g.Contains(h, k, l) && p.unknown == nil {
		p.unknown = &[3]int{h, k, l}
	}
	return e.Config.Crystal.DefaultF
}

// structureFactor is nearestF, or the interpolated value while interpolation
// is on. What a sample out of its range takes, and whether it switches
// interpolation off for good, is the profile's.
func (e *Experiment) structureFactor(p *pixelState, h, k, l, h0, k0, l0 float64, t *Tap) float64 {
	g := e.Config.Crystal.F
	if !p.interpolate {
		f := e.nearestF(p, h0, k0, l0)
		t.Put(schema.FCell, f)
		t.Put(schema.FCellNearest, f)
		return f
	}
	if !g.interpolable(h, k, l) {
		return e.outOfRange(p, h0, k0, l0, t)
	}
	var n Neighbourhood
	if !g.neighbourhood(&n, h, k, l) {
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

func (e *Experiment) outOfRange(p *pixelState, h0, k0, l0 float64, t *Tap) float64 {
	oob := e.Config.Profile.InterpOOB
	p.interpolate = !oob.latches()
	f := 0.0
	switch oob {
	case InterpOOBNearest, InterpOOBLocal:
		f = e.nearestF(p, h0, k0, l0)
		t.Put(schema.FCellNearest, f)
	case InterpOOBDefault:
		f = e.Config.Crystal.DefaultF
	}
	t.Put(schema.FCell, f)
	return f
}

// scaled turns the sum into photons.
func (e *Experiment) scaled(p *pixelState, t *Tap) float64 {
	s, c := &e.Config.Sampling, &e.Config.Profile
	v := rESqr * e.Beam.Fluence * p.sum / float64(e.Steps)
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
