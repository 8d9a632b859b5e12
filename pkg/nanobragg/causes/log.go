package causes

import (
	"fmt"
	"strconv"
	"strings"

	"simtrace/internal/digits"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

func vec(s *Side, k schema.Key) (Vec, *trace.Record, bool) {
	v, r, ok := s.Vec(k)
	return v, r, ok
}

// vecs returns several vectors, or false where one is missing.
func vecs(s *Side, keys ...schema.Key) ([]Vec, bool) {
	out := make([]Vec, len(keys))
	for i, k := range keys {
		v, _, ok := s.Vec(k)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

// nums returns several numbers, or false where one is missing.
func nums(s *Side, keys ...schema.Key) ([]float64, bool) {
	out := make([]float64, len(keys))
	for i, k := range keys {
		v, _, ok := s.Num(k)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

// num returns the number of a one-number record.
func num(r *trace.Record) (float64, bool) {
	if r == nil || len(r.Values) != 1 {
		return 0, false
	}
	return r.Values[0].Num, true
}

// text returns the number as printed.
func text(r *trace.Record) string {
	if r == nil || len(r.Values) != 1 {
		return "-"
	}
	return r.Values[0].Text
}

// named returns a component by its name, as in "rotx:0".
func named(r *trace.Record, name string) (float64, bool) {
	if r != nil {
		for _, v := range r.Values {
			if v.Name == name {
				return v.Num, true
			}
		}
	}
	return 0, false
}

// either reads a number from the first log that prints it.
func either(c *Context, k schema.Key) (float64, bool) {
	for _, s := range c.Sides() {
		if v, ok := num(s.Rec(k)); ok {
			return v, true
		}
	}
	return 0, false
}

// set reads a setting that is one number from the side, or else from the other
// log: both are of one experiment.
func set(c *Context, s *Side, name string) (float64, bool) {
	for _, side := range []*Side{s, c.Ref, c.Got} {
		if v, ok := side.Settings[name]; ok && finite(v.Num) {
			return v.Num, true
		}
	}
	return 0, false
}

// setVec reads a setting that is a vector.
func setVec(c *Context, s *Side, name string) (v Vec, ok bool) {
	for _, side := range []*Side{s, c.Ref, c.Got} {
		f := strings.Fields(side.Settings[name].Text)
		if len(f) < 3 {
			continue
		}
		for i := range v {
			x, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				return v, false
			}
			v[i] = x
		}
		return v, true
	}
	return v, false
}

func notPrinted(keys ...schema.Key) string {
	var names []string
	for _, k := range keys {
		names = append(names, k.String())
	}
	if len(names) == 1 {
		return "not checked: " + names[0] + " is not printed on both sides"
	}
	return "not checked: " + strings.Join(names, ", ") + " are not all printed on both sides"
}

// show prints the row's two sides with their lines.
func show(r *diff.Row) string {
	ref, got := digits.Cut(valueText(r.Ref), valueText(r.Got)) // which leaves vectors and words
	return fmt.Sprintf("%s is %s (%s) against %s (%s)", r.Name(), got, r.Got.Pos, ref, r.Ref.Pos)
}

func valueText(r *trace.Record) string {
	if len(r.Values) == 0 {
		return r.Text
	}
	var out []string
	for _, v := range r.Values {
		t := v.Text
		if t == "" {
			t = fmt.Sprintf("%.15g", v.Num)
		}
		if v.Name != "" {
			t = v.Name + ":" + t
		}
		out = append(out, t)
	}
	return strings.Join(out, " ")
}

func list(v []float64) string {
	var out []string
	for _, x := range v {
		out = append(out, fmt.Sprintf("%.9g", x))
	}
	return strings.Join(out, " ")
}

// at builds the finding at got's line of the row.
func at(r *diff.Row, what string) []explain.Finding {
	if r.Got == nil || r.Ref == nil {
		return nil
	}
	return []explain.Finding{{Pos: r.Got.Pos, What: show(r) + "; " + what}}
}

// one is a single cause that enters at the first of its rows.
func one(rows []*diff.Row, title string, checks []string, evidence ...string) []Cause {
	c := Cause{Title: title, Explains: rows, Checks: checks, Evidence: evidence}
	if len(rows) > 0 {
		c.Order = rows[0].Key
		c.Findings = at(rows[0], title)
	}
	return []Cause{c}
}

// times is the share of a cause that multiplies the intensity by a ratio.
func times(ratio float64, how string) *explain.Share {
	return &explain.Share{Value: ratio - 1, How: how}
}

// noShare is the share of what is printed only.
func noShare(how string) *explain.Share { return &explain.Share{How: how} }

// other is the log beside s.
func other(c *Context, s *Side) *Side {
	if s == c.Ref {
		return c.Got
	}
	return c.Ref
}
