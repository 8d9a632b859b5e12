package trace

import "math/bits"

// maxPlain is how many digits a number of a layout has at most: far from where a
// double overflows, with an exponent of two digits.
const maxPlain = 40

// numberEnd returns where the plain decimal number ends that begins at i, or -1.
// What it takes is a number to parseFloat as well.
func numberEnd(s string, i int) int {
	from := i
	if i < len(s) && s[i] == '-' {
		i++
	}
	whole := i
	i = digitsEnd(s, i)
	if i == whole {
		return -1
	}
	if i < len(s) && s[i] == '.' {
		point := i + 1
		if i = digitsEnd(s, point); i == point {
			return -1
		}
	}
	if i-from > maxPlain {
		return -1
	}
	if i < len(s) && s[i] == 'e' {
		if i+3 >= len(s) || s[i+1] != '-' && s[i+1] != '+' || s[i+2]-'0' > 9 || s[i+3]-'0' > 9 {
			return -1
		}
		i += 4
	}
	if i < len(s) && !(endsToken[s[i]] || s[i] == '\n' || s[i] == '\r') {
		return -1
	}
	return i
}

// digitsEnd returns where the digits end that begin at i.
func digitsEnd(s string, i int) int {
	for i+8 <= len(s) {
		n := digitsBefore(eight(s, i))
		i += n
		if n < 8 {
			return i
		}
	}
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	return i
}

// digitsBefore is how many of eight bytes are digits until one is none.
func digitsBefore(w uint64) int { return bits.TrailingZeros64(notDigits(w)) / 8 }

// notDigits has the top bit of each byte set that is no digit: what is left of it without
// a digit's high half is 10 or more.
func notDigits(w uint64) uint64 {
	const low, top = 0x7f7f7f7f7f7f7f7f, 0x8080808080808080
	w ^= 0x3030303030303030
	return ((w & low) + 0x7676767676767676 | w) & top
}
