package trace

import (
	"slices"
	"strings"

	"simtrace/pkg/trace/schema"
)

// Layout is the form of a block's lines: all that stands between the numbers.
// Blocks of one layout hold the same quantities at the same places, and differ in
// their numbers alone, so that they are read without looking anything up. It is a
// private way of the Reader to be fast; what it reads, the general way reads
// alike, and tests hold the two together.
type Layout struct {
	Records    []Record // those of the block it was learnt from
	TraceLines int

	text     string  // the literals, one behind the other
	ends     []int32 // of the literals within text: one before each number, and the last
	first    []int32 // by record: its first number; and the count of all
	line     []int32 // by record: its line behind the head, from 0
	follow   []byte  // by record: which of the block's coordinates are its own, bit by bit
	known    byte    // which coordinates the block had, of those that all its kind share
	settings settings

	words *textLayout // of any program's log: in place of text and ends
}

// span is where a number stands in the lines of a block.
type span struct{ from, to int32 }

// layouts are those that a reader has learnt, used last first.
type layouts struct {
	list    []*Layout
	learnt  int
	failed  int
	matched *Layout // of the block that was matched last
	spans   []span  // its numbers
	body    string  // its lines behind the head
	behind  int     // lines before the block
	parted  parted
	at      schema.Coord
}

const (
	maxLayouts = 16
	// maxLearnt bounds the layouts that are learnt, and maxFailed the tries that
	// come to nothing: a log of ever new forms is read the general way.
	maxLearnt = 256
	maxFailed = 64
)

// Match looks whether the lines of a block have a known layout; Fill then reads
// their numbers. It returns nil where they have none.
func (r *Reader) Match(at schema.Coord, lines string, behind int) *Layout {
	s := &r.layouts
	s.matched = nil
	if len(s.list) == 0 || len(lines) > maxLine {
		return nil
	}
	if len(r.src.unended) > 0 && r.src.endsPart(behind, behind+strings.Count(lines, "\n")) {
		return nil // the last number there may be cut
	}
	p := r.part(at, lines)
	body := p.body()
	for i, l := range s.list {
		if r.matches(l, &at, body, behind) {
			toFront(s.list, i)
			s.parted = p
			return l
		}
	}
	return nil
}

// MatchText is Match for one layout of any program's log, which the lines are expected
// to have.
func (r *Reader) MatchText(l *Layout, at *schema.Coord, lines string, behind int) bool {
	s := &r.layouts
	s.matched = nil
	if l.words == nil || len(lines) > maxLine || len(r.src.unended) > 0 {
		return false
	}
	s.parted = parted{after: lines}
	return r.matches(l, at, lines, behind)
}

// matches tells whether the lines behind the head of a block have a layout, and notes
// where their numbers stand.
func (r *Reader) matches(l *Layout, at *schema.Coord, body string, behind int) (ok bool) {
	s := &r.layouts
	if l.known != knownIn(at) {
		return false // of a coordinate that was not there, nobody knows whose it is
	}
	if l.words != nil {
		s.spans, ok = r.matchText(l.words, at, body, behind, s.spans[:0])
	} else {
		s.spans, ok = l.match(body, s.spans[:0])
	}
	if ok {
		s.matched, s.body, s.behind, s.at = l, body, behind, *at
	}
	return ok
}

// knownIn tells which coordinates a block has, bit by bit.
func knownIn(at *schema.Coord) (bits byte) {
	for c := range len(BlockAt{}) {
		if at[c] >= 0 {
			bits |= 1 << c
		}
	}
	return bits
}

// Varied counts what a block of the layout holds that varies by run, by name.
func (l *Layout) Varied() map[string]int {
	if l.words == nil {
		return nil
	}
	return l.words.varied
}

// Layout returns the layout of the block that was read or matched last; nil where
// it has none.
func (r *Reader) Layout() *Layout { return r.layouts.matched }

// TraceLines is how many trace lines the block has that was matched last.
func (r *Reader) TraceLines() int { return r.layouts.matched.TraceLines + r.layouts.parted.traces }

// Fill reads the block that was matched last.
func (r *Reader) Fill() {
	s, l := &r.layouts, r.layouts.matched
	r.Begin(s.at)
	b := r.block
	if l.words != nil {
		r.text.varied = l.words.varied
	}
	b.TraceLines = l.TraceLines + s.parted.traces
	b.settings = l.settings
	if cap(b.Records) < len(l.Records) {
		b.Records = make([]Record, len(l.Records))
	}
	b.Records = b.Records[:len(l.Records)]
	numbers := len(s.spans)
	if cap(r.spare) < numbers {
		r.spare = make([]Value, 0, numbers+numbers/4)
	}
	vs := r.spare[:numbers]
	r.spare = vs
	for i := range l.Records {
		rec := &b.Records[i]
		*rec = l.Records[i]
		r.stands(rec, s.lineOf(int(l.line[i])))
		l.place(i, rec, s.at)
		from, to := l.first[i], l.first[i+1]
		for k := from; k < to; k++ {
			text := s.body[s.spans[k].from:s.spans[k].to]
			vs[k] = Value{Name: rec.Values[k-from].Name, Num: numberOf(text), Text: text}
		}
		if from < to {
			rec.Values = vs[from:to:to]
		}
	}
}

// numberOf is the value of what a layout found to be a number.
func numberOf(text string) float64 {
	v, _ := quickFloat(text)
	return v
}

// lineOf is where line n of the matched body stands in the log.
func (s *layouts) lineOf(n int) int {
	if n >= s.parted.rows[0] {
		n += s.parted.rows[1]
	}
	return s.behind + n + 1
}

// place puts a record of the layout where its block is.
func (l *Layout) place(i int, rec *Record, at schema.Coord) {
	for c := range len(BlockAt{}) {
		if l.follow[i]&(1<<c) != 0 {
			rec.At[c] = at[c]
		}
	}
}

// match finds the numbers of lines of this layout, and appends them to spans. It
// answers false for lines of another layout, and for numbers that are none in
// plain decimal.
func (l *Layout) match(lines string, spans []span) ([]span, bool) {
	at, i := int32(0), 0
	last := len(l.ends) - 1
	for _, end := range l.ends[:last] {
		n := int(end - at)
		if len(lines)-i < n || lines[i:i+n] != l.text[at:end] {
			return spans, false
		}
		i += n
		at = end
		to := numberEnd(lines, i)
		if to < 0 {
			return spans, false
		}
		spans = append(spans, span{int32(i), int32(to)})
		i = to
	}
	return spans, lines[i:] == l.text[at:]
}

// parted is a block's lines without those that say nothing but where it belongs.
type parted struct {
	before, head, after string
	rows                [2]int // lines of before, and of head
	traces              int    // trace lines of head
}

// body is what can be of a layout.
func (p *parted) body() string {
	if p.before == "" {
		return p.after
	}
	return p.before + p.after
}

// part parts the lines of a block. What names a pixel stands at its beginning, or
// behind the setup of its run.
func (r *Reader) part(at schema.Coord, lines string) parted {
	p := parted{after: lines}
	if r.text != nil {
		return p
	}
	if r.form != nil {
		if i := strings.IndexByte(lines, '\n'); i >= 0 && r.onlyStep(lines[:i], at) {
			p.head, p.after, p.rows[1], p.traces = lines[:i+1], lines[i+1:], 1, 1
		}
		return p
	}
	i := strings.Index(lines, "ixel (")
	if at[schema.Slow] < 0 || i < 0 {
		return p
	}
	from := strings.LastIndexByte(lines[:i], '\n') + 1
	rest := lines[from:]
	for rest != "" {
		end := strings.IndexByte(rest, '\n')
		if end < 0 || !naming(rest[:end], at, r.opt.Shift, &p.traces) {
			break
		}
		rest = rest[end+1:]
		p.rows[1]++
	}
	if p.rows[1] == 0 {
		return p
	}
	p.before, p.head, p.after = lines[:from], lines[from:len(lines)-len(rest)], rest
	p.rows[0] = strings.Count(p.before, "\n")
	return p
}

// naming tells a line that names the block's pixel, and does nothing else.
func naming(line string, at, by schema.Coord, traces *int) bool {
	if !strings.Contains(line, "ixel (") || strings.IndexByte(line, '\r') >= 0 {
		return false
	}
	slow, fast, ok := announced(line)
	if !ok || shifted(int32(slow), by[schema.Slow]) != at[schema.Slow] || shifted(int32(fast), by[schema.Fast]) != at[schema.Fast] {
		return false
	}
	if !strings.Contains(line, "TRACE") {
		return true
	}
	if !strings.HasPrefix(line, "TRACE_CONFIG:") || strings.Contains(line[1:], "TRACE") {
		return false
	}
	*traces++
	return true
}

// onlyStep tells a line that holds the outermost index key and nothing else.
func (r *Reader) onlyStep(line string, at schema.Coord) bool {
	if depth, value, ok := r.form.counter(line); ok {
		return depth == 0 && r.names.all.isAt(value, at[0], r.opt.Shift[0])
	}
	_, body, ok := r.form.strip(plainText(line))
	if !ok {
		return false
	}
	pairs := r.form.pairs(strings.TrimRight(body, "\r"))
	if len(pairs) != 1 {
		return false
	}
	if depth, ok := r.form.index[pairs[0].key]; !ok || depth > 0 {
		return false
	}
	return r.names.all.isAt(pairs[0].value, at[0], r.opt.Shift[0])
}

// ReadBlock reads a block whose lines are all at hand. The layout of its lines is
// learnt where it may come again.
func (r *Reader) ReadBlock(at schema.Coord, lines string, behind int, last bool) {
	if !last && r.Match(at, lines, behind) != nil {
		r.Fill()
		return
	}
	r.layouts.matched = nil
	r.Begin(at)
	r.Read(lines, behind, last)
	s := &r.layouts
	if last || s.learnt == maxLearnt || s.failed == maxFailed {
		return
	}
	l, ok := r.learnBlock(at, lines, behind)
	if !ok {
		s.failed++
		return
	}
	s.learnt++
	s.list = pushFront(s.list, l, maxLayouts)
}

// toFront puts element i of a list that is kept used last first before the others.
func toFront[T any](list []T, i int) {
	x := list[i]
	copy(list[1:i+1], list[:i])
	list[0] = x
}

// pushFront puts an element before the others; beyond most, the one that was not used
// for the longest goes.
func pushFront[T any](list []T, x T, most int) []T {
	if len(list) < most {
		list = append(list, x)
	}
	list[len(list)-1] = x
	toFront(list, len(list)-1)
	return list
}

func (r *Reader) learnBlock(at schema.Coord, lines string, behind int) (*Layout, bool) {
	if r.text != nil {
		return r.learnText(at, lines, behind)
	}
	return r.learn(at, r.part(at, lines), behind)
}

// Alike tells whether two layouts are of the same lines, read as the same
// records.
func (l *Layout) Alike(o *Layout) bool {
	if l == o {
		return true
	}
	if l.words != nil && (o.words == nil || !l.words.alike(o.words)) {
		return false
	}
	if l.text != o.text || !slices.Equal(l.ends, o.ends) || len(l.Records) != len(o.Records) {
		return false
	}
	for i := range l.Records {
		if l.Records[i].Symbol != o.Records[i].Symbol {
			return false
		}
	}
	return true
}

// FillOne reads record i of the block that was matched last; its values lie in
// the room that rec has.
func (r *Reader) FillOne(i int, rec *Record) {
	s, l := &r.layouts, r.layouts.matched
	room := rec.Values[:0]
	*rec = l.Records[i]
	if l.first[i] == l.first[i+1] && len(rec.Values) > 0 {
		room = append(room, rec.Values...) // a note's
	}
	r.stands(rec, s.lineOf(int(l.line[i])))
	l.place(i, rec, s.at)
	for k := l.first[i]; k < l.first[i+1]; k++ {
		text := s.body[s.spans[k].from:s.spans[k].to]
		room = append(room, Value{Name: rec.Values[k-l.first[i]].Name, Num: numberOf(text), Text: text})
	}
	rec.Values = room
}

// EachNumber goes through the numbers of the block that was matched last, each with the
// record of the layout that it is of.
func (r *Reader) EachNumber(f func(record int, text string)) {
	s := &r.layouts
	at := 0
	for i, end := range s.matched.first[1:] {
		for ; at < int(end); at++ {
			f(i, s.body[s.spans[at].from:s.spans[at].to])
		}
	}
}

// SameNumbers tells whether record i of the block that was matched last has the
// same numbers, as text, as record k of that of another reader.
func (r *Reader) SameNumbers(i int, o *Reader, k int) bool {
	a, b := &r.layouts, &o.layouts
	x, y := a.matched.first[i:i+2], b.matched.first[k:k+2]
	if x[1]-x[0] != y[1]-y[0] {
		return false
	}
	for n := range x[1] - x[0] {
		p, q := a.spans[x[0]+n], b.spans[y[0]+n]
		if a.body[p.from:p.to] != b.body[q.from:q.to] {
			return false
		}
	}
	return true
}
