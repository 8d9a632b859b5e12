package record

import (
	"iter"

	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Dialect is the program whose trace is written.
type Dialect string

const (
	// C is the reference's TRACE_C.
	C Dialect = "c"
	// Py is the Python port's TRACE_PY.
	Py Dialect = "py"
	// JSONL holds every recorded quantity, one JSON object a line.
	JSONL Dialect = "jsonl"
)

// notIn lists what a dialect does not print.
var notIn = map[Dialect][]schema.Key{
	C: {
		schema.SpindleAxisRaw, schema.SpindleAxis, schema.SpindleMagnitude,
		schema.FCellNearest, schema.FCellInterpolated, schema.TricubicF, schema.TricubicH, schema.TricubicK, schema.TricubicL,
		schema.IBeforeScalingPrePolar, schema.IBeforeScalingPostPolar,
	},
	Py:    {schema.FCell, schema.IBeforeScaling},
	JSONL: {schema.IBeforeScalingPrePolar},
}

// Pixel returns the records of a tapped pixel that the dialect prints, in the
// order in which the kernel came to them.
func Pixel(d Dialect, p sim.Pixel, t *sim.Tap) []trace.Record {
	var out []trace.Record
	for r := range Each(d, p, t) {
		out = append(out, *r)
	}
	return out
}

// Each is Pixel one record after the other: a pixel with many subpixels has
// millions of them.
func Each(d Dialect, p sim.Pixel, t *sim.Tap) iter.Seq[*trace.Record] {
	skip := map[schema.Key]bool{}
	for _, k := range notIn[d] {
		skip[k] = true
	}
	return func(yield func(*trace.Record) bool) {
		var kinds [schema.Count]*trace.Kind
		for i := range t.Samples {
			s := &t.Samples[i]
			if skip[s.Key] || !printsSource(d, s) {
				continue
			}
			if kinds[s.Key] == nil {
				h := headOf(d, s.Key)
				kinds[s.Key] = &trace.Kind{Stream: h.stream, Key: s.Key, Name: h.name}
			}
			r := trace.Record{Kind: kinds[s.Key]}
			place(&r.At, p, &s.At)
			for _, v := range s.Values {
				r.Values = append(r.Values, trace.Value{Num: v})
			}
			if !yield(&r) {
				return
			}
		}
	}
}

// tracedSource is the one source of which the reference prints contributions,
// where there are that many.
const tracedSource = 2

func printsSource(d Dialect, s *sim.Sample) bool {
	if schema.Info(s.Key).Scope != schema.PerSource {
		return true
	}
	switch d {
	case C:
		return s.At.Source == tracedSource && s.Key != schema.SourceDirection && s.Key != schema.SourceWeight
	case JSONL:
		return true
	}
	return false // the port sums them over all steps, which a tap does not see
}

// sourceNameInC are the reference's names where they differ.
var sourceNameInC = map[schema.Key]string{
	schema.SourcePrePolar: "I_contribution", schema.SourceLambda: "lambda_angstroms",
}

// head is what all records of a quantity share.
type head struct {
	stream trace.Stream
	name   string
}

// headOf returns a quantity's in a dialect.
func headOf(d Dialect, k schema.Key) head {
	q := schema.Info(k)
	h := head{trace.PixelStream, q.Name}
	if q.Scope == schema.PerSource {
		h.stream = trace.SourceStream
		if name := sourceNameInC[k]; name != "" && d == C {
			h.name = name
		}
	}
	switch k {
	case schema.PhiDeg, schema.PhiKFrac, schema.PhiFLattB, schema.PhiFLatt:
		h.stream = trace.PhiStream
	case schema.TricubicF, schema.TricubicH, schema.TricubicK, schema.TricubicL:
		h.stream = trace.TricubicStream
	}
	return h
}

// place sets where a sample belongs, one index at a time: a processor waits where it
// copies as a whole what has just been written in parts.
func place(c *schema.Coord, p sim.Pixel, at *sim.Step) {
	c[schema.Run] = -1
	c[schema.Slow], c[schema.Fast] = int32(p.Slow), int32(p.Fast)
	c[schema.Layer], c[schema.Sub], c[schema.Source] = int32(at.Layer), int32(at.Sub), int32(at.Source)
	c[schema.Domain], c[schema.Phi] = int32(at.Domain), int32(at.Phi)
}

// Split parts the per-phi rows from the rest.
func Split(records []trace.Record) (rest, rows []trace.Record) {
	for _, r := range records {
		if r.Stream == trace.PhiStream {
			rows = append(rows, r)
		} else {
			rest = append(rest, r)
		}
	}
	return rest, rows
}

// Row is one row of the per-phi stream. F_latt_b and F_latt are those of the
// phi step at which the row stands.
type Row struct {
	PhiTic int     `json:"phi_tic"`
	PhiDeg float64 `json:"phi_deg"`
	KFrac  float64 `json:"k_frac"`
	FLattB float64 `json:"F_latt_b"`
	FLatt  float64 `json:"F_latt"`
}

// Rows collects the per-phi rows of a pixel, in order.
func Rows(records []trace.Record) []Row {
	var rows []Row
	for _, r := range records {
		if r.Stream != trace.PhiStream {
			continue
		}
		if r.Key == schema.PhiDeg || len(rows) == 0 {
			rows = append(rows, Row{PhiTic: int(r.At[schema.Phi])})
		}
		row, v := &rows[len(rows)-1], r.Values[0].Num
		switch r.Key {
		case schema.PhiDeg:
			row.PhiDeg = v
		case schema.PhiKFrac:
			row.KFrac = v
		case schema.PhiFLattB:
			row.FLattB = v
		case schema.PhiFLatt:
			row.FLatt = v
		}
	}
	return rows
}
