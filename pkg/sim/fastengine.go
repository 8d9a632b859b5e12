package sim

import (
	"context"
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

// fillGrid copies the structure factors into a box with a rim of default_F.
// What a window leaves out is NaN.
func (e *Experiment) fillGrid(l *fast.Lattice) {
	g, def := e.Config.Crystal.F, e.Config.Crystal.DefaultF
	if g == nil || g.Count == 0 {
		l.F, l.Stride = []float64{def}, [2]float64{}
		return
	}
	var size [3]int
	for i := range size {
		l.Lo[i], l.Hi[i] = float64(g.Min[i]-1), float64(g.Max[i]+1)
		size[i] = g.Max[i] - g.Min[i] + 3
		l.Range(i, float64(g.Min[i]), float64(g.Max[i]))
	}
	l.Outside = math.NaN()
	strideH, strideK := size[1]*size[2], size[2]
	l.Stride = [2]float64{float64(strideH), float64(strideK)}
	l.Base = -(float64(l.Lo[0]*l.Stride[0]) + float64(l.Lo[1]*l.Stride[1]) + l.Lo[2])
	l.F = make([]float64, size[0]*strideH)
	// Nothing ends this early.
	_ = inParallel(context.Background(), 0, 0, size[0]-1, func(i int) {
		for j := range size[1] {
			row := l.F[i*strideH+j*strideK:][:size[2]]
			h, k := g.Min[0]-1+i, g.Min[1]-1+j
			g.fillRow(row, h, k, e.beyondF())
		}
	})
}

// fillRow fills one row of the box, which begins at l = Min[2]-1.
func (g *FGrid) fillRow(row []float64, h, k int, def float64) {
	inside := g.Contains(h, k, g.Min[2])
	for i := range row {
		if row[i] = def; inside && i > 0 && i < len(row)-1 {
			row[i] = math.NaN()
		}
	}
	if lo := g.lo[2]; g.Stored(h, k, lo) {
		from := g.index(h, k, lo)
		copy(row[lo-(g.Min[2]-1):], g.data[from:from+g.hi[2]-lo+1])
	}
}
