package imagecmp

import (
	"context"
	"math"
)

// quantile is what of a set of numbers p percent do not exceed: the smallest number
// of which that holds, NaN for an empty set. It sorts nothing: the numbers'
// places in their order are found sixteen bits at a time, from counts.
//
// It means nothing where ctx has ended. count counts those of a row. bits is 32 where all of them are float32, else 64.
func (r *Report) quantile(ctx context.Context, p float64, bits int, count func(w *rows, slow int, d *digits)) float64 {
	d, rank := digits{bits: bits}, uint64(0)
	for d.shift = bits - 16; d.shift >= 0; d.shift -= 16 {
		counts := r.countDigits(ctx, d, count)
		if d.first() {
			n := uint64(0)
			for _, c := range counts {
				n += c
			}
			if n == 0 || ctx.Err() != nil {
				return math.NaN()
			}
			rank = uint64(math.Max(math.Ceil(p/100*float64(n))-1, 0))
		}
		digit := 0
		for ; digit < len(counts)-1 && rank >= counts[digit]; digit++ {
			rank -= counts[digit]
		}
		d.prefix = d.prefix<<16 | uint64(digit)
	}
	return ofPlace(d.prefix, bits)
}

// digits counts the sixteen bits above shift of those places that begin with a
// prefix.
type digits struct {
	bits, shift int
	prefix      uint64
	counts      []uint32
}

func (d *digits) first() bool { return d.shift+16 == d.bits }

func (d *digits) add(v float64) {
	place := placeOf(v, d.bits)
	if d.first() || place>>(d.shift+16) == d.prefix {
		d.counts[place>>d.shift%numberOfDigits]++
	}
}

// addSingles adds the finite ones of float32 numbers.
func (d *digits) addSingles(row []float32) {
	counts, prefix := (*[numberOfDigits]uint32)(d.counts), uint32(d.prefix)
	if !d.first() {
		for _, v := range row {
			if place := placeOf32(v); place>>16 == prefix {
				counts[place&0xffff]++
			}
		}
		return
	}
	// By twos: where all numbers are alike, a count waits for the one before.
	for len(row) > 1 {
		a, b := placeOf32(row[0])>>16, placeOf32(row[1])>>16
		if row = row[2:]; a == b {
			counts[a] += 2
		} else {
			counts[a]++
			counts[b]++
		}
	}
	if len(row) > 0 {
		counts[placeOf32(row[0])>>16]++
	}
	// What is not finite has digits of its own.
	clear(counts[:0x80])
	clear(counts[0xff80:])
}

// addPositive adds the finite ones of float32 numbers that are above zero.
func (d *digits) addPositive(row []float32) {
	counts, shift, first, prefix := (*[numberOfDigits]uint32)(d.counts), d.shift&31, d.first(), uint32(d.prefix)
	for _, v := range row {
		if place := placeOf32(v); v > 0 && v <= math.MaxFloat32 && (first || place>>16 == prefix) {
			counts[place>>shift&0xffff]++
		}
	}
}

const numberOfDigits = 1 << 16

// countDigits counts those of all rows.
func (r *Report) countDigits(ctx context.Context, d digits, count func(w *rows, slow int, d *digits)) []uint64 {
	parts := make(chan []uint32, r.bandCount())
	r.bands(ctx, func() func(band, from, to int) {
		w, own := r.newRows(), d
		own.counts = make([]uint32, numberOfDigits)
		parts <- own.counts
		return func(_, from, to int) {
			for slow := from; slow < to; slow++ {
				count(w, slow, &own)
			}
		}
	})
	close(parts)
	all := make([]uint64, numberOfDigits)
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
		return uint64(placeOf32(float32(v)))
	}
	b := math.Float64bits(v)
	return b ^ (uint64(int64(b)>>63) | 1<<63)
}

func placeOf32(v float32) uint32 {
	b := math.Float32bits(v + 0)
	return b ^ (uint32(int32(b)>>31) | 1<<31)
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

// values counts the compared finite pixels of a row of an image, or of those the
// positive.
func (w *rows) values(im *Image, slow int, positive bool, d *digits) {
	from, to, mask := w.chosen(slow)
	if im.singles != nil && mask == nil && d.bits == 32 {
		row := im.singles[slow*im.Fast+from : slow*im.Fast+to]
		if positive {
			d.addPositive(row)
		} else {
			d.addSingles(row)
		}
		return
	}
	row := im.row(slow, w.ref)
	for i := from; i < to; i++ {
		if v := row[i]; finite(v) && !(positive && !(v > 0)) && (mask == nil || mask[i] != 0) {
			d.add(v)
		}
	}
}

// differences counts |got - ref| of the compared pixels of a row that differ, as 64 bits.
func (w *rows) differences(slow int, d *digits) {
	ref, got := w.r.Ref, w.r.Got
	if from, to, mask := w.chosen(slow); mask == nil && ref.singles != nil && got.singles != nil {
		from, to = slow*ref.Fast+from, slow*ref.Fast+to
		addDifferences(d, ref.singles[from:to], got.singles[from:to])
		return
	}
	p := w.pairs(slow)
	addDifferences(d, p.ref, p.got)
}

// addDifferences adds the finite ones that are not zero.
func addDifferences[T float32 | float64](d *digits, ref, got []T) {
	got = got[:len(ref)]
	counts, shift, above := (*[numberOfDigits]uint32)(d.counts), d.shift&63, (d.shift+16)&63
	first, prefix := d.first(), d.prefix
	for i, a := range ref {
		v := math.Abs(float64(got[i]) - float64(a))
		if !(v > 0 && v <= math.MaxFloat64) {
			continue
		}
		place := math.Float64bits(v) | 1<<63 // as placeOf has it
		if first || place>>above == prefix {
			counts[place>>shift&0xffff]++
		}
	}
}
