package causes

import (
	"math"

	"simtrace/pkg/trace/schema"
)

// sincg is the interference of n cells in a row: sin(pi n h)/sin(pi h), and its
// limit n (with the sign that C gives it) where h is whole.
func sincg(n int, h float64) float64 {
	d := h - math.Round(h)
	if d == 0 {
		if n%2 == 0 && int64(math.Round(h))%2 != 0 {
			return -float64(n)
		}
		return float64(n)
	}
	return math.Sin(math.Pi*float64(n)*h) / math.Sin(math.Pi*h)
}

// maxCells bounds the search for a number of cells.
const maxCells = 5000

// cells finds the number of unit cells behind the pairs (h, F): the only n up to
// maxCells with sin(pi n h)/sin(pi h) = F for all of them.
func cells(h, f []float64) (n int, ok bool) {
	if len(h) == 0 {
		return 0, false
	}
	far := newFar(h[0], f[0])
	for try := 1; try <= maxCells; try++ {
		if far.next() || !fits(try, h, f) {
			continue
		}
		if ok {
			return 0, false // two numbers fit: nothing is known
		}
		n, ok = try, true
	}
	return n, ok
}

// far tells numbers of cells that are far from fitting one pair without a sine for
// each: sin((n+1) x) follows from sin(n x) and cos(n x).
type far struct {
	sin, cos   float64 // of x
	sinN, cosN float64 // of n x
	f, slack   float64 // both times |sin x|; the slack grows with n
	grows      float64
}

func newFar(h, f float64) *far {
	sin, cos := math.Sincos(math.Pi * h)
	abs := math.Abs(sin)
	// Twice what fits allows, and what n rotations lose.
	return &far{
		sin: sin, cos: cos, cosN: 1, f: f * sin,
		slack: 2e-7 * math.Max(1, math.Abs(f)) * abs,
		grows: 2e-14*math.Pi*math.Abs(h) + 1e-15,
	}
}

// next goes on to the next n, from 1.
func (p *far) next() bool {
	s, c := p.sinN, p.cosN
	p.sinN = float64(s*p.cos) + float64(c*p.sin)
	p.cosN = float64(c*p.cos) - float64(s*p.sin)
	p.slack += p.grows
	return math.Abs(p.sin) > 1e-9 && math.Abs(p.sinN-p.f) > p.slack
}

func fits(n int, h, f []float64) bool {
	for i := range h {
		// h is printed with 15 digits: its error of 1e-15 |h| grows by n pi
		// over sin(pi h). 1e-7 of headroom is for the simulators' rounding.
		slope := math.Pi * float64(n) / math.Abs(math.Sin(math.Pi*h[i]))
		if d := math.Abs(sincg(n, h[i]) - f[i]); !(d <= 1e-7*math.Max(1, math.Abs(f[i]))+1e-14*math.Abs(h[i])*slope) {
			return false
		}
	}
	return true
}

// cellCounts infers the numbers of cells from the lattice factors of all samples.
func cellCounts(s *Side) (n [3]int, ok bool) {
	indices := s.All(schema.HKLFrac)
	for i, k := range []schema.Key{schema.FLattA, schema.FLattB, schema.FLattC} {
		factors := s.All(k)
		if len(indices) == 0 || len(factors) != len(indices) {
			return n, false
		}
		var h, f []float64
		for j := range indices {
			v, ok := num(factors[j])
			if !ok || len(indices[j].Values) != 3 {
				return n, false
			}
			h, f = append(h, indices[j].Values[i].Num), append(f, v)
		}
		if i == 1 { // the PHI rows print k and F_latt_b of every step
			for _, r := range s.Phi() {
				kf, ok := num(r.K)
				fb, ok2 := num(r.FB)
				if ok && ok2 {
					h, f = append(h, kf), append(f, fb)
				}
			}
		}
		if n[i], ok = cells(h, f); !ok {
			return n, false
		}
	}
	return n, true
}

// countsOf are the numbers of cells, as a program prints them or else as its
// lattice factors tell.
func countsOf(c *Context, s *Side) (n [3]int, ok bool) {
	for i, name := range []string{"Na", "Nb", "Nc"} {
		v, has := set(c, s, name)
		if !has {
			return cellCounts(s)
		}
		n[i] = int(math.Round(v))
	}
	return n, true
}
