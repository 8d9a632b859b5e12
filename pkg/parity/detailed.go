package parity

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// maxRows is how many rows a report lists; of logs of more, it lists those of the
// setup and of some blocks.
const maxRows = 5000

// detail lists rows, and finds the roots and causes of what differs in them.
func (c *comparison) detail(ctx context.Context, r *Report) error {
	jobs, all := c.jobs()
	list, err := c.engine.Detail(ctx, jobs, maxRows)
	if err != nil {
		return err
	}
	again := newWaiving(c.opt.Waivers, c.opt.Today)
	for i := range list {
		for k := range list[i].Rows {
			again.take(&list[i].Rows[k], diff.At{Job: list[i].Job, Number: k}, r.Label)
		}
	}
	if c.collect(r, list, all) {
		r.Summary = c.summary(r, list)
	}
	if r.Verdict == Refused {
		return nil
	}
	c.findFirst(r)
	c.explain(r, list)
	r.skipGrown()
	return nil
}

// jobs are those of which rows are listed: all of small logs; else the setups,
// the first of both logs, those with a first divergence, the first that differ,
// and the first of each kind of difference.
func (c *comparison) jobs() (jobs []int, all bool) {
	if c.sum.Total <= maxRows && c.engine.Jobs() <= maxRows {
		for i := range c.engine.Jobs() {
			jobs = append(jobs, i)
		}
		return jobs, true
	}
	set := map[int]bool{0: true}
	for _, list := range [][]int{c.sum.brokenJobs, slices.Collect(maps.Values(c.sum.kinds)), {c.sum.firstBoth}} {
		for _, job := range list {
			if job >= 0 && job < c.engine.Jobs() {
				set[job] = true
			}
		}
	}
	if _, at := c.sum.first(); at.Job >= 0 {
		set[at.Job] = true
	}
	if c.opt.Schema.Feedback() {
		for _, job := range slices.Collect(maps.Keys(set)) {
			set[max(0, job-1)] = true // what a step follows from
		}
	}
	return slices.Sorted(maps.Keys(set)), false
}

// collect puts the rows of the listed jobs into causal order. Of more than are
// listed it takes those that speak against a match first; it tells whether some
// are left out.
func (c *comparison) collect(r *Report, list []diff.Detail, all bool) (cut bool) {
	total := 0
	for i := range list {
		total += len(list[i].Rows)
		cut = cut || len(list[i].Rows) < list[i].Total
	}
	r.Rows = make([]diff.Row, 0, min(total, maxRows)+1)
	c.whole = wholeJobs{make([][]diff.Row, len(list)), all}
	for i := range list {
		rows := list[i].Rows
		c.whole.rows[i] = rows
		if total > maxRows {
			rows = fewer(rows, max(200, maxRows*len(rows)/total), !r.Foreign())
			cut = cut || len(rows) < len(list[i].Rows)
		}
		list[i].Rows = rows
		r.Rows = append(r.Rows, rows...)
		cut = cut || list[i].Cut
	}
	if first, at := c.sum.first(); first != nil && !slices.ContainsFunc(r.Rows, func(x diff.Row) bool { return sameRow(&x, first) }) {
		row := *first
		for i := range list {
			if list[i].Job == at.Job && !list[i].Cut {
				row.Occur = list[i].Occur(first)
			}
		}
		r.Rows = append(r.Rows, row)
	}
	c.engine.Sort(r.Rows)
	return cut || !all
}

// fewer takes n rows: of a pixel, those of no sample but the first before others, and
// then those that speak against a match.
func fewer(rows []diff.Row, n int, pixel bool) []diff.Row {
	if len(rows) <= n {
		return rows
	}
	grade := func(r *diff.Row) int {
		switch {
		case pixel && r.Once():
			return 0
		case r.Broken():
			return 1
		}
		return 2
	}
	var room [3]int
	for i := range rows {
		room[grade(&rows[i])]++
	}
	left := n
	for g := range room {
		room[g] = min(room[g], left)
		left -= room[g]
	}
	out := make([]diff.Row, 0, n)
	for i := range rows {
		if g := grade(&rows[i]); room[g] > 0 {
			out = append(out, rows[i])
			room[g]--
		}
	}
	return out
}

// sameRow tells whether two rows are of the same records.
func sameRow(a, b *diff.Row) bool {
	return a.Symbol() == b.Symbol() && a.At == b.At && samePos(a.Ref, b.Ref) && samePos(a.Got, b.Got)
}

func samePos(a, b *trace.Record) bool {
	return a == nil && b == nil || a != nil && b != nil && a.SameLine(b)
}

// findFirst looks the first divergence of all up among the rows.
func (c *comparison) findFirst(r *Report) {
	first, _ := c.sum.first()
	if first == nil {
		return
	}
	r.First = slices.IndexFunc(r.Rows, func(x diff.Row) bool { return sameRow(&x, first) })
}

// skipGrown moves the first divergence past rows that differ only because what
// they are computed from differs within tolerance: nothing starts there. It goes
// to the first root behind them, if there is one. Where another quantity is behind
// what differs within tolerance, and not last digits, they are the first that show it.
func (r *Report) skipGrown() {
	for _, root := range r.Roots {
		if root.Amplified > 0 && slices.ContainsFunc(r.Causes, func(c explain.Cause) bool { return !c.Digits && slices.Contains(c.Explains, root.Row) }) {
			return
		}
	}
	for i := max(r.First, 0); r.First >= 0 && i < len(r.Rows); i++ {
		row := &r.Rows[i]
		root := slices.ContainsFunc(r.Roots, func(x Root) bool { return x.Row == row })
		switch {
		case !row.Broken() || grown(row):
		case i == r.First || root || row.Gap == diff.Lost:
			r.First = i
			return
		}
	}
}

// grown tells whether the whole difference of a row follows from inputs that
// agree within tolerance.
func grown(row *diff.Row) bool {
	return row.Split != nil && row.Split.LocalRel() == 0 && !slices.ContainsFunc(row.Split.Inputs, func(in *diff.Row) bool { return in.Diverged() && !grown(in) })
}

// summary says what is not listed.
func (c *comparison) summary(r *Report, list []diff.Detail) *Summary {
	s := &Summary{
		Pixels: c.sum.coverage.Common, OnlyRef: c.sum.coverage.OnlyRef, OnlyGot: c.sum.coverage.OnlyGot,
		Differ: c.sum.differ, Listed: len(r.Rows),
	}
	for i := range list {
		at := list[i].At[0].Joined(list[i].At[1])
		if (at[schema.Slow] >= 0 || at[schema.Fast] >= 0) && !r.Foreign() {
			s.Detailed = append(s.Detailed, diff.Pixel{Slow: int(at[schema.Slow]), Fast: int(at[schema.Fast])})
		}
	}
	return s
}

// explain finds the roots of every listed job, and their causes where rules are
// known.
func (c *comparison) explain(r *Report, list []diff.Detail) {
	index := map[rowID]*diff.Row{}
	c.rooted = map[*diff.Row]bool{}
	for i := range r.Rows {
		index[idOf(&r.Rows[i])] = &r.Rows[i]
	}
	setup := c.setups(list)
	seen := map[string]int{}
	for i := range list {
		d := &list[i]
		rows := d.Rows
		records, settings := d.Records, d.Settings
		if s := setup[d.At[0][schema.Run]]; s != nil && s != d && !r.Foreign() {
			rows = append(slices.Clone(s.Rows), rows...)
			c.engine.Sort(rows)
			for side := range records {
				records[side] = append(slices.Clone(s.Records[side]), records[side]...)
				settings[side] = s.Settings[side].With(settings[side])
			}
		}
		if d.Setup && len(list) > 1 && !r.Foreign() && c.hasPixels(list, d) {
			continue // its roots are those of its pixels, too
		}
		c.explainJob(r, d, rows, c.around(r, list, i), records, settings, index, seen)
	}
	c.addRoots(r)
	r.findResidue()
	r.assign()
}

// setups are the listed jobs that are setups, by run.
func (c *comparison) setups(list []diff.Detail) map[int32]*diff.Detail {
	out := map[int32]*diff.Detail{}
	for i := range list {
		if list[i].Setup && out[list[i].At[0][schema.Run]] == nil {
			out[list[i].At[0][schema.Run]] = &list[i]
		}
	}
	return out
}

// hasPixels tells whether a pixel of the setup's run is listed, on both sides.
func (c *comparison) hasPixels(list []diff.Detail, setup *diff.Detail) bool {
	for i := range list {
		d := &list[i]
		if d != setup && !d.Setup && d.At[0][schema.Run] == setup.At[0][schema.Run] && len(d.Records[0]) > 0 && len(d.Records[1]) > 0 {
			return true
		}
	}
	return false
}

// rowID tells rows of a report apart.
type rowID struct {
	ref, got trace.Pos
	name     string
	occur    int
}

func idOf(row *diff.Row) rowID {
	id := rowID{name: row.Name(), occur: row.Occur}
	if row.Ref != nil {
		id.ref = row.Ref.Pos()
	}
	if row.Got != nil {
		id.got = row.Got.Pos()
	}
	return id
}

// explainJob finds roots and causes of one job. rows are those of the job and of
// its run's setup, around those that they may be computed from besides.
func (c *comparison) explainJob(r *Report, d *diff.Detail, rows, around []diff.Row, records [2][]trace.Record, settings [2]trace.Settings, index map[rowID]*diff.Row, seen map[string]int) {
	var ptrs []*diff.Row
	roots, unfit := c.engine.Roots(rows, around, settings)
	c.unfit = append(c.unfit, unfit...)
	for i := range rows {
		// The rows of the report get what was found out about them.
		if listed := index[idOf(&rows[i])]; listed != nil {
			if rows[i].Split != nil {
				listed.Split = rows[i].Split
			}
			ptrs = append(ptrs, listed)
		} else {
			ptrs = append(ptrs, &rows[i])
		}
	}
	var rootRows []*diff.Row
	for _, root := range roots {
		listed := index[idOf(root.Row)]
		if listed == nil {
			listed = root.Row
		}
		rootRows = append(rootRows, listed)
		if !c.rooted[listed] {
			c.rooted[listed] = true
			r.Roots = append(r.Roots, Root{Row: listed, Unobserved: root.Unobserved, Below: r.listBelow(root.Below), Amplified: root.Amplified, Local: root.Local, Jump: root.Jump})
		}
	}
	if r.Foreign() {
		return
	}
	refs, gots := pointers(records[0]), pointers(records[1])
	if len(refs) == 0 || len(gots) == 0 {
		return
	}
	ctx := &explain.Context{
		Schema: c.opt.Schema,
		Ref:    explain.NewSide(c.opt.Schema, "the reference", refs, settings[0]), Got: explain.NewSide(c.opt.Schema, "got", gots, settings[1]),
		Rows: ptrs, Roots: rootRows, Tolerance: r.Tolerance,
		RefCut: r.Ref.Truncated || r.Ref.Crashed, GotCut: r.Got.Truncated || r.Got.Crashed,
	}
	p := noPixel
	if at := d.At[0].Joined(d.At[1]); at[schema.Slow] >= 0 {
		p = diff.Pixel{Slow: int(at[schema.Slow]), Fast: int(at[schema.Fast])}
	}
	if table := phiTable(p, ctx); table.shared() {
		r.Phi = append(r.Phi, table)
	}
	if len(ctx.Roots) == 0 && !ctx.HasLost() || len(c.opt.Rules) == 0 {
		return // nothing to explain
	}
	result := explain.Run(ctx, c.opt.Rules)
	for _, row := range ctx.Roots[len(rootRows):] {
		if !c.rooted[row] {
			c.rooted[row] = true
			r.Roots = append(r.Roots, Root{Row: row})
		}
	}
	if len(r.RuledOut) == 0 {
		r.RuledOut = result.RuledOut
	}
	for _, cause := range result.Causes {
		r.addCause(cause, p, seen)
	}
}

func pointers(records []trace.Record) []*trace.Record {
	out := make([]*trace.Record, len(records))
	for i := range records {
		out[i] = &records[i]
	}
	return out
}

// noPixel stands for logs that name none.
var noPixel = diff.Pixel{Slow: -1, Fast: -1}

// addRoots puts the roots into the order of the rows; where nothing differs that
// the schema knows, the first row that differs is one.
func (c *comparison) addRoots(r *Report) {
	slices.SortStableFunc(r.Roots, func(x, y Root) int { return c.engine.Order(x.Row, y.Row) })
	var known []Root
	for _, root := range r.Roots {
		if root.Row.Info != nil {
			known = append(known, root)
		}
	}
	if len(known) > 0 {
		r.Roots = known
	} else if len(r.Roots) > 1 {
		r.Roots = r.Roots[:1]
	}
	if c.engine.Sequential() {
		r.Roots = c.firstSteps(r)
	}
	if row := r.FirstRow(); len(r.Roots) == 0 && row != nil && row.Diverged() {
		r.Roots = []Root{{Row: row}}
	}
	c.sayUnfit(r)
}

// findResidue warns of configuration that differs: often it is the cause.
func (r *Report) findResidue() {
	for i := range r.Rows {
		row := &r.Rows[i]
		if config(row) && row.Diverged() {
			r.Residue = append(r.Residue, fmt.Sprintf("%s is set to %s (%s) and %s (%s)",
				row.Name(), show(row.Ref), row.Ref.Pos(), show(row.Got), row.Got.Pos()))
		}
	}
}

// show prints a record's value as it stood in the log.
func show(rec *trace.Record) string {
	if len(rec.Values) == 0 {
		return rec.Text
	}
	s := ""
	for i, v := range rec.Values {
		if i > 0 {
			s += " "
		}
		if v.Name != "" {
			s += v.Name + ":"
		}
		s += v.Text
	}
	return s
}

// maxBelow bounds the list of ancestors that differ below tolerance.
const maxBelow = 4

// listBelow names rows, those that differ most first.
func (r *Report) listBelow(ups []*diff.Row) []string {
	var out []string
	for i, up := range ups {
		if i == maxBelow {
			out = append(out, fmt.Sprintf("%d more", len(ups)-maxBelow))
			break
		}
		if up.Status == diff.Waived {
			out = append(out, fmt.Sprintf("%s (%.2g, waived)", r.Label(up), up.Rel))
			continue
		}
		out = append(out, fmt.Sprintf("%s (%.2g)", r.Label(up), up.Rel))
	}
	return out
}

// addCause takes a cause over; one that was found at another pixel already is
// counted there.
func (r *Report) addCause(c explain.Cause, p diff.Pixel, seen map[string]int) {
	list := &r.Causes
	if c.Role == explain.IsNote {
		list = &r.Notes
	}
	id := string(c.Role) + c.ID + " " + c.Of
	if i, dup := seen[id]; dup {
		first := &(*list)[i]
		first.Explains = append(first.Explains, c.Explains...)
		first.Partly = append(first.Partly, c.Partly...)
		first.Pixels++
		return
	}
	seen[id] = len(*list)
	c.Pixels = 1
	*list = append(*list, c)
}

// assign tells every root its causes.
func (r *Report) assign() {
	at := map[*diff.Row]*Root{}
	for i := range r.Roots {
		at[r.Roots[i].Row] = &r.Roots[i]
	}
	full := map[*diff.Row]bool{} // explained by one cause alone
	for _, c := range append(append([]explain.Cause(nil), r.Causes...), r.Notes...) {
		done := map[*diff.Row]bool{}
		for k, rows := range [2][]*diff.Row{c.Explains, c.Partly} {
			for _, row := range rows {
				root := at[row]
				if root == nil || done[row] {
					continue
				}
				done[row] = true
				root.Causes = append(root.Causes, c.ID)
				root.Partly = root.Partly || k == 1
				full[row] = full[row] || k == 0 && c.Role == explain.IsCause
			}
		}
	}
	for row := range full {
		at[row].Partly = at[row].Partly && !full[row]
	}
	for _, list := range [][]explain.Cause{r.Causes, r.Notes} {
		for i := range list {
			if n := list[i].Pixels; n > 1 {
				list[i].Evidence = append(list[i].Evidence, fmt.Sprintf("The same at %d more of the blocks that are listed.", n-1))
			}
		}
	}
}
