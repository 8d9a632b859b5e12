package parity

import (
	"iter"
	"maps"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// report makes the report of what was added up: with the rows of the setup and
// of some pixels, which are read and compared once more.
func (l *twoLogs) report(sum *worker, whole *diff.Whole) (*Report, error) {
	sum.at = whole
	kind := kindOf{}
	head := whole.Compare(diff.NewPart(l.head[refSide]), diff.NewPart(l.head[gotSide]))
	for i := range head {
		sum.row(&head[i], [2]int{0, i}, &kind)
	}
	for side, h := range l.head {
		sum.problems[side].take(h)
		sum.problems[side].trim()
		sum.records[side] += len(h.Records)
		sum.traceLines[side] += h.TraceLines
	}
	pixels, err := l.pixelMatch(sum)
	if err != nil {
		return nil, err
	}
	if err := l.checkNames(sum); err != nil {
		return nil, err
	}
	list := sum.sums.list()
	res, logs, err := l.detail(sum, whole, list)
	if err != nil {
		return nil, err
	}
	res.Pixels = pixels
	r := &Report{Ref: l.input(sum, refSide, l.opt.RefPath), Got: l.input(sum, gotSide, l.opt.GotPath), Tolerance: l.opt.tolerance(), Rows: res.Rows, First: -1}
	r.Problems = append(append(r.Problems, sum.problems[refSide].list...), sum.problems[gotSide].list...)
	r.Summary = &Summary{
		Pixels: sum.shared, OnlyRef: sum.pixels[refSide].n - sum.shared, OnlyGot: sum.pixels[gotSide].n - sum.shared,
		Differ: sum.differ, Detailed: detailed(res), Quantities: list,
	}
	again := newWaiving(l.opt.Waivers, l.opt.Today)
	for i := range r.Rows {
		again.take(&r.Rows[i], labelOfMany)
	}
	r.finish(logs[refSide], logs[gotSide], res, l.opt, &sum.totals, sum.waiving)
	return r, nil
}

// pixelMatch says how the pixels of the logs were brought together.
func (l *twoLogs) pixelMatch(sum *worker) (diff.PixelMatch, error) {
	switch {
	case sum.pixels[refSide].n == 0 || sum.pixels[gotSide].n == 0:
		return 0, notInParts{"a log has no records of the pixels that it names"}
	case sum.shared == 0:
		return diff.OtherPixels, nil
	}
	return diff.SamePixels, nil
}

// checkNames looks for what the options name and no log holds.
func (l *twoLogs) checkNames(sum *worker) error {
	var logs [2]*trace.Log
	for side, s := range sum.survey {
		logs[side] = &trace.Log{Name: l.src[side].Name}
		for _, n := range s.Names() {
			logs[side].Records = append(logs[side].Records, trace.Record{Name: n})
		}
	}
	hit := sum.read[gotSide].hit
	if err := allHit(l.opt.Map, hit, l.src[gotSide].Name, func() []string { return namesOf(logs[gotSide]) }); err != nil {
		return err
	}
	if err := l.opt.Tolerances.Check(logs[:]...); err != nil {
		return err
	}
	return CheckWaivers(l.opt.Waivers, logs[:]...)
}

func (l *twoLogs) input(sum *worker, side int, path string) Input {
	s, p := l.src[side], &sum.problems[side]
	in := Input{
		Name: s.Name, Path: or(path, s.Name), Lines: int(l.seg[side].Lines), Bytes: s.Size, TraceLines: sum.traceLines[side],
		Records: sum.records[side], Unparsed: p.counts[trace.Unparsed],
		Truncated: p.counts[trace.Truncated] > 0, Crashed: p.counts[trace.Traceback] > 0,
	}
	for _, i := range sum.pixels[side].first {
		seg := l.at[side].At(i)
		in.Pixels = append(in.Pixels, diff.Pixel{Slow: int(seg.Slow), Fast: int(seg.Fast)})
	}
	in.MorePixels = sum.pixels[side].n - len(in.Pixels)
	return in
}

// detail reads and compares the setup and the pixels of which the rows are
// listed: the one that both logs have first, the one of the first divergence,
// the first that differ, and the first of each kind of difference.
func (l *twoLogs) detail(sum *worker, whole *diff.Whole, list []Quantity) (*diff.Result, [2]*trace.Log, error) {
	jobs := append(lowest(slices.Values(sum.broken)), lowest(maps.Values(sum.kinds))...)
	for i := range list {
		if list[i].First != nil {
			if job := list[i].firstAt[0]; job > 0 {
				jobs = append(jobs, job-1)
			}
			break
		}
	}
	if sum.shared > 0 {
		jobs = append(jobs, sum.firstShared)
	}
	slices.Sort(jobs)
	jobs = slices.Compact(jobs)
	var logs [2]*trace.Log
	res := &diff.Result{}
	all := [2][]*trace.Log{{l.head[refSide]}, {l.head[gotSide]}}
	w := newWorker(l, whole)
	for _, job := range jobs {
		parts, err := w.load(job)
		if err != nil {
			return nil, logs, err
		}
		for side, pieces := range parts {
			p, err := w.parse(side, pieces)
			if err != nil {
				return nil, logs, err
			}
			if len(p.Records) > 0 {
				into := [2]*[]diff.Pixel{&res.RefPixels, &res.GotPixels}[side]
				*into = append(*into, diff.Pixel{Slow: p.Records[0].At.Slow, Fast: p.Records[0].At.Fast})
			}
			all[side] = append(all[side], p)
		}
	}
	for side := range logs {
		logs[side] = trace.Join(l.src[side].Name, all[side]...)
	}
	res.Rows = whole.Compare(diff.NewPart(logs[refSide]), diff.NewPart(logs[gotSide]))
	return res, logs, nil
}

// lowest returns the lowest jobs, as many as are listed.
func lowest(jobs iter.Seq[int]) []int {
	out := slices.Sorted(jobs)
	return out[:min(len(out), maxListed)]
}

// detailed lists the pixels whose rows a result has.
func detailed(res *diff.Result) []diff.Pixel {
	out := slices.Clone(res.RefPixels)
	for _, p := range res.GotPixels {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}
