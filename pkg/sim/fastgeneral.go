package sim

import (
	"slices"

	"simtrace/pkg/sim/fast"
)

// interpolates reports whether the first of n pixels from an index on interpolate
// structure factors, and how many of them are alike in this: interpolation ends
// behind the pixel that leaves its range.
func (w *worker) interpolates(at, n int) (bool, int) {
	switch {
	case !w.e.Interpolate || at > w.latch:
		return false, n
	case at == w.latch:
		return true, 1
	}
	return true, min(n, w.latch-at)
}

// general adds all orientations for one source where structure factors are
// interpolated or the sums compound.
func (w *worker) general(at fastSample, source int) {
	e, b, ray, k := w.e, &w.block, &w.rays[source], &w.kernels
	fill(b.Weight[:at.n], 1)
	if e.factors {
		w.factored(b.Weight[:at.n], e.Beam.Sources[source].Weight)
	}
	w.compound(at.n)
	for some := range slices.Chunk(w.table, fast.Steps) {
		if w.stop.spend(len(some) * blockWork) {
			return
		}
		if at.interpolate {
			k.Interpolated(b, at.n, &w.lattice, ray, some, w.given, &w.box)
		} else {
			k.Nearest(b, at.n, &w.lattice, ray, some, w.given)
		}
		if w.plain {
			k.GeneralPlain(b, at.n, w.given, len(some))
		} else {
			w.generalSweep(b, at.n, &w.lattice, ray, some, w.given)
		}
	}
}

// compound prepares what the sums are multiplied by at every step. Where nothing
// scatters and there is no water the exact engine leaves a step out.
func (w *worker) compound(n int) {
	e, b := w.e, &w.block
	for i := range n {
		v := 1.0
		if e.compoundThick {
			v = b.Capture[i]
		}
		if e.compoundPolar {
			v *= b.Polar[i]
		}
		if e.compoundOmega {
			v *= b.Omega[i]
		}
		b.Factor[i] = v
	}
	if e.Beam.WaterSize != 0 && e.Config.Profile.Water.inSum() {
		copy(b.Idle[:n], b.Factor[:n])
	}
}

// prepareGeneral prepares a racer for the general sweeps.
func (r *racer) prepareGeneral() {
	e, k := r.e, &r.kernels
	r.generalSweep = map[Shape]fast.GeneralSweep{
		Square: k.GeneralSquare, Round: k.GeneralRound, Gauss: k.GeneralGauss, Tophat: k.GeneralTophat,
	}[e.Config.Crystal.Shape]
	r.plain = e.Config.Crystal.Shape == Square && r.lattice.Cells == [3]float64{1, 1, 1}
}

// layered prepares what the layers of the detector capture.
func (g *Geometry) layered() []fast.Layer {
	out := make([]fast.Layer, g.ThickSteps)
	for i := range out {
		front, behind := -float64(i)*g.ThickStep, -float64(i+1)*g.ThickStep
		out[i] = fast.Layer{Normal: g.Frame.Normal, Front: front * g.Mu, Behind: behind * g.Mu}
		if g.Depth > 0 {
			out[i].Front, out[i].Behind = front/g.Depth, behind/g.Depth
		}
	}
	return out
}
