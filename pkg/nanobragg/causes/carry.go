package causes

import (
	"fmt"
	"math"
	"slices"

	"simtrace/internal/digits"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// findCarryover recognises phi-carryover: by the rows of the first subpixel, by those of the
// second (the first of a whole run has nothing before it to carry over, and turns afresh on both sides), or by the cell.
func findCarryover(c *Context, _ []*diff.Row) ([]Cause, string) {
	k, why := carryIn(c)
	if k == nil && c.Ref.Samples() > 1 && c.Ref.Samples() == c.Got.Samples() {
		later := *c
		later.Ref, later.Got = c.Ref.Sample(1), c.Got.Sample(1)
		if k, _ = carryIn(&later); k != nil {
			k.note = "These are rows of the second subpixel. At the first, both logs turn afresh: nothing came before it in its run."
		}
	}
	if k != nil {
		return k.cause(), ""
	}
	return carryByCell(c), why
}

// carryByCell looks at the cell, where k_frac does not turn or differs for other reasons
// as well: the one log has the cell at rest at phi 0, the other as at the last step.
func carryByCell(c *Context) []Cause {
	ref, got, ok := both(c, poseOf)
	if !ok || ref.own.still() == got.own.still() {
		return nil
	}
	carrier, turned, rest := pick(c, !ref.own.still()), ref.own.angle, got.own.angle
	if carrier == c.Got {
		turned, rest = rest, turned
	}
	fresh := other(c, carrier)
	steps, _ := phiDegs(carrier)
	rows := carrier.Phi()
	last := len(steps) - 1
	if last < 1 || steps[0] != 0 || len(fresh.Phi()) == 1 || len(rows) != len(steps) || !repeatsItself(carrier) || repeatsItself(fresh) || !closeTo(turned, math.Abs(steps[last]), 1e-5) {
		return nil
	}
	roots := c.RootsOf(slices.Concat([]schema.Key{schema.HKLFrac, schema.HKLRounded, schema.PhiKFrac}, realKeys, latticeKeys, sumKeys)...)
	roots = slices.DeleteFunc(roots, func(r *diff.Row) bool { return r.Stream == trace.PhiStream && r.At[schema.Phi] != 0 })
	return one(roots, fmt.Sprintf("%s keeps the cell vectors of phi step %d at phi = 0", carrier.Name, last),
		[]string{fmt.Sprintf("at phi 0 its real vectors are turned by %.9g degrees against its reciprocal ones, the angle of step %d", turned, last),
			fmt.Sprintf("those of %s are at rest, to %.1g degrees", fresh.Name, rest)}).alone().enters(schema.RotA)
}

// repeatsItself reports whether a log's first row repeats its last step.
func repeatsItself(s *Side) bool {
	rows := s.Phi()
	return len(rows) > 1 && repeats(rows[0], rows[len(rows)-1])
}

// repeats reports whether two rows print the same numbers.
func repeats(a, b explain.PhiRow) bool {
	same := func(x, y *trace.Record) bool {
		return x != nil && y != nil && len(x.Values) == 1 && len(y.Values) == 1 && x.Values[0].Text == y.Values[0].Text
	}
	return same(a.K, b.K) && same(a.FB, b.FB) && same(a.F, b.F)
}

// carry is one attempt: carrier is the side that would keep stale vectors.
type carry struct {
	c              *Context
	carrier, fresh *Side

	zero, stale explain.PhiRow // the carrier's row at phi 0, and the one that it repeats
	isLast      bool           // that is the last step, and phi 0 the first
	k           float64
	kAt         *trace.Record // where the fresh side prints its k at phi 0
	others      int           // steps compared besides
	plateau     float64       // largest difference there
	kWant       float64       // k at phi 0 by the carrier's own cell or rows
	kHow        string
	checks      []string
	f           float64 // F_latt at phi 0 by the carrier's own unrotated cell
	fHow        string  // how; "" where it is not known
	note        string  // more evidence
}

// carryIn tries both sides; of those that do not carry, it says why.
func carryIn(c *Context) (*carry, string) {
	var whys []string
	for s, o := range pairs(c) {
		k := &carry{c: c, carrier: s, fresh: o}
		why := k.find()
		if why == "" {
			return k, ""
		}
		whys = append(whys, why)
	}
	if whys[0] == whys[1] {
		return nil, whys[0]
	}
	return nil, fmt.Sprintf("%s; %s", whys[0], whys[1])
}

// find tests the necessary conditions; it returns the first that fails.
func (k *carry) find() string {
	if why := k.findRepeat(); why != "" {
		return why
	}
	k.expect()
	// Without rows, the fresh side's pixel block is of phi step 0, and has to have the value which a fresh rotation gives.
	byRows := len(k.fresh.Phi()) > 0
	k.k, k.kAt = vec(k.fresh, schema.HKLFrac)[1], k.fresh.RecOr(schema.HKLFrac)
	switch {
	case !byRows && !known(k.k):
		return k.fresh.Name + " prints neither PHI rows nor hkl_frac"
	case !byRows && !k.isLast:
		return "phi 0 is not the first step, and " + k.fresh.Name + " prints only that one"
	case byRows:
		if why := k.readRows(); why != "" {
			return why
		}
	}
	stale := num(k.zero.K)
	off := math.Abs(k.k - stale)
	switch {
	case off <= k.c.Tolerance*math.Abs(stale):
		return "the logs agree at phi_deg 0"
	case byRows && k.others == 0:
		return "the logs have no other phi step in common"
	case !byRows && !known(k.kWant):
		return "nothing tells what a fresh rotation would give at phi 0"
	case math.Abs(k.k-k.kWant) > off/10:
		return fmt.Sprintf("%s has k = %.9g at phi 0, where a fresh rotation gives %.9g", k.fresh.Name, k.k, k.kWant)
	case k.plateau > math.Max(off/10, k.c.Tolerance*math.Abs(stale)):
		return fmt.Sprintf("the logs differ at the other phi steps as well, by up to %.3g in k_frac against %.3g at phi_deg 0", k.plateau, off)
	}
	k.confirm()
	return ""
}

// findRepeat looks for the row at phi 0 and the row that it repeats.
func (k *carry) findRepeat() string {
	rows, who := k.carrier.Phi(), k.carrier.Name
	var zeros []int
	for i, r := range rows {
		if num(r.Deg) == 0 {
			zeros = append(zeros, i)
		}
	}
	switch {
	case len(rows) < 2:
		return who + " prints no PHI rows to compare with each other"
	case len(zeros) > 1:
		return who + " has several steps at phi_deg 0"
	case len(zeros) == 0:
		return who + " has no step at phi_deg exactly 0"
	}
	k.isLast, k.zero, k.stale = zeros[0] == 0, rows[zeros[0]], rows[(zeros[0]+len(rows)-1)%len(rows)]
	same := slices.DeleteFunc(slices.Clone(rows), func(r explain.PhiRow) bool { return !repeats(r, k.stale) })
	switch {
	case !repeats(k.zero, k.stale):
		return fmt.Sprintf("%s does not repeat phi step %d at phi_deg 0", who, k.stale.Tic)
	case len(same) > 2:
		return fmt.Sprintf("in %s the rows of other steps repeat as well: the scan does not turn the crystal", who)
	}
	return ""
}

// expect works out k at phi 0 from the carrier's own log: by its unrotated cell, which is the dual of the
// reciprocal vectors that traces print before any rotation by phi, or by carrying the next three steps on to phi 0.
func (k *carry) expect() {
	k.kWant = missing
	if hkl, ok := k.unrotated(); ok {
		k.kWant, k.kHow = hkl[1], "its own unrotated cell"
	} else if rows := k.carrier.Phi(); k.isLast && len(rows) >= 5 {
		k.kWant, k.kHow = 3*num(rows[1].K)-3*num(rows[2].K)+num(rows[3].K), "carrying its phi steps 1 to 3 on to 0"
	}
}

// unrotated is the Miller index at phi 0 by the carrier's own unrotated cell, which leaves the lattice factor in f.
// A cell that the reference made from triclinic angles is not the dual of its reciprocal vectors: its lengths differ.
func (k *carry) unrotated() (hkl Vec, ok bool) {
	p, ok1 := poseOf(k.carrier)
	n, ok2 := cellCounts(k.carrier)
	if !ok1 || !ok2 {
		return hkl, false
	}
	q, f := vec(k.carrier, schema.ScatteringVec).scale(1e-10), 1.0
	for i, a := range dual(p.star) {
		if math.Abs(p.real[i].norm()/a.norm()-1) >= 1e-9 {
			return hkl, false
		}
		hkl[i] = a.dot(q)
		f *= sincg(n[i], hkl[i])
	}
	if hkl.rounded() == vec(k.carrier, schema.HKLRounded) {
		k.f, k.fHow = f, fmt.Sprintf("its own unrotated cell (dual of rot_*_star, %s) and %d x %d x %d cells (the only counts that give its F_latt_a, F_latt_b, F_latt_c)",
			pos(k.carrier, schema.RotAStar), n[0], n[1], n[2])
	}
	return hkl, known(hkl[:]...)
}

// readRows reads k at phi 0, and what the other steps differ by, from the PHI rows of the fresh side.
func (k *carry) readRows() string {
	rows := map[int]explain.PhiRow{}
	for _, r := range k.fresh.Phi() {
		rows[r.Tic] = r
	}
	zero := rows[k.zero.Tic]
	switch deg := num(zero.Deg); {
	case !known(num(zero.K)):
		return fmt.Sprintf("%s has no PHI row of step %d", k.fresh.Name, k.zero.Tic)
	case known(deg) && deg != 0:
		return "the two logs number other phi angles"
	case repeats(zero, rows[k.stale.Tic]):
		return "both logs repeat a row at phi_deg 0"
	}
	var mine, theirs []float64
	for _, r := range k.carrier.Phi() {
		if a, b := num(r.K), num(rows[r.Tic].K); r.Tic != k.zero.Tic && known(a, b) {
			mine, theirs = append(mine, a), append(theirs, b)
		}
	}
	unit := tenfold(mine, theirs)
	if unit != 1 { // a tap may print the cell in another unit
		k.note = fmt.Sprintf("k_frac of %s is %g times as large at all steps, as of another unit: it is taken for that.", k.fresh.Name, unit)
	}
	k.k, k.kAt, k.others = num(zero.K)/unit, zero.K, len(mine)
	for i, a := range mine {
		k.plateau = math.Max(k.plateau, math.Abs(a-theirs[i]/unit))
	}
	return ""
}

// tenfold is the power of ten by which all numbers of b are larger, to a thousandth; 1 where there is none.
func tenfold(a, b []float64) float64 {
	unit := 1.0
	for i := range a {
		ten := math.Pow(10, math.Round(math.Log10(b[i]/a[i])))
		if !closeTo(b[i]/a[i], ten, 1e-3) || i > 0 && unit != ten {
			return 1
		}
		unit = ten
	}
	return unit
}

// confirm counts the checks beyond the necessary conditions.
func (k *carry) confirm() {
	switch {
	case len(k.fresh.Phi()) == 0:
	case k.plateau == 0:
		k.checks = append(k.checks, fmt.Sprintf("at the other %d phi steps k_frac is the same to the last digit", k.others))
	default:
		k.checks = append(k.checks, fmt.Sprintf("at the other %d phi steps k_frac differs by at most %.3g", k.others, k.plateau))
	}
	if known(k.kWant) {
		k.checks = append(k.checks, fmt.Sprintf("a fresh rotation makes k = %.9g at phi 0 by %s, as the fresh side has it", k.kWant, k.kHow))
	}
	worst, other := cellDuality(k.carrier), cellDuality(k.fresh)
	// A triclinic cell built the reference's way is off by 2e-4 from the
	// start; what was rotated is off by the angle of the scan.
	if !known(worst) || !k.isLast || other > worst/3 || !known(other) && worst < 1e-6 {
		return
	}
	text := fmt.Sprintf("at phi 0 the real vectors must be reciprocal to rot_*_star, which are printed unrotated: those of %s are off by %.2g (%s)",
		k.carrier.Name, worst, pos(k.carrier, schema.RotA))
	if known(other) {
		text += fmt.Sprintf(", those of %s by %.2g (%s)", k.fresh.Name, other, pos(k.fresh, schema.RotA))
	}
	k.checks = append(k.checks, text)
}

// cellDuality is the largest deviation of a.a*, b.b*, c.c* from 1 and of the six mixed products from 0.
func cellDuality(s *Side) float64 {
	real, _ := vecs(s, realKeys...)
	star, _ := vecs(s, starKeys...)
	return offUnit(real, star)
}

func (k *carry) cause() found {
	roots := k.c.RootsOf(slices.Concat(realKeys, []schema.Key{schema.HKLFrac, schema.HKLRounded, schema.FLattA, schema.FLattB, schema.FLattC, schema.FLatt}, sumKeys)...)
	for _, r := range k.c.RootsOf(schema.PhiKFrac, schema.PhiFLattB, schema.PhiFLatt) {
		if r.At[schema.Phi] == int32(k.zero.Tic) {
			roots = append(roots, r)
		}
	}
	cause := one(roots, fmt.Sprintf("%s keeps the cell vectors of phi step %d at phi = 0", k.carrier.Name, k.stale.Tic), k.checks,
		fmt.Sprintf("In %s the row at phi_deg 0 (%s) repeats the row of phi step %d (%s) digit for digit: k_frac %s, F_latt_b %s, F_latt %s.",
			k.carrier.Name, k.zero.K.Pos(), k.stale.Tic, k.stale.K.Pos(), text(k.zero.K), text(k.zero.FB), text(k.zero.F)),
		fmt.Sprintf("In %s k is %.15g there (%s), %+.4g from that.", k.fresh.Name, k.k, k.kAt.Pos(), k.k-num(k.zero.K))).alone().enters(schema.RotA)
	if k.note != "" {
		cause.also(k.note)
	}
	cause[0].Share, cause[0].Findings = k.share(), k.findings()
	return cause
}

// findings are the two lines to look at: the Miller index, and the vector whose Miller index the PHI rows show.
func (k *carry) findings() []explain.Finding {
	lines := [2]*trace.Record{k.zero.K, k.kAt}
	if k.carrier == k.c.Got {
		lines[0], lines[1] = lines[1], lines[0]
	}
	// In the pixel block, the line that people look at is hkl_frac.
	for i, s := range k.c.Sides() {
		if h := s.Rec(schema.HKLFrac); h != nil && len(h.Values) == 3 {
			lines[i] = h
		}
	}
	ref, got := lines[0], lines[1]
	v := func(r *trace.Record) string { return r.Values[len(r.Values)/2].Text }
	mine, its := digits.Cut(v(ref), v(got))
	out := []explain.Finding{{Pos: ref.Pos(), What: fmt.Sprintf("%s at phi 0: k is %s against %s (%s); %s repeats phi step %d there",
		ref.Name, mine, its, got.Pos(), k.carrier.Name, k.stale.Tic)}}
	for _, row := range k.c.Rows {
		if row.Key == schema.RotB && row.Diverged() && row.Worst >= 0 {
			r, g, _ := row.Pair()
			return append(out, explain.Finding{Pos: row.Got.Pos(), What: fmt.Sprintf("%s at phi 0: %s is %.6g against %.6g (%s), a difference of %+.4f Å",
				row.Got.Name, row.Component, g.Num, r.Num, row.Ref.Pos(), row.Abs)})
		}
	}
	return out
}

// share replaces the carried step in the carrier's own sum by a fresh one.
func (k *carry) share() *explain.Share {
	s, ok1 := termsOf(k.c, k.carrier)
	stale := num(k.zero.F)
	fresh, how := k.freshLattice()
	if !ok1 || !known(stale, fresh) || !s.phi || len(s.list) != len(k.carrier.Phi()) || !s.whole || !closeTo(s.total, s.sum, 1e-3) {
		return nil
	}
	gain := s.cell * s.cell * (float64(fresh*fresh) - float64(stale*stale))
	change := gain / s.total
	if k.carrier == k.c.Got {
		change = -gain / (s.total + gain)
	}
	return &explain.Share{Value: change, How: fmt.Sprintf("The %d terms F_cell^2 F_latt^2 of %s make %.9g, its sum is %.9g (%s). At phi 0 F_latt is %s (%s) carried over and %.6g afresh: %s",
		len(s.list), k.carrier.Name, s.total, s.sum, s.pos, text(k.zero.F), k.zero.F.Pos(), fresh, how)}
}

// freshLattice returns F_latt at phi 0 without the carry-over: by the
// carrier's own unrotated cell, so that no other difference between the logs
// enters, or else as the fresh side prints it.
func (k *carry) freshLattice() (f float64, how string) {
	if k.fHow != "" {
		return k.f, k.fHow
	}
	rec := k.fresh.RecOr(schema.FLatt)
	for _, r := range k.fresh.Phi() {
		if known(num(r.F)) && r.Tic == k.zero.Tic {
			rec = r.F
			break
		}
	}
	if rec == nil {
		return missing, ""
	}
	return num(rec), fmt.Sprintf("as %s prints it (%s)", k.fresh.Name, rec.Pos())
}
