package trace

import "simtrace/pkg/trace/schema"

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
	c.path = append([]heading(nil), t.path...)
	c.columns = append([]string(nil), t.columns...)
	c.varied = map[string]int{}
	c.numbers = nil
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
	return at != s.at && s.begin(at, begins)
}
