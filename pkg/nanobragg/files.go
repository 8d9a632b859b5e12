package nanobragg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strconv"
	"unsafe"

	"simtrace/pkg/sim"
)

// ReadMat reads a matrix file: nine numbers, the reciprocal vectors in columns,
// in units of 1/(wavelength angstrom). More text may follow, as MOSFLM writes
// it. Errors carry file and line.
func ReadMat(path string) (*[9]float64, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	var m [9]float64
	n := 0
	for i, line := range bytes.Split(data, []byte("\n")) {
		for _, word := range bytes.Fields(line) {
			if n == len(m) {
				return &m, nil
			}
			f, err := strconv.ParseFloat(string(word), 64)
			if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
				return nil, fmt.Errorf("%s:%d: %q is not a finite number", path, i+1, shorten(word))
			}
			m[n] = f
			n++
		}
	}
	if n < len(m) {
		return nil, fmt.Errorf("%s:%d: file ends after %d of the 9 numbers of a matrix", path, bytes.Count(data, []byte("\n"))+1, n)
	}
	return &m, nil
}

// readFile reads a file with an error that is one clear line.
func readFile(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return nil, fmt.Errorf("%s: %w", path, pe.Err)
	}
	return data, err
}

func shorten(b []byte) string {
	const most = 40
	if len(b) > most {
		return string(b[:most]) + "..."
	}
	return string(b)
}

// reflection is one line of a list.
type reflection struct {
	hkl [3]int32
	f   float64
}

// ReadHKL reads a list of structure factors, "h k l F" in electrons on each
// line; blank lines are skipped. What lies within the bounds of the list and is
// not listed takes fill. Errors carry file and line.
func ReadHKL(path string, fill float64) (*sim.FGrid, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	parts, err := parseParts(path, data)
	if err != nil {
		return nil, err
	}
	var lo, hi [3]int32
	n := 0
	for _, list := range parts {
		if n == 0 && len(list) > 0 {
			lo, hi = list[0].hkl, list[0].hkl
		}
		n += len(list)
		for _, r := range list {
			for i, x := range r.hkl {
				lo[i], hi[i] = min(lo[i], x), max(hi[i], x)
			}
		}
	}
	if n == 0 {
		return nil, fmt.Errorf("%s: no reflections", path)
	}
	g, err := sim.NewFGrid(wide(lo), wide(hi), fill)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, list := range parts {
		for _, r := range list {
			g.Set(int(r.hkl[0]), int(r.hkl[1]), int(r.hkl[2]), r.f)
		}
	}
	g.Count = n
	return g, nil
}

func wide(v [3]int32) [3]int { return [3]int{int(v[0]), int(v[1]), int(v[2])} }

var errFourNumbers = errors.New("a reflection has 4 numbers, h k l F")

// parseHKL reads lines of a list; first is asked for the number of the first of
// them where something is wrong.
func parseHKL(path string, data []byte, first func() int) ([]reflection, error) {
	list := make([]reflection, 0, len(data)/20)
	var words [5][]byte
	for line := 0; len(data) > 0; line++ {
		var text []byte
		text, data, _ = bytes.Cut(data, []byte("\n"))
		n := split(text, &words)
		if n == 0 {
			continue
		}
		var r reflection
		err := errFourNumbers
		if n == 4 {
			r, err = parseReflection(&words)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w, not %q", path, first()+line, err, shorten(bytes.TrimSpace(text)))
		}
		list = append(list, r)
	}
	return list, nil
}

// parseParts reads both halves of a long list at once. The parts are left apart:
// new memory costs more here than all else.
func parseParts(path string, data []byte) (parts [2][]reflection, err error) {
	middle := len(data)
	if i := bytes.IndexByte(data[len(data)/2:], '\n'); i >= 0 && len(data) >= 1<<16 {
		middle = len(data)/2 + i + 1 // never within a line
	}
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		parts[1], failed = parseHKL(path, data[middle:], func() int { return 1 + bytes.Count(data[:middle], []byte("\n")) })
	}()
	parts[0], err = parseHKL(path, data[:middle], func() int { return 1 })
	<-done
	if err == nil {
		err = failed
	}
	return parts, err
}

// split cuts a line into at most 5 words; the fifth tells that there are too
// many.
func split(line []byte, words *[5][]byte) int {
	n := 0
	for i := 0; i < len(line) && n < len(words); {
		for i < len(line) && isSpace(line[i]) {
			i++
		}
		start := i
		for i < len(line) && !isSpace(line[i]) {
			i++
		}
		if i > start {
			words[n] = line[start:i]
			n++
		}
	}
	return n
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' }

// maxIndex bounds Miller indices far beyond any crystal, so that their
// differences cannot overflow.
const maxIndex = 1 << 20

func parseReflection(words *[5][]byte) (r reflection, err error) {
	for i := range r.hkl {
		if n, ok := shortIndex(words[i]); ok {
			r.hkl[i] = int32(n)
			continue
		}
		x, err := strconv.ParseFloat(view(words[i]), 64)
		if err != nil || x != math.Trunc(x) || math.Abs(x) > maxIndex {
			return r, fmt.Errorf("h, k and l are whole numbers of at most %d", maxIndex)
		}
		r.hkl[i] = int32(x)
	}
	var ok bool
	if r.f, ok = shortDecimal(words[3]); ok {
		return r, nil
	}
	r.f, err = strconv.ParseFloat(view(words[3]), 64)
	if err != nil || math.IsNaN(r.f) || math.IsInf(r.f, 0) {
		return r, errors.New("the structure factor is a finite number")
	}
	return r, nil
}

// shortIndex reads an index of a few digits with or without a sign; anything
// else is left to strconv.
func shortIndex(word []byte) (n int, ok bool) {
	digits := bytes.TrimPrefix(word, []byte("-"))
	if len(digits) == 0 || len(digits) > 5 {
		return 0, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	if len(digits) < len(word) {
		n = -n
	}
	return n, true
}

// shortDecimal reads digits with a point among them, of which there are so few
// that the digits as a whole number and the power of ten are both exact: their
// quotient is rounded once, as strconv rounds. Anything else is left to it.
func shortDecimal(word []byte) (f float64, ok bool) {
	digits, behind, point := 0, 0, false
	var n uint64
	for _, c := range word {
		switch {
		case c >= '0' && c <= '9':
			n = 10*n + uint64(c-'0')
			if digits++; point {
				behind++
			}
		case c == '.' && !point:
			point = true
		default:
			return 0, false
		}
	}
	if digits == 0 || digits > 15 {
		return 0, false
	}
	return float64(n) / powersOfTen[behind], true
}

var powersOfTen = [16]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// view reads bytes as a string without a copy; the bytes do not change while
// it is used.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// WriteFloatImage writes a float image: little-endian float32, fast axis first,
// no header.
func WriteFloatImage(w io.Writer, image []float32) error {
	_, err := w.Write(littleEndian(image, func(b []byte, v float32) { binary.LittleEndian.PutUint32(b, math.Float32bits(v)) }))
	return err
}

// ViewFloatImage returns the pixels that WriteFloatImage wrote: without a copy
// where the machine has them so.
func ViewFloatImage(raw []byte) []float32 {
	n := len(raw) / 4
	if n == 0 {
		return nil
	}
	p := unsafe.Pointer(unsafe.SliceData(raw))
	if nativeLittleEndian && uintptr(p)%4 == 0 {
		return unsafe.Slice((*float32)(p), n)
	}
	image := make([]float32, n)
	for i := range image {
		image[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return image
}

var nativeLittleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// littleEndian returns the bytes of numbers, the lower ones first: without a
// copy where the machine has them so.
func littleEndian[T float32 | uint16](numbers []T, put func([]byte, T)) []byte {
	size := int(unsafe.Sizeof(T(0)))
	if len(numbers) == 0 {
		return nil
	}
	if nativeLittleEndian {
		return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(numbers))), size*len(numbers))
	}
	raw := make([]byte, size*len(numbers))
	for i, v := range numbers {
		put(raw[size*i:], v)
	}
	return raw
}
