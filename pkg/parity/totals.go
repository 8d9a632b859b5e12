package parity

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// totals add up what a verdict needs of the rows. They are the same in
// whatever order the rows come.
type totals struct {
	Counts
	streams [trace.NoteStream + 1]streamTotals
	own     int // compared by a rule of their own
	smallest
	settings, derived, standIns, unknown int // rows compared, by what they can tell

	declared map[string]*quantity // by a Schema; else nil
}

// streamTotals are those of one kind of line.
type streamTotals struct {
	diverged, divergedZero int // the latter: an exact 0 on one side only
	placeholders           int
	substance, pixel       int // rows that carry a verdict; those of a pixel
	substanceZero          int
	pixelZero              int
}

// smallest is the smallest tolerance with which no row would differ.
type smallest struct {
	rel      float64 // 0 before the first
	any      bool
	hopeless bool // no tolerance helps
}

// add counts the row n times.
func (t *totals) add(row *diff.Row, n int) {
	t.Counts.add(row, n)
	s := &t.streams[row.Stream]
	if row.Gap == diff.Placeholder {
		s.placeholders += n
	}
	if !row.Compared() {
		return
	}
	t.kind(row, n)
	if row.Rule.Named() {
		t.own += n
	}
	zero := zeroAgainstNumber(row)
	if row.Diverged() {
		s.diverged += n
		if zero {
			s.divergedZero += n
		}
		t.smallest.add(row)
	}
	if row.CrossStream() || t.isUnknown(row) || config(row) || weak[row.Key] {
		return
	}
	s.substance += n
	if zero {
		s.substanceZero += n
	}
	if row.Stream != trace.SetupStream {
		s.pixel += n
		if zero {
			s.pixelZero += n
		}
	}
}

// isUnknown tells a quantity of which nobody said what it is.
func (t *totals) isUnknown(row *diff.Row) bool {
	return row.Key == schema.None && t.declared[row.Name()] == nil
}

func (c *Counts) add(row *diff.Row, n int) {
	c.Total += n
	switch {
	case row.Status == diff.Missing:
		c.Missing += n
		switch row.Gap {
		case diff.Lost:
			c.Lost += n
		case diff.Placeholder:
			c.Placeholder += n
		default:
			c.Unpaired += n
		}
	case row.Status == diff.Pass:
		c.Matched += n
	case row.Status == diff.Waived:
		c.Waived += n
	default:
		c.Diverged += n
	}
}

func (c *Counts) merge(o Counts) {
	c.Matched += o.Matched
	c.Diverged += o.Diverged
	c.Missing += o.Missing
	c.Waived += o.Waived
	c.Total += o.Total
	c.Lost += o.Lost
	c.Unpaired += o.Unpaired
	c.Placeholder += o.Placeholder
	c.Unparsed += o.Unparsed
}

// kind counts a row that was compared by what it can tell.
func (t *totals) kind(row *diff.Row, n int) {
	switch {
	case row.CrossStream():
		t.standIns += n
	case t.isUnknown(row):
		t.unknown += n
	case config(row):
		t.settings += n
	default:
		t.derived += n
	}
}

func (s *smallest) add(row *diff.Row) {
	if row.Rule.Named() {
		return
	}
	s.any = true
	s.hopeless = s.hopeless || row.WouldPass() == ""
	if row.Needs.Rel > s.rel {
		s.rel = row.Needs.Rel
	}
}

// tolerance is the smallest relative tolerance with which no row that it decides
// on would differ, rounded up to three digits; NaN where none differs, or
// where no tolerance helps.
func (s smallest) tolerance() float64 {
	if !s.any || s.hopeless {
		return math.NaN()
	}
	return diff.RoundUp(s.rel)
}

func (t *totals) merge(o *totals) {
	t.Counts.merge(o.Counts)
	for i := range t.streams {
		a, b := &t.streams[i], &o.streams[i]
		a.diverged += b.diverged
		a.divergedZero += b.divergedZero
		a.placeholders += b.placeholders
		a.substance += b.substance
		a.substanceZero += b.substanceZero
		a.pixel += b.pixel
		a.pixelZero += b.pixelZero
	}
	t.own += o.own
	t.smallest.any = t.smallest.any || o.smallest.any
	t.hopeless = t.hopeless || o.hopeless
	t.rel = math.Max(t.rel, o.rel)
	t.settings += o.settings
	t.derived += o.derived
	t.standIns += o.standIns
	t.unknown += o.unknown
}

// holey tells streams in which a log puts words for numbers. There, an exact 0
// may be such a filler as well, and is no evidence.
func (s *streamTotals) holey() bool { return s.placeholders > 0 }

// substance counts what carries a verdict.
type substance struct {
	compared int // rows of computed quantities, in one stream, on both sides
	genuine  int // diverged rows that a placeholder cannot account for
	pixel    int // of compared, those of a pixel or its phi steps
	zeros    int // diverged rows that a placeholder can account for
}

func (t *totals) substance() substance {
	var out substance
	for i := range t.streams {
		s := &t.streams[i]
		out.genuine += s.diverged
		out.compared += s.substance
		out.pixel += s.pixel
		if s.holey() {
			out.genuine -= s.divergedZero
			out.zeros += s.divergedZero
			out.compared -= s.substanceZero
			out.pixel -= s.pixelZero
		}
	}
	return out
}

// comparedKinds says what the few rows that were compared are.
func (t *totals) comparedKinds() string {
	s := ""
	add := func(n int, what string) {
		if n > 0 {
			if s != "" {
				s += ", "
			}
			s += plural(n, what)
		}
	}
	add(t.settings, "setting")
	add(t.derived, "derived factor")
	add(t.standIns, "stand-in from another kind of line")
	add(t.unknown, "unknown quantity")
	return s
}

// limit names what a difference is held against.
func (t *totals) limit(tolerance float64) string {
	if t.own == 0 {
		return fmt.Sprintf("%g", tolerance)
	}
	return fmt.Sprintf("%g, or their own rule for %s", tolerance, plural(t.own, "row"))
}
