package explain

import (
	"fmt"
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

// sum is a log's own account of its intensity.
type sum struct {
	cell, i  float64 // F_cell, I_before_scaling
	rows     []float64
	total    float64 // of F_latt^2
	residual float64 // |cell^2 total - i| / i
	text     string
}

// sumOf recomputes I = F_cell^2 sum F_latt^2 from the log's own lines. It
// stands only where the log's rows are all there is: as many as steps, one
// structure factor, no background. Then the sum reproduces the log's intensity
// within 1e-3, and the caller may take it apart.
func sumOf(s *Side, cellKey schema.Key) (sum, bool) {
	var out sum
	cell, cr, ok1 := s.Num(cellKey)
	i, ir, ok2 := s.Num(schema.IBeforeScaling)
	steps, _, ok3 := s.Num(schema.Steps)
	if !ok1 || !ok2 || !ok3 || i == 0 || len(s.phi) == 0 || float64(len(s.phi)) != steps {
		return out, false
	}
	for _, r := range s.phi {
		f, ok := num(r.F)
		if !ok {
			return out, false
		}
		out.rows = append(out.rows, f)
		out.total += float64(f * f)
	}
	out.cell, out.i = cell, i
	out.residual = math.Abs(cell*cell*out.total-i) / math.Abs(i)
	out.text = fmt.Sprintf("F_cell^2 sum F_latt^2 = %s^2 x %.9g (%s; %d PHI rows) reproduces I_before_scaling %s (%s) to %.1e",
		text(cr), out.total, cr.Pos, len(s.phi), text(ir), ir.Pos, out.residual)
	return out, out.residual <= 1e-3
}

// crystal is what a log says of its lattice at the first phi step.
type crystal struct {
	n      [3]int
	direct []Vec // unrotated a, b, c in A
	s      Vec   // scattering vector in 1/A
}

// crystalOf infers the numbers of cells from the printed lattice factors, and
// the unrotated cell from the reciprocal vectors, which traces print before
// any rotation by phi.
func crystalOf(s *Side) (crystal, bool) {
	var c crystal
	star, ok := s.Vecs(schema.RotAStar, schema.RotBStar, schema.RotCStar)
	hkl, _, ok2 := s.Vec(schema.HKLFrac)
	sv, _, ok3 := s.Vec(schema.ScatteringVec)
	if !ok || !ok2 || !ok3 {
		return c, false
	}
	c.direct, c.s = dual(star), sv.scale(1e-10)
	if !sameLengths(s, c.direct) {
		return c, false
	}
	for i, k := range []schema.Key{schema.FLattA, schema.FLattB, schema.FLattC} {
		f, _, ok := s.Num(k)
		if !ok {
			return c, false
		}
		h, fs := []float64{hkl[i]}, []float64{f}
		if i == 1 { // the PHI rows print k and F_latt_b of every step
			h, fs = appendRows(h, fs, s.phi)
		}
		if c.n[i], ok = cells(h, fs); !ok {
			return c, false
		}
	}
	return c, true
}

// sameLengths checks the unrotated cell against the rotated one, which has the
// same lengths. A cell that the reference made from triclinic angles is not the
// dual of its reciprocal vectors, and fails here.
func sameLengths(s *Side, direct []Vec) bool {
	rot, ok := s.Vecs(schema.RotA, schema.RotB, schema.RotC)
	for i := range rot {
		ok = ok && math.Abs(rot[i].norm()/direct[i].norm()-1) < 1e-9
	}
	return ok
}

func appendRows(h, f []float64, rows []PhiRow) ([]float64, []float64) {
	for _, r := range rows {
		k, ok := num(r.K)
		fb, ok2 := num(r.FB)
		if ok && ok2 {
			h, f = append(h, k), append(f, fb)
		}
	}
	return h, f
}

// unrotated returns the Miller index and lattice factor at phi = 0.
func (c crystal) unrotated() (hkl Vec, f float64) {
	f = 1
	for i, a := range c.direct {
		hkl[i] = a.dot(c.s)
		f *= sincg(c.n[i], hkl[i])
	}
	return hkl, f
}
