package parity

import (
	"cmp"
	"slices"

	"simtrace/pkg/trace"
)

// mates brings the segments of two logs together by pixel, wherever they stand.
type mates struct {
	ref  []int32              // by segment of the reference: got's first, or alone, or again
	got  []int32              // got's segments whose pixel the reference does not name
	more [2]map[int32][]int32 // of pixels that a log names again: the segments behind the first
}

const (
	alone = -1 // got does not name the pixel
	again = -2 // the reference named the pixel before
)

func mate(ref, got []trace.Segment) *mates {
	m := &mates{ref: make([]int32, len(ref)), more: [2]map[int32][]int32{{}, {}}}
	a, b := byPixelOf(ref), byPixelOf(got)
	for len(a) > 0 || len(b) > 0 {
		c := 0
		switch {
		case len(a) == 0:
			c = 1
		case len(b) == 0:
			c = -1
		default:
			c = comparePixels(&ref[a[0]], &got[b[0]])
		}
		r, g := int32(alone), int32(alone)
		if c <= 0 {
			r = a[0]
			a = m.take(0, ref, a)
		}
		if c >= 0 {
			g = b[0]
			b = m.take(1, got, b)
		}
		if r >= 0 {
			m.ref[r] = g
		} else {
			m.got = append(m.got, g)
		}
	}
	for _, rest := range m.more[0] {
		for _, r := range rest {
			m.ref[r] = again
		}
	}
	slices.Sort(m.got)
	return m
}

// take removes the segments of the first pixel, and notes those behind its
// first one.
func (m *mates) take(side int, list []trace.Segment, order []int32) []int32 {
	n := 1
	for n < len(order) && comparePixels(&list[order[0]], &list[order[n]]) == 0 {
		n++
	}
	if n > 1 {
		m.more[side][order[0]] = slices.Clone(order[1:n])
	}
	return order[n:]
}

// byPixelOf returns the segments' numbers sorted by pixel, those of one pixel in
// the order of the log.
func byPixelOf(list []trace.Segment) []int32 {
	out := make([]int32, len(list))
	for i := range out {
		out[i] = int32(i)
	}
	if !slices.IsSortedFunc(list, func(x, y trace.Segment) int { return comparePixels(&x, &y) }) {
		slices.SortFunc(out, func(x, y int32) int { return cmp.Or(comparePixels(&list[x], &list[y]), cmp.Compare(x, y)) })
	}
	return out
}

func comparePixels(x, y *trace.Segment) int {
	return cmp.Or(cmp.Compare(x.Slow, y.Slow), cmp.Compare(x.Fast, y.Fast))
}
