package imagecmp

import (
	"context"
	"math"
)

// sum is a compensated one (Neumaier 1974).
type sum struct{ total, lost float64 }

func (s *sum) add(x float64) { s.total, s.lost = plus(s.total, s.lost, x) }

func (s *sum) join(o sum) {
	s.add(o.total)
	s.lost += o.lost
}

func (s *sum) value() float64 { return s.total + s.lost }

// plus adds x to a sum. What the addition loses is exact and found without asking
// which of the two is larger (Knuth's TwoSum). The sum is two numbers, and not a
// struct, so that loops over pixels keep it in registers.
func plus(total, lost, x float64) (float64, float64) {
	t := total + x
	part := t - total
	return t, lost + ((total - (t - part)) + (x - part))
}

// correlation is Pearson's, in a second pass with the means (Chan, Golub and
// LeVeque 1983). Uncompensated, the sums over millions of pixels would make it
// more than one in the tenth digit.
func (r *Report) correlation(ctx context.Context, xMean, yMean, n float64) float64 {
	parts := make([]moments, r.bandCount())
	r.bands(ctx, func() func(band, from, to int) {
		w := r.newRows()
		return func(band, from, to int) {
			var m moments
			for slow := from; slow < to; slow++ {
				p := w.pairs(slow)
				m.add(p.ref, p.got, xMean, yMean)
			}
			parts[band] = m
		}
	})
	var m moments
	for i := range parts {
		m.join(&parts[i])
	}
	x, y := m.x.value(), m.y.value()
	xx, yy := m.xx.value()-float64(x*x)/n, m.yy.value()-float64(y*y)/n
	return (m.xy.value() - float64(x*y)/n) / (math.Sqrt(xx) * math.Sqrt(yy))
}

// moments are sums of distances from the means, and of their products.
type moments struct{ xx, yy, xy, x, y sum }

// add takes a row in two loops: the registers do not hold five sums.
func (m *moments) add(x, y []float64, xMean, yMean float64) {
	y = y[:len(x)]
	xx, yy, xy := m.xx, m.yy, m.xy
	for i, a := range x {
		dx, dy := a-xMean, y[i]-yMean
		xx.total, xx.lost = plus(xx.total, xx.lost, float64(dx*dx))
		yy.total, yy.lost = plus(yy.total, yy.lost, float64(dy*dy))
		xy.total, xy.lost = plus(xy.total, xy.lost, float64(dx*dy))
	}
	m.xx, m.yy, m.xy = xx, yy, xy
	sx, sy := m.x, m.y
	for i, a := range x {
		sx.total, sx.lost = plus(sx.total, sx.lost, a-xMean)
		sy.total, sy.lost = plus(sy.total, sy.lost, y[i]-yMean)
	}
	m.x, m.y = sx, sy
}

func (m *moments) join(o *moments) {
	m.xx.join(o.xx)
	m.yy.join(o.yy)
	m.xy.join(o.xy)
	m.x.join(o.x)
	m.y.join(o.y)
}
