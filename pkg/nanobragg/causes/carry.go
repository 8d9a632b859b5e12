package causes

import (
	"fmt"
	"math"

	"simtrace/internal/digits"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

func findCarryover(c *Context) ([]Cause, string) {
	k, why := carryIn(c)
	if k == nil && c.Ref.Samples() > 1 && c.Ref.Samples() == c.Got.Samples() {
		k = carryLater(c)
	}
	if k == nil {
		if found := carryByCell(c); found != nil {
			return found, ""
		}
		return nil, why
	}
	return []Cause{k.cause()}, ""
}

// carryByCell looks at the cell, where k_frac does not turn or differs for other reasons
// as well: the one log has the cell at rest at phi 0, the other as at the last step.
func carryByCell(c *Context) []Cause {
	ref, ok1 := poseOf(c.Ref)
	got, ok2 := poseOf(c.Got)
	if !ok1 || !ok2 || ref.own.still() == got.own.still() {
		return nil
	}
	carrier, fresh := ref, got
	if ref.own.still() {
		carrier, fresh = got, ref
	}
	steps := phiDegs(carrier.side)
	rows := carrier.side.Phi()
	if len(steps) < 2 || steps[0] != 0 || len(rows) != len(steps) || !repeats(rows[0], rows[len(rows)-1]) || repeatsItself(fresh.side) || !closeTo(carrier.own.angle, math.Abs(steps[len(steps)-1]), 1e-5) {
		return nil
	}
	last := len(steps) - 1
	var roots []*diff.Row
	for _, r := range c.RootsOf(append(append([]schema.Key{schema.HKLFrac, schema.HKLRounded, schema.PhiKFrac}, realKeys...), append(latticeKeys, sumKeys...)...)...) {
		if r.Stream != trace.PhiStream || r.At[schema.Phi] == 0 {
			roots = append(roots, r)
		}
	}
	cause := one(roots,
		fmt.Sprintf("%s keeps the cell vectors of phi step %d at phi = 0", carrier.side.Name, last),
		[]string{fmt.Sprintf("at phi 0 its real vectors are turned by %.9g degrees against its reciprocal ones, the angle of step %d", carrier.own.angle, last),
			fmt.Sprintf("those of %s are at rest, to %.1g degrees", fresh.side.Name, fresh.own.angle)})
	cause[0].PrintOnly, cause[0].Order = true, schema.RotA
	return cause
}

// repeatsItself reports whether a log carries the last step over, too.
func repeatsItself(s *Side) bool {
	rows := s.Phi()
	return len(rows) > 1 && repeats(rows[0], rows[len(rows)-1])
}

// carryLater looks at the second subpixel: the first of a whole run has nothing
// before it to carry over, and turns afresh on both sides.
func carryLater(c *Context) *carry {
	later := *c
	later.Ref, later.Got = c.Ref.Sample(1), c.Got.Sample(1)
	k, _ := carryIn(&later)
	if k == nil {
		return nil
	}
	k.note = "These are rows of the second subpixel. At the first, both logs turn afresh: nothing came before it in its run."
	return k
}

// carryIn tries both sides; of those that do not carry, it says why.
func carryIn(c *Context) (*carry, string) {
	var whys [2]string
	for i, sides := range [][2]*Side{{c.Ref, c.Got}, {c.Got, c.Ref}} {
		k := &carry{c: c, carrier: sides[0], fresh: sides[1]}
		if whys[i] = k.find(); whys[i] == "" {
			return k, ""
		}
	}
	if whys[0] == whys[1] {
		return nil, whys[0]
	}
	return nil, fmt.Sprintf("%s; %s", whys[0], whys[1])
}

// carry is one attempt: carrier is the side that would keep stale vectors.
type carry struct {
	c              *Context
	carrier, fresh *Side

	zero, stale   explain.PhiRow // the carrier's row at phi 0, and the one that it repeats
	last          int            // index of the stale row
	k             float64
	kAt           *trace.Record // where the fresh side prints its k at phi 0
	others        int           // steps compared besides
	plateau       float64       // largest difference there
	kWant         float64       // k at phi 0 by the carrier's own cell or rows
	kHow          string
	checks        []string
	freshCell     crystal
	haveFreshCell bool
	note          string // more evidence
}

// find tests the necessary conditions; it returns the first that fails.
func (k *carry) find() string {
	if why := k.findRepeat(); why != "" {
		return why
	}
	k.expect()
	if len(k.fresh.Phi()) > 0 {
		return k.compareRows()
	}
	return k.compareBlock()
}

// findRepeat looks for the row at phi 0 and the row that it repeats.
func (k *carry) findRepeat() string {
	rows, who := k.carrier.Phi(), k.carrier.Name
	if len(rows) < 2 {
		return who + " prints no PHI rows to compare with each other"
	}
	zero := -1
	for i, r := range rows {
		if deg, ok := num(r.Deg); ok && deg == 0 {
			if zero >= 0 {
				return who + " has several steps at phi_deg 0"
			}
			zero = i
		}
	}
	if zero < 0 {
		return who + " has no step at phi_deg exactly 0"
	}
	k.last = zero - 1
	if zero == 0 {
		k.last = len(rows) - 1
	}
	k.zero, k.stale = rows[zero], rows[k.last]
	if !repeats(k.zero, k.stale) {
		return fmt.Sprintf("%s does not repeat phi step %d at phi_deg 0", who, k.stale.Tic)
	}
	for i, r := range rows {
		if i != zero && i != k.last && repeats(r, k.stale) {
			return fmt.Sprintf("in %s the rows of other steps repeat as well: the scan does not turn the crystal", who)
		}
	}
	return ""
}

// repeats reports whether two rows print the same numbers.
func repeats(a, b explain.PhiRow) bool {
	same := func(x, y *trace.Record) bool {
		return x != nil && y != nil && len(x.Values) == 1 && len(y.Values) == 1 && x.Values[0].Text == y.Values[0].Text
	}
	return same(a.K, b.K) && same(a.FB, b.FB) && same(a.F, b.F)
}

// expect works out k at phi 0 from the carrier's own log: by its unrotated cell,
// or by carrying the next three steps on to phi 0.
func (k *carry) expect() {
	k.kWant = math.NaN()
	if cell, ok := crystalOf(k.carrier); ok {
		k.freshCell, k.haveFreshCell = cell, true
		hkl, _ := cell.unrotated()
		k.kWant, k.kHow = hkl[1], "its own unrotated cell"
		return
	}
	rows := k.carrier.Phi()
	if k.last != len(rows)-1 || len(rows) < 5 {
		return
	}
	var v [4]float64
	for i := 1; i <= 3; i++ {
		var ok bool
		if v[i], ok = num(rows[i].K); !ok {
			return
		}
	}
	k.kWant = 3*v[1] - 3*v[2] + v[3]
	k.kHow = "carrying its phi steps 1 to 3 on to 0"
}

// compareRows holds the PHI rows of both sides together.
func (k *carry) compareRows() string {
	rows := map[int]explain.PhiRow{}
	for _, r := range k.fresh.Phi() {
		rows[r.Tic] = r
	}
	zero, ok := rows[k.zero.Tic]
	unit := k.unit(rows)
	if v, has := num(zero.K); ok && has {
		k.k, k.kAt = v/unit, zero.K
	} else {
		return fmt.Sprintf("%s has no PHI row of step %d", k.fresh.Name, k.zero.Tic)
	}
	if deg, ok := num(zero.Deg); ok && deg != 0 {
		return "the two logs number other phi angles"
	}
	if repeats(zero, rows[k.stale.Tic]) {
		return "both logs repeat a row at phi_deg 0"
	}
	for _, r := range k.carrier.Phi() {
		a, ok1 := num(r.K)
		b, ok2 := num(rows[r.Tic].K)
		if r.Tic != k.zero.Tic && ok1 && ok2 {
			k.others++
			k.plateau = math.Max(k.plateau, math.Abs(a-b/unit))
		}
	}
	stale, _ := num(k.zero.K)
	off := math.Abs(k.k - stale)
	switch {
	case off <= k.c.Tolerance*math.Abs(stale):
		return "the logs agree at phi_deg 0"
	case k.others == 0:
		return "the logs have no other phi step in common"
	case !math.IsNaN(k.kWant) && math.Abs(k.k-k.kWant) > off/10:
		return fmt.Sprintf("%s has k = %.9g at phi 0, where a fresh rotation gives %.9g", k.fresh.Name, k.k, k.kWant)
	case k.plateau > math.Max(off/10, k.c.Tolerance*math.Abs(stale)):
		return fmt.Sprintf("the logs differ at the other phi steps as well, by up to %.3g in k_frac against %.3g at phi_deg 0", k.plateau, off)
	}
	if k.plateau == 0 {
		k.checks = append(k.checks, fmt.Sprintf("at the other %d phi steps k_frac is the same to the last digit", k.others))
	} else {
		k.checks = append(k.checks, fmt.Sprintf("at the other %d phi steps k_frac differs by at most %.3g", k.others, k.plateau))
	}
	k.confirm()
	return ""
}

// unit is the power of ten by which k_frac of the fresh side is larger at all
// other steps: a tap may print the cell in another unit.
func (k *carry) unit(rows map[int]explain.PhiRow) float64 {
	unit := 0.0
	for _, r := range k.carrier.Phi() {
		a, ok1 := num(r.K)
		b, ok2 := num(rows[r.Tic].K)
		if r.Tic == k.zero.Tic || !ok1 || !ok2 {
			continue
		}
		n := math.Round(math.Log10(b / a))
		if !closeTo(b/a, math.Pow(10, n), 1e-3) || unit != 0 && unit != math.Pow(10, n) {
			return 1
		}
		unit = math.Pow(10, n)
	}
	if unit == 0 {
		return 1
	}
	if unit != 1 {
		k.note = fmt.Sprintf("k_frac of %s is %g times as large at all steps, as of another unit: it is taken for that.", k.fresh.Name, unit)
	}
	return unit
}

// compareBlock holds the pixel block of the fresh side, which is of phi step 0,
// against the carrier's rows. Without rows of its own, the fresh side has to
// show that it has the value which a fresh rotation gives.
func (k *carry) compareBlock() string {
	hkl, rec, ok := vec(k.fresh, schema.HKLFrac)
	if !ok {
		return k.fresh.Name + " prints neither PHI rows nor hkl_frac"
	}
	if k.last != len(k.carrier.Phi())-1 {
		return "phi 0 is not the first step, and " + k.fresh.Name + " prints only that one"
	}
	k.k, k.kAt = hkl[1], rec
	stale, _ := num(k.zero.K)
	off := math.Abs(k.k - stale)
	switch {
	case off <= k.c.Tolerance*math.Abs(stale):
		return "the logs agree at phi_deg 0"
	case math.IsNaN(k.kWant):
		return "nothing tells what a fresh rotation would give at phi 0"
	case math.Abs(k.k-k.kWant) > off/10:
		return fmt.Sprintf("%s has k = %.9g at phi 0, where a fresh rotation gives %.9g", k.fresh.Name, k.k, k.kWant)
	}
	k.confirm()
	return ""
}

// confirm counts the checks beyond the necessary conditions.
func (k *carry) confirm() {
	if !math.IsNaN(k.kWant) {
		k.checks = append(k.checks, fmt.Sprintf("a fresh rotation makes k = %.9g at phi 0 by %s, as the fresh side has it", k.kWant, k.kHow))
	}
	worst, ok := cellDuality(k.carrier)
	if !ok || k.last != len(k.carrier.Phi())-1 {
		return
	}
	// A triclinic cell built the reference's way is off by 2e-4 from the
	// start; what was rotated is off by the angle of the scan.
	text := fmt.Sprintf("at phi 0 the real vectors must be reciprocal to rot_*_star, which are printed unrotated: those of %s are off by %.2g (%s)",
		k.carrier.Name, worst, k.carrier.Rec(schema.RotA).Pos)
	if other, ok := cellDuality(k.fresh); ok {
		if other > worst/3 {
			return
		}
		text += fmt.Sprintf(", those of %s by %.2g (%s)", k.fresh.Name, other, k.fresh.Rec(schema.RotA).Pos)
	} else if worst < 1e-6 {
		return
	}
	k.checks = append(k.checks, text)
}

func cellDuality(s *Side) (float64, bool) {
	v, ok := vecs(s, schema.RotA, schema.RotB, schema.RotC, schema.RotAStar, schema.RotBStar, schema.RotCStar)
	if !ok {
		return 0, false
	}
	return duality(v[:3], v[3:]), true
}

func (k *carry) cause() Cause {
	cause := Cause{
		Checks: k.checks, Order: schema.RotA, PrintOnly: true,
		Title:    fmt.Sprintf("%s keeps the cell vectors of phi step %d at phi = 0", k.carrier.Name, k.stale.Tic),
		Evidence: k.evidence(), Share: k.share(), Findings: k.findings(),
	}
	cause.Explains = k.c.RootsOf(schema.RotA, schema.RotB, schema.RotC, schema.HKLFrac, schema.HKLRounded,
		schema.FLattA, schema.FLattB, schema.FLattC, schema.FLatt, schema.IBeforeScaling, schema.IBeforeScalingPrePolar)
	for _, r := range k.c.RootsOf(schema.PhiKFrac, schema.PhiFLattB, schema.PhiFLatt) {
		if r.At[schema.Phi] == int32(k.zero.Tic) {
			cause.Explains = append(cause.Explains, r)
		}
	}
	return cause
}

func (k *carry) evidence() []string {
	out := []string{
		fmt.Sprintf("In %s the row at phi_deg 0 (%s) repeats the row of phi step %d (%s) digit for digit: k_frac %s, F_latt_b %s, F_latt %s.",
			k.carrier.Name, k.zero.K.Pos, k.stale.Tic, k.stale.K.Pos, text(k.zero.K), text(k.zero.FB), text(k.zero.F)),
	}
	out = append(out, fmt.Sprintf("In %s k is %.15g there (%s), %+.4g from that.", k.fresh.Name, k.k, k.kAt.Pos, k.k-k.zero.K.Values[0].Num))
	if k.note != "" {
		out = append(out, k.note)
	}
	return out
}

// findings are the two lines to look at: the Miller index, and the vector.
func (k *carry) findings() []explain.Finding {
	ref, got := k.zero.K, k.kAt
	if k.carrier == k.c.Got {
		ref, got = got, ref
	}
	// In the pixel block, the line that people look at is hkl_frac.
	if h := k.c.Ref.Rec(schema.HKLFrac); h != nil {
		ref = h
	}
	if h := k.c.Got.Rec(schema.HKLFrac); h != nil {
		got = h
	}
	v := func(r *trace.Record) string { return r.Values[len(r.Values)/2].Text }
	mine, its := digits.Cut(v(ref), v(got))
	out := []explain.Finding{{Pos: ref.Pos, What: fmt.Sprintf("%s at phi 0: k is %s against %s (%s); %s repeats phi step %d there",
		ref.Name, mine, its, got.Pos, k.carrier.Name, k.stale.Tic)}}
	if row := worstVector(k.c.Rows); row != nil {
		r, g, _ := row.Pair()
		out = append(out, explain.Finding{Pos: row.Got.Pos, What: fmt.Sprintf("%s at phi 0: %s is %.6g against %.6g (%s), a difference of %+.4f Å",
			row.Got.Name, row.Component, g.Num, r.Num, row.Ref.Pos, row.Abs)})
	}
	return out
}

// worstVector returns the rotated vector whose Miller index the PHI rows show.
func worstVector(rows []*diff.Row) *diff.Row {
	for _, r := range rows {
		if r.Key == schema.RotB && r.Diverged() && r.Worst >= 0 {
			return r
		}
	}
	return nil
}

// share replaces the carried step in the carrier's own sum by a fresh one.
func (k *carry) share() *explain.Share {
	s, ok := termsOf(k.c, k.carrier)
	if !ok || !s.phi || len(s.list) != len(k.carrier.Phi()) || !s.whole || !closeTo(s.total, s.sum, 1e-3) {
		return nil
	}
	stale, ok := num(k.zero.F)
	if !ok {
		return nil
	}
	fresh, how, ok := k.freshLattice()
	if !ok {
		return nil
	}
	gain := s.cell * s.cell * (float64(fresh*fresh) - float64(stale*stale))
	change := gain / s.total
	if k.carrier == k.c.Got {
		change = -gain / (s.total + gain)
	}
	return &explain.Share{Value: change, How: fmt.Sprintf("The %d terms F_cell^2 F_latt^2 of %s make %.9g, its sum is %.9g (%s). At phi 0 F_latt is %s (%s) carried over and %.6g afresh: %s",
		len(s.list), k.carrier.Name, s.total, s.sum, s.pos, text(k.zero.F), k.zero.F.Pos, fresh, how)}
}

// freshLattice returns F_latt at phi 0 without the carry-over: by the
// carrier's own unrotated cell, so that no other difference between the logs
// enters, or else as the fresh side prints it.
func (k *carry) freshLattice() (f float64, how string, ok bool) {
	if k.haveFreshCell {
		hkl, f := k.freshCell.unrotated()
		rounded, _, ok := vec(k.carrier, schema.HKLRounded)
		for i := range hkl {
			ok = ok && math.Ceil(hkl[i]-0.5) == rounded[i]
		}
		if ok {
			n := k.freshCell.n
			return f, fmt.Sprintf("its own unrotated cell (dual of rot_*_star, %s) and %d x %d x %d cells (the only counts that give its F_latt_a, F_latt_b, F_latt_c)",
				k.carrier.Rec(schema.RotAStar).Pos, n[0], n[1], n[2]), true
		}
	}
	for _, r := range k.fresh.Phi() {
		if f, ok := num(r.F); ok && r.Tic == k.zero.Tic {
			return f, fmt.Sprintf("as %s prints it (%s)", k.fresh.Name, r.F.Pos), true
		}
	}
	if f, r, ok := k.fresh.Num(schema.FLatt); ok {
		return f, fmt.Sprintf("as %s prints it (%s)", k.fresh.Name, r.Pos), true
	}
	return 0, "", false
}

// duality returns the largest deviation of a.a*, b.b*, c.c* from 1 and of the
// six mixed products from 0.
func duality(real, star []Vec) float64 {
	worst := 0.0
	for i, a := range real {
		for j, s := range star {
			want := 0.0
			if i == j {
				want = 1
			}
			worst = math.Max(worst, math.Abs(a.dot(s)-want))
		}
	}
	return worst
}
