package parity

import (
	"fmt"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// judge decides the verdict. A verdict needs something of substance that was
// compared; a difference stands whatever else is wrong with the logs; an
// agreement stands only between logs that are whole.
func (r *Report) judge(pixels diff.PixelMatch, t *totals) {
	r.Verdict = Refused
	if r.refuseByPixel(pixels) {
		return
	}
	for _, in := range []Input{r.Ref, r.Got} {
		if in.Records == 0 {
			r.say("%s holds no trace lines that can be read", in.Name)
		}
	}
	if len(r.Reasons) > 0 {
		return
	}
	if pixels == diff.AssumedPixel {
		defer r.assumedPixel()
	}
	s := t.substance()
	switch {
	case s.compared == 0:
		r.tooLittle(s, t)
	case s.genuine > 0 || r.Counts.Lost > 0:
		r.Verdict = Diverged
		r.sayDiverged(s, t)
	case r.Counts.Diverged > 0:
		r.placeholders(s)
	case r.Ref.Truncated || r.Got.Truncated || r.Ref.Crashed || r.Got.Crashed:
		r.cut()
	case r.Counts.Placeholder > 0:
		r.placeholders(s)
	default:
		r.Verdict = Match
		r.sayMatch(s, t)
	}
}

func (r *Report) say(format string, args ...any) {
	r.Reasons = append(r.Reasons, fmt.Sprintf(format, args...))
}

func (r *Report) refuseByPixel(pixels diff.PixelMatch) bool {
	switch pixels {
	case diff.OtherPixels:
		r.say("the logs are of different pixels: %s traces %s, %s traces %s (slow fast)",
			r.Ref.Name, pixelList(&r.Ref), r.Got.Name, pixelList(&r.Got))
		for _, p := range r.Ref.Pixels {
			for _, q := range r.Got.Pixels {
				if p.Slow == q.Fast && p.Fast == q.Slow {
					r.say("slow and fast look exchanged: %d %d against %d %d", p.Slow, p.Fast, q.Slow, q.Fast)
				}
			}
		}
		return true
	case diff.AmbiguousPixel:
		r.say("one log names no pixel and the other several, so that nothing tells which belong together")
		return true
	}
	return false
}

func (r *Report) assumedPixel() {
	in, other := r.Got, r.Ref
	if len(r.Ref.Pixels) == 0 {
		in, other = r.Ref, r.Got
	}
	r.say("%s does not name its pixel; it is taken for the one of %s, %s", in.Name, other.Name, pixelList(&other))
}

func pixelList(in *Input) string {
	s := ""
	for i, p := range in.Pixels {
		if i == 3 {
			return s + fmt.Sprintf(" and %d more", in.NumPixels()-i)
		}
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprintf("%d %d", p.Slow, p.Fast)
	}
	return s
}

// weak are computed quantities that follow from a setting or two and tell
// nothing of the crystal or the detector: alone they make no verdict.
var weak = map[schema.Key]bool{
	schema.InitialFdet: true, schema.InitialSdet: true, schema.InitialOdet: true,
	schema.SpindleAxis: true, schema.SpindleMagnitude: true, schema.LambdaAngstroms: true,
	schema.REMeters: true, schema.CaptureFraction: true, schema.OmegaPixel: true,
	schema.Polar: true, schema.Cos2Theta: true, schema.SourceIndex: true,
	schema.TwothetaAxis: true,
}

func zeroAgainstNumber(row *diff.Row) bool {
	ref, got, ok := row.Pair()
	return ok && (ref.Num == 0) != (got.Num == 0)
}

func (r *Report) tooLittle(s substance, t *totals) {
	compared := r.Counts.Matched + r.Counts.Diverged
	switch {
	case compared == 0:
		r.say("the logs have nothing in common: no quantity of %s is in %s", r.Ref.Name, r.Got.Name)
	case r.foreign != nil:
		r.say("too little was compared: %s, and no quantity of the schema has numbers in both logs", t.comparedKinds())
	default:
		r.say("too little was compared: %s, and nothing that the simulation computes from geometry, crystal or structure factor stands in both logs under one meaning", t.comparedKinds())
	}
	r.sayPlaceholders(s)
}

func plural(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case what == "stand-in from another kind of line":
		return fmt.Sprintf("%d stand-ins from another kind of line", n)
	case what == "unknown quantity":
		return fmt.Sprintf("%d unknown quantities", n)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (r *Report) placeholders(s substance) {
	r.say("nothing that can be relied on differs, but a log has words where numbers belong")
	r.sayPlaceholders(s)
}

func (r *Report) sayPlaceholders(s substance) {
	left := r.Counts.Placeholder
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Gap == diff.Placeholder {
			r.say("%s is not there: %s", row.Name(), row.Note)
			left--
		}
	}
	if left > 0 {
		r.say("so it is with %s at the pixels that are not listed", plural(left, "more row"))
	}
	if s.zeros > 0 {
		r.say("%s an exact 0 on one side only; beside such placeholders a 0 may be one too, and is no evidence of a divergence", rowsHave(s.zeros))
	}
}

func rowsHave(n int) string {
	if n == 1 {
		return "1 row has"
	}
	return fmt.Sprintf("%d rows have", n)
}

func (r *Report) cut() {
	for _, in := range []Input{r.Ref, r.Got} {
		if in.Truncated {
			r.say("%s is cut off: what it holds agrees, and what it lost nobody knows", in.Name)
		}
		if in.Crashed {
			r.say("%s ends in a traceback: what was printed before agrees, and the run was not finished", in.Name)
		}
	}
}

func (r *Report) sayDiverged(s substance, t *totals) {
	if n := r.Counts.Diverged; n > 0 {
		r.say("%d of %d rows compared differ by more than %s", n, n+r.Counts.Matched+r.Counts.Waived, t.limit(r.Tolerance))
	}
	if n := r.Counts.Lost; n > 0 {
		r.say("%s", plural(n, "record")+" lost on one side")
	}
	for _, in := range []Input{r.Ref, r.Got} {
		if in.Truncated {
			r.say("%s is cut off", in.Name)
		}
		if in.Crashed {
			r.say("%s ends in a traceback", in.Name)
		}
	}
	if s.genuine < r.Counts.Diverged {
		r.sayPlaceholders(s)
	}
}

func (r *Report) sayMatch(s substance, t *totals) {
	if n := r.Counts.Waived; n > 0 {
		r.say("%d of %d rows compared agree within %s, and the others are waived", r.Counts.Matched, r.Counts.Matched+n, t.limit(r.Tolerance))
	} else {
		r.say("all %d rows compared agree within %s", r.Counts.Matched, t.limit(r.Tolerance))
	}
	if s.pixel == 0 {
		r.say("setup only: no quantity of a pixel was compared")
	}
	if n := r.Counts.Unpaired; n > 0 {
		r.say("%s of one log, which the other never prints, could not be compared", plural(n, "record"))
	}
	if n := r.Counts.Unparsed; n > 0 {
		r.say("%s could not be read", plural(n, "trace line"))
	}
}
