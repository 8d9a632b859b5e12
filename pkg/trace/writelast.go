package trace

import (
	"math"

	"simtrace/pkg/trace/schema"
)

// printed is the line that a quantity was written as last. From pixel to pixel half of
// the quantities are the same numbers, and printing numbers is most of writing a trace.
type printed struct {
	name   string // of records that can be written; "" for none
	values []float64
	line   []byte
	key    int // how much of the line stands before the values
}

// lastOf returns what is kept of a record's quantity; nil where nothing is: the record
// has words, or belongs neither to a pixel's lines nor to its rows.
func (t *textWriter) lastOf(r *Record) *printed {
	if r.Stream != PixelStream && !(r.Stream == PhiStream && r.At[schema.Phi] >= 0) {
		return nil
	}
	if r.Key == schema.None || int(r.Key) >= len(t.last) || r.Text != "" || r.Tag != "" || len(r.Values) == 0 {
		return nil
	}
	for i := range r.Values {
		if v := &r.Values[i]; v.Text != "" || v.Name != "" {
			return nil
		}
	}
	return &t.last[r.Key]
}

// lineOf returns the line of a pixel's record, which is kept at last.
func (t *textWriter) lineOf(r *Record, last *printed) []byte {
	if last.holds(r.Values) {
		return last.line
	}
	last.values = last.values[:0]
	for i := range r.Values {
		last.values = append(last.values, r.Values[i].Num)
	}
	if last.key == 0 {
		last.line = t.appendKey(last.line, r)
		last.key = len(last.line)
	}
	last.line = append(t.numbers.appendValues(last.line[:last.key], r), '\n')
	return last.line
}

// holds reports whether the values are the same bits: minus zero is another than zero.
func (p *printed) holds(values []Value) bool {
	if len(values) != len(p.values) {
		return false
	}
	for i, v := range p.values {
		if math.Float64bits(v) != math.Float64bits(values[i].Num) {
			return false
		}
	}
	return true
}

// numbers remembers how some numbers print, by a hash of their bits: a trace has the
// same number in several places, and angles of rotation in each pixel.
type numbers [256]struct {
	bits uint64
	text [23]byte // none of 15 digits is longer
	n    uint8    // of the text; 0 for none
}

// append appends FormatFloat's text.
func (c *numbers) append(b []byte, v float64) []byte {
	bits := math.Float64bits(v)
	e := &c[bits*0x9e3779b97f4a7c15>>56] // the golden ratio mixes the bits
	if e.n > 0 && e.bits == bits {
		return append(b, e.text[:e.n]...)
	}
	from := len(b)
	b = appendFloat(b, v)
	e.bits, e.n = bits, uint8(copy(e.text[:], b[from:]))
	return b
}
