package sim

import (
	"math"

	"simtrace/pkg/sim/fast"
)

// racer is an experiment prepared for the kernels of package fast. It is
// immutable.
type racer struct {
	e       *Experiment
	kernels fast.Kernels
	sweep   func(b *fast.Block, n int, l *fast.Lattice, ray *fast.Ray, table []fast.Orientation)
	lattice fast.Lattice
	table   []fast.Orientation
	rays    []fast.Ray
	kahns   []fast.Kahn // of the rays
	solid   fast.Solid
	layers  []fast.Layer
	scale   float64 // from sums to photons

	latch        int  // index of the pixel that switches interpolation off, or all pixels
	plain        bool // the lattice factor is one
	generalSweep fast.GeneralSweep
	singles      *singleRacer // in single precision
}

func newRacer(e *Experiment, k fast.Kernels, latch int) *racer {
	r := &racer{e: e, kernels: k, lattice: e.fastLattice(), layers: e.Geometry.layered(), latch: latch}
	r.prepareGeneral()
	r.sweep = map[Shape]func(*fast.Block, int, *fast.Lattice, *fast.Ray, []fast.Orientation){
		Square: k.Square, Round: k.Round, Gauss: k.Gauss, Tophat: k.Tophat,
	}[e.Config.Crystal.Shape]
	for _, o := range e.orient.sweep {
		r.table = append(r.table, fast.Orientation{o.a[0], o.a[1], o.a[2], o.b[0], o.b[1], o.b[2], o.c[0], o.c[1], o.c[2]})
	}
	for i := range e.Beam.Sources {
		s := &e.Beam.Sources[i]
		r.rays = append(r.rays, fast.Ray{Incident: s.Incident, Lambda: s.Lambda})
		incident, _ := unit(s.Incident)
		kahn := fast.Kahn{Beam: incident, Factor: e.Beam.Polarization}
		b, _ := unit(cross(e.double.polarAxis, incident))
		c, _ := unit(cross(incident, b))
		kahn.B, kahn.E = b, c
		r.kahns = append(r.kahns, kahn)
	}
	r.solid = e.solid()
	r.scale = rESqr * e.Beam.Fluence / float64(e.Steps)
	if e.single != nil {
		r.singles = newSingleRacer(r)
	}
	return r
}

// solid prepares the solid angles.
func (e *Experiment) solid() fast.Solid {
	g := e.Geometry
	if g.PointPixel {
		return fast.Solid{Area: 1, Point: 1}
	}
	return fast.Solid{Area: g.PixelSize * g.PixelSize, Close: g.Close}
}

// fastLattice prepares the crystal for the kernels.
func (e *Experiment) fastLattice() fast.Lattice {
	x, c := e.Crystal, &e.Config.Crystal
	l := fast.Lattice{Cells: x.Cells, Fudge: c.Fudge, Reciprocal: c.Shape != Round && !e.Config.Profile.RadiusHKL}
	l.Volume = x.Cells[0] * x.Cells[1] * x.Cells[2]
	if c.Shape == Round {
		l.Volume *= ballCorrection
	}
	for i := range l.Star {
		l.Star[i] = x.Star[i]
	}
	if c.Shape == Square {
		for i, n := range l.Cells {
			l.Cells[i] = math.Max(n, 1) // one cell is no grating: sin(x)/sin(x)
		}
	}
	e.fillGrid(&l)
	return l
}

// rimmed is the number of structure factors in the box of the list with a rim
// of one cell.
func (g *FGrid) rimmed() float64 {
	n := 1.0
	for i := range g.Min {
		n *= float64(g.Max[i] - g.Min[i] + 3)
	}
	return n
}

// fillGrid gives the kernels the box of structure factors with its rim: the list's
// own, where that is all that the list stands for and has the value beyond.
func (e *Experiment) fillGrid(l *fast.Lattice) {
	g := e.Config.Crystal.F
	if g == nil || g.Count == 0 {
		l.F, l.Stride = []float64{e.Config.Crystal.DefaultF}, [2]float64{}
		return
	}
	for i := range g.Min {
		l.Lo[i], l.Hi[i] = float64(g.Min[i]-1), float64(g.Max[i]+1)
		l.Range(i, float64(g.Min[i]), float64(g.Max[i]))
	}
	l.Outside = math.NaN()
	if g.lo != g.Min || g.hi != g.Max || g.fill != e.beyondF() {
		g = g.whole(e.beyondF())
	}
	l.F, l.Stride, l.Base = g.data, [2]float64{float64(g.strideH), float64(g.strideK)}, float64(g.base)
}
