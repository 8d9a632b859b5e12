package diff

import (
	"math"

	"simtrace/pkg/trace"
)

// printedLines are the lines on which the records of a list stand. What is lost or
// added in a log is lines: a column that is the same in many rows does not tell which.
type printedLines struct {
	list  []trace.Record
	first []int32  // by record: the first on its line
	hash  []uint64 // by record: of what its line prints
}

func newPrintedLines(list []trace.Record) *printedLines {
	p := &printedLines{list: list, first: make([]int32, len(list)), hash: make([]uint64, len(list))}
	for i := 0; i < len(list); {
		to, h := i, uint64(0)
		for ; to < len(list) && list[to].Line == list[i].Line && list[to].File == list[i].File; to++ {
			h = (h ^ textHash(&list[to])) * 0x9e3779b97f4a7c15
		}
		for k := i; k < to; k++ {
			p.first[k], p.hash[k] = int32(i), h
		}
		i = to
	}
	return p
}

// alike tells whether the line of record i prints much the same as that of record j
// in the other log: most of its numbers are the same, but for rounding.
func (p *printedLines) alike(i int32, o *printedLines, j int32) bool {
	i, j = p.first[i], o.first[j]
	numbers, close := 0, 0
	for x, y := i, j; ; x, y = x+1, y+1 {
		mine, other := int(x) < len(p.list) && p.first[x] == i, int(y) < len(o.list) && o.first[y] == j
		if !mine || !other {
			return mine == other && 2*close > numbers
		}
		a, b := p.list[x].Values, o.list[y].Values
		numbers += max(len(a), len(b))
		for k := range min(len(a), len(b)) {
			if math.Abs(a[k].Num-b[k].Num) <= 1e-6*max(math.Abs(a[k].Num), math.Abs(b[k].Num)) {
				close++
			}
		}
	}
}
