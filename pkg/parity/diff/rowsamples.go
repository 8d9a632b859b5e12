package diff

import "simtrace/pkg/trace"

// matchRows returns what the other log calls the samples of phi rows that stand outside of
// their samples' blocks, or nil where they keep their numbers. Where each block has its
// rows, they are called as the blocks are; names are those. Else, where one log has fewer,
// what they print tells which these are.
func matchRows(s, other [2]*series, names []int32, list [2][]trace.Record) []int32 {
	mine, theirs := s[rowSeries], other[rowSeries]
	switch {
	case mine.count == 0 || mine.count > theirs.count:
		return nil
	case names != nil && mine.count == s[blockSeries].count && theirs.count == other[blockSeries].count:
		return names
	case mine.count == theirs.count:
		return nil
	}
	a, b := mine.printed(list[0]), theirs.printed(list[1])
	out := make([]int32, mine.count)
	all := true
	q := sequences{n: len(a), m: len(b), same: func(i, j int) bool { return a[i] == b[j] }, hash: func(side, i int) uint64 { return [2][]uint64{a, b}[side][i] }}
	q.resync(func(i, j int) {
		if i >= 0 {
			out[i] = int32(j)
			all = all && j >= 0
		}
	})
	if !all {
		return nil
	}
	return out
}

// printed are hashes of what the samples print, by number.
func (s *series) printed(records []trace.Record) []uint64 {
	out := make([]uint64, s.count)
	for k, i := range s.members {
		h := &out[s.subs[k]]
		*h = (*h ^ textHash(&records[i])) * 0x9e3779b97f4a7c15
	}
	return out
}
