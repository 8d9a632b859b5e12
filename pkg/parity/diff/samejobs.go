package diff

import (
	"unsafe"

	"simtrace/pkg/trace"
)

// sameJobs compares the jobs from one on whose lines are the same in both logs, byte for
// byte, and of the plan that was used last, and returns how many they are. It stops
// before the first other job, and before the last of the logs.
func (w *worker) sameJobs(from, to int) int {
	if !w.e.opt.Names.Schema.Free || len(w.plans.list) == 0 || w.e.opt.EachRow {
		return 0
	}
	p := w.plans.list[0]
	if p.layout[0] == nil || p.layout[1] == nil || !p.alike {
		return 0
	}
	begin := [2]int64{w.at[0].At(from).Off, w.at[1].At(from).Off}
	text, same := w.sameText(begin)
	names := w.e.opt.Names.Schema
	for job := from; job < min(to, w.e.jobs.n-1); job++ {
		a, b := w.at[0].At(job), w.at[1].At(job)
		at, end := a.Off-begin[0], w.at[0].End(job)-begin[0]
		coord := a.At.Coord(names)
		if end > same || end-at > w.e.opt.Sizes.Long || b.Off-begin[1] != at || w.at[1].End(job)-begin[1] != end ||
			!w.reader[1].Repeats(w.reader[0], int(b.Line), int(a.Line)) || !w.reader[0].MatchText(p.layout[0], coord, text[at:end], int(a.Line)) {
			return job - from
		}
		w.take1(p, job, [2]lines{{at: coord}, {at: coord}}, true)
	}
	return max(0, min(to, w.e.jobs.n-1)-from)
}

// sameText is what both windows hold from these places on, as far as it is the same.
func (w *worker) sameText(from [2]int64) (text string, same int64) {
	var rest [2][]byte
	for side, win := range w.window {
		if from[side] < win.from || from[side] >= win.to {
			return "", 0
		}
		buf := w.buf[side]
		if side == 1 && w.shared {
			buf = w.buf[0]
		}
		rest[side] = buf[from[side]-win.from : win.to-win.from]
	}
	n := trace.CommonBytes(rest[0], rest[1])
	return unsafe.String(unsafe.SliceData(rest[0]), n), int64(n)
}
