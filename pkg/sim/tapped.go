package sim

import (
	"slices"

	"simtrace/pkg/trace/schema"
)

// Tapped lists the quantities that a tap may see, as the kernel comes to them.
func Tapped() []schema.Key { return slices.Clone(tapped) }

var tapped = []schema.Key{
	schema.Pix0Vector, schema.FdetVec, schema.SdetVec, schema.PixelPos, schema.RDistance, schema.OmegaSample,
	schema.CloseDistance, schema.Obliquity, schema.DiffractedVec, schema.IncidentVec, schema.LambdaMeters,
	schema.LambdaAngstroms, schema.ScatteringVec, schema.RotA, schema.RotB, schema.RotC, schema.SpindleAxisRaw,
	schema.SpindleAxis, schema.SpindleMagnitude, schema.RotAStar, schema.RotBStar, schema.RotCStar, schema.HKLFrac,
	schema.HKLRounded, schema.FLattA, schema.FLattB, schema.FLattC, schema.FLatt, schema.PhiDeg, schema.PhiKFrac,
	schema.PhiFLattB, schema.PhiFLatt, schema.FCell, schema.FCellInterpolated, schema.FCellNearest, schema.TricubicF,
	schema.TricubicH, schema.TricubicK, schema.TricubicL, schema.SourceFCell, schema.SourceFLatt, schema.SourceFCellSqr,
	schema.SourceFLattSqr, schema.SourcePrePolar, schema.SourcePolar, schema.SourceCos2Theta, schema.SourceLambda,
	schema.SourceDirection, schema.SourceWeight, schema.SourceIndex, schema.IBeforeScaling,
	schema.IBeforeScalingPrePolar, schema.IBeforeScalingPostPolar, schema.REMeters, schema.RESqr, schema.Fluence,
	schema.Steps, schema.OversampleThick, schema.OversamplePolar, schema.OversampleOmega, schema.CaptureFraction,
	schema.Polar, schema.OmegaPixel, schema.Cos2Theta, schema.IPixelFinal, schema.FloatImage,
}

// The functions of this file hand the kernel's quantities to a tap, in the
// order in which the reference prints them. They compute nothing that the
// kernel uses.

func (e *kernel[T]) tapSample(t *Tap, p *pixelState[T], pos [3]T, r, lambda T, q [3]T) {
	putVec(t, schema.Pix0Vector, e.pix0)
	putVec(t, schema.FdetVec, e.fast)
	putVec(t, schema.SdetVec, e.slow)
	putVec(t, schema.PixelPos, pos)
	put(t, schema.RDistance, r)
	put(t, schema.OmegaSample, p.omega)
	put(t, schema.CloseDistance, e.close)
	put(t, schema.Obliquity, e.close/r)
	putVec(t, schema.DiffractedVec, p.diffracted)
	putVec(t, schema.IncidentVec, p.incident)
	put(t, schema.LambdaMeters, lambda)
	put(t, schema.LambdaAngstroms, lambda*1e10)
	putVec(t, schema.ScatteringVec, q)
}

// tapSweep adds all orientations, as sweep does, and tells the tap of those that
// it listens to. What a step adds is the same with and without a tap.
func (e *kernel[T]) tapSweep(p *pixelState[T], table []cell[T], q *[3]T, at Step, t *Tap) {
	domains, final := e.orient.domains, p.last
	for at.Phi = 0; len(table) > 0; at.Phi++ {
		if p.spend(sampleWork + domains) {
			return
		}
		for at.Domain = range domains {
			listener := t
			if t.listens(at) {
				t.enter(at)
			} else {
				listener = nil
			}
			p.last = final && at.Domain == len(table)-1
			e.add(p, &table[at.Domain], q, at.Domain, listener)
		}
		table = table[domains:]
	}
}

func (e *kernel[T]) tapMiller(t *Tap, o *cell[T], hkl, nearest [3]T) {
	if !t.passes[schema.PerStep] {
		return // of all phi steps but the first
	}
	spindle := rounded[T](e.Geometry.SpindleRaw)
	putVec(t, schema.RotA, scale(o.a, 1e10))
	putVec(t, schema.RotB, scale(o.b, 1e10))
	putVec(t, schema.RotC, scale(o.c, 1e10))
	putVec(t, schema.SpindleAxisRaw, spindle)
	putVec(t, schema.SpindleAxis, rounded[T](e.Geometry.Spindle))
	put(t, schema.SpindleMagnitude, norm(spindle))
	star := e.star
	if e.turnStars {
		s := T(e.starScale)
		star = [3][3]T{scale(cross(o.b, o.c), s), scale(cross(o.c, o.a), s), scale(cross(o.a, o.b), s)}
	}
	putVec(t, schema.RotAStar, star[0])
	putVec(t, schema.RotBStar, star[1])
	putVec(t, schema.RotCStar, star[2])
	putVec(t, schema.HKLFrac, hkl)
	// Adding zero turns -0 into 0: the indices are integers.
	putVec(t, schema.HKLRounded, [3]T{nearest[0] + 0, nearest[1] + 0, nearest[2] + 0})
}

func (e *kernel[T]) tapLattice(t *Tap, k, a, b, c, f T) {
	put(t, schema.FLattA, a)
	put(t, schema.FLattB, b)
	put(t, schema.FLattC, c)
	put(t, schema.FLatt, f)
	put(t, schema.PhiDeg, T(e.Rotation.Phi(t.sample.At.Phi))*T(DegreesPerRadian))
	put(t, schema.PhiKFrac, k)
	put(t, schema.PhiFLattB, b)
	put(t, schema.PhiFLatt, f)
}

func (e *kernel[T]) tapInterpolated(t *Tap, p *pixelState[T], n *neighbourhood[T], f, h0, k0, l0 T) {
	put(t, schema.FCell, f)
	tapNeighbourhood(t, n, f, e.nearestF(p.scan, h0, k0, l0))
}

// tapPeek interpolates for the trace alone, which has default_F out of the range.
func (e *kernel[T]) tapPeek(t *Tap, h, k, l, nearest T) {
	g := e.Config.Crystal.F
	var n neighbourhood[T]
	switch {
	case g == nil || !interpolable(g, h, k, l):
		put(t, schema.FCellInterpolated, e.defaultF)
		put(t, schema.FCellNearest, nearest)
	case n.collect(g, h, k, l):
		tapNeighbourhood(t, &n, n.interpolate(h, k, l), nearest)
	default: // a window leaves a part of it out
		put(t, schema.FCellNearest, nearest)
	}
}

// tapNeighbourhood comes in the port's order.
func tapNeighbourhood[T float](t *Tap, n *neighbourhood[T], f, nearest T) {
	put(t, schema.FCellInterpolated, f)
	put(t, schema.FCellNearest, nearest)
	putList(t, schema.TricubicF, n.F[:])
	putList(t, schema.TricubicH, n.H[:])
	putList(t, schema.TricubicK, n.K[:])
	putList(t, schema.TricubicL, n.L[:])
}

func (e *kernel[T]) tapSource(t *Tap, p *pixelState[T], fcell, latt T) {
	if !t.passes[schema.PerSource] {
		return
	}
	s := &e.Beam.Sources[t.sample.At.Source]
	put(t, schema.SourceFCell, fcell)
	put(t, schema.SourceFLatt, latt)
	put(t, schema.SourceFCellSqr, fcell*fcell)
	put(t, schema.SourceFLattSqr, latt*latt)
	put(t, schema.SourcePrePolar, fcell*fcell*latt*latt)
	put(t, schema.SourcePolar, p.polar)
	put(t, schema.SourceCos2Theta, dot(p.incident, p.diffracted))
	put(t, schema.SourceLambda, T(s.Lambda)*1e10)
	putVec(t, schema.SourceDirection, rounded[T](s.Direction))
	put(t, schema.SourceWeight, p.weight)
	put(t, schema.SourceIndex, T(t.sample.At.Source))
}

func (e *kernel[T]) tapPixel(t *Tap, p *pixelState[T], v T) {
	s := &e.Config.Sampling
	plain, polarized := p.sum, p.sum*p.polar
	if e.Config.Profile.PolarKeep == KeepEvery {
		plain, polarized = p.plain, p.sum
	}
	put(t, schema.IBeforeScaling, plain)
	put(t, schema.IBeforeScalingPrePolar, plain)
	put(t, schema.IBeforeScalingPostPolar, polarized)
	put(t, schema.REMeters, sqrt(T(rESqr)))
	put(t, schema.RESqr, T(rESqr))
	put(t, schema.Fluence, e.fluence)
	t.Put(schema.Steps, float64(e.Steps)) // a count
	t.Put(schema.OversampleThick, flag(s.OversampleThick))
	t.Put(schema.OversamplePolar, flag(s.OversamplePolar))
	t.Put(schema.OversampleOmega, flag(s.OversampleOmega))
	put(t, schema.CaptureFraction, p.capture)
	put(t, schema.Polar, p.polar)
	put(t, schema.OmegaPixel, p.omega)
	put(t, schema.Cos2Theta, dot(p.incident, p.diffracted))
	put(t, schema.IPixelFinal, v)
	t.Put(schema.FloatImage, float64(float32(v)))
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func put[T float](t *Tap, k schema.Key, v T) {
	if t.wants(k) {
		t.values[0] = float64(v)
		t.hand(k, 1)
	}
}

func putVec[T float](t *Tap, k schema.Key, v [3]T) {
	if t.wants(k) {
		t.values[0], t.values[1], t.values[2] = float64(v[0]), float64(v[1]), float64(v[2])
		t.hand(k, 3)
	}
}

func putList[T float](t *Tap, k schema.Key, v []T) {
	if t.wants(k) {
		for i, x := range v {
			t.values[i] = float64(x)
		}
		t.hand(k, len(v))
	}
}
