package trace

// pow10 holds the powers of ten that a double holds exactly.
var pow10 = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// maxDigits is how many digits fit a uint64, whatever they are.
const maxDigits = 19

// plainDecimal reads the plain decimal number at the beginning of s, up to the
// end of its token, and returns how long it is. It answers 0 for what it does
// not read, which may be a number all the same: more digits than a double
// holds, a large exponent, a name before it, hexadecimal. An exponent may begin with
// Fortran's D.
//
// What it reads is exact (Clinger's fast path): the digits as an integer
// below 2^53 and a power of ten up to 22 are both doubles, so that their
// product or quotient is rounded once, as strconv rounds it.
func plainDecimal(s string) (v float64, n int) {
	negative := false
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		negative, n = s[0] == '-', 1
	}
	mantissa, i := digits(s, n, 0)
	count, exp := i-n, 0
	if i < len(s) && s[i] == '.' {
		var j int
		mantissa, j = digits(s, i+1, mantissa)
		exp = i + 1 - j
		count, i = count-exp, j
	}
	if count == 0 || count > maxDigits || mantissa >= 1<<53 {
		return 0, 0
	}
	if i < len(s) && (s[i]|0x20 == 'e' || s[i]|0x20 == 'd') {
		e, j := exponent(s, i+1)
		if j == 0 {
			return 0, 0
		}
		exp, i = exp+e, j
	}
	if i < len(s) && !endsToken[s[i]] {
		return 0, 0
	}
	switch v = float64(mantissa); {
	case exp < -22 || exp > 22:
		return 0, 0
	case exp < 0:
		v /= pow10[-exp]
	case exp > 0:
		v *= pow10[exp]
	}
	if negative {
		v = -v
	}
	return v, i
}

// digits reads the digits from index i on into m, and returns where they end.
// More than maxDigits of them overflow; the caller counts.
func digits(s string, i int, m uint64) (uint64, int) {
	for i+8 <= len(s) {
		w := eight(s, i)
		if !allDigits(w) {
			break
		}
		m = m*100000000 + fromDigits(w)
		i += 8
	}
	for i < len(s) {
		d := s[i] - '0'
		if d > 9 {
			break
		}
		m = m*10 + uint64(d)
		i++
	}
	return m, i
}

// exponent reads a sign and one to three digits from index i on, and returns
// where they end, 0 where there is no such thing.
func exponent(s string, i int) (e, end int) {
	negative := false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		negative = s[i] == '-'
		i++
	}
	first := i
	for i < len(s) && s[i]-'0' <= 9 {
		if i-first == 3 {
			return 0, 0
		}
		e = e*10 + int(s[i]-'0')
		i++
	}
	if i == first {
		return 0, 0
	}
	if negative {
		e = -e
	}
	return e, i
}

// eight returns the eight bytes of s from index i on, the first lowest.
func eight(s string, i int) uint64 {
	s = s[i : i+8] // which spares the check of each byte
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// allDigits tells whether all eight bytes are digits: the high half of each is
// 3, and stays so when 6 is added.
func allDigits(w uint64) bool {
	const high, three = 0xf0f0f0f0f0f0f0f0, 0x3030303030303030
	return w&high == three && (w+0x0606060606060606)&high == three
}

// fromDigits joins neighbours, first to pairs, then to fours, then to eight.
func fromDigits(w uint64) uint64 {
	w -= 0x3030303030303030
	w = w*10 + w>>8
	const mask = 0x000000ff000000ff
	return ((w&mask)*(100+1000000<<32) + (w>>16&mask)*(1+10000<<32)) >> 32
}
