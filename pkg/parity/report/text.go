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

// where returns the position, or "-" for no record.
func where(rec *trace.Record) string {
	if rec == nil {
		return "-"
	}
	return rec.Pos.String()
}

// component names the row and the component that differs most.
func component(rep *parity.Report, r *diff.Row) string {
	s := rep.Label(r)
	if r.Component != "" && r.Diverged() {
		s += " " + r.Component
	}
	if r.StandIn {
		s += " (" + r.Got.Name + ")"
	}
	return s
}

// status is the grade, with the kind of gap for missing records.
func status(r *diff.Row) string {
	if r.Status == diff.Missing {
		return r.Status.String() + " " + r.Gap.String()
	}
	return r.Status.String()
}

// share puts a cause's part of the intensity into words.
func share(s *explain.Share) string {
	return explain.Percent(s.Value) + " of the reference's intensity"
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

// evidence lists what speaks for a cause, the checks first.
func evidence(c explain.Cause) []string {
	var out []string
	for _, check := range c.Checks {
		out = append(out, upper(check)+".")
	}
	return append(out, c.Evidence...)
}

// countsLine adds the rows up before the reader's eyes.
func countsLine(c parity.Counts) string {
	return fmt.Sprintf("%d matched + %d diverged + %d missing + %d waived = %d rows", c.Matched, c.Diverged, c.Missing, c.Waived, c.Total)
}

// missingLine takes the missing rows apart.
func missingLine(c parity.Counts) string {
	return fmt.Sprintf("%d that the other log never prints, %d lost, %d with a word for a number", c.Unpaired, c.Lost, c.Placeholder)
}

// groupLine is a group of roots in one line.
func groupLine(rep *parity.Report, g parity.RootGroup) string {
	w := g.Worst()
	s := component(rep, g.First().Row)
	if len(g.Roots) > 1 {
		s = fmt.Sprintf("%s to %s (%d rows)", component(rep, g.First().Row), rep.Label(g.Roots[len(g.Roots)-1].Row), len(g.Roots))
	}
	s += fmt.Sprintf(", relative difference %s", number(w.Row.Rel))
	if len(g.Roots) > 1 {
		s += " at most"
	}
	return s
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
	case len(root.Causes) == 0:
		out = append(out, "no known cause")
	case root.Partly:
		out = append(out, "explained in part by "+strings.Join(root.Causes, ", "))
	default:
		out = append(out, "explained by "+strings.Join(root.Causes, ", "))
	}
	out = append(out, sizeNotes(g.Worst())...)
	if len(root.Unobserved) > 0 {
		out = append(out, "unobserved parents: "+strings.Join(root.Unobserved, ", "))
	}
	if len(root.Below) > 0 {
		what := "its ancestors differ below tolerance: "
		if below := strings.Join(root.Below, ", "); strings.Contains(below, ", waived)") {
			what = "its ancestors differ below tolerance, or are waived: "
		}
		out = append(out, what+strings.Join(root.Below, ", "))
	}
	return out
}
