package trace

import "strings"

// hexAt is a hexadecimal number within a line that is compared as it is printed: a
// checksum, flags.
type hexAt struct{ name, text string }

// hashWords name what is no address, however many digits it has.
var hashWords = apart("checksum", "checksums", "crc", "crc32", "hash", "digest", "md5", "sha", "sha1", "sha256", "fingerprint", "signature", "state", "bits")

// addressWords stand before addresses in memory.
var addressWords = apart("at", "by", "address", "addr", "pointer", "ptr", "handle", "base", "stack", "heap")

// hexadecimals blanks the hexadecimal numbers of a line. Addresses in memory differ on
// every run; the others are kept for putHex.
func (t *textReader) hexadecimals(s string) string {
	var b []byte
	from := 0
	for i := 0; i+2 < len(s); i++ {
		if s[i] != '0' || s[i+1] != 'x' || i > 0 && isWordByte(s[i-1]) {
			continue
		}
		n := len(s[i+2:]) - len(strings.TrimLeft(s[i+2:], "0123456789abcdefABCDEF"))
		end := i + 2 + n
		if n == 0 || end < len(s) && (isWordByte(s[end]) || s[end] == '.' && end+1 < len(s) && isWordByte(s[end+1])) {
			continue
		}
		for _, x := range t.numbers {
			if x.to <= i {
				from = max(from, x.to)
			}
		}
		name := s[from:i]
		if k := strings.LastIndexAny(name, ",;|"); k >= 0 {
			name = name[k+1:]
		}
		if words := plainWords(name); isAddress(words, n) {
			t.leaveOut("address", 1)
		} else {
			t.hex = append(t.hex, hexAt{cleanName(name), s[i:end]})
		}
		if b == nil {
			b = []byte(s)
		}
		for k := i; k < end; k++ {
			b[k] = ' '
		}
		t.noteRigid()
		from, i = end, end
	}
	if b == nil {
		return s
	}
	return string(b)
}

// isAddress tells an address in memory by the words before it, and by as many digits as
// pointers have: checksums have 8 or 16.
func isAddress(words string, digits int) bool {
	if hasAny(words, hashWords) {
		return false
	}
	return digits == 7 || digits > 8 && digits < 13 || endsIn(words, addressWords) || endsIn(words, machineWords)
}

// putHex makes records of the line's hexadecimal numbers.
func (r *Reader) putHex() {
	t := r.text
	for _, x := range t.hex {
		if x.name == "" {
			x.name = "hexadecimal"
		}
		rec := r.record(&t.tag, PixelStream, r.names.get(t.under(x.name)), nil, x.text)
		rec.At = *t.here
		r.push(rec)
	}
}
