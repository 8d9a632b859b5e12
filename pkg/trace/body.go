package trace

import (
	"strconv"
	"strings"

	"simtrace/pkg/trace/schema"
)

// trace reads a line, or a piece of one, that starts with "TRACE". It returns
// false where that is no trace at all: prose, a shell variable, a file name.
func (r *Reader) trace(s string) bool {
	if r.expected(s) {
		return true
	}
	n := tagLen(s)
	if n == 0 {
		return false
	}
	t := r.names.tag(s[:n])
	rest := s[n:]
	if t.form == gridEdgeForm {
		return strings.TrimSpace(strings.TrimPrefix(rest, ":")) == "" || r.garbled(s, "text behind "+t.text)
	}
	if t.form == sourceForm && t.source < 0 {
		var ok bool
		if t, rest, ok = r.spacedSource(t, rest); !ok {
			return r.garbled(s, "no source number")
		}
	}
	switch {
	case strings.HasPrefix(rest, ":"):
		r.body(t, s, rest[1:])
		return true
	case !strings.HasPrefix(rest, " ") && !strings.HasPrefix(rest, "\t"):
	case t.colonless() || t.form == tapForm && isColumn(rest):
		r.columns(t, s, rest)
		return true
	case isColumn(rest):
		return r.garbled(s, "no colon behind the tag")
	}
	// A cut tag is no prose when it is the last thing in the log.
	return r.cut && rest == "" && r.garbled(s, "only a tag")
}

// garbled reports a trace that cannot be read.
func (r *Reader) garbled(s, why string) bool {
	r.problem(s, why)
	return true
}

// isColumn tells whether a row's rest starts with a column, "key=".
func isColumn(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	i := strings.IndexByte(rest, '=')
	return i > 0 && !strings.HasPrefix(rest[i:], "==") && !strings.ContainsAny(rest[:i], " \t\"'`(){}[]<>")
}

// spacedSource reads the number of "TRACE_PY_SOURCE 0: key v".
func (r *Reader) spacedSource(t *tag, rest string) (*tag, string, bool) {
	num, body, ok := strings.Cut(rest, ":")
	n, err := strconv.Atoi(strings.TrimSpace(num))
	if !ok || err != nil || n < 0 {
		return t, rest, false
	}
	return &tag{text: t.text, form: sourceForm, source: n}, rest[len(num):], body != ""
}

// body reads what stands behind the colon.
func (r *Reader) body(t *tag, line, s string) {
	switch t.form {
	case noteForm:
		r.note(t, line, s, true)
	case configForm:
		r.config(line, s)
	case narrowForm:
		r.block.Narrowed = strings.Clone(strings.TrimSpace(s))
	case gridForm:
		r.grid(t, line, s)
	case coordsForm:
		r.coords(t, line, s)
	case phiForm:
		r.columns(t, line, s)
	case tapForm:
		r.tap(t, line, s)
	default:
		r.quantity(t, line, s)
	}
}

// config reads "TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)". What it
// says is in the index already.
func (r *Reader) config(line, s string) {
	if _, _, ok := announced(s); !ok {
		r.problem(line, "no pixel (spixel=, fpixel=)")
	}
}

// quantity reads a setup, pixel or source line.
func (r *Reader) quantity(t *tag, line, s string) {
	key, rest, setup := splitKey(s)
	if key == "" {
		r.unnamed(t, line, s)
		return
	}
	n := r.names.get(key)
	if t.form == sourceForm {
		r.perSource(t, n, line, rest)
		return
	}
	stream := PixelStream
	if n.known() && n.info.Scope == schema.PerRun || !n.known() && setup {
		stream = SetupStream
	}
	vs, text, why := r.evaluate(n.info, rest, setup, r.scratch())
	if why != "" {
		if n.known() {
			r.problem(line, key+": "+why)
			return
		}
		r.unnamed(t, line, s)
		return
	}
	r.expect(t, n)
	r.pushQuantity(t, stream, n, vs, text)
}

func (r *Reader) pushQuantity(t *tag, stream Stream, n *name, vs []Value, text string) {
	rec := r.record(t, stream, n, vs, text)
	switch {
	case stream == SetupStream:
	case n.known():
		r.place.block(&rec.At, n.block, n.info.Scope)
	default:
		rec.At = r.place.unknown()
	}
	r.push(rec)
}

// unnamed reads a line that holds no quantity: behind the main tag, a heading or
// an assignment in words is a note; anything else is garbled.
func (r *Reader) unnamed(t *tag, line, s string) {
	trimmed := strings.TrimSpace(s)
	heading := strings.HasSuffix(trimmed, ":") || strings.HasPrefix(trimmed, "==")
	if t.form == sourceForm || t.form == blockForm && !heading && !strings.Contains(trimmed, "=") {
		r.problem(line, "no key with a value")
		return
	}
	r.note(t, line, s, false)
}

// splitKey parts "key=1 2 3" and " key 1 2 3" into key and value; setup tells
// that it was the first. key is "" where the line is neither.
func splitKey(s string) (key, rest string, setup bool) {
	setup = s != "" && s[0] != ' ' && s[0] != '\t'
	s = trimBlanks(s)
	i := 0
	for i < len(s) && s[i] != ' ' && s[i] != '\t' && s[i] != '=' {
		i++
	}
	if i == 0 {
		return "", "", false
	}
	if at := strings.IndexByte(s[:i], ':'); at > 0 {
		// "key: value" and "key:value"
		key, rest = s[:at], trimBlanks(s[at+1:])
		if rest == "" {
			return "", "", false
		}
		return key, strings.TrimPrefix(rest, "= "), false
	}
	if i == len(s) {
		return "", "", false
	}
	key, rest = s[:i], s[i:]
	if rest[0] == '=' {
		// "a==b" is no assignment.
		if strings.HasPrefix(rest, "==") {
			return "", "", false
		}
		return key, rest[1:], setup
	}
	rest = trimBlanks(rest)
	if v, ok := strings.CutPrefix(rest, "= "); ok {
		rest = v
	}
	return key, rest, false
}

// evaluate reads a value: numbers as many as the quantity has, or words. why says
// what is wrong, "" if nothing is. A quantity that the schema does not know, nil,
// takes any numbers, and words of its setup line.
func (r *Reader) evaluate(q *schema.Quantity, s string, setup bool, dst []Value) (vs []Value, text, why string) {
	if q != nil && q.Kind == schema.Text {
		if strings.TrimSpace(s) == "" {
			return nil, "", "no value"
		}
		return nil, s, ""
	}
	vs, unit, why := r.numbers(s, dst)
	if why == "" && q != nil {
		why = wrongCount(q.Kind, len(vs))
	}
	if why == "" && len(vs) > 0 {
		return vs, unit, ""
	}
	word := strings.TrimSpace(s)
	if word == "" {
		return nil, "", "no value"
	}
	if q == nil && setup {
		return nil, s, ""
	}
	// NOT_EXTRACTED, None, n/a: said instead of a number.
	if isPlainWord(word) {
		return nil, word, ""
	}
	if why == "" {
		why = "no number"
	}
	return nil, "", why
}

// wrongCount says that n numbers are too few or too many for the kind.
func wrongCount(kind schema.Kind, n int) string {
	want := kind.Components()
	if want == 0 || n == want {
		return ""
	}
	return strconv.Itoa(n) + " numbers where " + strconv.Itoa(want) + " belong"
}

// isPlainWord tells one word of letters.
func isPlainWord(s string) bool {
	for i := range len(s) {
		if !isLetter(s[i]) && s[i] != '/' {
			return false
		}
	}
	return s != ""
}

func (r *Reader) perSource(t *tag, n *name, line, rest string) {
	vs, text, why := r.evaluate(r.names.all.Schema.Info(n.perSrc), rest, false, r.scratch())
	if why != "" {
		r.problem(line, n.text+": "+why)
		return
	}
	rec := r.record(t, SourceStream, n, vs, text)
	rec.At = r.place.source(t.source)
	r.push(rec)
}

// grid reads " [i,j,k]=v" of the tricubic neighbourhood.
func (r *Reader) grid(t *tag, line, s string) {
	index, value, ok := strings.Cut(strings.TrimSpace(s), "=")
	if !ok || !isCell(index) {
		r.problem(line, "no [i,j,k]=value")
		return
	}
	r.neighbour(t, r.names.cell(index), line, value, cellValue)
}

// coords reads " [-8.0, -7.0, -6.0, -5.0]".
func (r *Reader) coords(t *tag, line, s string) {
	r.neighbour(t, r.names.get(t.axis), line, s, anyNumbers)
}

// What a neighbourhood's lines hold: a number, and a list of them.
var cellValue, anyNumbers = &schema.Quantity{}, &schema.Quantity{Kind: schema.List}

func (r *Reader) neighbour(t *tag, n *name, line, value string, q *schema.Quantity) {
	vs, text, why := r.evaluate(q, value, false, r.scratch())
	if why != "" {
		r.problem(line, n.text+": "+why)
		return
	}
	rec := r.record(t, TricubicStream, n, vs, text)
	r.place.block(&rec.At, n.block, schema.PerStep)
	r.push(rec)
}

// isCell tells "[0,1,2]" with three numbers.
func isCell(s string) bool {
	if len(s) < 2 || s[0] != '[' || s[len(s)-1] != ']' {
		return false
	}
	n := 0
	for part := range strings.SplitSeq(s[1:len(s)-1], ",") {
		if part == "" || len(part) > 4 || strings.Trim(part, "0123456789") != "" {
			return false
		}
		n++
	}
	return n == 3
}
