package imagecmp

import (
	"math"
	"math/bits"
)

// ulpKind is in whose last place distances are counted: of a float64 where both
// files hold those, of an integer where both hold integers, and of a float32
// otherwise.
func (r *Report) ulpKind() Kind {
	if r.Ref.Kind == r.Got.Kind && r.Ref.Kind != "" {
		return r.Ref.Kind
	}
	return Float32
}

// distances counts how many units in the last place of a kind finite pixels are apart,
// by the number of bits that this takes.
func (t *tally) distances(kind Kind, x, y []float64) {
	y, ulps, equal := y[:len(x)], &t.ulps, uint64(0)
	switch kind {
	case Float64:
		for i, a := range x {
			ulps[bits.Len64(gap64(a, y[i]))]++
		}
	case Uint16:
		for i, a := range x {
			ulps[bits.Len64(uint64(math.Abs(a-y[i])))]++
		}
	default:
		for i, a := range x {
			if a == y[i] {
				equal++ // most pixels of most images
				continue
			}
			ulps[bits.Len64(gap32(float32(a), float32(y[i])))]++
		}
	}
	ulps[0] += equal
}

// gap32 counts the steps from one float32 to the other. Minus zero and zero are
// one place.
func gap32(a, b float32) uint64 {
	order := func(v float32) int64 {
		if k := int64(math.Float32bits(v)); k>>31 == 0 {
			return k
		}
		return -int64(math.Float32bits(v) &^ (1 << 31))
	}
	return apart(order(a), order(b))
}

func gap64(a, b float64) uint64 {
	order := func(v float64) int64 {
		if k := int64(math.Float64bits(v)); k >= 0 {
			return k
		}
		return -int64(math.Float64bits(v) &^ (1 << 63))
	}
	return apart(order(a), order(b))
}

// apart is |a - b|, which fits where a and b are places of floats.
func apart(a, b int64) uint64 {
	if a < b {
		a, b = b, a
	}
	return uint64(a) - uint64(b)
}
