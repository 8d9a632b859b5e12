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

// reflection is one line of a list, in as few bytes as may be: its indices are packed.
type reflection struct {
	hkl uint64
	f   float64
}

// indexBits is what a packed index has, maxIndex too many of either sign.
const indexBits = 21

func packed(hkl [3]int32) (p uint64) {
	for _, x := range hkl {
		p = p<<indexBits | uint64(x+maxIndex)
	}
	return p
}

func unpacked(p uint64) (h, k, l int) {
	const mask = 1<<indexBits - 1
	return int(p>>(2*indexBits)) - maxIndex, int(p>>indexBits&mask) - maxIndex, int(p&mask) - maxIndex
}

// reflections are a part of a list, with the bounds of its indices.
type reflections struct {
	list   []reflection
	lo, hi [3]int32
}

func (p *reflections) add(hkl [3]int32, f float64) {
	if len(p.list) == 0 {
		p.lo, p.hi = hkl, hkl
	}
	for i, x := range hkl {
		p.lo[i], p.hi[i] = min(p.lo[i], x), max(p.hi[i], x)
	}
	p.list = append(p.list, reflection{packed(hkl), f})
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
	for i := range parts {
		p := &parts[i]
		if n == 0 {
			lo, hi = p.lo, p.hi
		}
		if n += len(p.list); len(p.list) > 0 {
			for i := range lo {
				lo[i], hi[i] = min(lo[i], p.lo[i]), max(hi[i], p.hi[i])
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
	for i := range parts {
		for _, r := range parts[i].list {
			h, k, l := unpacked(r.hkl)
			g.Set(h, k, l, r.f)
		}
	}
	g.Count = n
	return g, nil
}

func wide(v [3]int32) [3]int { return [3]int{int(v[0]), int(v[1]), int(v[2])} }

// readParts reads both halves of a long list at once. The parts are left apart, and
// read a piece at a time: new memory costs more here than all else.
func readParts(path string, f *os.File) (parts [2]reflections, err error) {
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

// leastLine is how short a line of a list may be, "0 0 0 1": memory that is never
// touched costs nothing, and a list that outgrows its memory twice that.
const leastLine = 8

// readList reads lines of a list of about size bytes; first is asked for the number
// of the first of them where something is wrong.
func readList(path string, r io.Reader, size int64, first func() int) (p reflections, err error) {
	p.list = make([]reflection, 0, min(size/leastLine+1, 1<<22))
	buf, have, line := make([]byte, 1<<16), 0, 0
	for {
		n, err := r.Read(buf[have:])
		have += n
		end := bytes.LastIndexByte(buf[:have], '\n') + 1
		if err == io.EOF {
			end = have
		} else if err != nil {
			return p, err
		}
		if bad := p.parseLines(buf[:end], &line); bad != nil {
			return p, fmt.Errorf("%s:%d: %w", path, first()+line, bad)
		}
		if err == io.EOF {
			return p, nil
		}
		if len(p.list) > maxReflections {
			return p, fmt.Errorf("%s:%d: more than %d reflections", path, first()+line, maxReflections)
		}
		if have = copy(buf, buf[end:have]); have > maxLine {
			return p, fmt.Errorf("%s:%d: %w", path, first()+line, errLongLine)
		}
		if have == len(buf) {
			buf = append(buf, make([]byte, len(buf))...) // a line as long as this
		}
	}
}

// parseLines appends the reflections of whole lines and counts the lines up to an
// error.
func (p *reflections) parseLines(data []byte, line *int) error {
	var words [5][]byte
	for ; len(data) > 0; *line++ {
		hkl, f, n := quickLine(data)
		if n == 0 {
			hkl, f, n = shortLine(data)
		}
		if n > 0 {
			p.add(hkl, f)
			data = data[n:]
			continue
		}
		var text []byte
		text, data, _ = bytes.Cut(data, []byte("\n"))
		if n = split(text, &words); n == 0 {
			continue
		}
		err := errFourNumbers
		if n == 4 {
			hkl, f, err = parseReflection(&words)
		}
		if err != nil {
			return fmt.Errorf("%w, not %q", err, shorten(bytes.TrimSpace(text)))
		}
		p.add(hkl, f)
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
const maxIndex = 1<<(indexBits-1) - 1

func parseReflection(words *[5][]byte) (hkl [3]int32, f float64, err error) {
	for i := range hkl {
		x, err := strconv.ParseFloat(view(words[i]), 64)
		if err != nil || x != math.Trunc(x) || math.Abs(x) > maxIndex {
			return hkl, 0, fmt.Errorf("h, k and l are whole numbers of at most %d", maxIndex)
		}
		hkl[i] = int32(x)
	}
	f, err = strconv.ParseFloat(view(words[3]), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return hkl, 0, errors.New("the structure factor is a finite number")
	}
	return hkl, f, nil
}

// view reads bytes as a string without a copy; the bytes do not change while
// it is used.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
