package causes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"simtrace/internal/digits"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// found is what a rule found; its methods complete the first cause.
type found []Cause

// one is a single cause that enters at the first of its rows.
func one(rows []*diff.Row, title string, checks []string, evidence ...string) found {
	c := Cause{Title: title, Explains: rows, Checks: checks, Evidence: evidence}
	if len(rows) > 0 {
		c.Order = rows[0].Key
		if r := rows[0]; r.Got != nil && r.Ref != nil {
			return found{c}.at(r.Got.Pos(), show(r)+"; "+title)
		}
	}
	return found{c}
}

// shown is one with the two sides of its first row for evidence.
func shown(rows []*diff.Row, title string, checks ...string) found {
	if len(rows) == 0 {
		return one(rows, title, checks)
	}
	return one(rows, title, checks, show(rows[0])+".")
}

// enters says where the cause enters the calculation.
func (f found) enters(k schema.Key) found { f[0].Order = k; return f }

// times is the share of a cause that multiplies the intensity by a ratio.
func (f found) times(ratio float64, how string) found {
	f[0].Share = &explain.Share{Value: ratio - 1, How: how}
	return f
}

// of names the quantity where a rule may find several causes.
func (f found) of(name string) found { f[0].Of = name; return f }

// at is the line to look at, where it is not got's of the first row.
func (f found) at(pos trace.Pos, what string) found {
	f[0].Findings = []explain.Finding{{Pos: pos, What: what}}
	return f
}

// also adds to the evidence.
func (f found) also(evidence string) found {
	f[0].Evidence = append(f[0].Evidence, evidence)
	return f
}

// note makes it a note, which has no effect on the result, or none that can be shown.
func (f found) note() found { f[0].Role = explain.IsNote; return f }

// partly says that it accounts for these rows in part only.
func (f found) partly(rows []*diff.Row) found { f[0].Explains, f[0].Partly = nil, rows; return f }

// alone says that what is computed from the first row need not differ.
func (f found) alone() found { f[0].PrintOnly = true; return f }

// printed is of a cause without a share in the intensity: how says why.
func (f found) printed(how string) found {
	f[0].Share = &explain.Share{How: how}
	return f.alone()
}

// show prints the row's two sides with their lines.
func show(r *diff.Row) string {
	ref, got := digits.Cut(valueText(r.Ref), valueText(r.Got)) // which leaves vectors and words
	return fmt.Sprintf("%s is %s (%s) against %s (%s)", r.Name(), got, r.Got.Pos(), ref, r.Ref.Pos())
}

func valueText(r *trace.Record) string {
	if len(r.Values) == 0 {
		return r.Text
	}
	var out []string
	for _, v := range r.Values {
		t := cmp.Or(v.Text, fmt.Sprintf("%.15g", v.Num))
		if v.Name != "" {
			t = v.Name + ":" + t
		}
		out = append(out, t)
	}
	return strings.Join(out, " ")
}

// text returns the number as printed.
func text(r *trace.Record) string {
	if r == nil || len(r.Values) != 1 {
		return "-"
	}
	return r.Values[0].Text
}

// cited is the number as printed, with its line.
func cited(r *trace.Record) string {
	if r == nil {
		return "not printed"
	}
	return fmt.Sprintf("%s (%s)", text(r), r.Pos())
}

func list(v []float64) string { return strings.Trim(fmt.Sprintf("%.9g", v), "[]") }

// names are the keys as they are printed.
func names(keys []schema.Key) string {
	var out []string
	for _, k := range keys {
		if !slices.Contains(out, k.String()) { // two streams may have one name
			out = append(out, k.String())
		}
	}
	return strings.Join(out, ", ")
}

func notPrinted(keys ...schema.Key) string {
	if len(keys) == 1 {
		return "not checked: " + names(keys) + " is not printed as a number on both sides"
	}
	return "not checked: " + names(keys) + " are not all printed as numbers on both sides"
}

func noRoot(keys ...schema.Key) string {
	for _, g := range groups {
		if slices.Equal(g.keys, keys) {
			return "no " + g.name + " is a root that is left to explain"
		}
	}
	if len(keys) == 1 {
		return names(keys) + " is no root that is left to explain"
	}
	return "none of " + names(keys) + " is a root that is left to explain"
}
