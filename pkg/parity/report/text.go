package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// number formats a difference: three digits, in full where it is 0.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "-"
	case math.IsInf(v, 0):
		return "inf"
	case v == 0:
		return "0"
	}
	return fmt.Sprintf("%.2e", v)
}

// signed is number with its sign.
func signed(v float64) string {
	if v > 0 && !math.IsInf(v, 0) {
		return "+" + number(v)
	}
	return number(v)
}

// relative says a relative difference in a sentence: in percent where that reads.
func relative(v float64) string {
	switch {
	case math.IsInf(v, 0):
		return "without limit"
	case v >= 1e-3 && v < 1e6:
		return strconv.FormatFloat(100*v, 'g', 3, 64) + " %"
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}

// values returns the texts of the component that differs most, or of the whole
// record where there is no such component.
func values(r *diff.Row) (ref, got string) {
	if a, b, ok := r.Pair(); ok {
		return a.Text, b.Text
	}
	return whole(r.Ref), whole(r.Got)
}

func whole(rec *trace.Record) string {
	if rec == nil {
		return ""
	}
	if len(rec.Values) == 0 {
		return rec.Text
	}
	var parts []string
	for _, v := range rec.Values {
		t := v.Text
		if v.Name != "" {
			t = v.Name + ":" + t
		}
		parts = append(parts, t)
	}
	return strings.Join(parts, " ")
}

// component names the row and the component that differs most.
func component(rep *parity.Report, r *diff.Row) string {
	s := rep.Label(r)
	if r.Component != "" && r.Diverged() {
		s += " " + diff.PartName(part(r, r.Component))
	}
	if r.StandIn {
		s += " (" + r.Got.Name + ")"
	}
	return s
}

// indices are the components of Miller indices.
var indices = map[string]string{"x": "h", "y": "k", "z": "l"}

// part names a component as the field does: of Miller indices h, k and l.
func part(r *diff.Row, name string) string {
	if r.Info != nil && r.Info.Stage == schema.Miller && indices[name] != "" {
		return indices[name]
	}
	return name
}

// status is the grade, with the kind of gap for missing records.
func status(r *diff.Row) string {
	if r.Status == diff.Missing {
		return r.Status.String() + " " + r.Gap.String()
	}
	return r.Status.String()
}

// atStep names the phi step of a quantity that the pixel's block prints of one
// orientation alone; the label leaves it out there.
func atStep(row *diff.Row) string {
	if row.Stream != trace.PixelStream || row.Info == nil || row.Info.Scope != schema.PerStep || row.At[schema.Phi] < 0 {
		return ""
	}
	return fmt.Sprintf(" at phi step %d", row.At[schema.Phi])
}

// otherReasons are those that the first line does not say.
func otherReasons(r *parity.Report) []string {
	if len(r.Reasons) > 0 && r.Reasons[0] == r.Headline {
		return r.Reasons[1:]
	}
	return r.Reasons
}

// headline is the verdict in one line.
func headline(r *parity.Report) string {
	if r.Verdict == parity.Diverged {
		return fmt.Sprintf("%s, %s", r.Verdict, r.Headline)
	}
	return fmt.Sprintf("%s: %s", r.Verdict, r.Headline)
}

// causeLine is a cause in one line.
func causeLine(c explain.Cause) string {
	s := c.ID + ": " + c.Title
	var more []string
	if n := checked(c); n != "" {
		more = append(more, n)
	}
	if c.Share != nil {
		more = append(more, share(c.Share))
	}
	if len(more) > 0 {
		s += " (" + strings.Join(more, "; ") + ")"
	}
	return s
}

// share puts a cause's part of the intensity into words.
func share(s *explain.Share) string {
	return explain.Percent(s.Value) + " of the reference's intensity"
}

// checked says how many independent checks speak for a cause, besides the
// conditions that it must fulfil.
func checked(c explain.Cause) string {
	switch n := len(c.Checks); n {
	case 0:
		return ""
	case 1:
		return "one check passed"
	default:
		return fmt.Sprintf("%d checks passed", n)
	}
}

// calibrated says how often causes with as many checks were right in the benchmark that
// is recorded; "" where none is.
func calibrated(c explain.Cause) string {
	if c.Held == nil || c.Held.Total == 0 || c.Role == explain.IsNote {
		return ""
	}
	share := float64(c.Held.Right) / float64(c.Held.Total)
	word := "seldom"
	for _, w := range []struct {
		least float64
		word  string
	}{{0.99, "nearly always"}, {0.95, "mostly"}, {0.75, "often"}} {
		if share >= w.least {
			word = w.word
			break
		}
	}
	return fmt.Sprintf("causes with as many checks are %s right: %d of %d in the benchmark", word, c.Held.Right, c.Held.Total)
}

// evidence lists what speaks for a cause, the checks first.
func evidence(c explain.Cause, upper func(string) string) []string {
	var out []string
	for _, check := range c.Checks {
		out = append(out, upper(check)+".")
	}
	return append(out, c.Evidence...)
}

// missingLine says of which kind the missing rows are; the reasons of a match do so as well.
func missingLine(r *parity.Report) string {
	c := r.Counts
	if r.Verdict == parity.Match && c.Placeholder == 0 {
		return ""
	}
	var out []string
	add := func(n int, one, many string) {
		switch {
		case n == 1:
			out = append(out, "1 row "+one)
		case n > 1:
			out = append(out, fmt.Sprintf("%d rows %s", n, many))
		}
	}
	add(c.Unpaired, "is in one log only, because the other program never prints it", "are in one log only, because the other program never prints them")
	add(c.Placeholder, "has a word where a number belongs", "have a word where a number belongs")
	add(c.Unresolved, "is smaller than the last decimal that is printed", "are smaller than the last decimal that is printed")
	add(c.Lost, "was lost", "were lost")
	switch {
	case len(out) == 0:
		return ""
	case c.Lost == 0:
		out = append(out, "none was lost")
	}
	return strings.Join(out, "; ") + "."
}

func unparsedLine(c parity.Counts) string {
	switch c.Unparsed {
	case 0:
		return ""
	case 1:
		return "1 line of a trace could not be read."
	}
	return fmt.Sprintf("%d lines of a trace could not be read.", c.Unparsed)
}

// groupLine is a group of roots in one line.
func groupLine(rep *parity.Report, g parity.RootGroup) string {
	w := g.Worst()
	s := component(rep, g.First().Row)
	if len(g.Roots) == 1 && math.IsNaN(w.Row.Rel) {
		return s // words, which have no difference
	}
	if len(g.Roots) == 1 {
		return s + ", relative difference " + number(w.Row.Rel)
	}
	return fmt.Sprintf("%s to %s (%d rows), relative difference at most %s", s, rep.Label(g.Roots[len(g.Roots)-1].Row), len(g.Roots), number(w.Row.Rel))
}

// sizeNotes tell how a root's difference compares with those before and behind it.
func sizeNotes(root parity.Root) []string {
	var out []string
	if root.Amplified >= 1 {
		out = append(out, fmt.Sprintf("within tolerance, amplified %s-fold", rounded(root.Amplified)))
	}
	if s := root.Row.Split; s != nil && root.Row.Diverged() && len(s.Local) > 0 {
		worst := 0
		for i, l := range s.Local {
			if math.Abs(l) > math.Abs(s.Local[worst]) {
				worst = i
			}
		}
		out = append(out, fmt.Sprintf("%s of it starts here, %s follows from its inputs", number(s.Local[worst]), number(s.Inherited[worst])))
	}
	if root.Jump > 0 {
		out = append(out, fmt.Sprintf("%s times as large as in all that it is computed from", rounded(root.Jump)))
	}
	return out
}

// rounded has the two leading digits of a factor.
func rounded(v float64) string {
	if v < 1e6 && v >= 10 {
		return strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}

// groupNotes tells what is known of a group of roots.
func groupNotes(g parity.RootGroup) []string {
	root := g.First()
	var out []string
	switch {
	case len(root.Causes) == 0 && root.Row.Overflowed():
		out = append(out, "a number did not fit its field; print it wider to see whether it differs")
	case len(root.Causes) == 0:
		out = append(out, "no known cause")
	case root.Partly:
		out = append(out, "explained in part by "+strings.Join(root.Causes, ", "))
	default:
		out = append(out, "explained by "+strings.Join(root.Causes, ", "))
	}
	out = append(out, sizeNotes(g.Worst())...)
	for _, p := range root.Unobserved {
		if len(root.Causes) == 0 || root.Partly {
			out = append(out, unseen(p))
		}
	}
	if len(root.Below) > 0 {
		what := "what it is computed from differs within tolerance: "
		below := strings.Join(root.Below, ", ")
		if strings.Contains(below, ", waived)") {
			what = "what it is computed from differs within tolerance, or is waived: "
		}
		out = append(out, what+below)
	}
	return out
}

// unseen says of an input that was not compared what follows from that.
func unseen(parent string) string {
	name, by, _ := strings.Cut(strings.TrimSuffix(parent, ")"), " (only in ")
	if by != "" {
		return fmt.Sprintf("%s alone prints its input %s there, in which the difference may start", by, name)
	}
	return fmt.Sprintf("neither log prints its input %s there, in which the difference may start", strings.TrimSuffix(name, " (on neither side"))
}
