package trace

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Log is a whole log in memory.
type Log struct {
	Name       string // as given by the caller
	Records    []Record
	Problems   []Problem     // in the order of the file; see Unlisted
	Unlisted   ProblemCounts // problems beyond the first MaxProblems of their kind
	Lines      int           // all lines, the last one with or without its newline
	Bytes      int64         // after decompression
	TraceLines int           // lines that hold a trace, readable or not
}

// Count returns how many problems of the kind the log has, listed or not.
func (l *Log) Count(k ProblemKind) int {
	n := l.Unlisted[k]
	for i := range l.Problems {
		if l.Problems[i].Kind == k {
			n++
		}
	}
	return n
}

// Read reads a log to its end. Garbled lines become Problems; the error tells
// of failing input alone, and the Log then holds what came before.
func Read(r io.Reader, name string) (*Log, error) {
	return NewReader(r, name).log(name)
}

func (rd *Reader) log(name string) (*Log, error) {
	log := &Log{Name: name}
	for rd.done == nil {
		rd.fill()
		log.Records = append(log.Records, rd.queue...)
	}
	log.Problems, log.Unlisted = rd.problems, rd.unlisted
	log.Lines, log.Bytes, log.TraceLines = rd.src.lines, rd.src.bytes, rd.traceLines
	if errors.Is(rd.done, io.EOF) {
		return log, nil
	}
	return log, rd.done
}

// ReadFile reads the log at path; a log compressed with gzip is recognised by
// its first bytes, whatever it is called.
func ReadFile(path string) (*Log, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	defer f.Close()
	return Read(f, path)
}

// Join makes one log of several files of one run, such as a pixel block and the
// phi rows that were written beside it. Positions keep their files.
func Join(name string, logs ...*Log) *Log {
	all := &Log{Name: name}
	n := 0
	for _, l := range logs {
		n += len(l.Records)
	}
	all.Records = make([]Record, 0, n)
	for _, l := range logs {
		all.Records = append(all.Records, l.Records...)
		all.Problems = append(all.Problems, l.Problems...)
		all.Lines += l.Lines
		all.Bytes += l.Bytes
		all.TraceLines += l.TraceLines
		for k, n := range l.Unlisted {
			all.Unlisted[k] += n
		}
	}
	return all
}
