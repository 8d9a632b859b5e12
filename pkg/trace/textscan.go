package trace

import (
	"bytes"
	"slices"
	"sort"
	"unsafe"

	"simtrace/pkg/trace/schema"
)

// clone returns a reader that goes on from where this one is.
func (t *textReader) clone() *textReader {
	c := *t
	c.at = map[int32]*schema.Coord{}
	for rank, at := range t.at {
		copied := *at
		c.at[rank] = &copied
		if t.here == at {
			c.here = &copied
		}
	}
	c.varied = map[string]int{}
	c.shapes, c.columns = map[shapeID]*lineShape{}, map[string]*textColumn{}
	c.numbers, c.hex, c.scratch, c.fields, c.spans = nil, nil, nil, nil, nil
	c.templates = lineTemplates{on: t.templates.on, scans: t.templates.scans}
	c.sets, c.built, c.judged, c.timings, c.key = slices.Clone(t.sets), nil, nil, nil, nil
	return &c
}

// textLine is scanner.line for a log of which nothing is known: a new value of
// the outermost counter begins a block.
func (s *scanner) textLine(b []byte, begins *Piece) bool {
	r := s.reader
	t := r.text
	s.marks.seeAll(b)
	if len(t.index) == 0 {
		return false
	}
	switch t.passes(b) {
	case passesBy:
		if t.base != "" {
			t.base, t.templates.now = "", nil
		}
		return false
	case passesRow:
		if r.scanRow(b) {
			break
		}
		fallthrough
	default:
		r.scanLine(b)
	}
	at := BlockAt{t.here[0], -1, -1}
	if at == s.at {
		return false
	}
	s.begin(at, begins)
	s.states.add(begins.Line, &t.textState)
	return true
}

// How a scan goes past a line.
const (
	readIt    = iota
	passesBy  // it says nothing of where lines belong
	passesRow // it is a row of numbers
)

// lineSigns are the bytes that tell whether a line has to be read: brackets and
// escapes, and digits.
var lineSigns = func() (set [256]byte) {
	for _, c := range []byte("[({\x1b\r") {
		set[c] = signOf
	}
	for c := byte('0'); c <= '9'; c++ {
		set[c] = digitOf
	}
	return set
}()

const (
	signOf  = 1
	digitOf = 2
)

// inRow holds the bytes of rows that have nothing but numbers and blanks.
var inRow = func() (set [256]bool) {
	for _, c := range []byte("0123456789+-.eEdD \t\r") {
		set[c] = true
	}
	return set
}()

// passes tells most lines that say nothing of where lines belong: a counter with a
// name has its word in its line, and no heading is open.
func (t *textReader) passes(b []byte) int {
	if t.numbered || t.fresh > 0 || len(t.path) > 0 || t.timing || !t.plain() || len(b) == 0 {
		return readIt
	}
	i := 0
	for i < len(b) && inRow[b[i]] {
		i++
	}
	if i == len(b) {
		return passesRow
	}
	if t.counts {
		return readIt // a row of a table, with words in it
	}
	if len(t.words) == 0 || b[len(b)-1] == ':' {
		return readIt
	}
	for _, w := range t.words {
		if bytes.Contains(b, w) {
			return readIt
		}
	}
	digit := false
	for _, c := range b {
		switch lineSigns[c] {
		case signOf:
			return readIt
		case digitOf:
			digit = true
		}
	}
	if !digit {
		return readIt
	}
	return passesBy
}

// scanRow looks for the counter in a row of numbers; false where its table is not
// known.
func (r *Reader) scanRow(b []byte) bool {
	t := r.text
	line := unsafe.String(unsafe.SliceData(b), len(b)) // nothing is kept of it
	var ok bool
	if t.fields, ok = t.rowFields(b, t.fields[:0]); !ok {
		return false
	}
	table := t.tables[len(t.fields)]
	if table == nil {
		return false
	}
	for k, c := range table.columns {
		if c.depth < 0 {
			continue
		}
		text := line[t.fields[k].from:t.fields[k].to]
		if _, ok := plainInt(text); !ok {
			return false
		}
		r.count(c.depth, text)
	}
	return true
}

// rowFields appends where the numbers of a row stand; false where there are none, or
// two have no blank between them.
func (t *textReader) rowFields(b []byte, fields []fieldAt) ([]fieldAt, bool) {
	from := -1
	for i, c := range b {
		switch rowBytes[c] {
		case blankByte:
			if from >= 0 {
				fields = append(fields, fieldAt{from, i})
				from = -1
			}
			continue
		case signByte:
			if from >= 0 && b[i-1]-'0' <= 9 {
				return fields, false
			}
		}
		if from < 0 {
			from = i
		}
	}
	if from >= 0 {
		fields = append(fields, fieldAt{from, len(b)})
	}
	return fields, len(fields) > 0
}

// rowBytes tells what matters of a byte of a row.
var rowBytes = [256]byte{' ': blankByte, '\t': blankByte, '\r': blankByte, '-': signByte, '+': signByte}

const (
	blankByte = 1 + iota
	signByte
)

// textStates are what the lines before a block say about those in it, for the
// blocks where it changed.
type textStates struct {
	lines  []int64
	states []textState
}

func (l *textStates) add(line int64, s *textState) {
	if n := len(l.states); n > 0 {
		last := &l.states[n-1]
		if last.edition == s.edition && last.sameLines(s) || last.same(s) {
			return
		}
	}
	l.lines, l.states = append(l.lines, line), append(l.states, *s)
}

// at is the state at a line; nil for none.
func (l *textStates) at(line int64) *textState {
	if l == nil {
		return nil
	}
	i := sort.Search(len(l.lines), func(i int) bool { return l.lines[i] > line })
	if i == 0 {
		return nil
	}
	return &l.states[i-1]
}

// sameLines tells whether two states differ in tables at most.
func (s *textState) sameLines(o *textState) bool {
	return s.headers == o.headers && s.timing == o.timing && s.heads == o.heads && s.base == o.base && s.baseLine == o.baseLine && slices.Equal(s.path, o.path)
}

func (s *textState) same(o *textState) bool {
	return s.sameLines(o) && sameTables(s.tables, o.tables)
}

// clone returns a list that grows by itself.
func (l *textStates) clone() *textStates {
	return &textStates{lines: slices.Clone(l.lines), states: slices.Clone(l.states)}
}
