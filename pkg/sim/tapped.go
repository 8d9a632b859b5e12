package sim

import (
	"math"

	"simtrace/pkg/trace/schema"
)

// The functions of this file hand the kernel's quantities to a tap, in the
// order in which the reference prints them. They compute nothing that the
// kernel uses.

func (e *Experiment) tapSample(t *Tap, p *pixelState, pos Vec3, r, lambda float64, q Vec3) {
	g := e.Geometry
	t.PutVec(schema.Pix0Vector, g.Pix0)
	t.PutVec(schema.FdetVec, g.Frame.Fast)
	t.PutVec(schema.SdetVec, g.Frame.Slow)
	t.PutVec(schema.PixelPos, pos)
	t.Put(schema.RDistance, r)
	t.Put(schema.OmegaSample, p.omega)
	t.Put(schema.CloseDistance, g.Close)
	t.Put(schema.Obliquity, g.Close/r)
	t.PutVec(schema.DiffractedVec, p.diffracted)
	t.PutVec(schema.IncidentVec, p.incident)
	t.Put(schema.LambdaMeters, lambda)
	t.Put(schema.LambdaAngstroms, lambda*1e10)
	t.PutVec(schema.ScatteringVec, q)
}

func (e *Experiment) tapMiller(t *Tap, o *orientation, hkl, rounded Vec3) {
	g, star := e.Geometry, &e.Crystal.Star
	t.PutVec(schema.RotA, scale(o.a, 1e10))
	t.PutVec(schema.RotB, scale(o.b, 1e10))
	t.PutVec(schema.RotC, scale(o.c, 1e10))
	t.PutVec(schema.SpindleAxisRaw, g.SpindleRaw)
	t.PutVec(schema.SpindleAxis, g.Spindle)
	t.Put(schema.SpindleMagnitude, norm(g.SpindleRaw))
	t.PutVec(schema.RotAStar, star[0])
	t.PutVec(schema.RotBStar, star[1])
	t.PutVec(schema.RotCStar, star[2])
	t.PutVec(schema.HKLFrac, hkl)
	// Adding zero turns -0 into 0: the indices are integers.
	t.PutVec(schema.HKLRounded, Vec3{rounded[0] + 0, rounded[1] + 0, rounded[2] + 0})
}

func (e *Experiment) tapLattice(t *Tap, k, a, b, c, f float64) {
	t.Put(schema.FLattA, a)
	t.Put(schema.FLattB, b)
	t.Put(schema.FLattC, c)
	t.Put(schema.FLatt, f)
	t.Put(schema.PhiDeg, e.Rotation.Phi(t.at.Phi)*rtd)
	t.Put(schema.PhiKFrac, k)
	t.Put(schema.PhiFLattB, b)
	t.Put(schema.PhiFLatt, f)
}

func (e *Experiment) tapInterpolated(t *Tap, p *pixelState, n *Neighbourhood, f, h0, k0, l0 float64) {
	t.Put(schema.FCell, f)
	t.Put(schema.FCellInterpolated, f)
	t.Put(schema.FCellNearest, e.nearestF(p, h0, k0, l0))
	t.put(schema.TricubicF, n.F[:]...)
	t.put(schema.TricubicH, n.H[:]...)
	t.put(schema.TricubicK, n.K[:]...)
	t.put(schema.TricubicL, n.L[:]...)
}

func (e *Experiment) tapSource(t *Tap, p *pixelState, cell, latt float64) {
	s := &e.Beam.Sources[t.at.Source]
	t.Put(schema.SourceFCell, cell)
	t.Put(schema.SourceFLatt, latt)
	t.Put(schema.SourceFCellSqr, cell*cell)
	t.Put(schema.SourceFLattSqr, latt*latt)
	t.Put(schema.SourcePrePolar, cell*cell*latt*latt)
	t.Put(schema.SourcePolar, p.polar)
	t.Put(schema.SourceCos2Theta, dot(p.incident, p.diffracted))
	t.Put(schema.SourceLambda, s.Lambda*1e10)
	t.PutVec(schema.SourceDirection, s.Direction)
	t.Put(schema.SourceWeight, s.Weight)
	t.Put(schema.SourceIndex, float64(t.at.Source))
}

func (e *Experiment) tapPixel(t *Tap, p *pixelState, v float64) {
	s := &e.Config.Sampling
	t.Put(schema.IBeforeScaling, p.sum)
	t.Put(schema.IBeforeScalingPrePolar, p.sum)
	t.Put(schema.IBeforeScalingPostPolar, p.sum*p.polar)
	t.Put(schema.REMeters, math.Sqrt(rESqr))
	t.Put(schema.RESqr, rESqr)
	t.Put(schema.Fluence, e.Beam.Fluence)
	t.Put(schema.Steps, float64(e.Steps))
	t.Put(schema.OversampleThick, flag(s.OversampleThick))
	t.Put(schema.OversamplePolar, flag(s.OversamplePolar))
	t.Put(schema.OversampleOmega, flag(s.OversampleOmega))
	t.Put(schema.CaptureFraction, p.capture)
	t.Put(schema.Polar, p.polar)
	t.Put(schema.OmegaPixel, p.omega)
	t.Put(schema.Cos2Theta, dot(p.incident, p.diffracted))
	t.Put(schema.IPixelFinal, v)
	t.Put(schema.FloatImage, float64(float32(v)))
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
