package record

import (
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Sink writes samples as they come, in one dialect: what Pixel returns for each
// pixel, without a list of it. The port's rows stand behind a pixel's block, and
// wait for its end.
type Sink struct {
	dialect Dialect
	w       trace.Writer
	skip    [schema.Count]bool
	heads   [schema.Count]head
	record  trace.Record   // that is being written
	rows    []trace.Record // that wait; behind them, room for more
	waiting int
	err     error
}

// NewSink returns a sink that writes with a writer of the dialect.
func NewSink(d Dialect, w trace.Writer) *Sink {
	s := &Sink{dialect: d, w: w}
	for _, k := range notIn[d] {
		s.skip[k] = true
	}
	for k := schema.None + 1; int(k) < schema.Count; k++ {
		s.heads[k] = headOf(d, k)
	}
	return s
}

// Take implements sim.Sink.
func (s *Sink) Take(x *sim.Sample) {
	h := &s.heads[x.Key]
	if s.err != nil || s.skip[x.Key] || h.stream == trace.SourceStream && !printsSource(s.dialect, x) {
		return
	}
	if s.dialect == Py && h.stream == trace.PhiStream {
		h.fill(s.wait(), x.Pixel, x)
		return
	}
	h.fill(&s.record, x.Pixel, x)
	s.err = s.w.Write(&s.record)
}

// wait returns the record of a row that is kept until the end of the pixel.
func (s *Sink) wait() *trace.Record {
	if s.waiting == len(s.rows) {
		s.rows = append(s.rows, trace.Record{})
	}
	s.waiting++
	return &s.rows[s.waiting-1]
}

// End ends a pixel; all of it is written then. It returns the first error since
// the sink was made.
func (s *Sink) End() error {
	for i := range s.rows[:s.waiting] {
		if s.err == nil {
			s.err = s.w.Write(&s.rows[i])
		}
	}
	s.waiting = 0
	if s.err == nil {
		s.err = s.w.Flush()
	}
	return s.err
}
