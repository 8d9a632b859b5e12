package trace

import (
	"encoding/json"
	"io"
	"math"
	"strconv"

	"simtrace/pkg/trace/schema"
)

// NewJSONL returns a writer of JSON lines, one object a record:
//
//	{"stream":"phi","key":"k_frac","pixel":[685,1039],"sub":0,"source":0,
//	 "domain":0,"phi":3,"values":[-0.595197691574922]}
//
// Coordinates that are not known are left out, and so is "unit" where there is
// none. A number keeps the digits it was read with; else it has the fewest that
// give it back exactly. Infinities and NaN are strings. "names" holds the names
// of values that have any. "tag" is there where the stream does not imply it.
func NewJSONL(w io.Writer) Writer {
	return &jsonWriter{out: output{w: w}}
}

type jsonWriter struct {
	out   output
	at    schema.Coord // of the last record of a series, as where has it
	where []byte
}

// Write writes one record as one line; the 64 structure factors of a tricubic
// neighbourhood get a line each, as in the logs of the ports.
func (j *jsonWriter) Write(r *Record) error {
	if r.Stream == TricubicStream && r.Name == schema.TricubicF.String() && len(r.Values) > 0 {
		for i := range r.Values {
			c := cellOf(r, i)
			if err := j.object(&c); err != nil {
				return err
			}
		}
		return nil
	}
	return j.object(r)
}

// Flush writes what is buffered.
func (j *jsonWriter) Flush() error { return j.out.flush() }

// Series returns one.
func (j *jsonWriter) Series(s Stream, k schema.Key, name string) *Series {
	q := newSeries(s, k, name)
	r := q.at(&schema.Coord{}, []float64{0})
	q.err, q.head = writable(r), appendJSONHead(nil, r)
	return q
}

// Put writes a record of a series.
func (j *jsonWriter) Put(q *Series, at *schema.Coord, values []float64) error {
	if q.err != nil || len(values) == 0 || q.record.Stream == TricubicStream {
		return j.Write(q.at(at, values))
	}
	if *at != j.at || j.where == nil {
		j.at, j.where = *at, appendWhere(j.where[:0], at)
	}
	if !q.holds(values) {
		q.values = append(q.values[:0], values...)
		q.text = append(q.text[:0], `,"values":[`...)
		for i, v := range values {
			q.text = appendNumber(comma(q.text, i), &Value{Num: v})
		}
		q.text = append(q.text, "]}\n"...)
	}
	j.out.b = append(append(append(j.out.b, q.head...), j.where...), q.text...)
	return j.out.spill()
}

func (j *jsonWriter) object(r *Record) error {
	if err := writable(r); err != nil {
		return err
	}
	b := appendWhere(appendJSONHead(j.out.b, r), &r.At)
	b = appendJSONValues(b, r)
	if r.Text != "" {
		b = append(b, `,"text":`...)
		b = appendJSON(b, r.Text)
	}
	j.out.b = append(b, "}\n"...)
	return j.out.spill()
}

// appendJSONHead appends what says which quantity it is.
func appendJSONHead(b []byte, r *Record) []byte {
	b = append(b, jsonStart+`:"`...)
	b = append(b, r.Stream.String()...)
	b = append(b, `","key":`...)
	b = appendJSON(b, r.Name)
	if r.Key != schema.None && schema.Info(r.Key).Unit != "" {
		b = append(b, `,"unit":`...)
		b = appendJSON(b, schema.Info(r.Key).Unit)
	}
	if !impliedTag(r) {
		b = append(b, `,"tag":`...)
		b = appendJSON(b, r.Tag)
	}
	return b
}

// impliedTag tells whether the stream says all that the tag does: only taps and
// notes differ by it.
func impliedTag(r *Record) bool {
	switch r.Stream {
	case TapStream:
		return r.Tag == ""
	case NoteStream:
		return r.Tag == "" || r.Tag == "TRACE"
	}
	return true
}

func appendWhere(b []byte, w *schema.Coord) []byte {
	if w[schema.Slow] >= 0 && w[schema.Fast] >= 0 {
		b = append(b, `,"pixel":[`...)
		b = strconv.AppendInt(b, int64(w[schema.Slow]), 10)
		b = append(b, ',')
		b = strconv.AppendInt(b, int64(w[schema.Fast]), 10)
		b = append(b, ']')
	}
	for _, f := range [...]struct {
		name string
		n    int32
	}{{"layer", w[schema.Layer]}, {"sub", w[schema.Sub]}, {"source", w[schema.Source]}, {"domain", w[schema.Domain]}, {"phi", w[schema.Phi]}} {
		if f.n >= 0 {
			b = append(append(append(b, `,"`...), f.name...), `":`...)
			b = strconv.AppendInt(b, int64(f.n), 10)
		}
	}
	return b
}

func appendJSONValues(b []byte, r *Record) []byte {
	if len(r.Values) == 0 {
		return b
	}
	named := false
	for i := range r.Values {
		named = named || r.Values[i].Name != ""
	}
	if named {
		b = append(b, `,"names":[`...)
		for i := range r.Values {
			b = appendJSON(comma(b, i), r.Values[i].Name)
		}
		b = append(b, ']')
	}
	b = append(b, `,"values":[`...)
	for i := range r.Values {
		b = appendNumber(comma(b, i), &r.Values[i])
	}
	return append(b, ']')
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

// appendNumber writes a number; its own text where that is JSON.
func appendNumber(b []byte, v *Value) []byte {
	switch {
	case math.IsNaN(v.Num), math.IsInf(v.Num, 0):
		return appendJSON(b, FormatFloat(v.Num))
	case v.Text != "" && json.Valid([]byte(v.Text)) && v.Text[0] != '"':
		if n, ok := parseFloat(v.Text); ok && n == v.Num {
			return append(b, v.Text...)
		}
	}
	return strconv.AppendFloat(b, v.Num, 'g', -1, 64)
}

// appendJSON writes a string; bytes that are no UTF-8 become U+FFFD.
func appendJSON(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			q, _ := json.Marshal(s) // a string always marshals
			return append(b, q...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
