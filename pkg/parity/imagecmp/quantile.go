package imagecmp

import "math"

// quantile is what of a set of numbers p percent do not exceed: the smallest number
// of which that holds, NaN for an empty set. It sorts nothing: the numbers'
// places in their order are found sixteen bits at a time, from counts.
//
// numbers appends those of a row to a buffer. bits is 32 where all of them are
// float32, else 64.
func (r *Report) quantile(p float64, bits int, numbers func(w *rows, slow int, into []float64) []float64) float64 {
	prefix, rank := uint64(0), uint64(0)
	for shift := bits - 16; shift >= 0; shift -= 16 {
		counts := r.countDigits(bits, shift, prefix, numbers)
		if shift == bits-16 {
			n := uint64(0)
			for _, c := range counts {
				n += c
			}
			if n == 0 {
				return math.NaN()
			}
			rank = uint64(math.Max(math.Ceil(p/100*float64(n))-1, 0))
		}
		digit := 0
		for ; rank >= counts[digit]; digit++ {
			rank -= counts[digit]
		}
		prefix = prefix<<16 | uint64(digit)
	}
	return ofPlace(prefix, bits)
}

// countDigits counts the sixteen bits above shift of those places that begin with
// a prefix.
func (r *Report) countDigits(bits, shift int, prefix uint64, numbers func(w *rows, slow int, into []float64) []float64) []uint64 {
	const digits = 1 << 16
	parts := make(chan []uint32, r.bandCount())
	r.bands(func() func(band, from, to int) {
		w, counts := r.newRows(), make([]uint32, digits)
		parts <- counts
		buf := make([]float64, 0, 2*r.Ref.Fast)
		return func(band, from, to int) {
			for slow := from; slow < to; slow++ {
				for _, v := range numbers(w, slow, buf[:0]) {
					place := placeOf(v, bits)
					if shift+16 == bits || place>>(shift+16) == prefix {
						counts[place>>shift%digits]++
					}
				}
			}
		}
	})
	close(parts)
	all := make([]uint64, digits)
	for counts := range parts {
		for i, c := range counts {
			all[i] += uint64(c)
		}
	}
	return all
}

// placeOf maps a number to a whole one such that the order stays. Minus zero is
// zero.
func placeOf(v float64, bits int) uint64 {
	v += 0
	if bits == 32 {
		b := math.Float32bits(float32(v))
		return uint64(b ^ (uint32(int32(b)>>31) | 1<<31))
	}
	b := math.Float64bits(v)
	return b ^ (uint64(int64(b)>>63) | 1<<63)
}

// ofPlace is the inverse of placeOf.
func ofPlace(place uint64, bits int) float64 {
	if bits == 32 {
		b := uint32(place)
		return float64(math.Float32frombits(b ^ (uint32(int32(^b)>>31) | 1<<31)))
	}
	return math.Float64frombits(place ^ (uint64(int64(^place)>>63) | 1<<63))
}

// placeBits is how many bits tell the places of images' pixels.
func placeBits(images ...*Image) int {
	for _, im := range images {
		if im.singles == nil && im.integers == nil {
			return 64
		}
	}
	return 32
}

// values appends the compared finite pixels of a row of an image that are at least
// so much.
func (w *rows) values(im *Image, slow int, above float64, into []float64) []float64 {
	from, to, mask := w.chosen(slow)
	row := im.row(slow, w.ref)
	for i := from; i < to; i++ {
		if v := row[i]; finite(v) && v >= above && (mask == nil || mask[i] != 0) {
			into = append(into, v)
		}
	}
	return into
}

// differences appends |got - ref| of the compared pixels of a row that differ.
func (w *rows) differences(slow int, into []float64) []float64 {
	from, to, mask := w.chosen(slow)
	ref, got := w.r.Ref.row(slow, w.ref), w.r.Got.row(slow, w.got)
	for i := from; i < to; i++ {
		if d := math.Abs(got[i] - ref[i]); finite(d) && d > 0 && (mask == nil || mask[i] != 0) {
			into = append(into, d)
		}
	}
	return into
}
