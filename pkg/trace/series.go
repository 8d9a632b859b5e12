package trace

import (
	"io"
	"math"

	"simtrace/pkg/trace/schema"
)

// Series is the records of one quantity that are numbers alone, as a simulator has
// them. It belongs to the writer that it was made by, and holds how the numbers were
// written last: from pixel to pixel half of the quantities are the same, and printing
// numbers is most of writing a trace.
type Series struct {
	record Record // what all have in common
	err    error  // why they cannot be written
	lines  bool   // each is a line of a pixel's block
	column bool   // or a column of a row of the phi stream
	whole  bool   // whole numbers are written as such
	head   []byte // what stands before the values
	values []float64
	text   []byte // head, the values, and what ends the record
}

func newSeries(s Stream, k schema.Key, name string) *Series {
	q := &Series{record: Record{Kind: &Kind{Stream: s, Key: k, Name: name}}}
	kind := kindOf(&q.record)
	q.lines = s == PixelStream && kind != schema.Mat3
	q.column = s == PhiStream && kind != schema.Mat3
	q.whole = kind == schema.Int || kind == schema.Int3
	return q
}

// holds reports whether the values are the last ones to the bit: minus zero is another
// than zero.
func (q *Series) holds(values []float64) bool {
	if len(values) != len(q.values) {
		return false
	}
	for i, v := range q.values {
		if math.Float64bits(v) != math.Float64bits(values[i]) {
			return false
		}
	}
	return true
}

// at returns the record of some values.
func (q *Series) at(at *schema.Coord, values []float64) *Record {
	r := &q.record
	r.At, r.Values = *at, r.Values[:0]
	for _, v := range values {
		r.Values = append(r.Values, Value{Num: v})
	}
	return r
}

// Series returns one.
func (t *textWriter) Series(s Stream, k schema.Key, name string) *Series {
	q := newSeries(s, k, name)
	r := q.at(&schema.Coord{}, []float64{0})
	if q.err = writableLine(r); q.err != nil {
		return q
	}
	switch {
	case q.lines:
		q.head = t.appendKey(nil, r)
	case q.column:
		q.head = append(append([]byte{' '}, name...), '=')
	}
	return q
}

// Put writes a record of a series.
func (t *textWriter) Put(q *Series, at *schema.Coord, values []float64) error {
	column := q.column && at[schema.Phi] >= 0
	if q.err != nil || len(values) == 0 || !q.lines && !column {
		return t.Write(q.at(at, values))
	}
	if t.row.open && !t.row.takes(q.record.Stream, "", at, 0, q.record.Name) {
		t.endRow()
	}
	if t.grid.open {
		t.endGrid()
	}
	t.pixel(at)
	if !q.holds(values) {
		q.values = append(q.values[:0], values...)
		q.text = q.appendNumbers(append(q.text[:0], q.head...))
	}
	if column {
		t.inRow(q.record.Stream, "", at, 0, q.record.Name)
	}
	t.out.b = append(t.out.b, q.text...)
	return t.out.spill()
}

// appendNumbers appends the values, and the end of a line that is no row.
func (q *Series) appendNumbers(b []byte) []byte {
	for i, v := range q.values {
		if i > 0 {
			b = append(b, ' ')
		}
		if q.whole {
			b = appendWhole(b, v)
		} else {
			b = appendFloat(b, v)
		}
	}
	if q.lines {
		b = append(b, '\n')
	}
	return b
}

// output gathers what is written. Errors stay.
type output struct {
	w   io.Writer
	b   []byte
	err error
}

// spill writes what was gathered, where it is much.
func (o *output) spill() error {
	if len(o.b) >= 64<<10 {
		return o.flush()
	}
	return o.err
}

// flush writes what was gathered.
func (o *output) flush() error {
	if o.err == nil && len(o.b) > 0 {
		var n int
		if n, o.err = o.w.Write(o.b); o.err == nil && n < len(o.b) {
			o.err = io.ErrShortWrite
		}
	}
	o.b = o.b[:0]
	return o.err
}
