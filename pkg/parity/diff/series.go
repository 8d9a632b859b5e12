package diff

import (
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// seriesID names a run of counted samples: those of a pixel's block, or those
// of phi rows that stand outside of it and are counted by themselves.
type seriesID struct {
	pixel Pixel
	rows  bool
}

// series is the samples of one pixel in one log.
type series struct {
	lines   [][]trace.Record
	members []*trace.Record
	subs    []int // of the members: the sample's number
	count   int
	pos     map[int]*trace.Record // by number: where the sample lies
}

// walk is where a pixel's samples have come to.
type walk struct {
	sub         int // of the block, -1 before it
	closed      bool
	block, rows *series
}

// seriesOf collects the samples that a log has without an index of its own;
// blind says that all are of one pixel, named or not.
func seriesOf(records []trace.Record, blind bool) map[seriesID]*series {
	walks := map[Pixel]*walk{}
	var last Pixel
	var w *walk
	for i := 0; i < len(records); {
		line := lineAt(records, i)
		i += len(line)
		at, stream := &line[0].At, line[0].Stream
		p := Pixel{at.Slow, at.Fast}
		if blind {
			p = Pixel{}
		}
		if w == nil || p != last {
			if w = walks[p]; w == nil {
				w = &walk{sub: -1, block: &series{}, rows: &series{}}
				walks[p] = w
			}
			last = p
		}
		w.add(line, at, stream)
	}
	out := map[seriesID]*series{}
	for p, w := range walks {
		if len(w.block.lines) > 0 {
			w.block.number(false)
			out[seriesID{p, false}] = w.block
		}
		if len(w.rows.lines) > 0 {
			w.rows.number(true)
			out[seriesID{p, true}] = w.rows
		}
	}
	return out
}

func (w *walk) add(line []trace.Record, at *trace.Where, stream trace.Stream) {
	switch {
	case at.Sub < 0 || at.Layer >= 0:
		w.closed = w.closed || stream == trace.PixelStream
	case stream == trace.PhiStream && (w.sub < 0 || w.closed || w.sub != at.Sub):
		w.rows.lines = append(w.rows.lines, line)
	default:
		w.sub, w.closed = at.Sub, false
		w.block.lines = append(w.block.lines, line)
	}
}

// lineAt returns the records from index i on that stand on one line.
func lineAt(records []trace.Record, i int) []trace.Record {
	j := i + 1
	for j < len(records) && records[j].Pos == records[i].Pos && records[j].At == records[i].At {
		j++
	}
	return records[i:j:j]
}

// counter numbers samples as the reader does: one begins with a quantity that
// the sample has already, or with a phi row whose step does not increase.
type counter struct {
	sub  int
	seen [schema.Count]bool
	keys int // of seen
	tic  int
	tics map[int]bool // of rows that stand by themselves
}

func newCounter() *counter { return &counter{sub: -1, tic: -1, tics: map[int]bool{}} }

// begins tells whether the line begins a sample.
func (c *counter) begins(line []trace.Record, rows bool) bool {
	r := &line[0]
	switch {
	case rows:
		return c.sub < 0 || r.At.Phi <= c.tic
	case !perSample(r):
		return c.sub < 0
	}
	return c.sub < 0 || c.seen[r.Key]
}

func (c *counter) take(line []trace.Record, rows, begins bool) {
	if begins {
		c.sub++
		c.keys, c.seen = 0, [schema.Count]bool{}
		clear(c.tics)
	}
	r := &line[0]
	if perSample(r) && !c.seen[r.Key] {
		c.keys++
		c.seen[r.Key] = true
	}
	if rows {
		c.tic = r.At.Phi
		c.tics[c.tic] = true
	}
}

func perSample(r *trace.Record) bool {
	return r.Stream == trace.PixelStream && r.Key != schema.None && schema.Info(r.Key).Scope == schema.PerSample
}

// number numbers the samples, lines that are printed twice left out. Where the
// reader's numbers are not those of its rule, the log told them: they stay.
func (s *series) number(rows bool) {
	s.pos = map[int]*trace.Record{}
	plain, mended := newCounter(), newCounter()
	ruled := true
	for i, line := range s.lines {
		plain.take(line, rows, plain.begins(line, rows))
		ruled = ruled && plain.sub == line[0].At.Sub
		begins := mended.begins(line, rows) && !s.double(i, mended, rows)
		if rows && begins {
			begins = !s.outOfOrder(i, mended)
		}
		mended.take(line, rows, begins)
		for k := range line {
			s.members = append(s.members, &line[k])
			s.subs = append(s.subs, mended.sub)
		}
	}
	for i, m := range s.members {
		if !ruled {
			s.subs[i] = m.At.Sub
		}
		n := s.subs[i]
		s.count = max(s.count, n+1)
		if m.Key == schema.PixelPos && len(m.Values) == 3 && s.pos[n] == nil {
			s.pos[n] = m
		}
	}
}

// double tells whether line i repeats the one before it within its sample. In
// a log of one line a sample, the next line does not go on with the sample.
func (s *series) double(i int, c *counter, rows bool) bool {
	if i == 0 || !sameLine(s.lines[i-1], s.lines[i]) {
		return false
	}
	if c.keys > 1 || len(c.tics) > 1 {
		return true
	}
	return i+1 < len(s.lines) && !sameQuantity(s.lines[i], s.lines[i+1]) && !c.begins(s.lines[i+1], rows) &&
		(rows || perSample(&s.lines[i+1][0]))
}

// outOfOrder tells whether row i, whose step does not increase, stands behind a
// later one of its own sample: the sample lacks it, and does not go on with a
// step that it has.
func (s *series) outOfOrder(i int, c *counter) bool {
	tic := s.lines[i][0].At.Phi
	if c.sub < 0 || c.tics[tic] {
		return false
	}
	if i+1 == len(s.lines) {
		return true
	}
	next := s.lines[i+1][0].At.Phi
	return next <= tic || !c.tics[next]
}

// sameLine tells two lines that say the same, save for the sample's number.
func sameLine(x, y []trace.Record) bool {
	if !sameQuantity(x, y) {
		return false
	}
	for i := range x {
		if !sameText(&x[i], &y[i]) {
			return false
		}
	}
	return true
}

// sameQuantity tells two lines of the same names at the same place, save for
// the sample's number.
func sameQuantity(x, y []trace.Record) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		a, b := x[i].At, y[i].At
		a.Sub, b.Sub = 0, 0
		if a != b || x[i].Stream != y[i].Stream || x[i].Name != y[i].Name {
			return false
		}
	}
	return true
}
