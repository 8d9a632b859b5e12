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
	Problems   []Problem // in the order of the file
	Lines      int       // all lines, the last one with or without its newline
	Bytes      int64     // after decompression
	TraceLines int       // lines that hold a trace, readable or not
}

// Read reads a log to its end. Garbled lines become Problems; the error tells
// of failing input alone, and the Log then holds what came before.
func Read(r io.Reader, name string) (*Log, error) {
	rd := NewReader(r, name)
	log := &Log{Name: name}
	for {
		rec, err := rd.Next()
		if err != nil {
			log.Problems = rd.Problems()
			log.Lines, log.Bytes, log.TraceLines = rd.src.lines, rd.src.bytes, rd.traceLines
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return log, err
		}
		log.Records = append(log.Records, rec)
	}
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
	for _, l := range logs {
		all.Records = append(all.Records, l.Records...)
		all.Problems = append(all.Problems, l.Problems...)
		all.Lines += l.Lines
		all.Bytes += l.Bytes
		all.TraceLines += l.TraceLines
	}
	return all
}
