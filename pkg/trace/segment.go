package trace

import (
	"bytes"
	"fmt"
	"io"
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
// belongs to none.
type Segments struct {
	List  []Segment // in the order of the log
	Size  int64
	Lines int64 // a last line without its newline included

	// Odd says why the log cannot be read in parts, "" where it can.
	Odd string
}

// End returns the offset behind segment i; -1 is what comes before the first.
func (s *Segments) End(i int) int64 {
	if i+1 < len(s.List) {
		return s.List[i+1].Off
	}
	return s.Size
}

const (
	segmentChunk = 1 << 20
	// longestNaming bounds the lines that are looked at; one that is longer and
	// may name a pixel makes a log odd.
	longestNaming = 4 << 10
)

// FindSegments looks for the pixels of a log of plain text, with as many
// threads. It reads the log once and keeps 24 bytes a pixel. The error is one
// of the input.
func FindSegments(r io.ReaderAt, size int64, threads int) (*Segments, error) {
	chunks := make([]chunk, (size+segmentChunk-1)/segmentChunk)
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, threads)
	for t := range threads {
		wg.Go(func() {
			buf := make([]byte, segmentChunk+2*longestNaming)
			for errs[t] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(chunks) {
					return
				}
				errs[t] = chunks[i].read(r, size, int64(i)*segmentChunk, buf)
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
	list  []Segment
	lines int64
	odd   string
	open  bool // it does not end with a newline
}

// read looks at the log from byte at on. Lines belong to the chunk in which
// they begin; buf has room for what is before and behind.
func (c *chunk) read(r io.ReaderAt, size, at int64, buf []byte) error {
	from := max(0, at-longestNaming)
	end := min(size, at+segmentChunk)
	data := buf[:min(size, end+longestNaming)-from]
	if n, err := r.ReadAt(data, from); n < len(data) {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("reading at byte %d: %w", from+int64(n), err)
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
			return nil
		}
		first += n + 1
	}
	c.look(data, first, last, from)
	return nil
}

// look finds the lines that name a pixel among those that begin between first
// and last.
func (c *chunk) look(data []byte, first, last int, from int64) {
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
		n := bytes.IndexByte(data[start:], '\n')
		if n < 0 {
			n = len(data) - start
		}
		slow, fast, ok, odd := naming(data[start : start+n])
		if odd != "" && c.odd == "" {
			c.odd = odd
		}
		if ok {
			c.list = append(c.list, Segment{Off: from + int64(start), Line: c.lines, Slow: slow, Fast: fast})
		}
		i = start + n
	}
	if counted < last {
		c.lines += int64(bytes.Count(data[counted:last], []byte{'\n'}))
	}
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
	n := 0
	for i := range chunks {
		n += len(chunks[i].list)
	}
	out.List = make([]Segment, 0, n)
	for i := range chunks {
		c := &chunks[i]
		for _, s := range c.list {
			s.Line += out.Lines
			if n := len(out.List); n > 0 && out.List[n-1].Slow == s.Slow && out.List[n-1].Fast == s.Fast {
				continue
			}
			out.List = append(out.List, s)
		}
		if out.Odd == "" {
			out.Odd = c.odd
		}
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
