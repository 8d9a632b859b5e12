package trace

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// appendFloat appends FormatFloat's text, without making a string of it.
func appendFloat(b []byte, v float64) []byte {
	if d, ok := round15(v); ok {
		return d.append(b)
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, FormatFloat(v)...)
	}
	return strconv.AppendFloat(b, v, 'g', 15, 64)
}

// rounded15 is a number rounded to fifteen significant digits.
type rounded15 struct {
	negative bool
	exponent int    // of ten, of the first digit
	n        uint64 // the digits, from 10^14 to 10^15-1
}

// From and to which powers of ten the table of tens goes: 10^-19 is the reciprocal of
// a number that 64 bits hold, 10^55 has 128 bits.
const (
	leastTen = -19
	mostTen  = 55
)

// tens are the powers of ten from leastTen on, each its first 64 bits, cut off.
var tens = tenPowers()

func tenPowers() (t [mostTen - leastTen + 1]uint64) {
	hi, lo := uint64(1)<<63, uint64(0) // the first 128 bits of a power of ten, all there are
	for p := range mostTen + 1 {
		t[p-leastTen] = hi
		if 0 < p && p <= -leastTen {
			t[-p-leastTen], _ = bits.Div64(1<<63, 0, hi)
		}
		// Ten times is five times, of one that a shift has brought back to 128 bits.
		top, low := bits.Mul64(lo, 5)
		over, high := bits.Mul64(hi, 5)
		high, carry := bits.Add64(high, top, 0)
		over += carry
		shift := bits.Len64(over)
		hi, lo = over<<(64-shift)|high>>shift, high<<(64-shift)|low>>shift
	}
	return t
}

// round15 rounds a number; ok is false for 0, for what is no number, and where the
// table, or 64 bits of a power of ten, do not decide.
//
// A number's 53 bits times the 64 of a power of ten are its digits in front of the
// point, and at least twelve bits behind. What was cut off makes less than two units of the
// last of these: only next to a half can it change the digits.
func round15(v float64) (d rounded15, ok bool) {
	word := math.Float64bits(v)
	biased := int(word >> 52 & 0x7ff)
	if biased == 0 || biased == 0x7ff {
		return d, false
	}
	mantissa, e := word<<11|1<<63, biased-1023 // v is mantissa/2^63 times 2^e
	d.negative = word>>63 != 0
	d.exponent = e * 78913 >> 18 // log10(2), rounded down; v may have one more
	if next := d.exponent + 1; leastTen <= next && next <= mostTen && binaryOfTen(next) == e && mantissa >= tens[next-leastTen] {
		d.exponent = next
	}
	p := 14 - d.exponent
	if p < leastTen || p > mostTen {
		return d, false
	}
	product, _ := bits.Mul64(mantissa, tens[p-leastTen])
	behind := uint(62 - e - binaryOfTen(p)) // bits behind the point
	half := uint64(1) << (behind - 1)
	switch rest := product & (half<<1 - 1); {
	case rest+1 == half || rest == half:
		return d, false
	case rest > half:
		product += half
	}
	d.n = product >> behind
	return d, 1e14 <= d.n && d.n < 1e15
}

// binaryOfTen is the exponent of two of a power of ten, log2(10) times it rounded down.
func binaryOfTen(p int) int { return p * 108853 >> 15 }

// append appends the number as %.15g prints it.
func (d *rounded15) append(b []byte) []byte {
	const zeros = 0x3030303030303030
	first, last := eightDigits(d.n/1e7), eightDigits(d.n%1e7*10) // the sixteenth is 0
	n := 16 - bits.LeadingZeros64(last)/8
	if last == 0 {
		n = 8 - bits.LeadingZeros64(first)/8
	}
	first, last = first|zeros, last|zeros
	if d.negative {
		b = append(b, '-')
	}
	from := len(b)
	b = slices.Grow(b, 24)
	to := b[from : from+24]
	switch x := d.exponent; {
	case x < -4 || x >= 15:
		pointed(to, first, last, 1)
		if n > 1 {
			n++
		}
		return appendExponent(b[:from+n], x)
	case x < 0:
		binary.LittleEndian.PutUint64(to, zeros&^0xff00|'.'<<8)
		binary.LittleEndian.PutUint64(to[1-x:], first)
		binary.LittleEndian.PutUint64(to[9-x:], last)
		return b[:from+1-x+n]
	case n <= x+1:
		binary.LittleEndian.PutUint64(to, first)
		binary.LittleEndian.PutUint64(to[8:], last)
		return b[:from+x+1]
	default:
		pointed(to, first, last, uint(x+1))
		return b[:from+n+1]
	}
}

// pointed stores sixteen digits with the point behind so many; the last is lost.
func pointed(to []byte, first, last uint64, at uint) {
	if at >= 8 {
		before := uint64(1)<<(8*at-64) - 1
		last = last&before | last&^before<<8 | '.'<<(8*at-64)
	} else {
		before := uint64(1)<<(8*at) - 1
		last = last<<8 | first>>56
		first = first&before | first&^before<<8 | '.'<<(8*at)
	}
	binary.LittleEndian.PutUint64(to, first)
	binary.LittleEndian.PutUint64(to[8:], last)
}

// appendExponent appends e-10; the table's powers have two digits.
func appendExponent(b []byte, x int) []byte {
	sign := byte('+')
	if x < 0 {
		sign, x = '-', -x
	}
	return append(b, 'e', sign, byte('0'+x/10), byte('0'+x%10))
}

// eightDigits are the decimal digits of a number below 10^8, one a byte, the first in the
// lowest: halves, quarters and eighths of the word at a time.
func eightDigits(n uint64) uint64 {
	x := n/10000 | n%10000<<32
	hundreds := x * 10486 >> 20 & 0x0000007f_0000007f
	x = hundreds | (x-hundreds*100)<<16
	tens := x * 103 >> 10 & 0x000f000f_000f000f
	return tens | (x-tens*10)<<8
}
