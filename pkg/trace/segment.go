package trace

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
)

// Segment is a run of lines of one pixel: from a line that names the pixel to
// the next that names another.
type Segment struct {
	Off        int64 // of its first byte in the log
	Line       int64 // lines before it
	Slow, Fast int32
}

// Segments is where the pixels of a log stand. What is before the first of them
// belongs to none. It keeps 5 to 10 bytes a pixel; a Cursor reads them.
type Segments struct {
	Size  int64
	Lines int64 // a last line without its newline included

	// Odd says why the log cannot be read in parts, "" where it can.
	Odd string

	n      int
	chunks []packed
}

// packed are the segments that begin in a piece of the log, each as its distance
// from the one before it, in numbers of varying length.
type packed struct {
	first, n  int
	off, line int64 // of the piece
	data      []byte
}

// Len is how many segments there are.
func (s *Segments) Len() int { return s.n }

// Cursor reads segments by their number; those that stand near each other cost
// least. It is for one goroutine.
type Cursor struct {
	s     *Segments
	chunk int
	list  []Segment // of the chunk
}

// Cursor returns a new cursor.
func (s *Segments) Cursor() *Cursor { return &Cursor{s: s, chunk: -1} }

// At returns segment i.
func (c *Cursor) At(i int) Segment {
	if c.chunk < 0 || i < c.s.chunks[c.chunk].first || i >= c.s.chunks[c.chunk].first+len(c.list) {
		c.chunk = sort.Search(len(c.s.chunks), func(k int) bool { return c.s.chunks[k].first > i }) - 1
		c.list = c.s.chunks[c.chunk].unpack(c.list[:0])
	}
	return c.list[i-c.s.chunks[c.chunk].first]
}

// End returns the offset behind segment i.
func (c *Cursor) End(i int) int64 {
	if i+1 < c.s.n {
		return c.At(i + 1).Off
	}
	return c.s.Size
}

func (p *packed) pack(list []Segment) {
	var before Segment
	for _, s := range list {
		p.data = binary.AppendVarint(p.data, s.Off-before.Off)
		p.data = binary.AppendVarint(p.data, s.Line-before.Line)
		p.data = binary.AppendVarint(p.data, int64(s.Slow)-int64(before.Slow))
		p.data = binary.AppendVarint(p.data, int64(s.Fast)-int64(before.Fast))
		before = s
	}
	p.n, p.data = len(list), slices.Clip(p.data)
}

func (p *packed) unpack(list []Segment) []Segment {
	data := p.data
	next := func() int64 {
		v, n := binary.Varint(data)
		data = data[n:]
		return v
	}
	at := Segment{}
	for range p.n {
		at = Segment{Off: at.Off + next(), Line: at.Line + next(), Slow: int32(int64(at.Slow) + next()), Fast: int32(int64(at.Fast) + next())}
		list = append(list, at)
		last := &list[len(list)-1]
		last.Off, last.Line = last.Off+p.off, last.Line+p.line
	}
	return list
}

const (
	segmentChunk = 1 << 20
	// longestNaming bounds the lines that are looked at; one that is longer and
	// may name a pixel makes a log odd.
	longestNaming = 4 << 10
)

// FindSegments looks for the pixels of a log of plain text, with as many
// threads. It reads the log once. The error is one of the input.
func FindSegments(r io.ReaderAt, size int64, threads int) (*Segments, error) {
	chunks := make([]chunk, (size+segmentChunk-1)/segmentChunk)
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, threads)
	for t := range threads {
		wg.Go(func() {
			buf := make([]byte, segmentChunk+2*longestNaming)
			var list []Segment
			for errs[t] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(chunks) {
					return
				}
				list, errs[t] = chunks[i].read(r, size, int64(i)*segmentChunk, buf, list[:0])
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return joinChunks(chunks, size), nil
}

// chunk is what a piece of the log holds; the lines of its segments count from
// its beginning.
type chunk struct {
	packed
	lines int64
	odd   string
	open  bool // it does not end with a newline
}

// read looks at the log from byte at on. Lines belong to the chunk in which
// they begin; buf has room for what is before and behind.
func (c *chunk) read(r io.ReaderAt, size, at int64, buf []byte, list []Segment) ([]Segment, error) {
	from := max(0, at-longestNaming)
	end := min(size, at+segmentChunk)
	data := buf[:min(size, end+longestNaming)-from]
	if n, err := r.ReadAt(data, from); n < len(data) {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("reading at byte %d: %w", from+int64(n), err)
	}
	first, last := int(at-from), int(end-from)
	c.open = data[last-1] != '\n'
	if first > 0 && data[first-1] != '\n' {
		// The chunk before looked at the beginning of this line.
		n := bytes.IndexByte(data[first:last], '\n')
		rest := data[first:last]
		if n >= 0 {
			c.lines = 1
			rest = rest[:n]
		}
		if len(rest) > longestNaming/2 && bytes.Contains(rest, []byte("ixel (")) {
			c.odd = "a pixel may be named within a long line"
		}
		if n < 0 {
			return list, nil
		}
		first += n + 1
	}
	list = c.look(data, first, last, from, list)
	c.pack(list)
	return list, nil
}

// look finds the lines that name a pixel among those that begin between first
// and last.
func (c *chunk) look(data []byte, first, last int, from int64, list []Segment) []Segment {
	counted := first
	for i := first; ; {
		j := bytes.IndexByte(data[i:], '(')
		if j < 0 {
			break
		}
		i += j + 1
		if !bytes.HasSuffix(data[:i], []byte("ixel (")) {
			continue
		}
		start := bytes.LastIndexByte(data[:i], '\n') + 1
		if start >= last {
			break
		}
		c.lines += int64(bytes.Count(data[counted:start], []byte{'\n'}))
		counted = start
		length := bytes.IndexByte(data[start:], '\n')
		if length < 0 {
			length = len(data) - start
		}
		slow, fast, ok, odd := naming(data[start : start+length])
		if odd != "" && c.odd == "" {
			c.odd = odd
		}
		if n := len(list); ok && (n == 0 || list[n-1].Slow != slow || list[n-1].Fast != fast) {
			list = append(list, Segment{Off: from + int64(start), Line: c.lines, Slow: slow, Fast: fast})
		}
		i = start + length
	}
	if counted < last {
		c.lines += int64(bytes.Count(data[counted:last], []byte{'\n'}))
	}
	return list
}

// naming tells whether a line names the pixel of the lines behind it, as the
// Reader would have it. odd tells a line on which that depends on more than the
// line, or on more than is looked at here.
func naming(line []byte) (slow, fast int32, ok bool, odd string) {
	line = bytes.TrimRight(line, "\r")
	s, f, named := announced(line)
	switch {
	case !named:
		// A later piece of the line may name one.
		if n := bytes.Count(line, []byte("ixel (")); n > 1 {
			return 0, 0, false, "a line that may name several pixels"
		}
		return 0, 0, false, ""
	case len(line) > longestNaming/2 || bytes.IndexByte(line, '\r') >= 0:
		return 0, 0, false, "a pixel is named within a long line or a progress bar"
	case s > 1<<31-1 || f > 1<<31-1:
		return 0, 0, false, "a pixel's number is beyond any detector"
	case bytes.HasPrefix(line, []byte(jsonStart)):
		return 0, 0, false, ""
	}
	text := strings.TrimLeft(string(line), " \t")
	if i := strings.Index(text, "TRACE"); i >= 0 {
		rest, config := strings.CutPrefix(text, "TRACE_CONFIG:")
		if !config || strings.Contains(rest, "TRACE") {
			return 0, 0, false, "a pixel is named within a trace line"
		}
	}
	return int32(s), int32(f), true, ""
}

// joinChunks makes one list of all, in which a pixel that is named again, right
// behind itself, is one segment.
func joinChunks(chunks []chunk, size int64) *Segments {
	out := &Segments{Size: size}
	var list []Segment
	var last Segment
	for i := range chunks {
		c := &chunks[i]
		if out.Odd == "" {
			out.Odd = c.odd
		}
		if c.n > 0 {
			list = c.unpack(list[:0])
			if list[0].Slow == last.Slow && list[0].Fast == last.Fast && out.n > 0 {
				c.data = nil
				c.pack(list[1:])
			}
			last = list[len(list)-1]
		}
		c.first, c.line = out.n, out.Lines
		if c.n > 0 {
			out.chunks = append(out.chunks, c.packed)
		}
		out.n += c.n
		out.Lines += c.lines
	}
	if n := len(chunks); n > 0 && chunks[n-1].open {
		out.Lines++
	}
	return out
}

// Naming is the lines at the beginning of a segment that name its pixel.
type Naming struct{ Bytes, Lines, TraceLines int }

// NamingOf returns the lines at the beginning of a segment that name its pixel.
func NamingOf(text []byte) Naming {
	var n Naming
	for n.Bytes < len(text) {
		line := text[n.Bytes:]
		i := bytes.IndexByte(line, '\n')
		if i < 0 {
			break
		}
		line = line[:i]
		// The first is one, or there were no segment.
		if n.Lines > 0 {
			if !bytes.Contains(line, []byte("ixel (")) {
				break
			}
			if _, _, ok, _ := naming(line); !ok {
				break
			}
		}
		n.Bytes += i + 1
		n.Lines++
		if bytes.Contains(line, []byte("TRACE")) {
			n.TraceLines++
		}
	}
	return n
}
