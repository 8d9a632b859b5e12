package causes

import (
	"fmt"
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// pose is how a log's real vectors are turned against a cell at rest.
type pose struct {
	real, star []Vec
	own        turnOf // against the log's own reciprocal vectors
}

// poseOf reads a log's cell and turns it back.
func poseOf(s *Side) (p pose, ok bool) {
	p.real, _ = vecs(s, realKeys...)
	p.star, _ = vecs(s, starKeys...)
	p.own, ok = rotationOf(dual(p.star), p.real)
	return p, ok
}

// phiStart is the angle of the first phi step in degrees, as the PHI rows or the
// programs say.
func phiStart(c *Context) float64 {
	for _, s := range c.Sides() {
		if rows := s.Phi(); len(rows) > 0 && known(num(rows[0].Deg)) {
			return num(rows[0].Deg)
		}
	}
	return set(c, c.Ref, "phi start")
}

func findStarsRotated(c *Context, rows []*diff.Row) ([]Cause, string) {
	ref, got, ok := both(c, poseOf)
	phi := phiStart(c)
	if !ok || !known(phi) {
		return nil, "not checked: the logs do not print two sets of cell vectors that are turned against each other, and the first phi"
	}
	turned, rest := got, ref
	if ref.own.still() {
		turned, rest = ref, got
	}
	s, ok := rotationOf(rest.star, turned.star)
	numbers := fmt.Sprintf("the real vectors are turned against the log's own reciprocal ones by %.6g degrees in the reference and %.6g in got; the first phi is %g", ref.own.angle, got.own.angle, phi)
	if !ok || !turned.own.still() || rest.own.still() || !closeTo(math.Abs(phi), s.angle, 1e-4) {
		return nil, numbers
	}
	side := pick(c, ref.own.still())
	cause := shown(rows, fmt.Sprintf("the reciprocal vectors (stars) of %s are printed rotated by phi, those of %s are not", side.Name, other(c, side).Name),
		"one rotation takes the three into the three: "+s.text()+", the first phi", numbers).printed("only printed: the indices are made with the real vectors")
	for _, r := range c.Rows {
		if r.Diverged() && slices.Contains(realKeys, r.Key) {
			cause[0].Exposes = append(cause[0].Exposes, r)
		}
	}
	return cause, ""
}

// byOwnCell holds each log's real vectors against its own reciprocal ones, where the cells differ besides.
func byOwnCell(c *Context) ([]Cause, string) {
	ref, got, ok := both(c, poseOf)
	if !ok || !c.Differs(cellKeys...) || phiStart(c) == 0 {
		return nil, noRoot(cellKeys...)
	}
	numbers := fmt.Sprintf("against the log's own reciprocal vectors, the real ones are turned by %s in the reference and by %s in got", ref.own.text(), got.own.text())
	title, check := otherPhi(c, ref.own, got.own)
	if title == "" {
		return nil, numbers
	}
	return one(c.Open(realKeys...), title, []string{numbers, check}).enters(schema.RotA).alone(), ""
}

func findRotation(c *Context, _ []*diff.Row) ([]Cause, string) {
	rows := c.Open(cellKeys...)
	realR, realG, ok := bothVecs(c, realKeys...)
	if !ok {
		return nil, notPrinted(realKeys...)
	}
	m, ok := rotationOf(realR, realG)
	if len(rows) == 0 || !ok || math.Abs(m.scale-1) > 1e-3 {
		if found, why := byOwnCell(c); len(rows) == 0 || len(found) > 0 {
			return found, why
		}
	}
	if !ok || math.Abs(m.scale-1) > 1e-3 {
		return nil, "the real vectors of the one side are not those of the other, turned: the matrix between them is not orthogonal"
	}
	between := "got's real vectors are the reference's turned by " + m.text()
	ref, got, ok := both(c, poseOf)
	if !ok {
		return shown(rows, "the crystal is turned otherwise: a rotation by "+m.text(), between), ""
	}
	s, ok := rotationOf(ref.star, got.star)
	if ok && !s.still() && (closeTo(ref.own.angle, got.own.angle, 1e-4) || len(c.Open(starKeys...)) > 0) {
		return startOrientation(c, rows, s, m, between), ""
	}
	if m.still() {
		return nil, fmt.Sprintf("the real vectors are turned by %.3g degrees only", m.angle)
	}
	// Where the one log prints its reciprocal vectors rotated, the other's are the
	// cell at rest for both.
	if ok && !s.still() {
		rest := dual(ref.star)
		if ref.own.still() {
			rest = dual(got.star)
		}
		var ok1, ok2 bool
		ref.own, ok1 = rotationOf(rest, realR)
		got.own, ok2 = rotationOf(rest, realG)
		if !ok1 || !ok2 {
			return nil, "the real vectors are not the cell at rest, turned"
		}
	}
	title, check := meaning(c, ref.own, got.own)
	return one(rows, title, []string{between + "; the matrix is orthogonal", check},
		fmt.Sprintf("Against the cell at rest, the reference is turned by %s and got by %s.", ref.own.text(), got.own.text()), show(rows[0])+"."), ""
}

// startOrientation names a turn s of the reciprocal vectors; m is that of the real ones.
func startOrientation(c *Context, rows []*diff.Row, s, m turnOf, between string) found {
	checks := []string{"one rotation takes the reference's reciprocal vectors into got's: " + s.text()}
	title := fmt.Sprintf("the crystal's start orientation is another: a rotation by %s", s.text())
	switch {
	case m.still():
		title = fmt.Sprintf("the misset orientation is applied to the reciprocal vectors on one side only: a rotation by %s, and the real ones agree", s.text())
	case closeTo(m.angle, s.angle, 1e-5):
		checks = append(checks, "the real vectors are turned by the same angle: "+between)
	default:
		title += fmt.Sprintf("; the real vectors are turned by %s", m.text())
	}
	a, ap, ok1 := missetOf(c.Ref)
	b, bp, ok2 := missetOf(c.Got)
	if ok1 && ok2 && a != b {
		title += fmt.Sprintf(" (misset %s against %s degrees)", b.text(4), a.text(4))
		checks = append(checks, fmt.Sprintf("the programs print misset angles %s (%s) and %s (%s)", a.text(4), ap, b.text(4), bp))
	}
	cause := shown(rows, title, checks...)
	cause[0].PrintOnly = m.still()
	return cause
}

// otherPhi tells what the one turn made of the other's phi: its sign or its unit is wrong; title is "" for neither.
func otherPhi(c *Context, a, b turnOf) (title, check string) {
	phi := phiStart(c)
	for i, p := range [2][2]turnOf{{a, b}, {b, a}} {
		right, wrong, side := p[0], p[1], c.Sides()[1-i].Name
		switch {
		case right.still() || known(phi) && !closeTo(right.angle, math.Abs(math.Remainder(phi, 360)), 1e-3):
			continue
		case wrong.about(right.axis, -right.angle):
			return "the crystal turns about the spindle in the opposite sense in " + side, fmt.Sprintf("the turns are %+.6g and %+.6g degrees about one axis %s", right.angle, -right.angle, right.axis.text(4))
		case known(phi) && wrong.about(right.axis, right.angle*180/math.Pi):
			return "phi is taken for radians in " + side + ", as degrees times 57.2957795", fmt.Sprintf("%s is turned by 180/pi times %g degrees, modulo 360, about the same axis", side, right.angle)
		case known(phi) && wrong.about(right.axis, right.angle*math.Pi/180):
			return "phi is converted from degrees to radians twice in " + side, fmt.Sprintf("%s is turned by pi/180 times %g degrees about the same axis", side, right.angle)
		}
	}
	return "", ""
}

// meaning says what two turns of one cell at rest mean.
func meaning(c *Context, a, b turnOf) (title, check string) {
	phi := phiStart(c)
	byPhi := func(t turnOf) bool { return closeTo(t.angle, math.Abs(phi), 1e-4) }
	if title, check = otherPhi(c, a, b); title != "" {
		return title, check
	}
	spread := set(c, c.Ref, "mosaic spread")
	switch {
	case !a.still() && !b.still() && closeTo(a.angle, b.angle, 1e-5):
		return fmt.Sprintf("another spindle axis: %s in the reference, %s in got", a.axis.text(4), b.axis.text(4)), fmt.Sprintf("both turn by the same angle, %.6g degrees", a.angle)
	case spread > 0 && (a.still() || byPhi(a)):
		return fmt.Sprintf("mosaic domain 0 of got is not the identity: a rotation by %s", b.text()), fmt.Sprintf("the mosaic spread is %g degrees, and the reference's domain 0 is turned by phi alone", spread)
	case spread > 0 && (b.still() || byPhi(b)):
		return fmt.Sprintf("mosaic domain 0 of the reference is not the identity: a rotation by %s", a.text()), fmt.Sprintf("the mosaic spread is %g degrees, and got's domain 0 is turned by phi alone", spread)
	case !a.still() && !b.still() && a.axis.near(b.axis, 1):
		return fmt.Sprintf("another phi about the same spindle axis: %.9g degrees in the reference, %.9g in got", a.angle, b.angle), "the axes of both turns are " + a.axis.text(6)
	case a.still() != b.still():
		side, t := "got", b
		if b.still() {
			side, t = "the reference", a
		}
		return fmt.Sprintf("the real vectors of %s are turned against its reciprocal ones, those of the other side are not: a rotation by %s", side, t.text()), "the reciprocal vectors agree"
	}
	return fmt.Sprintf("the crystal is turned otherwise: a rotation by %s in the reference, %s in got", a.text(), b.text()), "the reciprocal vectors agree"
}

func findPhiGrid(c *Context, rows []*diff.Row) ([]Cause, string) {
	ref, refPos := phiDegs(c.Ref)
	got, gotPos := phiDegs(c.Got)
	n, common := float64(max(len(ref), len(got))), min(len(ref), len(got)) // a loop may end early besides
	if common < 2 {
		return nil, fmt.Sprintf("the logs have %d and %d phi steps", len(ref), len(got))
	}
	ref, got = ref[:common], got[:common]
	step := ref[1] - ref[0]
	what := ""
	switch {
	case step == 0 || got[1] == got[0]:
		return nil, "phi does not turn"
	case gridFits(ref, got, 1, 0.5*step) || gridFits(ref, got, 1, -0.5*step):
		what = "half a step off: the middle of the step against its start"
	case gridFits(ref, got, n/(n-1), 0):
		what = fmt.Sprintf("wider by %g/%g: osc/(N-1) in got, osc/N in the reference", n, n-1)
	case gridFits(ref, got, (n-1)/n, 0):
		what = fmt.Sprintf("narrower by %g/%g: osc/N in got, osc/(N-1) in the reference", n-1, n)
	default:
		return nil, fmt.Sprintf("the steps are %.9g and %.9g degrees wide, and begin at %.9g and %.9g", step, got[1]-got[0], ref[0], got[0])
	}
	if ref[0] != got[0] || ref[0] == 0 { // at 0 the reference keeps the vectors of the last step
		rows = append(rows, c.Open(realKeys...)...)
	}
	cause := one(rows, "the phi steps of got are "+what,
		[]string{fmt.Sprintf("steps 0 and 1 are at %.9g and %.9g degrees in the reference (%s), %.9g and %.9g in got (%s); there are %g steps",
			ref[0], ref[1], refPos, got[0], got[1], gotPos, n)}).alone()
	if c.Agrees(schema.PhiKFrac) {
		cause[0].Title = "phi_deg is printed for other steps than are computed: k_frac agrees"
		cause[0].Checks = append(cause[0].Checks, "k_frac agrees at all steps: the angle is a label")
		cause.printed("only printed: k_frac agrees at all steps")
	}
	return cause, ""
}

// phiDegs are the angles of the phi steps, and where the first stands.
func phiDegs(s *Side) (degs []float64, first trace.Pos) {
	for _, r := range s.Phi() {
		if v := num(r.Deg); known(v) {
			if degs = append(degs, v); len(degs) == 1 {
				first = r.Deg.Pos()
			}
		}
	}
	return degs, first
}

// gridFits reports whether got - got[0] is the reference's, stretched and
// shifted.
func gridFits(ref, got []float64, stretch, shift float64) bool {
	limit := fingerprint * math.Abs(ref[len(ref)-1]-ref[0])
	for i := range ref {
		if math.Abs(ref[0]+stretch*(ref[i]-ref[0])+shift-got[i]) > limit {
			return false
		}
	}
	return true
}
