package trace

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

const (
	startBuffer = 64 << 10
	// textPiece is how much of the buffer is turned into a string at a time. A
	// value that is kept keeps its piece: short ones bound what a few traces
	// among much else cost, long ones save allocations.
	textPiece = 4 << 10
	// maxLine bounds the memory that a line can take. No trace line comes near
	// it; a hole of zero bytes that a crash left in a file does.
	maxLine = 1 << 20
)

// source cuts a stream into lines, reading gzip as well as plain text.
type source struct {
	r       io.Reader
	name    string
	buf     []byte
	start   int // of the line to come
	scanned int // no newline before this index
	end     int // of the data
	opened  bool
	err     error // what ended the stream, io.EOF included
	long    bool  // within a line that is skipped to its end

	piece   string // buf from pieceAt on, as a string
	pieceAt int

	lines int
	bytes int64
	cut   bool // the compressed stream broke off
}

// rawLine is one line without its newline; text is valid until the next call.
type rawLine struct {
	text  []byte
	at    int  // where in the buffer, -1 where it stands there no more
	ended bool // by a newline, not by the end of the stream
	long  bool // text is only the beginning of it
}

// next returns the next line, or the error that ended the stream.
func (s *source) next() (rawLine, error) {
	for {
		if i := bytes.IndexByte(s.buf[s.scanned:s.end], '\n'); i >= 0 {
			return s.take(s.scanned+i, true), nil
		}
		s.scanned = s.end
		if s.err != nil {
			return s.last()
		}
		s.fill()
	}
}

// hasLine tells whether a line is there that next can return without reading.
func (s *source) hasLine() bool {
	i := bytes.IndexByte(s.buf[s.scanned:s.end], '\n')
	if i < 0 {
		return false
	}
	s.scanned += i
	return true
}

// take returns the line that ends before index i.
func (s *source) take(i int, ended bool) rawLine {
	l := rawLine{text: s.buf[s.start:i], at: s.start, ended: ended, long: s.long}
	s.lines++
	s.start, s.scanned, s.long = i, i, false
	if ended {
		s.start, s.scanned = i+1, i+1
	}
	if l.long {
		l.text = l.text[:min(len(l.text), maxProblemText)]
	}
	return l
}

// last returns what stands behind the last newline, then the error.
func (s *source) last() (rawLine, error) {
	if s.start == s.end || s.err != io.EOF {
		return rawLine{}, s.err
	}
	return s.take(s.end, false), nil
}

// text returns as a string what stands in the buffer from index at to end, a
// part of a line that next returned last.
func (s *source) text(at, end int) string {
	if at < s.pieceAt || end > s.pieceAt+len(s.piece) {
		s.piece, s.pieceAt = string(s.buf[at:max(end, min(s.end, at+textPiece))]), at
	}
	return s.piece[at-s.pieceAt : end-s.pieceAt]
}

func (s *source) fill() {
	if !s.opened {
		s.open()
		return
	}
	s.room()
	n, err := s.r.Read(s.buf[s.end:])
	s.end += n
	s.bytes += int64(n)
	switch {
	case err == nil || err == io.EOF:
		s.err = err
	case errors.Is(err, io.ErrUnexpectedEOF):
		// Only the decompressor says so: the file is shorter than it began to
		// be. That is a cut log, not a failing disk.
		s.err, s.cut = io.EOF, true
	default:
		s.err = fmt.Errorf("%s: %w", s.name, err)
	}
}

// open looks at the first bytes to tell gzip and byte order marks.
func (s *source) open() {
	s.opened = true
	s.buf = make([]byte, startBuffer)
	br := bufio.NewReaderSize(s.r, startBuffer)
	head, _ := br.Peek(3) // what ails the input shows again at the first Read
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		zr, err := gzip.NewReader(br)
		if err != nil {
			s.err = fmt.Errorf("%s: %w", s.name, err)
			return
		}
		s.r = zr
		return
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		s.err = fmt.Errorf("%s: this is UTF-16 text; convert it to UTF-8", s.name)
		return
	case bytes.HasPrefix(head, []byte("\ufeff")):
		n, _ := br.Discard(3)
		s.bytes += int64(n)
	}
	s.r = br
}

// room makes place for more data: by moving what is left to the front, by
// growing, or, in a line that is too long to be one, by dropping its parts.
func (s *source) room() {
	s.piece = ""
	if s.long {
		// The beginning is all that will be shown of this line.
		s.end = min(s.end, s.start+maxProblemText)
	}
	if s.start > 0 {
		s.end = copy(s.buf, s.buf[s.start:s.end])
		s.start = 0
	}
	s.scanned = s.end
	if s.end < len(s.buf) {
		return
	}
	if len(s.buf) < maxLine {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
		return
	}
	s.shorten()
}

// shorten drops from an overlong line what cannot belong to a trace. Where a
// trace line could begin further on, everything before it goes; otherwise the
// line is marked, so that it is reported, and skipped.
func (s *source) shorten() {
	data := s.buf[:s.end]
	const keep = len("TRACE_") // a tag may be cut at the end of the buffer
	if bytes.HasPrefix(data, []byte(jsonStart)) {
		s.long, s.end, s.scanned = true, maxProblemText, maxProblemText
		return
	}
	switch i := bytes.Index(data[1:], []byte("TRACE")); {
	case bytes.HasPrefix(data, []byte("TRACE")) || i == 0:
		s.long, s.end = true, maxProblemText
	case i < 0:
		s.end = copy(s.buf, data[len(data)-keep:])
	default:
		// The byte before the tag stays: it tells whether the tag is one.
		s.end = copy(s.buf, data[i:])
	}
	s.scanned = s.end
}
