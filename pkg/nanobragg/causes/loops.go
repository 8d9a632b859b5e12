package causes

import (
	"fmt"
	"slices"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// rounds are the loops that a trace shows.
var rounds = []struct {
	name string
	at   int
}{{"phi step", schema.Phi}, {"subpixel", schema.Sub}}

func findShortLoop(c *Context) ([]Cause, string) {
	lost := c.Lost()
	if len(lost) == 0 {
		return nil, "no record is lost that is not accounted for"
	}
	for _, s := range c.Sides() {
		rows := slices.DeleteFunc(slices.Clone(lost), func(r *diff.Row) bool { return c.Record(r, s) })
		o := other(c, s)
		if len(rows) == 0 || len(rows) != len(lost) {
			continue
		}
		for _, loop := range rounds {
			both := roundsOf(c.Rows, loop.at, (*diff.Row).Compared)
			gone := slices.DeleteFunc(roundsOf(rows, loop.at, nil), func(i int32) bool { return slices.Contains(both, i) })
			theirs := append(slices.Clone(both), gone...)
			slices.Sort(theirs)
			if len(gone) == 0 || len(both) == 0 {
				continue
			}
			// What is printed of the first round alone is gone with it.
			if !slices.ContainsFunc(rows, func(r *diff.Row) bool {
				i := r.At[loop.at]
				return !slices.Contains(gone, i) && !(loop.at == schema.Phi && gone[0] == 0 && r.Info != nil && r.Info.Scope == schema.PerStep)
			}) {
				cause := one(append(rows, c.Open(sumKeys...)...), fmt.Sprintf("%s leaves out %s of %d that %s has: %s", s.Name, plural(len(gone), loop.name), len(theirs), o.Name, whichRounds(gone, theirs, loop.name)),
					[]string{fmt.Sprintf("all %d records without partner are of it, %s first, and every other round is there on both sides", len(rows), rows[0].Name())})
				cause[0].PrintOnly = true
				return cause, ""
			}
		}
	}
	return nil, "the records without partner are not those of some rounds of one loop"
}

func plural(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// whichRounds names the rounds that are gone.
func whichRounds(gone, all []int32, name string) string {
	switch {
	case len(gone) == 1 && gone[0] == all[0]:
		return "the first, as of a loop that begins one too late"
	case len(gone) == 1 && gone[0] == all[len(all)-1]:
		return "the last, as of a loop that ends one too early"
	}
	var out []string
	for _, i := range gone {
		out = append(out, fmt.Sprint(i))
	}
	return name + " " + strings.Join(out, ", ")
}

// roundsOf are the values of a coordinate that rows have, in order.
func roundsOf(rows []*diff.Row, at int, only func(*diff.Row) bool) []int32 {
	var out []int32
	for _, r := range rows {
		if i := r.At[at]; i >= 0 && !slices.Contains(out, i) && (only == nil || only(r)) {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out
}
