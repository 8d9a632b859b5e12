package parity

import (
	"cmp"
	"slices"

	"simtrace/pkg/trace"
)

// mates brings the segments of two logs together by pixel, wherever they stand.
type mates struct {
	n    [2]int
	ref  []int32              // by segment of the reference: got's first, or alone, or again; nil where each is that of the same number
	got  []int32              // got's segments whose pixel the reference does not name
	more [2]map[int32][]int32 // of pixels that a log names again: the segments behind the first
}

const (
	alone = -1 // got does not name the pixel
	again = -2 // the reference named the pixel before
)

// of is the partner of a segment of the reference.
func (m *mates) of(i int) int32 {
	if m.ref == nil {
		return int32(i)
	}
	return m.ref[i]
}

func mate(refs, gots *trace.Segments) *mates {
	m := &mates{n: [2]int{refs.Len(), gots.Len()}, more: [2]map[int32][]int32{{}, {}}}
	if alike(refs, gots) {
		return m
	}
	m.ref = make([]int32, refs.Len())
	ref, got := pixelsIn(refs), pixelsIn(gots)
	a, b := inOrder(ref), inOrder(got)
	for len(a) > 0 || len(b) > 0 {
		c := 0
		switch {
		case len(a) == 0:
			c = 1
		case len(b) == 0:
			c = -1
		default:
			c = cmp.Compare(ref[a[0]], got[b[0]])
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

// alike tells whether both logs name the same pixels in the same, rising order,
// as most do.
func alike(ref, got *trace.Segments) bool {
	if ref.Len() != got.Len() {
		return false
	}
	a, b := ref.Cursor(), got.Cursor()
	before := int64(-1)
	for i := range ref.Len() {
		p := pixelOf(a.At(i))
		if p <= before || p != pixelOf(b.At(i)) {
			return false
		}
		before = p
	}
	return true
}

// pixelOf is a segment's pixel as a number that orders it.
func pixelOf(s trace.Segment) int64 { return int64(s.Slow)<<32 | int64(s.Fast) }

func pixelsIn(s *trace.Segments) []int64 {
	out := make([]int64, s.Len())
	c := s.Cursor()
	for i := range out {
		out[i] = pixelOf(c.At(i))
	}
	return out
}

// inOrder returns the segments' numbers sorted by pixel, those of one pixel in
// the order of the log.
func inOrder(pixels []int64) []int32 {
	out := make([]int32, len(pixels))
	for i := range out {
		out[i] = int32(i)
	}
	if !slices.IsSorted(pixels) {
		slices.SortFunc(out, func(x, y int32) int { return cmp.Or(cmp.Compare(pixels[x], pixels[y]), cmp.Compare(x, y)) })
	}
	return out
}

// take removes the segments of the first pixel, and notes those behind its
// first one.
func (m *mates) take(side int, pixels []int64, order []int32) []int32 {
	n := 1
	for n < len(order) && pixels[order[0]] == pixels[order[n]] {
		n++
	}
	if n > 1 {
		m.more[side][order[0]] = slices.Clone(order[1:n])
	}
	return order[n:]
}
