package diff

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
	for to = min(to, w.e.jobs.n-1); job < to; job++ {
		a, b := w.at[0].At(job), w.at[1].At(job)
		text := w.held(0, span{a.Off, w.at[0].End(job)})
		coord := a.At.Coord(w.e.opt.Names.Schema)
		if text == "" || int64(len(text)) > w.e.opt.Sizes.Long || text != w.held(1, span{b.Off, w.at[1].End(job)}) ||
			!w.reader[1].Repeats(w.reader[0], int(b.Line), int(a.Line)) || !w.reader[0].MatchText(p.layout[0], coord, text, int(a.Line)) {
			break
		}
		w.take1(p, job, [2]lines{{at: coord}, {at: coord}}, true)
	}
	return max(0, job-from)
}
