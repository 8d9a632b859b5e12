package trace

// visits remembers of pixels that are no longer kept where their counts ended.
// Most ended at 1, and neighbours come together: those are one bit each.
type visits struct {
	once map[span]uint64
	more map[[2]int]int
}

// span is 64 pixels of a row.
type span struct{ slow, part int }

func split(pixel [2]int) (span, uint64) {
	return span{pixel[0], pixel[1] >> 6}, 1 << (pixel[1] & 63)
}

func (v *visits) set(pixel [2]int, top int) {
	if v.once == nil {
		v.once, v.more = map[span]uint64{}, map[[2]int]int{}
	}
	switch s, bit := split(pixel); {
	case top == 1:
		v.once[s] |= bit
	case top > 1:
		v.more[pixel] = top
	}
}

// get returns where the pixel's counts ended, 0 for one that is not known.
func (v *visits) get(pixel [2]int) int {
	if top, ok := v.more[pixel]; ok {
		return top
	}
	if s, bit := split(pixel); v.once[s]&bit != 0 {
		return 1
	}
	return 0
}
