package imagecmp

import (
	"context"
	"math"
	"math/bits"
)

// ulps counts the pixels by their distance in units in the last place: of a
// float64 where both files hold those, of an integer where both hold integers,
// and of a float32 otherwise.
func (r *Report) ulps(ctx context.Context, x, y []float64) {
	if len(x) == 0 {
		return
	}
	r.ULPKind = Float32
	distance := func(a, b float64) uint64 { return gap32(float32(a), float32(b)) }
	switch {
	case r.Ref.Kind == Float64 && r.Got.Kind == Float64:
		r.ULPKind, distance = Float64, gap64
	case r.Ref.Kind == Uint16 && r.Got.Kind == Uint16:
		r.ULPKind, distance = Uint16, func(a, b float64) uint64 { return uint64(math.Abs(a - b)) }
	}
	var count [65]uint64
	for i := range x {
		if ended(ctx, i) {
			return
		}
		count[bits.Len64(distance(x[i], y[i]))]++
	}
	for n, c := range count {
		if c == 0 {
			continue
		}
		b := Bin{Pixels: c}
		if n > 0 {
			b.From, b.To = 1<<(n-1), 1<<(n-1)+(1<<(n-1)-1)
		}
		r.ULP = append(r.ULP, b)
	}
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
