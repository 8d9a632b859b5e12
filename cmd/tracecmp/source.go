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

	"simtrace/pkg/trace"
)

// source is one input: where it is, and what was read.
type source struct {
	role, path string   // path is the command where there is one
	argv       []string // its words
	log        *trace.Log
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
	path   string
	log    *trace.Log
	sha256 string
	bytes  int64
	kept   bool // it can be read again, at path
	marks  []mark
}

// read reads the log, or the logs of a folder that simtrace wrote; name is what
// positions call it.
func (s *source) read(name string, stdin io.Reader) error {
	if st, err := os.Stat(s.path); s.path != "-" && err == nil && st.IsDir() {
		return s.readFolder(name)
	}
	f, err := readLog(s.path, name, stdin)
	if err != nil {
		return err
	}
	s.log, s.files = f.log, []file{f}
	return nil
}

// rowsSuffix is what the file of a trace's phi rows has behind the trace's name.
const rowsSuffix = "_per_phi.log"

// readFolder reads the one trace in a folder, and the phi rows beside it unless
// the trace holds them itself.
func (s *source) readFolder(name string) error {
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
	f, err := readLog(found[0], name+"/"+filepath.Base(found[0]), nil)
	if err != nil {
		return err
	}
	s.log, s.files = f.log, []file{f}
	rows := strings.TrimSuffix(found[0], ".log") + rowsSuffix
	if _, err := os.Stat(rows); err != nil || hasRows(f.log) {
		return nil
	}
	r, err := readLog(rows, name+"/"+filepath.Base(rows), nil)
	if err != nil {
		return err
	}
	s.log, s.files = trace.Join(name, f.log, r.log), append(s.files, r)
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

// readLog reads a file and its checksum in one pass.
func readLog(path, name string, stdin io.Reader) (file, error) {
	in := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return file{}, err
		}
		defer f.Close()
		in = f
	}
	out, err := readStream(in, path, name)
	out.kept = path != "-"
	return out, err
}

// readStream reads a log and its checksum from a stream; path is what errors
// call it.
func readStream(in io.Reader, path, name string) (file, error) {
	sum := sha256.New()
	count := &counter{w: sum}
	log, err := trace.Read(io.TeeReader(in, count), name)
	if err == nil {
		_, err = io.Copy(count, in) // what the reader had no use for
	}
	if err != nil {
		return file{}, fmt.Errorf("%s: %w", path, err)
	}
	return file{path, log, hex.EncodeToString(sum.Sum(nil)), count.n, false, count.marks}, nil
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
