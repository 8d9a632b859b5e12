package nanobragg

// lineRoom is how many bytes quickLine may look at, a power of two.
const lineRoom = 64

// quickLine is shortLine for the form that most lines have: blanks alone between the
// numbers, indices of one to three digits, and digits with a point among them, nine bytes
// at most. All of it lies within lineRoom, which spares the comparisons with the end.
func quickLine(data []byte) (hkl [3]int32, f float64, n int) {
	if len(data) < lineRoom {
		return hkl, 0, 0
	}
	d, i := (*[lineRoom]byte)(data), uint(0)
	var h, k, l int32
	if h, i = quickIndex(d, i); i == 0 {
		return hkl, 0, 0
	}
	if k, i = quickIndex(d, i); i == 0 {
		return hkl, 0, 0
	}
	if l, i = quickIndex(d, i); i == 0 {
		return hkl, 0, 0
	}
	start := i
	for d[i%lineRoom] == ' ' && i < start+8 {
		i++
	}
	x, point := uint32(0), uint(0)
	start = i
	for {
		c := d[i%lineRoom]
		if i++; c-'0' <= 9 {
			x = 10*x + uint32(c-'0')
		} else if c == '.' && point == 0 {
			point = i
		} else if c == '\n' {
			break
		} else {
			return hkl, 0, 0
		}
		if i > start+9 {
			return hkl, 0, 0
		}
	}
	if point == 0 || i-start <= 2 {
		return hkl, 0, 0
	}
	return [3]int32{h, k, l}, float64(x) / powersOfTen[(i-1-point)%uint(len(powersOfTen))], int(i)
}

// quickIndex reads blanks, an index from i on and the blank behind it, and returns where
// that is followed; 0 for anything else.
func quickIndex(d *[lineRoom]byte, i uint) (x int32, end uint) {
	start := i
	for d[i%lineRoom] == ' ' && i < start+8 {
		i++
	}
	minus := d[i%lineRoom] == '-'
	if minus {
		i++
	}
	c := uint32(d[i%lineRoom]) - '0'
	if c > 9 {
		return 0, 0
	}
	u := c
	if c = uint32(d[(i+1)%lineRoom]) - '0'; c <= 9 {
		u = 10*u + c
		i++
		if c = uint32(d[(i+1)%lineRoom]) - '0'; c <= 9 {
			u = 10*u + c
			i++
		}
	}
	if d[(i+1)%lineRoom] != ' ' {
		return 0, 0
	}
	if x = int32(u); minus {
		x = -x
	}
	return x, i + 2
}

// shortLine reads a line of four short numbers, as nearly all lines of lists are, and
// returns how many bytes it has with its newline. n is 0 for any other, which is left
// to parseReflection.
func shortLine(data []byte) (hkl [3]int32, f float64, n int) {
	for i := range hkl {
		n = blanks(data, n)
		if hkl[i], n = shortIndex(data, n); n >= len(data) || !isSpace(data[n]) {
			return hkl, 0, 0
		}
	}
	n = blanks(data, n)
	f, n = shortDecimal(data, n)
	if n = blanks(data, n); n >= len(data) || data[n] != '\n' {
		return hkl, 0, 0
	}
	return hkl, f, n + 1
}

// blanks returns the place of the next byte that is no blank, from i on.
func blanks(data []byte, i int) int {
	for i < len(data) && isSpace(data[i]) {
		i++
	}
	return i
}

// shortIndex reads an index of at most five digits with or without a sign, and
// returns where it ends; len(data) for anything else.
func shortIndex(data []byte, i int) (x int32, end int) {
	minus := i < len(data) && data[i] == '-'
	if minus {
		i++
	}
	start := i
	for i < len(data) && data[i]-'0' <= 9 {
		x = 10*x + int32(data[i]-'0')
		if i++; i > start+5 {
			return 0, len(data)
		}
	}
	if i == start {
		return 0, len(data)
	}
	if minus {
		x = -x
	}
	return x, i
}

// shortDecimal reads digits with a point among them, of which there are so few
// that the digits as a whole number and the power of ten are both exact: their
// quotient is rounded once, as strconv rounds. It returns where they end; len(data)
// for anything else.
func shortDecimal(data []byte, i int) (f float64, end int) {
	var x uint64
	start, point := i, -1
	for ; i < len(data); i++ {
		if c := data[i] - '0'; c <= 9 {
			x = 10*x + uint64(c)
		} else if data[i] == '.' && point < 0 {
			point = i
		} else {
			break
		}
		if i > start+15 {
			return 0, len(data)
		}
	}
	digits, behind := i-start, 0
	if point >= 0 {
		digits, behind = digits-1, i-point-1
	}
	if digits == 0 || digits > 15 {
		return 0, len(data)
	}
	return float64(x) / powersOfTen[behind], i
}

var powersOfTen = [16]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}
