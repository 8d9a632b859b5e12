package trace

import (
	"strings"

	"simtrace/pkg/trace/schema"
)

// openArray is a quantity whose numbers go on in the lines below.
type openArray struct {
	tag   *tag
	q     *schema.Quantity
	pair  keyValue
	first string // the line on which it began
	line  int    // its number
	lines int
	open  int // brackets that are not closed
	text  strings.Builder
}

// openBracket is what numbers says of a value that goes on.
const openBracket = "a bracket is not closed"

// maxArrayLines bounds the lines of an array.
const maxArrayLines = 1 << 16

func (r *Reader) openArray(t *tag, q *schema.Quantity, p keyValue, line string) {
	r.array = &openArray{tag: t, q: q, pair: p, first: line, line: r.line, lines: 1, open: openBrackets(p.value)}
	r.array.text.WriteString(p.value)
}

// continued takes a line that goes on with the array; false where it does not.
func (r *Reader) continued(s string) bool {
	a := r.array
	_, body, _ := r.form.strip(s)
	body = strings.TrimSpace(body)
	if a.lines == maxArrayLines || body == "" || !goesOn(body) {
		r.closeArray()
		return false
	}
	a.lines++
	a.text.WriteByte(' ')
	a.text.WriteString(body)
	if a.open += openBrackets(body); a.open == 0 {
		r.array = nil
		at := r.line
		a.pair.value, r.line = a.text.String(), a.line
		r.foreign(a.tag, a.q, a.pair, a.first)
		r.line = at
	}
	return true
}

// goesOn tells a line of numbers and brackets.
func goesOn(s string) bool {
	switch c := s[0]; {
	case c >= '0' && c <= '9', strings.IndexByte("+-.[](),", c) >= 0:
		return true
	}
	_, ok := parseFloat(s[:tokenLen(s)])
	return ok || strings.HasPrefix(s, "dtype=") || strings.HasPrefix(s, "device=") || strings.HasPrefix(s, "grad_fn=")
}

// openBrackets counts the brackets that open less those that close.
func openBrackets(s string) int {
	return strings.Count(s, "[") + strings.Count(s, "(") - strings.Count(s, "]") - strings.Count(s, ")")
}

// closeArray reports an array that did not come to its end.
func (r *Reader) closeArray() {
	if r.array == nil {
		return
	}
	a, at := r.array, r.line
	r.array, r.line = nil, a.line
	r.problem(a.first, a.pair.key+": "+openBracket)
	r.line = at
}
