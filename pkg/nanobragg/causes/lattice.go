package causes

import (
	"fmt"
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// sincg is the interference of n cells in a row: sin(pi n h)/sin(pi h), and its
// limit n (with the sign that C gives it) where h is whole.
func sincg(n int, h float64) float64 {
	if h != math.Round(h) {
		return math.Sin(math.Pi*float64(n)*h) / math.Sin(math.Pi*h)
	}
	if n%2 == 0 && int64(h)%2 != 0 {
		return -float64(n)
	}
	return float64(n)
}

// maxCells bounds the search for a number of cells.
const maxCells = 5000

// cells finds the number of unit cells behind the pairs (h, F): the only n up to
// maxCells with sin(pi n h)/sin(pi h) = F for all of them.
func cells(h, f []float64) (n int, ok bool) {
	if len(h) == 0 {
		return 0, false
	}
	// Numbers that are far from fitting the first pair need no sine: sin((n+1) x) follows from sin(n x) and
	// cos(n x). The slack is twice what fits allows, and what n rotations lose.
	sin, cos := math.Sincos(math.Pi * h[0])
	sinN, cosN, slack := 0.0, 1.0, 2e-7*math.Max(1, math.Abs(f[0]))*math.Abs(sin)
	for try := 1; try <= maxCells; try++ {
		sinN, cosN = float64(sinN*cos)+float64(cosN*sin), float64(cosN*cos)-float64(sinN*sin)
		slack += 2e-14*math.Pi*math.Abs(h[0]) + 1e-15
		if math.Abs(sin) > 1e-9 && math.Abs(sinN-f[0]*sin) > slack || !fits(try, h, f) {
			continue
		}
		if ok {
			return 0, false // two numbers fit: nothing is known
		}
		n, ok = try, true
	}
	return n, ok
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
		f := numsOf(s.All(k))
		if len(indices) == 0 || len(f) != len(indices) {
			return n, false
		}
		var h []float64
		for _, r := range indices {
			if len(r.Values) != 3 {
				return n, false
			}
			h = append(h, r.Values[i].Num)
		}
		if i == 1 { // the PHI rows print k and F_latt_b of every step
			for _, r := range s.Phi() {
				if kf, fb := num(r.K), num(r.FB); known(kf, fb) {
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
		v := set(c, s, name)
		if !known(v) {
			return cellCounts(s)
		}
		n[i] = int(math.Round(v))
	}
	return n, true
}

func findRounding(c *Context, _ []*diff.Row) ([]Cause, string) {
	ref, got, ok := both(c, roundingOf)
	switch {
	case !c.Differs(schema.HKLRounded):
		return nil, "hkl_rounded agrees, or is not printed on both sides"
	case !ok:
		return nil, "hkl_rounded of a side follows from its hkl_frac by no rule"
	case ref == got:
		return nil, "both sides round by " + ref
	}
	open := c.Open(schema.HKLRounded)
	h, n, at := eachOf(c.Got, schema.HKLFrac), eachOf(c.Got, schema.HKLRounded), 0
	if len(open) > 0 && len(h) == len(n) {
		at = max(0, slices.Index(n, open[0].Got)) // where they differ first
	}
	cause := one(open, fmt.Sprintf("got rounds by %s, the reference by %s", got, ref), []string{"all three indices of each side follow from its hkl_frac by its rule"},
		fmt.Sprintf("hkl_frac of got is %s (%s); hkl_rounded is %s (%s).", valueText(h[at]), h[at].Pos(), valueText(n[at]), n[at].Pos())).enters(schema.HKLRounded)
	if f, ok := unlisted(c); ok {
		cause[0].Evidence = append(cause[0].Evidence, fmt.Sprintf("F_cell is default_F, %g, for each index of both sides: it does not tell them apart.", f))
		cause = cause.alone()
	}
	return cause, ""
}

// unlisted tells whether every structure factor of both sides is the one of indices that no
// table lists.
func unlisted(c *Context) (f float64, ok bool) {
	for s := range pairs(c) {
		f = set(c, s, "default F")
		all := slices.Concat(s.All(schema.FCell), s.All(schema.FCellNearest))
		if len(all) == 0 || !known(f) || slices.ContainsFunc(all, func(r *trace.Record) bool { return num(r) != f }) {
			return 0, false
		}
	}
	return f, true
}

// roundings are those met in ports; the first is the reference's.
var roundings = []struct {
	name string
	rule func(float64) float64
}{
	{"ceil(x - 0.5)", func(x float64) float64 { return math.Ceil(x - 0.5) }},
	{"floor(x)", math.Floor}, {"trunc(x)", math.Trunc}, {"ceil(x)", math.Ceil},
	{"floor(x + 0.5)", func(x float64) float64 { return math.Floor(x + 0.5) }},
	{"half to even", math.RoundToEven}, {"half away from 0", math.Round},
}

// by is a vector by a rule.
func (a Vec) by(rule func(float64) float64) Vec { return Vec{rule(a[0]), rule(a[1]), rule(a[2])} }

// rounded is a vector by the reference's rule.
func (a Vec) rounded() Vec { return a.by(roundings[0].rule) }

// roundingOf is the first rule by which a log's hkl_rounded follow from its hkl_frac, in
// each sample where each prints both.
func roundingOf(s *Side) (string, bool) {
	h, n := eachOf(s, schema.HKLFrac), eachOf(s, schema.HKLRounded)
	if len(h) == 0 || len(n) == 0 {
		return "", false
	}
	if len(h) != len(n) {
		h, n = h[:1], n[:1]
	}
	for _, r := range roundings {
		other := 0
		for other < len(h) && vecOf(h[other]).by(r.rule) == vecOf(n[other]) {
			other++
		}
		if other == len(h) {
			return r.name, true
		}
	}
	return "", false
}

// eachOf are the records of a quantity, one a sample, or the one that stands for it.
func eachOf(s *Side, k schema.Key) []*trace.Record {
	if all := s.All(k); len(all) > 0 {
		return all
	}
	if r := s.RecOr(k); r != nil {
		return []*trace.Record{r}
	}
	return nil
}

func findAxisSwap(c *Context, rows []*diff.Row) ([]Cause, string) {
	ref, got, ok := both(c, cellCounts)
	if !ok {
		return nil, "the lattice factors of a side do not tell its numbers of cells"
	}
	// Each axis of the one side has the number of some axis of the other.
	swapped := ref != got && drawnFrom(got, ref) && drawnFrom(ref, got)
	if !swapped && !anothers(ref, got) && !anothers(got, ref) {
		return nil, fmt.Sprintf("the numbers of cells are %v and %v", ref, got)
	}
	return one(rows, fmt.Sprintf("the numbers of cells are %d, %d, %d in the reference and %d, %d, %d in got", ref[0], ref[1], ref[2], got[0], got[1], got[2]),
		[]string{fmt.Sprintf("the only numbers up to %d that give the printed factors are %v in the reference (%s) and %v in got (%s)", maxCells, ref, pos(c.Ref, schema.FLattA), got, pos(c.Got, schema.FLattA))}), ""
}

// anothers reports whether the numbers of one side are those of axes of the other,
// and no axis has just one more or less, which a loop's end makes as well.
func anothers(a, b [3]int) bool {
	for i := range a {
		if d := a[i] - b[i]; d == 1 || d == -1 {
			return false
		}
	}
	return a != b && drawnFrom(b, a)
}

func drawnFrom(a, b [3]int) bool {
	return !slices.ContainsFunc(a[:], func(n int) bool { return !slices.Contains(b[:], n) })
}

// findLatticeDelta recognises lattice-delta: by each log's own indices, where these differ for other
// reasons, or by the factors' size.
func findLatticeDelta(c *Context, rows []*diff.Row) ([]Cause, string) {
	const how = "the intensity has the square of the factor"
	if c.Differs(schema.HKLFrac) || c.Differs(sumKeys...) { // by another cause
		ref, got, ok := both(c, func(s *Side) (bool, bool) { return latticeAt(c, s) })
		if s := pick(c, ref); ok && ref != got {
			return one(rows, "", []string{fmt.Sprintf("F_latt_a, F_latt_b and F_latt_c of %s are what its own hkl_frac less hkl_rounded make (%s), and those of the other side what its hkl_frac makes", s.Name, pos(s, schema.FLattA))}).printed(how), ""
		}
	}
	for _, r := range c.Rows {
		ref, got := num(r.Ref), num(r.Got)
		if r.Diverged() && slices.Contains(latticeKeys, r.Key) && !(math.Abs(math.Abs(ref)-math.Abs(got)) <= c.Tolerance*math.Abs(ref)) {
			return nil, fmt.Sprintf("%s differs in size: %s", r.Name(), show(r))
		}
	}
	if c.Differs(sumKeys...) && !c.Differs(factorKeys...) {
		return nil, "the intensity differs, and signs do not change it"
	}
	return shown(rows, "", "all lattice factors that differ agree in size").printed(how), ""
}

// latticeAt tells whether a log's lattice factors are those of h - h0, and not of h;
// ok is false where they are neither, or nothing tells.
func latticeAt(c *Context, s *Side) (delta, ok bool) {
	n, ok1 := countsOf(c, s)
	if !ok1 {
		return false, false
	}
	h, h0 := vec(s, schema.HKLFrac), vec(s, schema.HKLRounded)
	f := Vec{val(s, schema.FLattA), val(s, schema.FLattB), val(s, schema.FLattC)}
	for i := range f {
		a, b := sincg(n[i], h[i]), sincg(n[i], h[i]-h0[i])
		const within = 1e-6 // near a zero of the sine, the printed digits of h leave that much
		isA, isB := math.Abs(f[i]-a) <= within*math.Max(1, math.Abs(a)), math.Abs(f[i]-b) <= within*math.Max(1, math.Abs(b))
		switch {
		case !isA && !isB, isA != isB && ok && delta != isB:
			return false, false
		case isA != isB:
			ok, delta = true, isB
		}
	}
	return delta, ok
}
