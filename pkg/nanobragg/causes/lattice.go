package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// findRounding recognises rounding.
func findRounding(c *Context) ([]Cause, string) {
	rows := c.Open(schema.HKLRounded)
	if len(rows) == 0 {
		return nil, "hkl_rounded is no root"
	}
	ref, okRef := ruleOf(c.Ref)
	got, okGot := ruleOf(c.Got)
	if !okRef || !okGot {
		return nil, "hkl_rounded of a side follows from its hkl_frac by no rule"
	}
	if ref == got {
		return nil, "both sides round by " + ref
	}
	return one(rows, fmt.Sprintf("got rounds by %s, the reference by %s", got, ref), []string{"all three indices of each side follow from its hkl_frac by its rule"},
		fmt.Sprintf("hkl_frac of got is %s (%s); %s.", valueText(c.Got.Rec(schema.HKLFrac)), c.Got.Rec(schema.HKLFrac).Pos, show(rows[0]))), ""
}

// roundingRules are those met in ports; the first is the reference's.
var roundingRules = []struct {
	name string
	rule func(float64) float64
}{
	{"ceil(x - 0.5)", func(x float64) float64 { return math.Ceil(x - 0.5) }},
	{"floor(x)", math.Floor}, {"trunc(x)", math.Trunc}, {"ceil(x)", math.Ceil},
	{"floor(x + 0.5)", func(x float64) float64 { return math.Floor(x + 0.5) }},
	{"half to even", math.RoundToEven}, {"half away from 0", math.Round},
}

// ruleOf is the first rule by which a log's hkl_rounded follow from its
// hkl_frac.
func ruleOf(s *Side) (string, bool) {
	h, _, ok1 := vec(s, schema.HKLFrac)
	n, _, ok2 := vec(s, schema.HKLRounded)
	for _, r := range roundingRules {
		if ok1 && ok2 && r.rule(h[0]) == n[0] && r.rule(h[1]) == n[1] && r.rule(h[2]) == n[2] {
			return r.name, true
		}
	}
	return "", false
}

// findAxisSwap recognises axis-swap.
func findAxisSwap(c *Context) ([]Cause, string) {
	rows := c.Open(latticeKeys...)
	if len(rows) == 0 {
		return nil, "no lattice factor is a root"
	}
	ref, ok1 := cellCounts(c.Ref)
	got, ok2 := cellCounts(c.Got)
	if !ok1 || !ok2 {
		return nil, "the lattice factors of a side do not tell its numbers of cells"
	}
	// Each axis of the one side has the number of some axis of the other.
	swapped := ref != got && drawnFrom(got, ref) && drawnFrom(ref, got)
	if !swapped && !anothers(ref, got) && !anothers(got, ref) {
		return nil, fmt.Sprintf("the numbers of cells are %v and %v", ref, got)
	}
	return one(rows, fmt.Sprintf("the numbers of cells are %d, %d, %d in the reference and %d, %d, %d in got", ref[0], ref[1], ref[2], got[0], got[1], got[2]),
		[]string{fmt.Sprintf("the only numbers up to %d that give the printed factors are %v in the reference (%s) and %v in got (%s)", maxCells, ref, c.Ref.Rec(schema.FLattA).Pos, got, c.Got.Rec(schema.FLattA).Pos)}), ""
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
	for _, n := range a {
		if n != b[0] && n != b[1] && n != b[2] {
			return false
		}
	}
	return true
}

// findLatticeDelta recognises lattice-delta.
func findLatticeDelta(c *Context) ([]Cause, string) {
	rows := c.Open(latticeKeys...)
	if len(rows) == 0 {
		return nil, "no lattice factor is a root"
	}
	if found := latticeByIndex(c, rows); found != nil {
		return found, ""
	}
	for _, k := range latticeKeys {
		for _, r := range c.Compared(k) {
			ref, got, ok := pairOf(r)
			if r.Diverged() && !(ok && math.Abs(math.Abs(ref[0])-math.Abs(got[0])) <= c.Tolerance*math.Abs(ref[0])) {
				return nil, fmt.Sprintf("%s differs in size: %s", r.Name(), show(r))
			}
		}
	}
	if c.Differs(sumKeys...) && !c.Differs(factorKeys...) {
		return nil, "the intensity differs, and signs do not change it"
	}
	cause := one(rows, "", []string{"all lattice factors that differ agree in size"}, show(rows[0])+".")
	cause[0].PrintOnly, cause[0].Share = true, noShare("the intensity has the square of the factor")
	return cause, ""
}

// latticeByIndex tells it by each log's own indices, where these differ for other
// reasons.
func latticeByIndex(c *Context, rows []*diff.Row) []Cause {
	if !c.Differs(schema.HKLFrac) {
		return nil
	}
	whole, okRef := latticeAt(c, c.Ref)
	delta, okGot := latticeAt(c, c.Got)
	if !okRef || !okGot || whole == delta {
		return nil
	}
	s := c.Got
	if whole {
		s = c.Ref
	}
	cause := one(rows, "", []string{fmt.Sprintf("F_latt_a, F_latt_b and F_latt_c of %s are what its own hkl_frac less hkl_rounded make (%s), and those of the other side what its hkl_frac makes", s.Name, s.RecOr(schema.FLattA).Pos)})
	cause[0].PrintOnly, cause[0].Share = true, noShare("the intensity has the square of the factor")
	return cause
}

// latticeAt tells whether a log's lattice factors are those of h - h0, and not of h;
// ok is false where they are neither, or nothing tells.
func latticeAt(c *Context, s *Side) (delta, ok bool) {
	n, ok1 := countsOf(c, s)
	h, _, ok2 := vec(s, schema.HKLFrac)
	h0, _, ok3 := vec(s, schema.HKLRounded)
	f, ok4 := nums(s, schema.FLattA, schema.FLattB, schema.FLattC)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return false, false
	}
	tells := false
	for i := range f {
		a, b := sincg(n[i], h[i]), sincg(n[i], h[i]-h0[i])
		const within = 1e-6 // near a zero of the sine, the printed digits of h leave that much
		isA, isB := math.Abs(f[i]-a) <= within*math.Max(1, math.Abs(a)), math.Abs(f[i]-b) <= within*math.Max(1, math.Abs(b))
		switch {
		case !isA && !isB:
			return false, false
		case isA != isB && tells && delta != isB:
			return false, false
		case isA != isB:
			tells, delta = true, isB
		}
	}
	return delta, tells
}
