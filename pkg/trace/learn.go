package trace

import (
	"maps"
	"slices"
	"strings"

	"simtrace/pkg/trace/schema"
)

// learn makes a layout of the lines that were just read. It answers false where
// lines of this form cannot be read without looking at their numbers.
func (r *Reader) learn(at schema.Coord, p parted, behind int) (*Layout, bool) {
	b, lines := r.Block(), p.body()
	if len(b.Records) == 0 || len(b.Problems) > 0 || b.Narrowed != "" || lines == "" || lines[len(lines)-1] != '\n' || len(lines) > maxLine {
		return nil, false
	}
	if r.form != nil && (p.head == "" || len(r.form.schema.Index) != 1) {
		return nil, false // inner index keys are numbers that place records
	}
	l := &Layout{TraceLines: b.TraceLines - p.traces, Records: slices.Clone(b.Records), known: knownIn(&at), settings: b.settings}
	for i := range l.Records {
		rec := &l.Records[i]
		*rec = *rec.Clone()
		var follow byte
		for c := range len(BlockAt{}) {
			if rec.At[c] == at[c] && at[c] >= 0 {
				follow |= 1 << c
			}
		}
		l.follow = append(l.follow, follow)
	}
	first := r.src.pos(behind + 1)
	w := layoutWriter{l: l, rest: lines, line: -1}
	for i := range l.Records {
		pos := l.Records[i].Pos()
		n := pos.Line - first.Line
		if n >= p.rows[0]+p.rows[1] {
			n -= p.rows[1]
		} else if n >= p.rows[0] {
			return nil, false // it stands on a line that names the pixel
		}
		if pos.File != first.File || !w.record(&l.Records[i], n) {
			return nil, false
		}
	}
	w.finish()
	return l, l.holds(r, at, p)
}

// layoutWriter walks over the lines of a block.
type layoutWriter struct {
	l    *Layout
	text strings.Builder
	rest string // from the line on that is not begun
	cur  string // what is left of the current line
	line int
}

// record finds the numbers of a record of line n.
func (w *layoutWriter) record(rec *Record, n int) bool {
	if n < w.line {
		return false
	}
	for w.line < n {
		w.text.WriteString(w.cur)
		i := strings.IndexByte(w.rest, '\n')
		if i < 0 {
			return false
		}
		w.cur, w.rest = w.rest[:i+1], w.rest[i+1:]
		w.line++
	}
	w.l.line = append(w.l.line, int32(n))
	w.l.first = append(w.l.first, int32(len(w.l.ends)))
	if i := strings.Index(w.cur, rec.Name); i >= 0 {
		w.pass(i + len(rec.Name))
	}
	if rec.Stream == NoteStream {
		return true // its text is the whole line, numbers and all
	}
	for i := range rec.Values {
		text := rec.Values[i].Text
		at := tokenAt(w.cur, text)
		if at < 0 || numberEnd(w.cur, at) != at+len(text) {
			return false
		}
		w.pass(at)
		w.l.ends = append(w.l.ends, int32(w.text.Len()))
		w.cur = w.cur[len(text):]
	}
	return true
}

// pass takes the next n bytes for literal.
func (w *layoutWriter) pass(n int) {
	w.text.WriteString(w.cur[:n])
	w.cur = w.cur[n:]
}

func (w *layoutWriter) finish() {
	w.pass(len(w.cur))
	w.text.WriteString(w.rest)
	w.l.first = append(w.l.first, int32(len(w.l.ends)))
	w.l.ends = append(w.l.ends, int32(w.text.Len()))
	w.l.text = w.text.String()
}

// tokenAt returns where the number stands by itself in s.
func tokenAt(s, number string) int {
	for i := 0; ; {
		j := strings.Index(s[i:], number)
		if j < 0 {
			return -1
		}
		i += j
		after := i + len(number)
		before := i == 0 || endsToken[s[i-1]] || s[i-1] == '=' || s[i-1] == ':'
		if before && (endsToken[s[after]] || s[after] == '\n' || s[after] == '\r') {
			return i
		}
		i++
	}
}

// holds tests the layout: other numbers in place of its own must be read as the
// same records with those numbers.
func (l *Layout) holds(r *Reader, at schema.Coord, p parted) bool {
	spans, ok := l.match(p.body(), nil)
	if !ok || len(spans) != len(l.ends)-1 {
		return false
	}
	for _, forms := range otherForms {
		numbers := make([]string, len(l.ends)-1)
		for i := range numbers {
			numbers[i] = forms[i%len(forms)]
		}
		other := &Reader{src: r.src, opt: r.opt, names: r.names, block: &Block{}}
		if r.form != nil {
			other.form = newForm(r.form.schema)
		}
		other.Begin(at)
		text := l.fill(numbers)
		cut := 0
		for range p.rows[0] {
			cut += strings.IndexByte(text[cut:], '\n') + 1
		}
		other.Read(text[:cut]+p.head+text[cut:], 0, false)
		if !l.describes(other.Block(), r.Block(), numbers) {
			return false
		}
	}
	return true
}

// fill returns the lines with other numbers.
func (l *Layout) fill(numbers []string) string {
	var out strings.Builder
	at := int32(0)
	for i, end := range l.ends {
		out.WriteString(l.text[at:end])
		if at = end; i < len(numbers) {
			out.WriteString(numbers[i])
		}
	}
	return out.String()
}

// describes tells whether b has the records of the layout with other numbers.
func (l *Layout) describes(b, own *Block, numbers []string) bool {
	if len(b.Problems) > 0 || len(b.Records) != len(l.Records) || b.TraceLines != own.TraceLines || !maps.Equal(b.Settings, own.Settings) {
		return false
	}
	shift := l.Records[0].Line - b.Records[0].Line
	for i := range b.Records {
		g, r := &b.Records[i], &l.Records[i]
		if g.Line+shift != r.Line || g.Tag != r.Tag || g.Symbol != r.Symbol || g.Name != r.Name ||
			g.At != r.At || g.Text != r.Text || len(g.Values) != len(r.Values) {
			return false
		}
		if r.Stream == NoteStream {
			continue
		}
		for k := range g.Values {
			if v := &g.Values[k]; v.Name != r.Values[k].Name || v.Text != numbers[int(l.first[i])+k] || v.Num != numberOf(v.Text) {
				return false
			}
		}
	}
	return true
}
