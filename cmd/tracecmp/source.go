package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	folders "simtrace/internal/bundle"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
)

// source is one input: where it is, and what was read.
type source struct {
	role, path string         // path is the command where there is one
	argv       []string       // its words
	log        *trace.Log     // of a folder
	src        *parity.Source // of anything else
	files      []file
}

// flag is the name of the flag that gives this side.
func (s *source) flag() string {
	if s.role == "got" {
		return "got"
	}
	return "ref"
}

// file is one file of an input.
type file struct {
	path, name string // where it is, and what positions call it
	lines      int
	traceLines int
	sha256     string
	bytes      int64
	kept       bool // it can be read again, at path
	marks      []mark
	open       *os.File // while a large log is read
}

// open reads the log, or the logs of a folder that simtrace wrote; name is what
// positions call it. A large file stays where it is.
func (s *source) open(name string, stdin io.Reader) error {
	if st, err := os.Stat(s.path); s.path != "-" && err == nil && st.IsDir() {
		return s.readFolder(name)
	}
	f, src, err := openLog(s.path, name, stdin)
	if err != nil {
		return err
	}
	s.src, s.files = src, []file{f}
	return nil
}

// read is open, and all of the log in memory.
func (s *source) read(name string, stdin io.Reader) error {
	if err := s.open(name, stdin); err != nil {
		return err
	}
	return s.whole()
}

// whole reads the log into memory.
func (s *source) whole() (err error) {
	if s.log == nil {
		s.log, err = s.src.Log()
	}
	return err
}

// close lets go of the log.
func (s *source) close() {
	if s.src != nil {
		s.src.Close()
	}
	for _, f := range s.files {
		if f.open != nil {
			f.open.Close()
		}
	}
}

// rowsSuffix is what the file of a trace's phi rows has behind the trace's name.
const rowsSuffix = "_per_phi.log"

// readFolder reads the one trace in a folder, and the phi rows beside it unless
// the trace holds them itself. In a report folder with a list of checksums all
// that is listed must be as it was written, and what is read must be listed.
func (s *source) readFolder(name string) error {
	listed, err := folders.Verify(s.path)
	if err != nil {
		return err
	}
	known := func(path string) error {
		if listed == nil || listed[filepath.Base(path)] {
			return nil
		}
		return fmt.Errorf("%s came into the folder later, it is not listed in its sha256.txt: name the log itself to compare it", path)
	}
	found, err := filepath.Glob(filepath.Join(s.path, "trace_*_scaling.log"))
	if err != nil {
		return err
	}
	switch len(found) {
	case 0:
		return fmt.Errorf("%s holds no trace_*_scaling.log", s.path)
	case 1:
	default:
		return fmt.Errorf("%s holds %d traces: name one of them", s.path, len(found))
	}
	if err := known(found[0]); err != nil {
		return err
	}
	f, l, err := readLog(found[0], name+"/"+filepath.Base(found[0]))
	if err != nil {
		return err
	}
	s.log, s.files = l, []file{f}
	rows := strings.TrimSuffix(found[0], ".log") + rowsSuffix
	if _, err := os.Stat(rows); err != nil || hasRows(l) {
		return nil
	}
	if err := known(rows); err != nil {
		return err
	}
	r, more, err := readLog(rows, name+"/"+filepath.Base(rows))
	if err != nil {
		return err
	}
	s.log, s.files = trace.Join(name, l, more), append(s.files, r)
	return nil
}

func hasRows(l *trace.Log) bool {
	for i := range l.Records {
		if l.Records[i].Stream == trace.PhiStream {
			return true
		}
	}
	return false
}

// openLog opens a log; its checksum is there where the log was small.
func openLog(path, name string, stdin io.Reader) (file, *parity.Source, error) {
	if path == "-" {
		return openStream(stdin, path, name)
	}
	f, err := os.Open(path)
	if err != nil {
		return file{}, nil, err
	}
	if st, err := f.Stat(); err == nil && st.Mode().IsRegular() && st.Size() >= parity.LargeLog {
		src, err := parity.NewSource(f, name)
		if err != nil {
			f.Close()
			return file{}, nil, fmt.Errorf("%s: %w", path, err)
		}
		return file{path: path, name: name, kept: true, open: f}, src, nil
	}
	defer f.Close()
	out, src, err := openStream(f, path, name)
	out.kept = true
	return out, src, err
}

// readLog reads a log into memory, with its checksum.
func readLog(path, name string) (file, *trace.Log, error) {
	s := &source{path: path}
	defer s.close()
	if err := s.read(name, nil); err != nil {
		return file{}, nil, err
	}
	if err := s.sum(); err != nil {
		return file{}, nil, err
	}
	f := s.files[0]
	f.lines, f.traceLines = s.log.Lines, s.log.TraceLines
	return f, s.log, nil
}

// openStream takes a log and its checksum from a stream; path is what errors
// call it.
func openStream(in io.Reader, path, name string) (file, *parity.Source, error) {
	sum := sha256.New()
	count := &counter{w: sum}
	src, err := parity.NewSource(io.TeeReader(in, count), name)
	if err == nil {
		_, err = io.Copy(count, in) // what the reader had no use for
	}
	if err != nil {
		return file{}, nil, fmt.Errorf("%s: %w", path, err)
	}
	return file{path: path, name: name, sha256: hex.EncodeToString(sum.Sum(nil)), bytes: count.n, marks: count.marks}, src, nil
}

// sum makes the checksums that are not there yet.
func (s *source) sum() error {
	for i := range s.files {
		f := &s.files[i]
		if f.sha256 != "" {
			continue
		}
		in, err := os.Open(f.path)
		if err != nil {
			return err
		}
		sum := sha256.New()
		count := &counter{w: sum}
		_, err = io.Copy(count, in)
		in.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", f.path, err)
		}
		f.sha256, f.bytes, f.marks = hex.EncodeToString(sum.Sum(nil)), count.n, count.marks
	}
	return nil
}

// counter counts what passes through, and marks where lines stand on the way,
// so that an excerpt need not read a long log from its beginning again.
type counter struct {
	w     io.Writer
	n     int64
	lines int // newlines among them
	marks []mark
}

// mark says how many newlines stand before a byte.
type mark struct {
	lines int
	at    int64
}

// markEvery is the distance between marks, in bytes.
const markEvery = 1 << 20

func (c *counter) Write(p []byte) (int, error) {
	if n := len(c.marks); n == 0 || c.n-c.marks[n-1].at >= markEvery {
		c.marks = append(c.marks, mark{c.lines, c.n})
	}
	c.n += int64(len(p))
	c.lines += bytes.Count(p, []byte{'\n'})
	return c.w.Write(p)
}
