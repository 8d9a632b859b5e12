package parity

import (
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// wholeJobs are the rows of the listed jobs, those that the report leaves out as
// well; all is set where every job is listed.
type wholeJobs struct {
	rows [][]diff.Row
	all  bool
}

// around are the rows that a listed job of a program with steps may be computed
// from besides its own: those of the whole run, and those of the step before.
func (c *comparison) around(r *Report, list []diff.Detail, n int) []diff.Row {
	if !r.Foreign() || r.schema.Free {
		return nil
	}
	var out []diff.Row
	before := -1
	for i := range list {
		if i == n {
			continue
		}
		near := c.whole.all || list[i].Job == list[n].Job-1
		if near && len(r.schema.Index) > 0 && c.stepBefore(list[i].Place(), list[n].Place()) && (before < 0 || c.stepBefore(list[before].Place(), list[i].Place())) {
			before = i
		}
		for _, row := range c.whole.rows[i] {
			if row.At[0] < 0 {
				out = append(out, row)
			}
		}
	}
	if before < 0 || !r.schema.Feedback() {
		return out
	}
	for _, row := range c.whole.rows[before] {
		if row.At[0] >= 0 {
			out = append(out, row)
		}
	}
	return out
}

// stepBefore tells whether one block comes before another.
func (c *comparison) stepBefore(a, b schema.Coord) bool {
	if a[0] < 0 || b[0] < 0 {
		return a[0] < 0 && b[0] >= 0
	}
	return c.labels.Names.CompareCoords(a[0], b[0]) < 0
}

// firstSteps leaves the roots of the first step at which something starts: what
// differs at later steps follows from it, unless a formula says that a part of it
// does not. What belongs to no step stays, unless it is made of steps that differ.
func (c *comparison) firstSteps(r *Report) []Root {
	time := r.schema.Time()
	first := -1
	var out []Root
	for i, root := range r.Roots {
		row := root.Row
		if row.At[time] < 0 {
			if !c.follows(row) {
				out = append(out, root)
			}
			continue
		}
		if first < 0 {
			first = i
		}
		if row.At[time] == r.Roots[first].Row.At[time] || root.Local {
			out = append(out, root)
		}
	}
	return out
}

// follows tells whether a quantity of the whole run is computed from some that
// differ anywhere.
func (c *comparison) follows(row *diff.Row) bool {
	if row.Info == nil {
		return false
	}
	up := c.opt.Schema.Sources(row.Key)
	for _, q := range c.sum.quantities {
		if q.Key != row.Key && q.First != nil && slices.Contains(up, q.Key) {
			return true
		}
	}
	return false
}

// sayUnfit tells which formulas of the schema give what neither log prints.
func (c *comparison) sayUnfit(r *Report) {
	seen := map[schema.Key]bool{}
	for _, row := range c.unfit {
		if !seen[row.Key] {
			seen[row.Key] = true
			r.say("the formula of %s, %s, does not give what is printed at %s and %s; it is left aside, and its parents decide",
				row.Name(), row.Info.Formula.Text, row.Ref.Pos(), row.Got.Pos())
		}
	}
}
