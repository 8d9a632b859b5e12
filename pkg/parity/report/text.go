package report

import (
	"fmt"
	"math"
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

// headline is the verdict in one line.
func headline(r *parity.Report) string {
	if r.Verdict == parity.Diverged {
		return fmt.Sprintf("%s, %s", r.Verdict, r.Headline)
	}
	return fmt.Sprintf("%s: %s", r.Verdict, r.Headline)
}

// causeLine is a cause in one line.
func causeLine(c explain.Cause) string {
	s := fmt.Sprintf("%s: %s (confidence %s, %.2f", c.ID, c.Title, c.Word(), c.Confidence)
	if c.Share != nil {
		s += "; " + share(c.Share)
	}
	return s + ")"
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
