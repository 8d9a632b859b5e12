package sim

import (
	"math"

	"simtrace/pkg/sim/fast"
)

// locator is what positions are computed in.
type locator struct {
	row   fast.Row
	turns []turned // of a curved detector's columns of subpixels
}

// turned keeps the last angle of a column. On a detector that is not tilted it
// is the same in all rows.
type turned struct{ angle, sin, cos float64 }

// locate computes directions and distances.
func (e *Experiment) locate(b *fast.Block, k fast.Kernels, at fastSample, l *locator) {
	subS, subF := at.sub/e.Oversample, at.sub%e.Oversample
	l.row = e.fastRow(at.slow, at.fast, at.layer, subS, subF)
	if e.Geometry.Curved {
		e.bend(b, k, at, subF, l)
		return
	}
	k.Positions(b, at.n, &l.row)
}

// bend computes the positions of a curved detector as curve does. Its turn about
// the slow axis is mostly the same for a row.
func (e *Experiment) bend(b *fast.Block, k fast.Kernels, at fastSample, subF int, l *locator) {
	if l.turns == nil {
		l.turns = make([]turned, (e.Geometry.Fast+fast.Lanes)*e.Oversample)
		for i := range l.turns {
			l.turns[i].angle = math.NaN()
		}
	}
	r, d := &l.row, e.double
	beam, last := scale(d.beam, d.distance), math.NaN()
	var v Vec3
	for i := range at.n {
		f := float64(r.Sub*(r.First+float64(r.Stride*float64(i)))) + r.Half
		across := (float64(f*r.Fast[1]) + r.Slow[1] + r.Layer[1] + r.Origin[1]) / d.distance
		along := (float64(f*r.Fast[2]) + r.Slow[2] + r.Layer[2] + r.Origin[2]) / d.distance
		if across != last {
			v, last = rotateAxis(beam, d.slow, across), across
		}
		t := &l.turns[(at.fast+i)*e.Oversample+subF]
		if along != t.angle {
			*t = turned{along, sin(along), cos(along)}
		}
		b.X[i], b.Y[i], b.Z[i], b.Sin[i], b.Cos[i] = v[0], v[1], v[2], t.sin, t.cos
	}
	k.Bend(b, at.n, &fast.Turn{Axis: d.fast})
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
