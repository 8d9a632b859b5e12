package diff

import (
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// The two runs of counted samples that a pixel may have.
const (
	blockSeries = iota // of its block
	rowSeries          // of phi rows that stand outside of it and are counted by themselves
)

// series is the samples of a pixel in one log.
type series struct {
	lines   [][2]int // from one record to another: those of one line
	members []int    // records
	subs    []int32  // of the members: the sample's number
	count   int
	pos     []*trace.Record // by number: where the sample lies, or nil
	repeats bool            // a line may repeat the one before it
}

// seriesOf collects the samples that a log has without an index of its own.
func seriesOf(records []trace.Record) (out [2]*series) {
	out = [2]*series{{}, {}}
	out[blockSeries].lines = make([][2]int, 0, len(records)/4)
	sub, closed := int32(-1), false
	for i := 0; i < len(records); {
		j := i + 1
		for j < len(records) && records[j].SameLine(&records[i]) && records[j].At == records[i].At {
			j++
		}
		r := &records[i]
		switch at := &r.At; {
		case at[schema.Sub] < 0 || at[schema.Layer] >= 0:
			closed = closed || r.Stream == trace.PixelStream
		case r.Stream == trace.PhiStream && (sub < 0 || closed || sub != at[schema.Sub]):
			out[rowSeries].lines = append(out[rowSeries].lines, [2]int{i, j})
		default:
			sub, closed = at[schema.Sub], false
			out[blockSeries].lines = append(out[blockSeries].lines, [2]int{i, j})
		}
		i = j
	}
	for kind, s := range out {
		s.number(records, kind == rowSeries)
	}
	return out
}

// counter numbers samples as the reader does: one begins with a quantity that
// the sample has already, or with a phi row whose step does not increase.
type counter struct {
	sub   int32
	seen  []int32 // by key: the number behind that of the last sample that has it
	parts int     // quantities of the sample
	tic   int32
	tics  map[int32]bool // of rows that stand by themselves
}

func newCounter() *counter {
	return &counter{sub: -1, tic: -1, tics: map[int32]bool{}}
}

// has tells whether the sample has the quantity already.
func (c *counter) has(k schema.Key) bool { return int(k) < len(c.seen) && c.seen[k] == c.sub+1 }

// note notes that the sample has it.
func (c *counter) note(k schema.Key) {
	if c.has(k) {
		return
	}
	for int(k) >= len(c.seen) {
		c.seen = append(c.seen, 0)
	}
	c.seen[k] = c.sub + 1
	c.parts++
}

// begins tells whether the line begins a sample.
func (c *counter) begins(r *trace.Record, rows bool) bool {
	switch {
	case rows:
		return c.sub < 0 || r.At[schema.Phi] <= c.tic
	case !perSample(r):
		return c.sub < 0
	}
	return c.sub < 0 || c.has(r.Key)
}

func (c *counter) take(r *trace.Record, rows, begins bool) {
	if begins {
		c.sub++
		c.parts = 0
		clear(c.tics)
	}
	if perSample(r) {
		c.note(r.Key)
	}
	if rows {
		c.tic = r.At[schema.Phi]
		c.tics[c.tic] = true
	}
}

func perSample(r *trace.Record) bool {
	return r.Stream == trace.PixelStream && r.Symbol.Info != nil && r.Symbol.Info.Scope == schema.PerSample
}

// number numbers the samples, lines that are printed twice left out. Where the
// reader's numbers are not those of its rule, the log told them: they stay.
func (s *series) number(records []trace.Record, rows bool) {
	plain, mended := newCounter(), newCounter()
	ruled := true
	members := 0
	for _, line := range s.lines {
		members += line[1] - line[0]
	}
	s.members, s.subs = make([]int, 0, members), make([]int32, 0, members)
	for n, line := range s.lines {
		r := &records[line[0]]
		plain.take(r, rows, plain.begins(r, rows))
		ruled = ruled && plain.sub == r.At[schema.Sub]
		begins := mended.begins(r, rows) && !s.double(records, n, mended, rows)
		if rows && begins {
			begins = !s.outOfOrder(records, n, mended)
		}
		mended.take(r, rows, begins)
		for i := line[0]; i < line[1]; i++ {
			s.members = append(s.members, i)
			s.subs = append(s.subs, mended.sub)
		}
	}
	for k, i := range s.members {
		m := &records[i]
		if !ruled {
			s.subs[k] = m.At[schema.Sub]
		}
		n := int(s.subs[k])
		for n >= len(s.pos) {
			s.pos = append(s.pos, nil)
		}
		s.count = max(s.count, n+1)
		if q := m.Symbol.Info; q != nil && q.Locates && len(m.Values) == 3 && s.pos[n] == nil {
			s.pos[n] = m
		}
	}
}

// double tells whether line n repeats the one before it within its sample. In
// a log of one line a sample, the next line does not go on with the sample.
func (s *series) double(records []trace.Record, n int, c *counter, rows bool) bool {
	if n == 0 || !sameQuantity(records, s.lines[n-1], s.lines[n]) {
		return false
	}
	s.repeats = true
	if !sameNumbers(records, s.lines[n-1], s.lines[n]) {
		return false
	}
	if c.parts > 1 || len(c.tics) > 1 {
		return true
	}
	if n+1 == len(s.lines) || sameQuantity(records, s.lines[n], s.lines[n+1]) {
		return false
	}
	next := &records[s.lines[n+1][0]]
	return !c.begins(next, rows) && (rows || perSample(next))
}

// outOfOrder tells whether row n, whose step does not increase, stands behind a
// later one of its own sample: the sample lacks it, and does not go on with a
// step that it has.
func (s *series) outOfOrder(records []trace.Record, n int, c *counter) bool {
	tic := records[s.lines[n][0]].At[schema.Phi]
	if c.sub < 0 || c.tics[tic] {
		return false
	}
	if n+1 == len(s.lines) {
		return true
	}
	next := records[s.lines[n+1][0]].At[schema.Phi]
	return next <= tic || !c.tics[next]
}

func sameNumbers(records []trace.Record, x, y [2]int) bool {
	for i := range x[1] - x[0] {
		if !sameText(&records[x[0]+i], &records[y[0]+i]) {
			return false
		}
	}
	return true
}

// sameQuantity tells two lines of the same names at the same place, save for
// the sample's number.
func sameQuantity(records []trace.Record, x, y [2]int) bool {
	if x[1]-x[0] != y[1]-y[0] {
		return false
	}
	for i := range x[1] - x[0] {
		p, q := &records[x[0]+i], &records[y[0]+i]
		a, b := p.At, q.At
		a[schema.Sub], b[schema.Sub] = 0, 0
		if a != b || p.Symbol != q.Symbol {
			return false
		}
	}
	return true
}
