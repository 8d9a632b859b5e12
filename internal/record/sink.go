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
	return s
}

// Take implements sim.Sink.
func (s *Sink) Take(x *sim.Sample) {
	if s.err != nil || s.skip[x.Key] || !printsSource(s.dialect, x) {
		return
	}
	r := &s.record
	*r = sample(s.dialect, x.Pixel, x, r.Values[:0])
	if s.dialect == Py && r.Stream == trace.PhiStream {
		s.wait(r)
		return
	}
	s.err = s.w.Write(r)
}

// wait keeps a row until the end of the pixel.
func (s *Sink) wait(r *trace.Record) {
	if s.waiting == len(s.rows) {
		s.rows = append(s.rows, trace.Record{})
	}
	row := &s.rows[s.waiting]
	values := append(row.Values[:0], r.Values...)
	*row = *r
	row.Values = values
	s.waiting++
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
