package trace

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
)

// Source is a log of plain text that can be read at any place.
type Source struct {
	io.ReaderAt
	Size int64
	Name string // as in the positions "name:line"
	// Cut is set where the log was compressed, and the compressed file ends
	// early.
	Cut bool
	// Whole is set where the last line is known to be whole, though no newline ends
	// it: EndAlike found it in the other log.
	Whole bool

	text  []byte // of a log that is held in memory, as it was read
	parts []part // of a log that is made of several files
	// unended are the lines, by number, that end one of the parts without a
	// newline of their own.
	unended  []int
	temp     *os.File
	lead     string          // what stands before each line, see FindLeads
	numbered *numbering      // what numbers each line, nil for nothing
	places   map[string]bool // what numbers of this log and the one beside it are called, see FindLeads
}

// part is one file of a log that is made of several.
type part struct {
	name string
	off  int64
	line int // lines before it
	src  *Source
}

// MemoryLog is how many bytes of a log are held in memory where it cannot be read
// at any place as it is.
const MemoryLog = 16 << 20

// Text returns a log that is held in memory.
func Text(text, name string) *Source {
	text = strings.TrimPrefix(text, "\ufeff")
	return &Source{ReaderAt: strings.NewReader(text), Size: int64(len(text)), Name: name}
}

// Open makes a log that can be read at any place of one that comes in order:
// plain text or gzip, which is told by its first bytes. A large file of plain
// text is read where it is; what is small is kept in memory, and any other log is
// copied into a temporary file that Close removes. The error is one of the
// input, or ctx's.
func Open(ctx context.Context, r io.Reader, name string) (*Source, error) {
	if f, ok := r.(*os.File); ok {
		if s := fileSource(f, name); s != nil {
			return s, nil
		}
	}
	if b, ok := r.(*bytes.Reader); ok && b.Size() == int64(b.Len()) && b.Size() > 0 {
		head := make([]byte, 4096)
		n, _ := b.ReadAt(head, 0)
		if plainStart(head[:n]) && !returnsAlone(head[:n]) {
			return &Source{ReaderAt: b, Size: b.Size(), Name: name}, nil
		}
	}
	in, err := plainReader(contextReader{ctx, r})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s := &Source{Name: name}
	var start bytes.Buffer
	if f, ok := r.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode().IsRegular() {
			start.Grow(int(min(st.Size(), MemoryLog)) + bytes.MinRead) // read without ever being copied
		}
	}
	n, err := io.CopyN(&start, in, MemoryLog)
	if err == io.EOF {
		newlines(start.Bytes())
	}
	s.Size, s.ReaderAt, s.text = n, bytes.NewReader(start.Bytes()), start.Bytes()
	if err == nil {
		err = s.spool(start.Bytes(), in)
	}
	switch {
	case ctx.Err() != nil:
		s.Close()
		return nil, ctx.Err()
	case errors.Is(err, io.ErrUnexpectedEOF):
		// Only a decompressor says so: the file is shorter than it began to be.
		// That is a cut log, not a failing disk.
		s.Cut = true
	case err != nil && err != io.EOF:
		s.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// plainReader unpacks what is packed, and drops the mark that UTF-8 may begin
// with.
func plainReader(r io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(3)
	if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = bufio.NewReaderSize(z, 64<<10)
		head, _ = in.Peek(3)
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return nil, errors.New("this is UTF-16 text; convert it to UTF-8")
	case bytes.HasPrefix(head, []byte("\ufeff")):
		in.Discard(3)
	}
	return in, nil
}

// newlines makes newlines of the carriage returns that end the lines of some systems,
// where a log has no newline at all.
func newlines(text []byte) {
	if !returnsAlone(text) {
		return
	}
	for i, c := range text {
		if c == '\r' {
			text[i] = '\n'
		}
	}
}

// returnsAlone tells lines that end in carriage returns alone.
func returnsAlone(text []byte) bool {
	return bytes.IndexByte(text, '\n') < 0 && bytes.Count(text, []byte("\r")) > 1
}

// contextReader ends with the context.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p[:min(len(p), 1<<20)])
}

// fileSource is a large file of plain text from where it stands on; nil for
// others.
func fileSource(f *os.File, name string) *Source {
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() {
		return nil
	}
	at, err := f.Seek(0, io.SeekCurrent)
	if err != nil || st.Size()-at < MemoryLog {
		return nil
	}
	var head [3]byte
	if _, err := f.ReadAt(head[:], at); err != nil || !plainStart(head[:]) {
		return nil
	}
	return &Source{ReaderAt: io.NewSectionReader(f, at, st.Size()-at), Size: st.Size() - at, Name: name}
}

// plainStart tells the beginning of a log that is plain text without any mark.
func plainStart(head []byte) bool {
	for _, other := range [][]byte{{0x1f, 0x8b}, {0xff, 0xfe}, {0xfe, 0xff}, []byte("\ufeff")} {
		if bytes.HasPrefix(head, other) {
			return false
		}
	}
	return true
}

// spool copies the log into a temporary file. It goes without a name where the
// system allows that, so that nothing is left behind.
func (s *Source) spool(start []byte, rest io.Reader) error {
	f, err := os.CreateTemp("", "tracecmp-*.log")
	if err != nil {
		return err
	}
	os.Remove(f.Name())
	s.temp, s.ReaderAt, s.text = f, f, nil
	if _, err := f.Write(start); err != nil {
		return err
	}
	n, err := io.Copy(f, rest)
	s.Size += n
	return err
}

// Close removes the temporary files, if there are any.
func (s *Source) Close() error {
	var err error
	for _, p := range s.parts {
		err = errors.Join(err, p.src.Close())
	}
	if s.temp == nil {
		return err
	}
	name := s.temp.Name()
	err = errors.Join(err, s.temp.Close())
	if gone := os.Remove(name); gone != nil && !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	s.temp = nil
	return err
}

// Concat makes one log of several files of one run, such as a pixel block and
// the phi rows that were written beside it. Positions keep their files.
func Concat(ctx context.Context, name string, list ...*Source) (*Source, error) {
	all := &Source{Name: name}
	line := 0
	for _, s := range list {
		all.Cut = all.Cut || s.Cut
		if s.Size == 0 {
			continue
		}
		all.parts = append(all.parts, part{name: s.Name, off: all.Size, line: line, src: s})
		lines, ended, err := s.countLines(ctx)
		if err != nil {
			return nil, err
		}
		line += lines
		all.Size += s.Size
		if !ended {
			// A last line without its end keeps to itself, and may be cut.
			all.Size++
			all.unended = append(all.unended, line)
		}
	}
	all.ReaderAt = joinedParts{all}
	return all, nil
}

func (s *Source) countLines(ctx context.Context) (n int, ended bool, err error) {
	buf := make([]byte, 256<<10)
	for at := int64(0); at < s.Size; {
		if err := ctx.Err(); err != nil {
			return 0, false, err
		}
		k, err := s.ReadAt(buf[:min(int64(len(buf)), s.Size-at)], at)
		if k == 0 {
			return 0, false, fmt.Errorf("%s: %w", s.Name, err)
		}
		n += bytes.Count(buf[:k], []byte{'\n'})
		ended = buf[k-1] == '\n'
		at += int64(k)
	}
	if !ended {
		n++
	}
	return n, ended, nil
}

// endsPart tells whether one of lines from+1 to to ends a part without a newline
// of its own.
func (s *Source) endsPart(from, to int) bool {
	for _, n := range s.unended {
		if n > from && n <= to {
			return true
		}
	}
	return false
}

// joinedParts reads a log that is made of several files.
type joinedParts struct{ s *Source }

func (j joinedParts) ReadAt(b []byte, off int64) (int, error) {
	n := 0
	for n < len(b) {
		at := off + int64(n)
		if at >= j.s.Size {
			return n, io.EOF
		}
		i := sort.Search(len(j.s.parts), func(k int) bool { return j.s.parts[k].off > at }) - 1
		p := &j.s.parts[i]
		if at == p.off+p.src.Size { // the newline that its last line lacks
			b[n] = '\n'
			n++
			continue
		}
		k, err := p.src.ReadAt(b[n:min(int64(len(b)), int64(n)+p.src.Size-(at-p.off))], at-p.off)
		n += k
		if k == 0 {
			return n, err
		}
	}
	return n, nil
}

// Contains tells whether one of some texts stands anywhere in the log.
func (s *Source) Contains(ctx context.Context, texts ...string) (bool, error) {
	const overlap = 64
	var buf []byte
	for at := int64(0); at < s.Size; at += scanChunk - overlap {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		var err error
		if buf, err = s.ReadSpan(buf, at, min(at+scanChunk, s.Size)); err != nil {
			return false, err
		}
		for _, t := range texts {
			if bytes.Contains(buf, []byte(t)) {
				return true, nil
			}
		}
	}
	return false, nil
}

// pos is where line n of the log stands, counted from 1.
func (s *Source) pos(n int) Pos {
	file, line := s.place(n)
	return Pos{File: file, Line: line}
}

// place is the file that line n stands in, and its number there.
func (s *Source) place(n int) (file string, line int) {
	for i := len(s.parts) - 1; i >= 0; i-- {
		if p := &s.parts[i]; n > p.line {
			return p.name, n - p.line
		}
	}
	return s.Name, n
}

// ReadSpan returns the bytes from one offset to another, in buf if it has room. They are
// not to be changed; buf is one that this source filled, or nil.
func (s *Source) ReadSpan(buf []byte, from, to int64) ([]byte, error) {
	if s.text != nil {
		return s.text[from:to:to], nil
	}
	n := int(to - from)
	if cap(buf) < n {
		buf = make([]byte, n+n/8)
	}
	buf = buf[:n]
	if k, err := s.ReadAt(buf, from); k < n {
		if err == nil || err == io.EOF {
			err = errors.New("it has become shorter while it was read")
		}
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	return buf, nil
}
