package parity

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"

	"simtrace/pkg/trace"
)

// Source is a log of plain text that can be read at any place.
type Source struct {
	io.ReaderAt
	Size int64
	Name string // as in the positions "name:line"
	// Cut is set where the log was compressed, and the compressed file ends
	// early.
	Cut bool

	temp *os.File
}

// LargeLog is how many bytes a log may have to be held in memory.
const LargeLog = 16 << 20

// NewSource makes a log that can be read at any place of one that comes in
// order, gzip or plain text. A large file of plain text is read where it is; what
// is small is kept in memory, and any other log is copied into a temporary file
// that Close removes.
func NewSource(r io.Reader, name string) (*Source, error) {
	if f, ok := r.(*os.File); ok {
		if s := fileSource(f, name); s != nil {
			return s, nil
		}
	}
	in := bufio.NewReaderSize(r, 64<<10)
	r = in
	if head, _ := in.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		r = z
	}
	s := &Source{Name: name}
	var start bytes.Buffer
	n, err := io.CopyN(&start, r, LargeLog)
	s.Size, s.ReaderAt = n, bytes.NewReader(start.Bytes())
	if err == nil {
		err = s.spool(start.Bytes(), r)
	}
	switch {
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

// fileSource is a large file of plain text from where it stands on; nil for
// others.
func fileSource(f *os.File, name string) *Source {
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() {
		return nil
	}
	at, err := f.Seek(0, io.SeekCurrent)
	if err != nil || st.Size()-at < LargeLog {
		return nil
	}
	var head [2]byte
	if _, err := f.ReadAt(head[:], at); err != nil || bytes.Equal(head[:], []byte{0x1f, 0x8b}) {
		return nil
	}
	return &Source{ReaderAt: io.NewSectionReader(f, at, st.Size()-at), Size: st.Size() - at, Name: name}
}

// spool copies the log into a temporary file. It goes without a name where the
// system allows that, so that nothing is left behind.
func (s *Source) spool(start []byte, rest io.Reader) error {
	f, err := os.CreateTemp("", "tracecmp-*.log")
	if err != nil {
		return err
	}
	os.Remove(f.Name())
	s.temp, s.ReaderAt = f, f
	if _, err := f.Write(start); err != nil {
		return err
	}
	n, err := io.Copy(f, rest)
	s.Size += n
	return err
}

// Close removes the temporary file, if there is one.
func (s *Source) Close() error {
	if s.temp == nil {
		return nil
	}
	name := s.temp.Name()
	err := s.temp.Close()
	if gone := os.Remove(name); gone != nil && !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	s.temp = nil
	return err
}

// Log reads the whole log.
func (s *Source) Log() (*trace.Log, error) {
	return s.readBy(trace.Read)
}

func (s *Source) readBy(read func(io.Reader, string) (*trace.Log, error)) (*trace.Log, error) {
	l, err := read(io.NewSectionReader(s, 0, s.Size), s.Name)
	if err == nil && s.Cut {
		l.Problems = append(l.Problems, s.cutProblem(l.Lines))
	}
	return l, err
}

func (s *Source) cutProblem(line int) trace.Problem {
	return trace.Problem{Pos: trace.Pos{File: s.Name, Line: line}, Kind: trace.Truncated, Why: "the compressed log ends early"}
}

// read returns the bytes from one offset to another, in buf if it has room.
func (s *Source) read(buf []byte, from, to int64) ([]byte, error) {
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
