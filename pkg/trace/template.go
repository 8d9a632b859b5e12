package trace

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// Template is the form of the lines of a pixel: all that stands between the
// numbers. Lines of one form hold the same quantities at the same places, and
// differ in their numbers alone; a Template reads them without looking anything
// up.
type Template struct {
	// Records are those of the lines it was learnt from.
	Records    []Record
	Lines      int // how many
	TraceLines int

	text  []byte  // the literals, one behind the other
	ends  []int32 // of the literals within text: one before each number, and the last
	first []int32 // by record: its first number; and the count of all
	line  []int32 // by record: its line, from 0
}

// Span is where a number stands in a part of a log.
type Span struct{ From, To int32 }

// errNoTemplate says that lines have no form that could come again.
var errNoTemplate = errors.New("trace: no template")

// Learn makes a template of the lines of a part behind those that name its
// pixel. naming are these, and log is what a PartReader reads from both, the
// first line having so many before it. It answers false where lines of this
// form cannot be read without looking at their numbers.
func Learn(naming, lines []byte, log *Log, behind int) (*Template, bool) {
	if len(log.Records) == 0 || len(log.Problems) > 0 || len(lines) == 0 || lines[len(lines)-1] != '\n' || len(lines) > maxLine {
		return nil, false
	}
	skip := behind + bytes.Count(naming, []byte{'\n'})
	t := &Template{Records: log.Records, Lines: bytes.Count(lines, []byte{'\n'})}
	l := learner{t: t, rest: lines, line: -1}
	for i := range log.Records {
		r := &log.Records[i]
		if r.At.Slow < 0 || r.Stream == SetupStream || r.Stream == NoteStream {
			return nil, false // it is not of the pixel
		}
		if !l.record(r, r.Pos.Line-1-skip) {
			return nil, false
		}
	}
	l.finish()
	if t.holds(naming, lines, log) != nil {
		return nil, false
	}
	return t, true
}

// learner walks over the lines.
type learner struct {
	t    *Template
	rest []byte // from the line on that is not begun
	cur  []byte // what is left of the current line
	line int
}

// record finds the numbers of a record of line n.
func (l *learner) record(r *Record, n int) bool {
	if n < l.line {
		return false
	}
	for l.line < n {
		l.t.text = append(l.t.text, l.cur...)
		i := bytes.IndexByte(l.rest, '\n')
		if i < 0 {
			return false
		}
		l.cur, l.rest = l.rest[:i+1], l.rest[i+1:]
		l.line++
	}
	l.t.line = append(l.t.line, int32(n))
	l.t.first = append(l.t.first, int32(len(l.t.ends)))
	if i := bytes.Index(l.cur, []byte(r.Name)); i >= 0 {
		l.pass(i + len(r.Name))
	}
	for i := range r.Values {
		at := tokenAt(l.cur, r.Values[i].Text)
		if at < 0 || numberEnd(l.cur, at) != at+len(r.Values[i].Text) {
			return false
		}
		l.pass(at)
		l.t.ends = append(l.t.ends, int32(len(l.t.text)))
		l.cur = l.cur[len(r.Values[i].Text):]
	}
	return true
}

// pass takes the next n bytes for literal.
func (l *learner) pass(n int) {
	l.t.text = append(l.t.text, l.cur[:n]...)
	l.cur = l.cur[n:]
}

func (l *learner) finish() {
	l.pass(len(l.cur))
	l.t.text = append(l.t.text, l.rest...)
	l.t.first = append(l.t.first, int32(len(l.t.ends)))
	l.t.ends = append(l.t.ends, int32(len(l.t.text)))
}

// tokenAt returns where the number stands by itself in b.
func tokenAt(b []byte, number string) int {
	for i := 0; ; {
		j := bytes.Index(b[i:], []byte(number))
		if j < 0 {
			return -1
		}
		i += j
		before, after := i == 0 || endsToken[b[i-1]] || b[i-1] == '=' || b[i-1] == ':', i+len(number)
		if before && (endsToken[b[after]] || b[after] == '\n' || b[after] == '\r') {
			return i
		}
		i++
	}
}

// holds tests the template: other numbers in place of its own must be read as
// the same records with those numbers.
func (t *Template) holds(naming, lines []byte, log *Log) error {
	for _, forms := range [][]string{{"1.5", "-2.25e-07", "3", "4.0625", "-0.5"}, {"-7", "8e+02", "0.001953125", "0"}} {
		numbers := make([]string, len(t.ends)-1)
		for i := range numbers {
			numbers[i] = forms[i%len(forms)]
		}
		p := NewPartReader(log.Name)
		p.Begin()
		if err := p.Read(slices.Concat(naming, t.fill(numbers)), 0, false); err != nil {
			return err
		}
		if !t.describes(p.Log(), log, numbers) {
			return errNoTemplate
		}
	}
	spans, ok := t.Match(lines, nil)
	if !ok || len(spans) != len(t.ends)-1 {
		return errNoTemplate
	}
	return nil
}

// fill returns the lines with other numbers.
func (t *Template) fill(numbers []string) []byte {
	var out []byte
	at := int32(0)
	for i, end := range t.ends {
		out = append(out, t.text[at:end]...)
		if at = end; i < len(numbers) {
			out = append(out, numbers[i]...)
		}
	}
	return out
}

// describes tells whether got has the records of log with other numbers.
func (t *Template) describes(got, log *Log, numbers []string) bool {
	if len(got.Problems) > 0 || len(got.Records) != len(log.Records) || got.TraceLines != log.TraceLines {
		return false
	}
	shift := log.Records[0].Pos.Line - got.Records[0].Pos.Line
	for i := range got.Records {
		g, r := &got.Records[i], &log.Records[i]
		if g.Pos.Line+shift != r.Pos.Line || g.Tag != r.Tag || g.Stream != r.Stream || g.Key != r.Key || g.Name != r.Name ||
			g.At != r.At || g.Occur != r.Occur || g.Text != r.Text || len(g.Values) != len(r.Values) {
			return false
		}
		for k := range g.Values {
			if g.Values[k].Name != r.Values[k].Name || g.Values[k].Text != numbers[int(t.first[i])+k] {
				return false
			}
		}
	}
	return true
}

// Match finds the numbers of lines of this form, and appends them to spans. It
// answers false for lines of another form, and for numbers that are none in
// plain decimal.
func (t *Template) Match(lines []byte, spans []Span) ([]Span, bool) {
	at, i := int32(0), 0
	last := len(t.ends) - 1
	for _, end := range t.ends[:last] {
		n := int(end - at)
		if len(lines)-i < n || string(lines[i:i+n]) != string(t.text[at:end]) {
			return spans, false
		}
		i += n
		at = end
		to := numberEnd(lines, i)
		if to < 0 {
			return spans, false
		}
		spans = append(spans, Span{int32(i), int32(to)})
		i = to
	}
	return spans, string(lines[i:]) == string(t.text[at:])
}

// Changed finds the numbers that are others in lines of the same form: spans are
// those that Match found in lines, and the places of those that differ are appended
// to changed. It answers false where anything but a digit of a number is another,
// which leaves it to Match.
func (t *Template) Changed(lines, other []byte, spans []Span, changed []int32) ([]int32, bool) {
	if len(lines) != len(other) {
		return changed, false
	}
	k := 0
	for i := 0; i < len(lines); i++ {
		if i = differsAt(lines, other, i); i == len(lines) {
			break
		}
		if lines[i]-'0' > 9 || other[i]-'0' > 9 {
			return changed, false
		}
		for k < len(spans) && int(spans[k].To) <= i {
			k++
		}
		if k == len(spans) || int(spans[k].From) > i {
			return changed, false
		}
		if n := len(changed); n == 0 || changed[n-1] != int32(k) {
			changed = append(changed, int32(k))
		}
	}
	return changed, true
}

// differsAt returns the first place from i on where two texts of the same
// length differ; their length where there is none.
func differsAt(a, b []byte, i int) int {
	b = b[:len(a)]
	for ; i+8 <= len(a); i += 8 {
		if x := binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]); x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
	}
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i
}

// RecordOf returns the record that number k of the lines belongs to.
func (t *Template) RecordOf(k int) int {
	i, _ := slices.BinarySearch(t.first, int32(k+1))
	return i - 1
}

// Numbers returns the numbers of record i, of those that Match found.
func (t *Template) Numbers(i int, spans []Span) []Span { return spans[t.first[i]:t.first[i+1]] }

// Count is how many numbers the lines hold.
func (t *Template) Count() int { return len(t.ends) - 1 }

// Place is where lines stand that Match matched.
type Place struct {
	File       string
	Behind     int // lines before them
	Slow, Fast int
}

// Record returns record i of lines that Match matched. Its values lie in room, which
// has as many.
func (t *Template) Record(i int, lines []byte, spans []Span, at Place, room []Value) Record {
	r := t.Records[i]
	r.Pos = Pos{at.File, at.Behind + int(t.line[i]) + 1}
	r.At.Slow, r.At.Fast = at.Slow, at.Fast
	if spans = t.Numbers(i, spans); len(spans) > 0 {
		from := spans[0].From
		text := string(lines[from:spans[len(spans)-1].To])
		for k, s := range spans {
			room[k] = NumberOf(text[s.From-from : s.To-from])
			room[k].Name = r.Values[k].Name
		}
	}
	r.Values = room
	return r
}

// NumberOf returns the value of a number that Match found.
func NumberOf(text string) Value {
	v, _ := parseFloat(text)
	return Value{Num: v, Text: text}
}

// Holds tells whether the records are those of the template, save for their
// log, pixel and numbers.
func (t *Template) Holds(records []Record) bool {
	return slices.EqualFunc(t.Records, records, func(x, y Record) bool {
		x.At.Slow, x.At.Fast = y.At.Slow, y.At.Fast
		return x.Tag == y.Tag && x.Stream == y.Stream && x.Key == y.Key && x.Name == y.Name && x.At == y.At && x.Occur == y.Occur &&
			x.Text == y.Text && slices.EqualFunc(x.Values, y.Values, func(a, b Value) bool { return a.Name == b.Name })
	})
}

// maxPlain is how many digits a number of a template has at most: far from where
// a double overflows, with an exponent of two digits.
const maxPlain = 40

// numberEnd returns where the plain decimal number ends that begins at i, or -1.
// What it takes is a number to parseFloat as well.
func numberEnd(b []byte, i int) int {
	from := i
	if i < len(b) && b[i] == '-' {
		i++
	}
	whole := i
	i = digitsEnd(b, i)
	if i == whole {
		return -1
	}
	if i < len(b) && b[i] == '.' {
		point := i + 1
		if i = digitsEnd(b, point); i == point {
			return -1
		}
	}
	if i-from > maxPlain {
		return -1
	}
	if i < len(b) && b[i] == 'e' {
		if i+3 >= len(b) || b[i+1] != '-' && b[i+1] != '+' || b[i+2]-'0' > 9 || b[i+3]-'0' > 9 {
			return -1
		}
		i += 4
	}
	if i < len(b) && !(endsToken[b[i]] || b[i] == '\n' || b[i] == '\r') {
		return -1
	}
	return i
}

// digitsEnd returns where the digits end that begin at i.
func digitsEnd(b []byte, i int) int {
	for i+8 <= len(b) {
		w := binary.LittleEndian.Uint64(b[i : i+8])
		// A byte is a digit where it is 0x30 to 0x39: the high bit of each byte of
		// not tells one that is none.
		x := w ^ 0x3030303030303030
		not := (x + 0x7676767676767676 | x) & 0x8080808080808080
		if not != 0 {
			return i + bits.TrailingZeros64(not)/8
		}
		i += 8
	}
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	return i
}
