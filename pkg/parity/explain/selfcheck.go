package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var selfInconsistent = Rule{
	ID:    "self-inconsistent",
	Title: "a log contradicts itself",
	Text: `Many quantities can be computed again from what the same log prints: R from the pixel's place, the scattering vector
from the two directions and the wavelength, the indices from the cell and the scattering vector, F_latt from its three
factors, the final intensity from all of its own. Where that fails in one log and holds in the other, the step between
is where the fault is, whatever else differs; or the log prints other numbers than it computes with.

How it shows: the printed number is not what its own formula makes of the log's own inputs; on the other side it is.

How to check: print the quantity and its inputs at one place of the program.`,
	Example: `py.log:  I_before_scaling 147905.2, steps 10, polar 1, omega_pixel 4.169e-07: that makes 4.9e-08,
         and I_pixel_final is 7.29e-07`,
	Find: findSelfInconsistent,
}

func findSelfInconsistent(c *Context) ([]Cause, string) {
	var out []Cause
	for _, f := range formulas() {
		if c.named[f.key] {
			continue
		}
		ref, ok1 := f.of(c.Ref)
		got, ok2 := f.of(c.Got)
		if !ok1 || !ok2 {
			continue
		}
		limit := math.Max(c.Tolerance, fingerprintTolerance)
		if (ref.rel <= limit) == (got.rel <= limit) {
			continue // both hold, or both do not: then the formula is not theirs
		}
		bad, good, s, other := got, ref, c.Got, c.Ref
		if ref.rel > limit {
			bad, good, s, other = ref, got, c.Ref, c.Got
		}
		rows := c.open(f.key)
		if len(rows) == 0 && f.key == schema.IBeforeScaling {
			// Its factors may change from step to step: only where they agree
			// in full does the sum speak for itself.
			continue
		}
		out = append(out, selfCause(f, bad, good, s, other, rows))
	}
	return out, "each quantity follows from its own log's inputs as well as on the other side"
}

func selfCause(f formula, bad, good ownError, s, other *Side, rows []*diff.Row) Cause {
	cause := Cause{
		Role: IsNote, Confidence: confidence(1), order: f.key, Explains: rows,
		Title: fmt.Sprintf("%s of %s does not follow from its own inputs", f.key, s.Name),
		Evidence: []string{bad.text(s) + fmt.Sprintf(", off by %.3g.", bad.rel),
			fmt.Sprintf("In %s it follows, to %.1g (%s).", other.Name, good.rel, good.at)},
		Findings: []Finding{{s.recOr(f.key).Pos, fmt.Sprintf("%s is %s; the log's own %s makes %s", f.key, list(bad.printed), f.text, list(bad.want))}},
	}
	if r, ok := bad.ratio(); ok {
		cause.Evidence = append(cause.Evidence, fmt.Sprintf("The ratio is %.9g.", r))
	}
	if len(rows) > 0 {
		cause.Role = IsCause
	}
	return cause
}
