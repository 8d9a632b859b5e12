package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Rule recognises one cause.
type Rule struct {
	ID      string
	Title   string // one line
	Text    string // what it is, how it shows, how to check; paragraphs of plain text
	Example string // how it looked in a real pair
	// Find returns what the rule recognises in the pixel; where that is
	// nothing, why says which condition does not hold.
	Find func(*Context) (found []Cause, why string)
}

// Rules lists all rules in the order in which they are tried: what concerns the
// whole log first, then labels, then causes in causal order, the special ones
// before the general. A root that one rule accounts for is not offered to the
// next.
func Rules() []Rule {
	return []Rule{
		libm, singlePrecision, fastMath, odetRegenerated, phiCarryover, interpolation,
		unitLabel, degreesRadians, twothetaClobber, rotationOrder, beamVector,
		beamSwap, halfPixel, distanceForClose, wrongPivot, pixelSwap,
		matrixTranspose, lambdaRescale, metricDuality, volumeScale, phiGrid,
		rounding, axisSwap, latticeDelta, interpolationLatch, staleFdump,
		shapeFactor, obliquityMissing, omegaLast, captureKept, constantDigits, fluenceKept,
		polarFactor, stepsFactor, mosaicDraws, signFlip, truncated, missingRecord, selfInconsistent,
	}
}

// ByID returns the rule with the given id.
func ByID(id string) (Rule, bool) {
	for _, r := range Rules() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}

// Role says what a Cause does to the numbers.
type Role string

const (
	// IsCause marks what makes the logs differ.
	IsCause Role = "cause"
	// IsNote marks what looks like a cause and is none: it stands in the log
	// and has no effect on the intensity, or none that can be shown.
	IsNote Role = "note"
)

// Cause is something recognised, with what speaks for it.
type Cause struct {
	ID         string
	Title      string
	Role       Role
	Confidence float64 // see confidence
	Evidence   []string
	Share      *Share
	Findings   []Finding
	Explains   []*diff.Row  // the roots it accounts for
	Partly     []*diff.Row  // the roots it accounts for in part only
	Pixels     int          // at how many of the listed blocks it was found
	order      schema.Key   // where it enters the calculation
	names      []schema.Key // quantities that do not follow from their own log's inputs by this cause
}

// Word puts the confidence into words.
func (c Cause) Word() string {
	switch {
	case c.Confidence >= 0.95:
		return "very high"
	case c.Confidence >= 0.85:
		return "high"
	case c.Confidence >= 0.6:
		return "medium"
	}
	return "low"
}

// Enters returns the key at which the cause enters the calculation.
func (c Cause) Enters() schema.Key { return c.order }

// Share is a cause's part of the difference between the intensities.
type Share struct {
	Value float64 // (intensity of got - of the reference) / intensity of the reference, this cause's part
	How   string  // how it was computed, from which lines
	Rest  bool    // it is what the other causes leave over, not computed for itself
}

// Finding is a line to look at.
type Finding struct {
	Pos  trace.Pos
	What string
}

// confidence grows with every check beyond the necessary conditions that might
// have failed and did not: the conditions alone give 0.8, and each check halves
// the doubt that is left.
func confidence(checks int) float64 { return 1 - 0.2*math.Pow(0.5, float64(checks)) }

// Context is one pixel of a comparison, as the rules see it.
type Context struct {
	Ref, Got  *Side
	Tolerance float64
	Rows      []*diff.Row // of this pixel and of the setup, in causal order
	Roots     []*diff.Row
	// RefCut and GotCut are set where the log is cut off or ends in a crash.
	RefCut, GotCut bool

	found   map[string]bool     // rules that fired
	claimed map[*diff.Row]bool  // roots that a rule tried before accounts for
	named   map[schema.Key]bool // quantities whose own error such a rule names
}

// Result is what all rules together say about a pixel.
type Result struct {
	Causes   []Cause // in causal order, notes last
	RuledOut []RuledOut
}

// RuledOut tells why a rule does not apply.
type RuledOut struct{ ID, Why string }

// Run tries the rules.
func Run(c *Context, rules []Rule) Result {
	var res Result
	c.found, c.claimed, c.named = map[string]bool{}, map[*diff.Row]bool{}, map[schema.Key]bool{}
	for _, rule := range rules {
		found, why := rule.Find(c)
		found, why = c.acting(rule.ID, found, why)
		c.found[rule.ID] = len(found) > 0
		if len(found) == 0 {
			res.RuledOut = append(res.RuledOut, RuledOut{rule.ID, why})
		}
		for i := range found {
			for _, r := range found[i].Explains {
				c.claimed[r] = true
			}
			for _, k := range found[i].names {
				c.named[k] = true
			}
			found[i].ID = rule.ID
			if found[i].Title == "" {
				found[i].Title = rule.Title
			}
		}
		res.Causes = append(res.Causes, found...)
	}
	sortCauses(res.Causes)
	shareRest(c, res.Causes)
	return res
}

// printOnly are the rules that need nothing of what is computed from their
// roots: labels, whole logs, and those with checks of their own.
var printOnly = map[string]bool{
	"libm": true, "float32": true, "odet-regenerated": true, "phi-carryover": true, "interpolation": true,
	"unit-label": true, "degrees-radians": true, "phi-grid": true, "lattice-delta": true,
	"truncated": true, "missing-record": true, "self-inconsistent": true,
}

// acting leaves the causes that act: where something is compared that is
// computed from a cause's first root, it has to differ as well. Else the number
// is wrong in the print alone, and no fault of the calculation makes it so.
func (c *Context) acting(id string, found []Cause, why string) ([]Cause, string) {
	if printOnly[id] {
		return found, why
	}
	var out []Cause
	for _, cause := range found {
		label := cause.Share != nil && cause.Share.Value == 0
		if len(cause.Explains) > 0 && !label {
			k := cause.Explains[0].Key
			if below, agree := c.downstream(k); len(below) > 0 && agree {
				why = fmt.Sprintf("%s looks so, but what is computed from it agrees", k)
				continue
			}
		}
		out = append(out, cause)
	}
	return out, why
}

// sortCauses orders by the place where the cause enters; notes follow.
func sortCauses(cs []Cause) {
	less := func(a, b Cause) bool {
		if a.Role != b.Role {
			return a.Role == IsCause
		}
		return a.order < b.order
	}
	for i := 1; i < len(cs); i++ {
		for j := i; j > 0 && less(cs[j], cs[j-1]); j-- {
			cs[j], cs[j-1] = cs[j-1], cs[j]
		}
	}
}

// shareRest gives the last cause without a share what the others leave of the
// difference between the intensities. That is honest only where nothing else
// can have a part in it: every root is accounted for, and just one cause is
// without a share.
func shareRest(c *Context, causes []Cause) {
	total, how, ok := intensityChange(c)
	var open *Cause
	explained := map[*diff.Row]bool{}
	known := 0.0
	for i := range causes {
		cause := &causes[i]
		for _, r := range cause.Explains {
			explained[r] = true
		}
		if cause.Role != IsCause {
			continue
		}
		if len(cause.Partly) > 0 {
			return
		}
		switch {
		case cause.Share != nil:
			known += cause.Share.Value
		case open == nil:
			open = cause
		default:
			return // two causes without a share
		}
	}
	if open == nil || !ok {
		return
	}
	for _, r := range c.Roots {
		if !explained[r] {
			return
		}
	}
	open.Share = &Share{Value: total - known, Rest: true, How: how}
	if known != 0 {
		open.Share.How = fmt.Sprintf("%s; the other causes account for %s of it, and no other root is left", how, Percent(known))
	}
}

// intensityChange returns (got - ref)/ref of the final intensity.
func intensityChange(c *Context) (change float64, how string, ok bool) {
	for _, k := range []schema.Key{schema.IPixelFinal, schema.IBeforeScaling} {
		r, rr, ok1 := c.Ref.Num(k)
		g, gr, ok2 := c.Got.Num(k)
		if ok1 && ok2 && r != 0 && finite(r) && finite(g) {
			return (g - r) / r, fmt.Sprintf("%s changes by %s from %s (%s) to %s (%s)",
				k, Percent((g-r)/r), rr.Values[0].Text, rr.Pos, gr.Values[0].Text, gr.Pos), true
		}
	}
	return 0, "", false
}

// Percent formats a fraction with two decimals, more where it is small.
func Percent(v float64) string {
	if v != 0 && math.Abs(v) < 0.005e-2 {
		return fmt.Sprintf("%+.2g %%", 100*v)
	}
	return fmt.Sprintf("%+.2f %%", 100*v)
}

// rootsOf returns the roots whose key is one of keys.
func (c *Context) rootsOf(keys ...schema.Key) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Roots {
		for _, k := range keys {
			if r.Key == k {
				out = append(out, r)
			}
		}
	}
	return out
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
