package parity

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
)

// CompareLogs compares got with ref. It never fails: what cannot be compared is
// part of the report.
func CompareLogs(ref, got *trace.Log, opt Options) *Report {
	if len(opt.Map) > 0 {
		panic("parity: CompareLogs does not map names; CompareChecked does")
	}
	if opt.Schema != nil {
		panic("parity: CompareLogs takes no schema; CompareSources reads by it")
	}
	return compare(ref, got, opt, nil)
}

// compare is CompareLogs, and that of another program's logs.
func compare(ref, got *trace.Log, opt Options, f *foreign) *Report {
	tol := opt.tolerance()
	rules := opt.Tolerances.with(tol)
	if f != nil {
		rules = f.rules(opt)
	}
	res := diff.CompareBy(ref, got, rules)
	r := newReport(ref, got, res, opt)
	w := newWaiving(opt.Waivers, opt.Today)
	t := &totals{}
	if f != nil {
		r.foreign, t.declared = f, f.schema.byName
		f.sort(r.Rows)
	}
	for i := range r.Rows {
		w.take(&r.Rows[i], r.Label)
		t.add(&r.Rows[i], 1)
	}
	r.finish(ref, got, res, opt, t, w)
	return r
}

func newReport(ref, got *trace.Log, res *diff.Result, opt Options) *Report {
	r := &Report{
		Ref: input(ref, opt.RefPath, res.RefPixels), Got: input(got, opt.GotPath, res.GotPixels),
		Tolerance: opt.tolerance(), Rows: res.Rows, First: -1,
	}
	r.Problems = append(append(r.Problems, ref.Problems...), got.Problems...)
	return r
}

// finish judges and explains the rows; t and w are of these, and of all that
// were compared beside them. The logs hold the records of the rows.
func (r *Report) finish(ref, got *trace.Log, res *diff.Result, opt Options, t *totals, w *waiving) {
	r.Counts, r.Waivers, r.Smallest = t.Counts, w.judged(), t.tolerance()
	r.Counts.Unparsed = r.Ref.Unparsed + r.Got.Unparsed
	if c := r.Counts; c.Matched+c.Diverged+c.Missing+c.Waived != c.Total {
		panic("parity: the counts do not add up")
	}
	r.findFirst()
	if r.foreign != nil {
		r.foreign.findRoots(r)
	} else {
		r.findRoots()
		r.findResidue()
		r.explain(ref, got, res)
	}
	r.judge(res.Pixels, t)
	r.judgeWaivers()
	if r.Verdict == Refused {
		// Where nothing can be said, nothing is: the rows stand for themselves.
		r.First, r.Roots, r.Causes, r.Notes, r.RuledOut = -1, nil, nil, nil, nil
		r.Smallest = math.NaN()
	}
	r.collectFindings()
	r.reproduce(opt)
}

func input(l *trace.Log, path string, pixels []diff.Pixel) Input {
	in := Input{
		Name: l.Name, Path: path, Lines: l.Lines, Bytes: l.Bytes, TraceLines: l.TraceLines,
		Records: len(l.Records), Pixels: pixels,
	}
	if in.Path == "" {
		in.Path = l.Name
	}
	in.Unparsed = l.Count(trace.Unparsed)
	in.Truncated, in.Crashed = l.Count(trace.Truncated) > 0, l.Count(trace.Traceback) > 0
	return in
}

func (r *Report) findFirst() {
	for i := range r.Rows {
		if r.Rows[i].Broken() {
			r.First = i
			return
		}
	}
}

// findResidue warns of configuration that differs: often it is the cause.
func (r *Report) findResidue() {
	for i := range r.Rows {
		row := &r.Rows[i]
		if config(row) && row.Diverged() {
			r.Residue = append(r.Residue, fmt.Sprintf("%s is set to %s (%s) and %s (%s)",
				row.Name(), show(row.Ref), row.Ref.Pos, show(row.Got), row.Got.Pos))
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

// explain runs the rules on every pixel that both logs have.
func (r *Report) explain(ref, got *trace.Log, res *diff.Result) {
	seen := map[string]int{}
	refs, gots, rows, roots := byPixel(ref), byPixel(got), r.rowsByPixel(), r.rootsByPixel()
	for _, p := range sharedPixels(res) {
		ctx := &explain.Context{
			Ref: explain.NewSide("the reference", refs.of(p)), Got: explain.NewSide("got", gots.of(p)),
			Rows: rows.of(p), Roots: roots.of(p), Tolerance: r.Tolerance,
			RefCut: r.Ref.Truncated || r.Ref.Crashed, GotCut: r.Got.Truncated || r.Got.Crashed,
		}
		table := phiTable(p, ctx)
		if table.shared() {
			r.Phi = append(r.Phi, table)
		}
		if len(ctx.Roots) == 0 && !ctx.HasLost() {
			continue // nothing to explain
		}
		result := explain.Run(ctx)
		if len(r.RuledOut) == 0 {
			r.RuledOut = result.RuledOut
		}
		for _, c := range result.Causes {
			r.addCause(c, p, seen)
		}
	}
	r.assign()
}

// sharedPixels lists the pixels to explain; one without coordinates stands for
// logs that name none.
func sharedPixels(res *diff.Result) []diff.Pixel {
	unnamed := []diff.Pixel{noPixel}
	switch res.Pixels {
	case diff.OtherPixels, diff.AmbiguousPixel:
		return nil
	case diff.AssumedPixel:
		return append(append([]diff.Pixel(nil), res.RefPixels...), res.GotPixels...)
	}
	if len(res.RefPixels) == 0 {
		return unnamed
	}
	var out []diff.Pixel
	for _, p := range res.RefPixels {
		for _, q := range res.GotPixels {
			if p == q {
				out = append(out, p)
			}
		}
	}
	return out
}

// buckets hold things by their pixel; what has none belongs to every pixel.
type buckets[T any] map[diff.Pixel][]T

var noPixel = diff.Pixel{Slow: -1, Fast: -1}

func (b buckets[T]) add(w trace.Where, v T) {
	p := diff.Pixel{Slow: w.Slow, Fast: w.Fast}
	b[p] = append(b[p], v)
}

// of returns what belongs to the pixel, things without a pixel first.
func (b buckets[T]) of(p diff.Pixel) []T {
	out := append([]T(nil), b[noPixel]...)
	if p != noPixel {
		out = append(out, b[p]...)
	}
	return out
}

func byPixel(l *trace.Log) buckets[*trace.Record] {
	b := buckets[*trace.Record]{}
	for i := range l.Records {
		b.add(l.Records[i].At, &l.Records[i])
	}
	return b
}

func (r *Report) rowsByPixel() buckets[*diff.Row] {
	b := buckets[*diff.Row]{}
	for i := range r.Rows {
		b.add(r.Rows[i].At, &r.Rows[i])
	}
	return b
}

func (r *Report) rootsByPixel() buckets[*diff.Row] {
	b := buckets[*diff.Row]{}
	for _, root := range r.Roots {
		b.add(root.Row.At, root.Row)
	}
	return b
}

// addCause takes a cause over; one that was found at another pixel already is
// named there.
func (r *Report) addCause(c explain.Cause, p diff.Pixel, seen map[string]int) {
	list := &r.Causes
	if c.Role == explain.IsNote {
		list = &r.Notes
	}
	id := string(c.Role) + c.ID
	if i, dup := seen[id]; dup {
		first := &(*list)[i]
		first.Explains = append(first.Explains, c.Explains...)
		first.Partly = append(first.Partly, c.Partly...)
		first.Evidence = append(first.Evidence, fmt.Sprintf("The same at pixel %d %d.", p.Slow, p.Fast))
		return
	}
	seen[id] = len(*list)
	*list = append(*list, c)
}

// assign tells every root its causes.
func (r *Report) assign() {
	for i := range r.Roots {
		root := &r.Roots[i]
		for _, c := range append(append([]explain.Cause(nil), r.Causes...), r.Notes...) {
			if has(c.Explains, root.Row) {
				root.Causes = append(root.Causes, c.ID)
			} else if has(c.Partly, root.Row) {
				root.Causes = append(root.Causes, c.ID)
				root.Partly = true
			}
		}
		// A root that one cause covers in full is explained.
		for _, c := range r.Causes {
			if has(c.Explains, root.Row) {
				root.Partly = false
			}
		}
	}
}

func has(rows []*diff.Row, row *diff.Row) bool {
	for _, r := range rows {
		if r == row {
			return true
		}
	}
	return false
}
