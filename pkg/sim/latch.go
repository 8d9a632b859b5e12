package sim

import (
	"context"
	"math"
	"sync/atomic"
)

// scanAt is what the scan brings to the pixel of an index, where that of latch
// switches interpolation off.
func (e *Experiment) scanAt(i, latch int) scan {
	return scan{interpolate: e.Interpolate && i <= latch}
}

// latch returns the index of the first pixel in scan order, below limit, whose
// samples switch interpolation off; limit if there is none.
func (e *Experiment) latch(ctx context.Context, limit int) int {
	if !e.Interpolate || limit == 0 || !e.Config.Profile.InterpOOB.latches() {
		return limit
	}
	var first atomic.Int64
	first.Store(int64(limit))
	g, r := e.Geometry, e.reach()
	const rows = 16 // that are bounded together
	last := min(e.ROI[3], (limit-1)/g.Fast)
	// An early end is the caller's to notice: the result is not used then.
	_ = inParallel(ctx, 0, 0, (last-e.ROI[2])/rows, func(band int) {
		slow := e.ROI[2] + rows*band
		stop := stopper{ctx: ctx}
		e.leaving([4]int{e.ROI[0], e.ROI[1], slow, min(slow+rows-1, last)}, &r, &first, &stop)
	})
	return int(first.Load())
}

// leaving lowers first to the index of the first pixel of a region that switches
// interpolation off. It halves what is not sure to stay in range as a whole.
func (e *Experiment) leaving(roi [4]int, r *reach, first *atomic.Int64, stop *stopper) {
	at := int64(roi[2]*e.Geometry.Fast + roi[0])
	width, height := roi[1]-roi[0]+1, roi[3]-roi[2]+1
	switch {
	case stop.spend(sampleWork) || at >= first.Load() || r.stays(e, roi):
	case width == 1 && height == 1:
		if !e.Wanted(roi[2], roi[0]) || !e.mayLeave(roi[2], roi[0]) {
			return
		}
		sc := scan{interpolate: true, stopper: *stop}
		e.pixel(roi[2], roi[0], &sc, nil)
		if *stop = sc.stopper; !sc.interpolate && !stop.stopped {
			storeMin(first, at)
		}
	default:
		a, b := roi, roi
		if width >= height {
			a[1] = roi[0] + width/2 - 1
			b[0] = a[1] + 1
		} else {
			a[3] = roi[2] + height/2 - 1
			b[2] = a[3] + 1
		}
		e.leaving(a, r, first, stop)
		e.leaving(b, r, first, stop)
	}
}

// reach bounds the cells of all orientations: vectors in the middle, and how far
// others are from them, metres.
type reach struct {
	middle [3]Vec3
	spread [3]float64
}

func (e *Experiment) reach() reach {
	var r reach
	n := 0.0
	tables := [][]orientation{e.orient.sweep, e.orient.firstSweep}
	for _, table := range tables {
		for i := range table {
			for j, v := range table[i].vectors() {
				r.middle[j] = Vec3{r.middle[j][0] + v[0], r.middle[j][1] + v[1], r.middle[j][2] + v[2]}
			}
		}
		n += float64(len(table))
	}
	for j := range r.middle {
		r.middle[j] = scale(r.middle[j], 1/n)
	}
	for _, table := range tables {
		for i := range table {
			for j, v := range table[i].vectors() {
				r.spread[j] = math.Max(r.spread[j], distance(v, r.middle[j]))
			}
		}
	}
	return r
}

func (c *cell[T]) vectors() [3][3]T { return [3][3]T{c.a, c.b, c.c} }

func distance(a, b Vec3) float64 { return norm(Vec3{a[0] - b[0], a[1] - b[1], a[2] - b[2]}) }

// reachMargin is for roundings, in single precision too: in Miller indices.
const reachMargin = 1e-2

// stays reports whether all samples of a region's pixels are sure to lie within the
// range of interpolation. Their directions lie as near to the middle one as the
// farthest corner; so near, times the longest cell vector, do the indices.
func (r *reach) stays(e *Experiment, roi [4]int) bool {
	if e.Geometry.Curved {
		return false
	}
	n, g := e.Oversample-1, e.Config.Crystal.F
	var corners [8]Vec3
	var sum Vec3
	for i := range corners {
		f, s, layer := i&1, i>>1&1, (i>>2&1)*(e.Geometry.ThickSteps-1)
		d, _ := unit(e.double.position(roi[2+s], roi[f], layer, n*s, n*f))
		corners[i] = d
		sum = Vec3{sum[0] + d[0], sum[1] + d[1], sum[2] + d[2]}
	}
	middle, far := scale(sum, 1.0/8), 0.0
	for _, d := range corners {
		far = math.Max(far, distance(d, middle))
	}
	if !(far < 0.5) {
		return false
	}
	for i := range e.Beam.Sources {
		s := &e.Beam.Sources[i]
		q := scattering(middle, s.Incident, s.Lambda)
		length := norm(q)
		for j, v := range r.middle {
			x := dot(v, q)
			near := float64((norm(v)+r.spread[j])*far/s.Lambda) + float64(r.spread[j]*length) + reachMargin
			if !(x-near-2 >= float64(g.Min[j]) && x+near+2 <= float64(g.Max[j])) {
				return false
			}
		}
	}
	return true
}
