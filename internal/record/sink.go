package record

import (
	"slices"

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
	kinds   [schema.Count]kind
	last    sim.Sample   // before this one: where it was
	at      schema.Coord // the same
	rows    []waiting    // that wait
	values  []float64    // of the rows, one behind the other
	err     error
}

// kind is what all samples of a quantity share.
type kind struct {
	series          *trace.Series // nil where the dialect does not print it
	ofSource, waits bool
}

// waiting is a sample that waits for the end of the pixel.
type waiting struct {
	series *trace.Series
	at     schema.Coord
	values int // how many
}

// NewSink returns a sink that writes with a writer of the dialect.
func NewSink(d Dialect, w trace.Writer) *Sink {
	s := &Sink{dialect: d, w: w}
	place(&s.at, s.last.Pixel, &s.last.At)
	for k := schema.None + 1; int(k) < schema.Count; k++ {
		if slices.Contains(notIn[d], k) {
			continue
		}
		h := headOf(d, k)
		s.kinds[k] = kind{w.Series(h.stream, k, h.name), h.stream == trace.SourceStream, d == Py && h.stream == trace.PhiStream}
	}
	return s
}

// Take implements sim.Sink.
func (s *Sink) Take(x *sim.Sample) {
	k := &s.kinds[x.Key]
	if s.err != nil || k.series == nil || k.ofSource && !printsSource(s.dialect, x) {
		return
	}
	if at, was := &x.At, &s.last.At; at.Phi != was.Phi || at.Domain != was.Domain || at.Source != was.Source || at.Sub != was.Sub ||
		at.Layer != was.Layer || x.Pixel != s.last.Pixel { // one after the other is quicker than as a whole
		s.last.At, s.last.Pixel = x.At, x.Pixel
		place(&s.at, x.Pixel, &x.At)
	}
	if k.waits {
		s.rows = append(s.rows, waiting{k.series, s.at, len(x.Values)})
		s.values = append(s.values, x.Values...)
		return
	}
	s.err = s.w.Put(k.series, &s.at, x.Values)
}

// End ends a pixel; all of it is written then. It returns the first error since
// the sink was made.
func (s *Sink) End() error {
	values := s.values
	for i := range s.rows {
		r := &s.rows[i]
		if s.err == nil {
			s.err = s.w.Put(r.series, &r.at, values[:r.values])
		}
		values = values[r.values:]
	}
	s.rows, s.values = s.rows[:0], s.values[:0]
	if s.err == nil {
		s.err = s.w.Flush()
	}
	return s.err
}
