package nanobragg

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"unsafe"

	"simtrace/pkg/sim"
)

// reflection is one line of a list.
type reflection struct {
	hkl [3]int32
	f   float64
}

// ReadHKL reads a list of structure factors, "h k l F" in electrons on each
// line; blank lines are skipped. What lies within the bounds of the list and is
// not listed takes fill. Errors carry file and line.
func ReadHKL(path string, fill float64) (*sim.FGrid, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	defer f.Close()
	parts, err := readParts(path, f)
	if err != nil {
		return nil, fileError(path, err)
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

// readParts reads both halves of a long list at once. The parts are left apart, and
// read a piece at a time: new memory costs more here than all else.
func readParts(path string, f *os.File) (parts [2][]reflection, err error) {
	middle, size, err := halves(f)
	if err != nil {
		return parts, err
	}
	if middle == size {
		parts[0], err = readList(path, f, size, func() int { return 1 })
		return parts, err
	}
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		parts[1], failed = readList(path, io.NewSectionReader(f, middle, math.MaxInt64-middle), size-middle, func() int {
			return 1 + newlines(io.NewSectionReader(f, 0, middle))
		})
	}()
	parts[0], err = readList(path, io.NewSectionReader(f, 0, middle), middle, func() int { return 1 })
	<-done
	if err == nil {
		err = failed
	}
	return parts, err
}

// newlines counts the newlines of what can be read.
func newlines(r io.Reader) (n int) {
	buf := make([]byte, 1<<16)
	for {
		have, err := r.Read(buf)
		if n += bytes.Count(buf[:have], []byte("\n")); err != nil {
			return n
		}
	}
}

// halves returns where the second half of a list begins, never within a line;
// size where it is not worth while. A pipe has no size.
func halves(f *os.File) (middle, size int64, err error) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() < 1<<16 {
		return 0, 0, err
	}
	size = info.Size()
	var piece [4096]byte
	n, err := f.ReadAt(piece[:], size/2)
	if err != nil && err != io.EOF {
		return 0, 0, err
	}
	if i := bytes.IndexByte(piece[:n], '\n'); i >= 0 {
		return size/2 + int64(i) + 1, size, nil
	}
	return size, size, nil
}

// maxReflections bounds a list: one of a file that has no end would fill the memory.
const maxReflections = 1 << 26

var errFourNumbers = errors.New("a reflection has 4 numbers, h k l F")

// readList reads lines of a list of about size bytes; first is asked for the number
// of the first of them where something is wrong.
func readList(path string, r io.Reader, size int64, first func() int) ([]reflection, error) {
	list := make([]reflection, 0, min(size/20, 1<<22))
	buf, have, line := make([]byte, 1<<16), 0, 0
	for {
		n, err := r.Read(buf[have:])
		have += n
		end := bytes.LastIndexByte(buf[:have], '\n') + 1
		if err == io.EOF {
			end = have
		} else if err != nil {
			return nil, err
		}
		if bad := parseLines(buf[:end], &list, &line); bad != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, first()+line, bad)
		}
		if err == io.EOF {
			return list, nil
		}
		if len(list) > maxReflections {
			return nil, fmt.Errorf("%s:%d: more than %d reflections", path, first()+line, maxReflections)
		}
		if have = copy(buf, buf[end:have]); have > maxLine {
			return nil, fmt.Errorf("%s:%d: %w", path, first()+line, errLongLine)
		}
		if have == len(buf) {
			buf = append(buf, make([]byte, len(buf))...) // a line as long as this
		}
	}
}

// parseLines appends the reflections of whole lines and counts the lines up to an
// error.
func parseLines(data []byte, list *[]reflection, line *int) error {
	var words [5][]byte
	for ; len(data) > 0; *line++ {
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
			return fmt.Errorf("%w, not %q", err, shorten(bytes.TrimSpace(text)))
		}
		*list = append(*list, r)
	}
	return nil
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
