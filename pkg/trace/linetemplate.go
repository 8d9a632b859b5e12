package trace

import (
	"hash/maphash"
	"maps"
	"slices"
	"strings"
	"unsafe"

	"simtrace/pkg/trace/schema"
)

// lineTemplate is a line that was read in some state, with what it made of its numbers:
// others like it are read, or gone past by a scan, without finding out again what each
// number is of.
type lineTemplate struct {
	template
	to      *lineState
	records []Record
	varied  map[string]int // what is left out, by name: how often
	numbers bool           // it has some
	lines   int            // 0 for a blank one
}

// lineState is what the lines before say, with the lines that were read there.
type lineState struct {
	textState
	known []*lineTemplate // used last first
	met   int             // lines that were read here the general way
	words [4]uint64       // hashes of the last of them that had no digit
	// refused counts, by what stands before their first number, the lines that came to
	// no template.
	refused map[string]int
}

// lineTemplates are those of a reader. It is a private way of it to be fast, and tests
// hold it to the general one. A log of ever new lines, or of ever new headings above
// them, gives up after some.
type lineTemplates struct {
	on     bool
	scans  bool         // lines are gone past, and no records made of them
	now    *lineState   // nil where it is not known
	states []*lineState // used last first
	costs  int          // tries to learn a line, and states that were new
	used   int          // lines that were read by a template
}

// How many are kept: states, and templates of each; and what may be spent before any
// template was of use.
const (
	maxLineStates    = 32
	maxLineTemplates = 8
	maxLineCosts     = 64
)

// plain tells whether the state is all that lines before say of the next: no array is
// open, and no rank printed them.
func (t *textReader) plain() bool {
	return t.depth == 0 && t.row == 0 && len(t.at) <= 1 && t.rankAxis < 0
}

// equal tells whether the lines behind both states are read alike.
func (s *textState) equal(o *textState) bool {
	return s.edition == o.edition && s.fresh == o.fresh && s.sameLines(o)
}

// textLine reads a line; false where it holds no number. One of a known template is read
// as such, and one that comes where a line was read before is learnt.
func (r *Reader) textLine(s string) bool {
	state := r.lineState()
	if k := r.known(state, s); k != nil {
		return k.numbers
	}
	return r.newLine(state, s)
}

// scanLine goes past a line.
func (r *Reader) scanLine(b []byte) {
	state := r.lineState()
	if r.known(state, unsafe.String(unsafe.SliceData(b), len(b))) != nil { // nothing is kept of it
		return
	}
	r.newLine(state, plainText(string(b)))
	r.block.Records, r.block.Problems = r.block.Records[:0], r.block.Problems[:0]
	r.spare, r.crash = r.spare[:0], crash{} // its problem is gone
}

// lineState is that in which the next line is read; nil where templates are of no use.
func (r *Reader) lineState() *lineState {
	t, l := r.text, &r.text.templates
	if !l.on || t.here == nil || l.costs > maxLineCosts+l.used/8 || !t.plain() || t.trail != nil || r.cut || r.crash.open || r.opt.Comma || r.src.numbered != nil {
		return nil
	}
	return l.state(&t.textState)
}

// state returns the one that the lines before lead to.
func (l *lineTemplates) state(s *textState) *lineState {
	if l.now != nil {
		return l.now
	}
	i := slices.IndexFunc(l.states, func(o *lineState) bool { return o.equal(s) })
	if i >= 0 {
		toFront(l.states, i)
	} else {
		l.costs++
		l.states = pushFront(l.states, &lineState{textState: *s}, maxLineStates)
	}
	l.now = l.states[0]
	return l.now
}

// known reads a line of a known template, which it returns; nil for another.
func (r *Reader) known(state *lineState, s string) *lineTemplate {
	if state == nil {
		return nil
	}
	t := r.text
	for i, k := range state.known {
		var ok bool
		if t.spans, ok = k.match(s, t.spans[:0]); ok && r.readAs(k, s) {
			toFront(state.known, i)
			t.templates.used++
			return k
		}
	}
	return nil
}

// newLine reads a line of no known template, and learns it where that may be of use; it
// answers false where the line holds no number.
func (r *Reader) newLine(state *lineState, s string) bool {
	l := &r.text.templates
	l.now = nil
	if state == nil {
		return r.lineOfText(s)
	}
	if state.met++; state.met == 1 || !state.comesAgain(s) {
		return r.lineOfText(s)
	}
	l.costs++
	k, ok := r.learnLine(state, s)
	if k != nil {
		state.known = pushFront(state.known, k, maxLineTemplates)
	} else if len(state.refused) < maxLineStates {
		state.refuse(s)
	}
	return ok
}

// comesAgain tells whether a line may be worth learning: not where others that begin
// like it were not, and one without a digit where it is the same as one of the last.
func (l *lineState) comesAgain(s string) bool {
	const tries = 2
	if strings.ContainsAny(s, "0123456789") {
		return len(l.refused) == 0 || l.refused[beginOf(s)] < tries
	}
	hash := maphash.String(shapeSeed, s)
	if slices.Contains(l.words[:], hash) {
		return true
	}
	copy(l.words[1:], l.words[:])
	l.words[0] = hash
	return false
}

func (l *lineState) refuse(s string) {
	if l.refused == nil {
		l.refused = map[string]int{}
	}
	l.refused[beginOf(s)]++
}

// beginOf is what stands before the first number of a line.
func beginOf(s string) string {
	return strings.TrimRight(s[:max(0, strings.IndexAny(s, "0123456789"))], " \t+-.")
}

// readAs reads a line as one of a template, whose numbers were just found; false where a
// counter does not count.
func (r *Reader) readAs(k *lineTemplate, s string) bool {
	t := r.text
	for i, x := range t.spans {
		if k.takes[i] >= asCounter {
			if _, ok := r.names.all.coordOf(s[x.from:x.to]); !ok {
				return false
			}
		}
	}
	if k.numbers {
		r.block.TraceLines++
	}
	t.lines += k.lines
	record, vs := 0, []Value(nil)
	for i, x := range t.spans {
		switch as, text := k.takes[i], s[x.from:x.to]; {
		case as >= asCounter:
			r.count(int(as-asCounter), text)
		case as == asValue && !t.templates.scans:
			if vs == nil {
				vs = r.scratch()
			}
			rec := &k.records[record]
			vs = append(vs, Value{Name: rec.Values[len(vs)].Name, Num: numberOf(text), Text: text})
			if len(vs) == len(rec.Values) {
				r.recordLike(rec, *t.here, vs)
				record, vs = record+1, nil
			}
		}
	}
	if !t.templates.scans {
		for name, n := range k.varied {
			t.leaveOut(name, n)
		}
	}
	if t.templates.now != k.to {
		t.textState, t.templates.now = k.to.textState, k.to
	}
	return true
}

// recordLike adds a record of the current line that is like another one, but for its
// place and its numbers.
func (r *Reader) recordLike(like *Record, at schema.Coord, vs []Value) {
	rec := r.newRecord()
	*rec = *like
	rec.At, rec.Values = at, r.take(vs)
	r.stands(rec, r.line)
	r.push(rec)
}

// learnLine reads a line the general way, which answers false where it has no number, and
// returns a template of it; nil where another one like it might be read otherwise.
func (r *Reader) learnLine(state *lineState, s string) (k *lineTemplate, ok bool) {
	t, b := r.text, r.block
	held, problems, unlisted := len(b.Records), len(b.Problems), b.Unlisted
	varied, lines, traces, before := t.varied, t.lines, b.TraceLines, t.clone()
	heads := t.timingHeads
	t.varied, t.trail = nil, &trail{}
	ok = r.lineOfText(s)
	noted, left := t.trail, t.varied
	t.varied, t.trail = varied, nil
	for name, n := range left {
		t.leaveOut(name, n)
	}
	w := templateWriter{inner: true}
	if ok != (b.TraceLines > traces) || noted.rigid || len(noted.lines) != 1 || len(b.Problems) > problems || b.Unlisted != unlisted || r.array != nil || r.crash.open ||
		t.timingHeads != heads || !t.plain() || !plainLines(s) || !w.line(s, &noted.lines[0]) {
		return nil, ok
	}
	k = &lineTemplate{template: w.finish(), varied: maps.Clone(left), numbers: ok, lines: t.lines - lines}
	for i := range b.Records[held:] {
		k.records = append(k.records, *b.Records[held+i].Clone())
	}
	k.to = t.templates.state(&t.textState)
	if before.textState = state.textState; !r.readsAlike(before, k, s) {
		return nil, ok
	}
	return k, ok
}

// readsAlike tries a template on its line with other numbers: both ways to read must
// come to the same.
func (r *Reader) readsAlike(before *textReader, k *lineTemplate, line string) bool {
	all, ok := k.match(line, nil)
	values := 0
	for i := range k.records {
		values += len(k.records[i].Values)
		ok = ok && len(k.records[i].Values) > 0
	}
	for _, as := range k.takes {
		if as == asValue {
			values--
		}
	}
	if !ok || values != 0 {
		return false
	}
	for try := range otherForms {
		text, ok := k.retold(line, all, try, counters)
		if !ok {
			return false
		}
		quick, general := r.beside(before), r.beside(before)
		if quick.text.spans, ok = k.match(text, nil); !ok || !quick.readAs(k, text) || general.lineOfText(text) != k.numbers || !quick.readLike(general) {
			return false
		}
	}
	return true
}

// beside is a reader that stands where this one does, with the text reader as it was.
func (r *Reader) beside(before *textReader) *Reader {
	other := &Reader{src: r.src, opt: r.opt, names: r.names, block: &Block{}, text: before.clone(), line: r.line, place: r.place}
	other.text.templates = lineTemplates{}
	return other
}

// readLike tells whether another reader read the same.
func (r *Reader) readLike(o *Reader) bool {
	a, b := r.text, o.text
	return len(o.block.Problems) == 0 && o.array == nil && r.crash == o.crash && r.block.TraceLines == o.block.TraceLines && a.lines == b.lines &&
		a.textState.equal(&b.textState) && a.depth == b.depth && a.row == b.row && *a.here == *b.here && maps.Equal(a.varied, b.varied) &&
		slices.EqualFunc(r.block.Records, o.block.Records, sameRecord)
}

// sameRecord tells whether two records are the same, numbers and all.
func sameRecord(a, b Record) bool {
	return a.SameLine(&b) && a.Tag == b.Tag && a.Stream == b.Stream && a.Symbol == b.Symbol && a.Name == b.Name && a.Key == b.Key && a.At == b.At && a.Text == b.Text &&
		slices.Equal(a.Values, b.Values)
}
