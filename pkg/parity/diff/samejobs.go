package diff

import "simtrace/pkg/trace/schema"

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
	job := from
	to = min(to, w.e.jobs.n-1)
	if job >= to {
		return 0
	}
	at := schema.Nowhere // of which the place of any program's block is the first
	a, b := w.at[0].At(job), w.at[1].At(job)
	for ; job < to; job++ {
		nextA, nextB := w.at[0].At(job+1), w.at[1].At(job+1)
		text := w.held(0, span{a.Off, nextA.Off})
		at[0] = a.At[0]
		if text == "" || int64(len(text)) > w.e.opt.Sizes.Long || text != w.held(1, span{b.Off, nextB.Off}) ||
			!w.reader[1].Repeats(w.reader[0], int(b.Line), int(a.Line)) || !w.reader[0].MatchText(p.layout[0], &at, text, int(a.Line)) {
			break
		}
		w.take1(p, job, [2]*schema.Coord{&at, &at}, true)
		a, b = nextA, nextB
	}
	return job - from
}
