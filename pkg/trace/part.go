package trace

import (
	"bytes"
	"errors"
	"io"
)

// PartReader reads parts of a log as the Reader of the whole would read them: a
// part begins with the line that names its pixel, see FindSegments. It keeps
// its tables from part to part.
type PartReader struct {
	r   *Reader
	log *Log
}

// NewPartReader returns a reader of parts of the log that positions call name.
func NewPartReader(name string) *PartReader {
	return &PartReader{r: NewReader(nil, name)}
}

// Begin starts another pixel, of which nothing was read.
func (p *PartReader) Begin() {
	r := p.r
	r.place = newPlace()
	r.notes, r.crash, r.end = headings{}, crash{}, ending{}
	r.problems, r.listed, r.unlisted = nil, ProblemCounts{}, ProblemCounts{}
	r.last, r.traceLines = nil, 0
	p.log = &Log{Name: r.src.name}
}

// Read reads lines that stand in the log behind so many others, and adds them
// to the part. Only the last line of a log may lack its newline; last says
// whether the lines are those.
func (p *PartReader) Read(lines []byte, behind int, last bool) error {
	r := p.r
	r.src = source{r: bytes.NewReader(lines), name: r.src.name, lines: behind, opened: true}
	if len(lines) <= maxLine {
		r.src.buf, r.src.end, r.src.err = lines[:len(lines):len(lines)], len(lines), io.EOF
	} else {
		r.src.buf = make([]byte, startBuffer) // for lines that are too long
	}
	r.done = nil
	if !last && len(lines) > 0 && lines[len(lines)-1] != '\n' {
		return errors.New("trace: a part ends within a line")
	}
	for r.done == nil {
		r.fill()
		p.log.Records = append(p.log.Records, r.queue...)
	}
	p.log.Lines += r.src.lines - behind
	p.log.Bytes += int64(len(lines))
	return nil
}

// Log returns the part. Its positions are those of the whole log, and its
// counts those of the part.
func (p *PartReader) Log() *Log {
	l, r := p.log, p.r
	l.Problems, l.Unlisted, l.TraceLines = r.problems, r.unlisted, r.traceLines
	return l
}

// Open tells that what was read last leaves something open that the lines
// behind it decide: the exception of a crash report.
func (p *PartReader) Open() bool { return p.r.crash.open }
