package trace

import (
	"slices"
	"sort"

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
	c.numbers, c.scratch = nil, nil
	return &c
}

// textLine is scanner.line for a log of which nothing is known: a new value of
// the outermost counter begins a block.
func (s *scanner) textLine(b []byte, begins *start) bool {
	r := s.reader
	s.marks.seeAll(b)
	if len(r.text.index) == 0 {
		return false
	}
	r.textLine(plainText(string(b)))
	r.block.Records, r.block.Problems = r.block.Records[:0], r.block.Problems[:0]
	r.spare = r.spare[:0]
	at := BlockAt{r.text.here[0], -1, -1}
	if at == s.at || !s.begin(at, begins) {
		return false
	}
	s.states.add(begins.line, &r.text.textState)
	return true
}

// textStates are what the lines before a block say about those in it, for the
// blocks where it changed.
type textStates struct {
	lines  []int64
	states []textState
}

func (l *textStates) add(line int64, s *textState) {
	if n := len(l.states); n > 0 && l.states[n-1].same(s) {
		return
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

func (s *textState) same(o *textState) bool {
	if s.headers != o.headers || s.timing != o.timing || s.base != o.base || s.baseLine != o.baseLine || !slices.Equal(s.path, o.path) || len(s.tables) != len(o.tables) {
		return false
	}
	for n, table := range s.tables {
		if other := o.tables[n]; other == nil || other != table && (other.header != table.header || !slices.Equal(other.names, table.names)) {
			return false
		}
	}
	return true
}

// clone returns a list that grows by itself.
func (l *textStates) clone() *textStates {
	return &textStates{lines: slices.Clone(l.lines), states: slices.Clone(l.states)}
}
