package parity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"simtrace/internal/doc"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// judge decides the verdict. A verdict needs something of substance that was
// compared; a difference stands whatever else is wrong with the logs; an
// agreement stands only between logs that are whole, and where a result was
// compared in every block that has one.
func (r *Report) judge(c *comparison) {
	r.Verdict = Refused
	defer r.sayReading(c.read.Unchosen)
	if r.refuseByPixel(c.engine.Pixels()) || r.refuseEmpty() {
		return
	}
	if c.engine.Pixels() == diff.AssumedPixel {
		defer r.assumedPixel()
	}
	s := c.sum.substance()
	cov := &r.Coverage
	cov.Inner = cov.Results == 0 && (cov.WithoutResult == 0 || c.engine.Narrowed(0) || c.engine.Narrowed(1))
	switch {
	case s.compared == 0 && r.Counts.Lost == 0 || s.compared == 0 && s.genuine == 0:
		r.tooLittle(s, c.sum)
	case cov.OnlyRef+cov.OnlyGot > cov.Common && !c.opt.Common:
		r.blocksGone(c)
	case s.genuine > 0:
		r.Verdict = Diverged
		r.sayDiverged(s, c.sum)
	case r.shifted(c):
	case r.Counts.Lost > 0:
		r.Verdict = Diverged
		r.sayDiverged(s, c.sum)
	case r.Counts.Diverged > 0:
		r.placeholders(s)
	default:
		r.judgeAgreement(c, s)
	}
	r.judgeWaivers()
}

// judgeAgreement says whether logs that do not differ match.
func (r *Report) judgeAgreement(c *comparison, s substance) {
	results, others := r.neverRead(c)
	switch {
	case r.cut():
	case r.Counts.Unparsed > 0:
		r.unread()
	case r.Counts.Placeholder > 0:
		r.placeholders(s)
	case len(results) > 0:
		r.say("the schema declares the result %s, which neither log prints; take it out of %s, or print it", strings.Join(results, ", "), r.schema.Name)
	case !r.Coverage.Inner && r.Coverage.WithoutResult > 0:
		r.withoutResult(c)
	case r.Foreign() && r.Coverage.Results == 0 && !r.schema.Free:
		r.say("no result of the schema was compared; print one of %s in both logs", r.resultNames())
	default:
		r.Verdict = Match
		r.sayMatch(s, c.sum)
		if len(others) > 0 {
			r.say("not compared: the schema declares %s, which neither log prints", strings.Join(others, ", "))
		}
	}
}

// sayReading says how the logs were read, and what was left out.
func (r *Report) sayReading(unchosen [2]int) {
	if r.ReadAs != "" {
		r.say("read as: %s", r.ReadAs)
	}
	if n := unchosen[0] + unchosen[1]; n > 0 {
		r.say("not compared: left out by name: %s", doc.Plural(n, "number"))
	}
	if len(r.Varied) == 0 {
		return
	}
	total, list := 0, slices.Clone(r.Varied)
	slices.SortStableFunc(list, func(a, b Varied) int { return cmp.Compare(b.Ref+b.Got, a.Ref+a.Got) })
	names := ""
	for i, v := range list {
		total += v.Ref + v.Got
		switch {
		case i < 6:
			names += fmt.Sprintf(", %s (%d)", v.Name, v.Ref+v.Got)
		case i == 6:
			names += fmt.Sprintf(" and %d more", len(list)-i)
		}
	}
	r.say("not compared, as they differ on every run: %s: %s; --compare-all compares them too", doc.Plural(total, "number"), names[2:])
}

// say adds a reason, once.
func (r *Report) say(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); !slices.Contains(r.Reasons, s) {
		r.Reasons = append(r.Reasons, s)
	}
}

func (r *Report) refuseByPixel(pixels diff.PixelMatch) bool {
	switch pixels {
	case diff.OtherPixels:
		r.say("the logs are of different pixels: %s traces %s, %s traces %s (slow fast); trace the same pixel with both programs",
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
		r.say("one log names no pixel and the other several, so that nothing tells which belong together; print \"TRACE_CONFIG: tracing pixel (spixel=S, fpixel=F)\" before each pixel")
		return true
	}
	return false
}

// refuseEmpty refuses logs in which nothing can be read.
func (r *Report) refuseEmpty() bool {
	for _, in := range []*Input{&r.Ref, &r.Got} {
		switch {
		case in.Lines == 0:
			r.say("%s is empty: its program printed nothing", in.Name)
		case in.Records == 0:
			what, remedy := r.emptyOf()
			r.say("%s holds no %s; %s", in.Name, what, remedy)
		}
	}
	return len(r.Reasons) > 0
}

// emptyOf is what was looked for in vain, and what a user can do about it.
func (r *Report) emptyOf() (what, remedy string) {
	switch {
	case !r.Foreign():
		return "trace lines that can be read", "another program's log needs --schema FILE"
	case !r.schema.Free:
		return "trace lines that can be read", "hold it against the schema's names and prefixes, or write \"format: text\" into that, and it is read as any program's log"
	case len(r.Varied) > 0:
		return "number but those that differ on every run", "--compare-all compares them"
	}
	return "number", "it takes lines of names and numbers to compare"
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

// blocksGone refuses logs that have less in common than not.
func (r *Report) blocksGone(c *comparison) {
	if r.shifted(c) {
		return
	}
	cov := r.Coverage
	r.say("only %d of %d blocks are in both logs (%d in %s alone, %d in %s alone); --common compares those",
		cov.Common, cov.Common+cov.OnlyRef+cov.OnlyGot, cov.OnlyRef, r.Ref.Name, cov.OnlyGot, r.Got.Name)
}

// shifted tells of an index that is off by a constant.
func (r *Report) shifted(c *comparison) bool {
	key, by, ok := c.engine.Shifted()
	if !ok {
		return false
	}
	r.say("%s counts %s from %d more than %s: --shift %s=%d brings them together", r.Ref.Name, key, by, r.Got.Name, key, by)
	return true
}

// withoutResult refuses logs of which a block holds no result.
func (r *Report) withoutResult(c *comparison) {
	what := "no result is among it"
	switch n := r.Coverage.WithoutResult; {
	case n > 1:
		what = fmt.Sprintf("%d of %d %ss have no result", n, r.Coverage.Common, r.Unit())
	case r.Coverage.Common > 1:
		what = fmt.Sprintf("1 of %d %ss has no result", r.Coverage.Common, r.Unit())
	}
	r.say("what both logs print agrees, but %s: print %s in both", what, r.resultNames())
}

// resultNames lists a few of the schema's results.
func (r *Report) resultNames() string {
	var names []string
	for _, k := range r.schema.Results() {
		if len(names) == 4 {
			names[3] = "another"
			break
		}
		names = append(names, r.schema.Info(k).Name)
	}
	if n := len(names) - 1; n > 0 {
		return strings.Join(names[:n], ", ") + " or " + names[n]
	}
	return strings.Join(names, "")
}

// neverRead lists what a schema file declares and no log prints: results, without
// which no verdict stands, and other quantities.
func (r *Report) neverRead(c *comparison) (results, others []string) {
	if !r.Foreign() || r.schema.Free {
		return nil, nil
	}
	seen := map[string]bool{}
	for i := range r.Quantities {
		if info := r.Quantities[i].symbol.Info; info != nil {
			seen[info.Name] = true
		}
	}
	of := r.schema.Results()
	for _, q := range r.schema.All() {
		switch {
		case seen[q.Name]:
		case slices.Contains(of, q.Key):
			results = append(results, q.Name)
		case len(c.opt.Only)+len(c.opt.Ignore) == 0:
			others = append(others, q.Name)
		}
	}
	return results, others
}

// unread refuses logs of which lines could not be read.
func (r *Report) unread() {
	n := 0
	for i := range r.Problems {
		if p := &r.Problems[i]; p.Kind == trace.Unparsed {
			if n++; n == 1 {
				r.say("%s could not be read, the first at %s: %s", doc.Plural(r.Counts.Unparsed, "trace line"), p.Pos, p.Why)
			}
		}
	}
}

func zeroAgainstNumber(row *diff.Row) bool {
	ref, got, ok := row.Pair()
	return ok && (ref.Num == 0) != (got.Num == 0)
}

// substance counts what carries a verdict.
type substance struct {
	compared int // rows of computed quantities, in one stream, on both sides
	genuine  int // diverged rows that a placeholder cannot account for
	pixel    int // of compared, those of a pixel or its phi steps
	zeros    int // diverged rows that a placeholder can account for
}

func (t *tally) substance() substance {
	var out substance
	for i := range t.streams {
		s := &t.streams[i]
		out.genuine += s.diverged
		out.compared += s.substance
		out.pixel += s.pixel
		// Where a log puts words for numbers, an exact 0 may be such a filler as
		// well, and is no evidence.
		if s.placeholders > 0 {
			out.genuine -= s.divergedZero
			out.zeros += s.divergedZero
			out.compared -= s.substanceZero
			out.pixel -= s.pixelZero
		}
	}
	return out
}

func (r *Report) tooLittle(s substance, t *tally) {
	compared := r.Counts.Matched + r.Counts.Diverged
	switch {
	case compared == 0:
		r.say("the logs have nothing in common: no quantity of %s is in %s", r.Ref.Name, r.Got.Name)
	case r.Foreign():
		r.say("the logs share only %s; no quantity of the schema has numbers in both", t.comparedKinds())
	default:
		r.say("the logs share only %s; print at least one computed quantity in both, such as scattering_vec_A_inv or hkl_frac", t.comparedKinds())
	}
	r.sayPlaceholders(s)
}

// comparedKinds says what the few rows that were compared are.
func (t *tally) comparedKinds() string {
	s := ""
	add := func(n int, what string) {
		if n > 0 {
			if s != "" {
				s += ", "
			}
			s += doc.Plural(n, what)
		}
	}
	add(t.settings, "setup value")
	add(t.minor, "derived factor")
	add(t.standIns, "stand-in from another kind of line")
	add(t.unknown, "unknown quantity")
	return s
}

func (r *Report) placeholders(s substance) {
	r.say("nothing that can be relied on differs, but a log has words where numbers belong")
	r.sayPlaceholders(s)
}

// sayPlaceholders names the quantities that have words for numbers.
func (r *Report) sayPlaceholders(s substance) {
	said := map[string]bool{} // a quantity may stand in several streams
	for i := range r.Quantities {
		if q := &r.Quantities[i]; q.Counts.Placeholder > 0 && !said[q.Name+q.word] {
			said[q.Name+q.word] = true
			r.Reasons = append(r.Reasons, fmt.Sprintf("%s is not there: %s", q.Name, q.word))
		}
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

// cut tells whether a log is not whole.
func (r *Report) cut() bool {
	for _, in := range []*Input{&r.Ref, &r.Got} {
		if in.Truncated {
			r.say("%s is cut off: what it holds agrees, and what it lost nobody knows; run it again", in.Name)
		}
		if in.Crashed {
			r.say("%s ends in a crash report: what was printed before agrees, and the run was not finished; run it again", in.Name)
		}
	}
	return len(r.Reasons) > 0
}

func (r *Report) sayDiverged(s substance, t *tally) {
	if n := r.Counts.Diverged; n > 0 {
		verb := "differ"
		if n == 1 {
			verb = "differs"
		}
		r.say("%d of %d rows compared %s by more than %s", n, n+r.Counts.Matched+r.Counts.Waived, verb, t.limit(r.Tolerance))
	}
	if n := r.Counts.NotFinite; n > 0 {
		r.say("%s no finite number on either side; --nan equal lets them agree", rowsHave(n))
	}
	if n := r.Counts.Lost; n > 0 {
		r.say("%s", doc.Plural(n, "record")+" lost on one side")
	}
	for _, in := range []*Input{&r.Ref, &r.Got} {
		if in.Truncated {
			r.say("%s is cut off", in.Name)
		}
		if in.Crashed {
			r.say("%s ends in a crash report", in.Name)
		}
	}
	if s.genuine < r.Counts.Diverged {
		r.sayPlaceholders(s)
	}
}

func (r *Report) sayMatch(s substance, t *tally) {
	if n := r.Counts.Waived; n > 0 {
		r.say("%d of %d rows compared agree within %s, and the others are waived", r.Counts.Matched, r.Counts.Matched+n, t.limit(r.Tolerance))
	} else {
		all := fmt.Sprintf("all %d rows compared agree", r.Counts.Matched)
		if r.Counts.Matched == 1 {
			all = "the one row compared agrees"
		}
		r.say("%s within %s", all, t.limit(r.Tolerance))
	}
	if s.pixel == 0 && !r.Foreign() {
		r.say("setup only: no quantity of a pixel was compared")
	}
	if n := r.Counts.Unpaired; n > 0 {
		r.say("%s in one log only, because the other program does not print them here; none was lost", rowsAre(n))
	}
	if n := r.Counts.Unresolved; n > 0 {
		r.say("%s smaller than the last decimal that is printed, and not compared", rowsAre(n))
	}
}

func rowsAre(n int) string {
	if n == 1 {
		return "1 row is"
	}
	return fmt.Sprintf("%d rows are", n)
}

// limit names what a difference is held against.
func (t *tally) limit(tolerance float64) string {
	if t.own == 0 {
		return fmt.Sprintf("%g", tolerance)
	}
	return fmt.Sprintf("%g, or their own rule for %s", tolerance, doc.Plural(t.own, "row"))
}

// headline says in one sentence what was covered.
func (r *Report) headline() {
	c, cov := r.Counts, r.Coverage
	rows := c.Matched + c.Diverged + c.Waived
	results := fmt.Sprintf("%d of %d results, ", cov.Agreeing, cov.Results)
	if cov.Results == 0 {
		results = "no result compared, "
	}
	switch r.Verdict {
	case Refused:
		r.Headline = r.Reasons[0]
	case Match:
		r.Headline = fmt.Sprintf("%s%d of %d rows, %s", results, c.Matched, rows, r.blocks())
		if r.Counts.Waived > 0 {
			r.Headline += fmt.Sprintf(", %d waived", c.Waived)
		}
	default:
		if cov.Results > 0 {
			results = fmt.Sprintf("%d of %d results, ", cov.Results-cov.Agreeing, cov.Results)
		}
		r.Headline = fmt.Sprintf("%d of %d rows, %s%s", c.Diverged, rows, results, r.blocks())
		if c.Lost > 0 {
			r.Headline += fmt.Sprintf(", %d lost", c.Lost)
		}
		if row := r.FirstRow(); row != nil {
			r.Headline = fmt.Sprintf("first at %s: %s", r.Label(row), r.Headline)
		} else {
			r.Headline = "a waiver does not hold: " + r.Headline
		}
	}
}

// Unit is what a block of the logs is: a pixel, a step, or what the index of the
// schema counts.
func (r *Report) Unit() string {
	switch {
	case !r.Foreign():
		return "pixel"
	case len(r.schema.Index) == 0:
		return "block"
	}
	return r.schema.Index[0].Name
}

// blocks counts what was compared.
func (r *Report) blocks() string {
	n := r.Coverage.Common
	if n > r.Coverage.Outside {
		n -= r.Coverage.Outside
	}
	unit := r.Unit()
	if strings.Contains(unit, " ") {
		unit = "value of " + unit // such as column 1
	}
	return doc.Plural(n, unit)
}
