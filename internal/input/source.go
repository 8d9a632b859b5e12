// Package input opens the logs that are compared: files, folders that simtrace wrote,
// standard input, and what a command prints. It knows their checksums, and reads lines
// out of them again for reports.
package input

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	folders "simtrace/internal/bundle"
	"simtrace/internal/probe"
	"simtrace/pkg/trace"
)

// Source is one side of a comparison: where its log is, and the log that was opened.
type Source struct {
	Role string   // "reference" or "got"
	Path string   // where the log is, or the command that prints it
	Argv []string // the command's words; none for a file
	// Probe is set where the log is what a debugger reads in a program, with these arguments
	// behind those of the probes file; Given are those that the user gave.
	Probe            *probe.Spec
	ProbeArgs, Given []string
	Notes            []string // what a user should know of the probe's run
	// Log is there from Open or OpenCommand on, and so are the Files that it is read from.
	Log   *trace.Source
	Files []File
}

// Flag is the name of the flag that gives this side.
func (s *Source) Flag() string {
	if s.Role == "got" {
		return "got"
	}
	return "ref"
}

// File is one file of an input.
type File struct {
	Path       string // where it is
	Lines      int
	TraceLines int
	SHA256     string // of large files from Sum on
	Bytes      int64  // likewise

	name  string // what positions call it
	kept  bool   // it can be read again, at Path
	marks []mark
	open  *os.File // while a large log is read
}

// Open opens the log, or the logs of a folder that simtrace wrote; name is what
// positions call it. A large file stays where it is.
func (s *Source) Open(ctx context.Context, name string, stdin io.Reader) error {
	if st, err := os.Stat(s.Path); s.Path != "-" && err == nil && st.IsDir() {
		return s.openFolder(ctx, name)
	}
	f, src, err := openLog(ctx, s.Path, name, stdin)
	if err != nil {
		return err
	}
	s.Log, s.Files = src, []File{f}
	if isBinary(src) {
		s.Close()
		return fmt.Errorf("%s is no text: tracecmp image compares images", s.Path)
	}
	return nil
}

// isBinary tells images and the like by their beginning: zero bytes, and others that no
// text has. Zero bytes alone do not tell, because some programs leave them in their logs.
func isBinary(src io.ReaderAt) bool {
	var head [1024]byte
	n, _ := src.ReadAt(head[:], 0)
	b := head[:n]
	control := func(r rune) bool { return r > 0 && r < '\b' || r > '\r' && r < ' ' && r != 0x1b }
	return bytes.IndexByte(b, 0) >= 0 && (bytes.IndexByte(b, '\n') < 0 || !utf8.Valid(b) || bytes.ContainsFunc(b, control))
}

// Close lets go of the log.
func (s *Source) Close() {
	if s.Log != nil {
		s.Log.Close()
	}
	for _, f := range s.Files {
		if f.open != nil {
			f.open.Close()
		}
	}
}

// rowsSuffix is what the file of a trace's phi rows has behind the trace's name.
const rowsSuffix = "_per_phi.log"

// openFolder opens the one trace in a folder, and the phi rows beside it unless
// the trace holds them itself. In a report folder with a list of checksums all
// that is listed must be as it was written, and what is read must be listed.
func (s *Source) openFolder(ctx context.Context, name string) error {
	listed, err := folders.Verify(s.Path)
	if err != nil {
		return err
	}
	known := func(path string) error {
		if listed == nil || listed[filepath.Base(path)] {
			return nil
		}
		return fmt.Errorf("%s came into the folder later, it is not listed in its sha256.txt: name the log itself to compare it", path)
	}
	found, err := filepath.Glob(filepath.Join(s.Path, "trace_*_scaling.log"))
	if err != nil {
		return err
	}
	switch len(found) {
	case 0:
		return fmt.Errorf("%s is a folder without a trace_*_scaling.log of simtrace's: name the log in it", s.Path)
	case 1:
	default:
		return fmt.Errorf("%s holds %d traces: name one of them", s.Path, len(found))
	}
	if err := known(found[0]); err != nil {
		return err
	}
	f, src, err := openLog(ctx, found[0], name+"/"+filepath.Base(found[0]), nil)
	if err != nil {
		return err
	}
	s.Log, s.Files = src, []File{f}
	rows := strings.TrimSuffix(found[0], ".log") + rowsSuffix
	if _, err := os.Stat(rows); err != nil {
		return nil
	}
	if has, err := hasRows(src); err != nil || has {
		return err
	}
	if err := known(rows); err != nil {
		return err
	}
	r, more, err := openLog(ctx, rows, name+"/"+filepath.Base(rows), nil)
	if err != nil {
		return err
	}
	s.Files = append(s.Files, r)
	s.Log, err = trace.Concat(ctx, name, src, more)
	return err
}

// hasRows tells whether a log of one pixel holds rows of its phi steps.
func hasRows(src *trace.Source) (bool, error) {
	text, err := src.ReadSpan(nil, 0, min(src.Size, maxFolderLog))
	if err != nil {
		return false, err
	}
	return bytes.Contains(text, []byte("_PHI phi_tic=")) || bytes.Contains(text, []byte(`{"stream":"phi"`)), nil
}

// maxFolderLog is how far rows are looked for.
const maxFolderLog = 64 << 20

// openLog opens a log; its checksum is there where the log was small.
func openLog(ctx context.Context, path, name string, stdin io.Reader) (File, *trace.Source, error) {
	if path == "-" {
		return openStream(ctx, stdin, path, name)
	}
	f, err := os.Open(path)
	if err != nil {
		return File{}, nil, err
	}
	if st, err := f.Stat(); err == nil && st.Mode().IsRegular() && st.Size() >= trace.MemoryLog {
		src, err := trace.Open(ctx, f, name)
		if err != nil {
			f.Close()
			return File{}, nil, fmt.Errorf("%s: %w", path, err)
		}
		return File{Path: path, name: name, kept: true, open: f}, src, nil
	}
	defer f.Close()
	if st, err := f.Stat(); err == nil && st.Mode().IsRegular() {
		return openSmall(ctx, f, st.Size(), path, name)
	}
	out, src, err := openStream(ctx, f, path, name)
	out.kept = true
	return out, src, err
}

// openSmall reads a small file at once.
func openSmall(ctx context.Context, f *os.File, size int64, path, name string) (File, *trace.Source, error) {
	data := make([]byte, 0, size+1)
	b := bytes.NewBuffer(data)
	if _, err := b.ReadFrom(f); err != nil {
		return File{}, nil, err
	}
	src, err := trace.Open(ctx, bytes.NewReader(b.Bytes()), name)
	if err != nil {
		return File{}, nil, fmt.Errorf("%s: %w", path, err)
	}
	return File{Path: path, name: name, kept: true}, src, nil
}

// openStream takes a log and its checksum from a stream; path is what errors
// call it.
func openStream(ctx context.Context, in io.Reader, path, name string) (File, *trace.Source, error) {
	sum := sha256.New()
	count := &counter{w: sum}
	src, err := trace.Open(ctx, io.TeeReader(in, count), name)
	if err == nil {
		_, err = io.Copy(count, in) // what the reader had no use for
	}
	if err != nil {
		return File{}, nil, fmt.Errorf("%s: %w", path, err)
	}
	return File{Path: path, name: name, SHA256: hex.EncodeToString(sum.Sum(nil)), Bytes: count.n, marks: count.marks}, src, nil
}

// Sum makes the checksums that are not there yet.
func (s *Source) Sum() error {
	for i := range s.Files {
		f := &s.Files[i]
		if f.SHA256 != "" {
			continue
		}
		in, err := os.Open(f.Path)
		if err != nil {
			return err
		}
		sum := sha256.New()
		count := &counter{w: sum}
		_, err = io.Copy(count, in)
		in.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		f.SHA256, f.Bytes, f.marks = hex.EncodeToString(sum.Sum(nil)), count.n, count.marks
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
