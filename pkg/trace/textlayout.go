package trace

import (
	"maps"
	"slices"
	"strings"

	"simtrace/pkg/trace/schema"
)

// textLayout is what a layout of any program's log has more than others: blanks
// may be fewer or more, dates others, and what the lines before the block say
// counts.
type textLayout struct {
	template
	state  *textState     // what the lines before say; nil for nothing
	varied map[string]int // what is left out, by name: how often
}

// alike tells whether two layouts read the same lines alike.
func (l *textLayout) alike(o *textLayout) bool {
	return slices.Equal(l.literals, o.literals) && slices.Equal(l.takes, o.takes) && l.state.alike(o.state) && maps.Equal(l.varied, o.varied)
}

// alike is same for states that may be nil.
func (s *textState) alike(o *textState) bool {
	return s == o || s != nil && o != nil && s.same(o)
}

// matchText finds the numbers of a block of this layout that are values, and
// appends them to spans.
func (r *Reader) matchText(l *textLayout, at *schema.Coord, lines string, behind int, spans []span) ([]span, bool) {
	if !r.opt.states.at(int64(behind)).alike(l.state) {
		return spans, false
	}
	spans, ok := l.match(lines, spans)
	if !ok {
		return spans, false
	}
	values := spans[:0]
	for i, x := range spans {
		switch l.takes[i] {
		case asValue:
			values = append(values, x)
		case asCounter:
			if !r.names.all.isAt(lines[x.from:x.to], at[0], r.opt.Shift[0]) {
				return spans, false
			}
		}
	}
	return values, true
}

// maxTextLayout is how long a block of any program's log may be to be learnt: it is
// read three times more for that.
const maxTextLayout = 64 << 10

// learnText makes a layout of a block of any program's log that was just read.
func (r *Reader) learnText(at schema.Coord, lines string, behind int) (*Layout, bool) {
	b := r.Block()
	if r.opt.Comma || len(b.Records) == 0 || len(b.Problems) > 0 || len(lines) > maxTextLayout || lines[len(lines)-1] != '\n' || !plainLines(lines) {
		return nil, false
	}
	again := r.again(at)
	again.text.trail = &trail{}
	again.Read(lines, behind, false)
	l := &Layout{TraceLines: b.TraceLines, known: knownIn(&at), words: &textLayout{state: r.opt.states.at(int64(behind)), varied: maps.Clone(b.Varied)}}
	if again.text.trail.rigid || !l.words.learn(again.text.trail, lines, behind) {
		return nil, false
	}
	first := r.src.pos(behind + 1)
	for i := range b.Records {
		rec := b.Records[i].Clone()
		if rec.File != first.File {
			return nil, false
		}
		var follow byte
		if rec.At[0] == at[0] && at[0] >= 0 {
			follow = 1
		}
		n := int32(0)
		if i > 0 {
			n = l.first[i-1] + int32(len(b.Records[i-1].Values))
		}
		l.Records, l.follow = append(l.Records, *rec), append(l.follow, follow)
		l.first, l.line = append(l.first, n), append(l.line, int32(rec.Line-first.Line))
	}
	l.first = append(l.first, l.first[len(l.first)-1]+int32(len(b.Records[len(b.Records)-1].Values)))
	return l, r.holdsText(l, at, lines, behind)
}

// plainLines tells lines without a byte that reads as something else, or that a
// template has for a mark.
func plainLines(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= lastMark || c == '\r' || c == 0x1b || c == 0xe2 || c == 0xc2 && i+1 < len(s) && s[i+1] == 0xa0 {
			return false
		}
	}
	return true
}

// again returns a reader that reads a block as this one does, without layouts.
func (r *Reader) again(at schema.Coord) *Reader {
	other := &Reader{src: r.src, opt: r.opt, names: r.names, block: &Block{}, text: newTextReader(r.text.schema)}
	other.Begin(at)
	return other
}

func (l *textLayout) learn(trail *trail, lines string, behind int) bool {
	var w templateWriter
	for i := range trail.lines {
		end := strings.IndexByte(lines, '\n')
		if trail.lines[i].number != behind+i+1 || end < 0 || !w.line(lines[:end], &trail.lines[i]) {
			return false
		}
		w.text.WriteByte('\n')
		lines = lines[end+1:]
	}
	l.template = w.finish()
	return lines == ""
}

// holdsText tests the layout: with other numbers, other blanks and other times,
// both ways of reading must find the same.
func (r *Reader) holdsText(l *Layout, at schema.Coord, lines string, behind int) bool {
	all, ok := l.words.match(lines, nil)
	if !ok {
		return false
	}
	for try := range otherForms {
		text, ok := l.words.retold(lines, all, try, outermost)
		if !ok {
			return false
		}
		spans, ok := r.matchText(l.words, &at, text, behind, nil)
		if !ok || len(spans) != int(l.first[len(l.Records)]) {
			return false
		}
		numbers := make([]string, len(spans))
		for i, x := range spans {
			numbers[i] = text[x.from:x.to]
		}
		other := r.again(at)
		other.Read(text, behind, false)
		if b := other.Block(); !l.describes(b, r.Block(), numbers) || !maps.Equal(b.Varied, l.words.varied) {
			return false
		}
	}
	return true
}
