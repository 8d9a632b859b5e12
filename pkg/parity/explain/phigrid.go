package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

var phiGrid = Rule{
	ID:    "phi-grid",
	Title: "phi steps at other angles",
	Text: `nanoBragg's steps are phi0 + tic osc/N: the end of the range is no step. One side divides by N - 1, so that the end
is one, or takes the middle of each step.

How it shows: the angles from the first step have the ratio N/(N-1), or all angles are half a step off. Where k_frac
agrees all the same, the angle is wrong in the print alone.

How to check: trace two steps, and look at phi_deg of the second.`,
	Example: `c.log:   TRACE_C_PHI phi_tic=1 phi_deg=0.1    (osc 1, 10 steps)
py.log:  TRACE_PY_PHI phi_tic=1 phi_deg=0.111111111111111`,
	Find: findPhiGrid,
}

func findPhiGrid(c *Context) ([]Cause, string) {
	rows := c.open(schema.PhiDeg)
	if len(rows) == 0 {
		return nil, "phi_deg is no root"
	}
	ref, got := phiDegs(c.Ref), phiDegs(c.Got)
	if len(ref) != len(got) || len(ref) < 2 {
		return nil, "the logs have other phi steps, or just one"
	}
	step, n := ref[1]-ref[0], float64(len(ref))
	what := ""
	switch other := got[1] - got[0]; {
	case step == 0 || other == 0:
		return nil, "phi does not turn"
	case gridFits(ref, got, 1, 0.5*step) || gridFits(ref, got, 1, -0.5*step):
		what = "half a step off: the middle of the step against its start"
	case gridFits(ref, got, n/(n-1), 0):
		what = fmt.Sprintf("wider by %g/%g: osc/(N-1) in got, osc/N in the reference", n, n-1)
	case gridFits(ref, got, (n-1)/n, 0):
		what = fmt.Sprintf("narrower by %g/%g: osc/N in got, osc/(N-1) in the reference", n-1, n)
	default:
		return nil, "the angles are neither half a step off nor in the ratio N/(N-1)"
	}
	cause := Cause{
		Role: IsCause, Confidence: confidence(2), order: schema.PhiDeg, Explains: append(rows, c.open(realKeys...)...),
		Title: "the phi steps of got are " + what,
		Evidence: []string{fmt.Sprintf("Steps 0 and 1 are at %.9g and %.9g degrees in the reference (%s), %.9g and %.9g in got (%s); there are %g steps.",
			ref[0], ref[1], c.Ref.Phi()[0].Deg.Pos, got[0], got[1], c.Got.Phi()[0].Deg.Pos, n)},
		Findings: []Finding{finding(rows[0], "other phi steps")},
	}
	if c.agrees(schema.PhiKFrac) {
		cause.Title = "phi_deg is printed for other steps than are computed: k_frac agrees"
		cause.Evidence = append(cause.Evidence, "k_frac agrees at all steps: the angle is a label.")
		cause.Share = noShare("only printed: k_frac agrees at all steps")
	}
	return []Cause{cause}, ""
}

func phiDegs(s *Side) []float64 {
	var out []float64
	for _, r := range s.Phi() {
		if v, ok := num(r.Deg); ok {
			out = append(out, v)
		}
	}
	return out
}

// gridFits reports whether got - got[0] is the reference's, stretched and
// shifted.
func gridFits(ref, got []float64, stretch, shift float64) bool {
	limit := fingerprintTolerance * math.Abs(ref[len(ref)-1]-ref[0])
	for i := range ref {
		if math.Abs(ref[0]+stretch*(ref[i]-ref[0])+shift-got[i]) > limit {
			return false
		}
	}
	return true
}
