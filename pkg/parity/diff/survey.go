package diff

import (
	"slices"
	"strings"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Survey is what a log prints at all. It judges what the log lacks.
type Survey struct {
	name     string
	problems []trace.Problem
	pixels   bool                           // it has records of some pixel
	sources  map[int]bool                   // of the source stream
	core     map[string]map[schema.Key]bool // core quantities by line prefix
	groups   map[groupID]*known
	digits   digits
}

// known is what a log tells of one quantity.
type known struct {
	id    groupID
	knows [7]bool // coordinates that some record tells, in the order of place
	first trace.Record
	at    [2]int // of the first record: its line, and its place among those of the part
}

// NewSurvey returns the survey of a log of which nothing was read.
func NewSurvey(name string) *Survey {
	return &Survey{name: name, sources: map[int]bool{}, core: map[string]map[schema.Key]bool{}, groups: map[groupID]*known{}}
}

// SetProblems says what could not be read, in the whole of the log.
func (s *Survey) SetProblems(ps []trace.Problem) { s.problems = ps }

// add takes records into account. Where they are all of the log there is but one
// order, and lines of several files say nothing of it.
func (s *Survey) add(records []trace.Record, gs *groups, all bool) {
	for i, g := range gs.list {
		at := [2]int{g.records[0].Pos.Line, i}
		if all {
			at[0] = 0
		}
		k := s.groups[g.id]
		if k == nil {
			k = &known{id: g.id, first: *g.records[0], at: at}
			s.groups[g.id] = k
		} else if slices.Compare(at[:], k.at[:]) < 0 {
			k.first, k.at = *g.records[0], at
		}
		g.knows(&k.knows)
		s.pixels = s.pixels || k.knows[0] && k.knows[1]
		if g.id.stream == trace.SourceStream {
			for _, r := range g.records {
				s.sources[r.At.Source] = true
			}
		}
		for _, r := range g.records {
			if !isCore(r) {
				break
			}
			if s.core[r.Tag] == nil {
				s.core[r.Tag] = map[schema.Key]bool{}
			}
			s.core[r.Tag][r.Key] = true
		}
	}
	s.digits.addAll(records)
}

// Merge adds what another survey of the same log gathered.
func (s *Survey) Merge(o *Survey) {
	s.pixels = s.pixels || o.pixels
	for n := range o.sources {
		s.sources[n] = true
	}
	for tag, keys := range o.core {
		if s.core[tag] == nil {
			s.core[tag] = map[schema.Key]bool{}
		}
		for k := range keys {
			s.core[tag][k] = true
		}
	}
	for id, k := range o.groups {
		mine := s.groups[id]
		if mine == nil {
			c := *k
			s.groups[id] = &c
			continue
		}
		if slices.Compare(k.at[:], mine.at[:]) < 0 {
			mine.first, mine.at = k.first, k.at
		}
		for i, y := range k.knows {
			mine.knows[i] = mine.knows[i] || y
		}
	}
	s.digits.merge(&o.digits)
}

// MergeFirst takes over which record of a quantity comes first, and nothing
// else.
func (s *Survey) MergeFirst(o *Survey) {
	for id, k := range o.groups {
		if mine := s.groups[id]; mine != nil && slices.Compare(k.at[:], mine.at[:]) < 0 {
			mine.first, mine.at = k.first, k.at
		}
	}
}

// ordered lists the quantities in the order in which the log prints them.
func (s *Survey) ordered() []*known {
	out := make([]*known, 0, len(s.groups))
	for _, k := range s.groups {
		out = append(out, k)
	}
	slices.SortFunc(out, func(x, y *known) int { return slices.Compare(x.at[:], y.at[:]) })
	return out
}

// Names lists the names of the quantities that the log prints, in the order in
// which they come first.
func (s *Survey) Names() []string {
	var out []string
	seen := map[string]bool{}
	for _, k := range s.ordered() {
		if n := k.first.Name; !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// garbled tells whether a line that could not be read has the name.
func (s *Survey) garbled(name string) bool {
	for _, p := range s.problems {
		if p.Kind != trace.Traceback && strings.Contains(p.Text, name) {
			return true
		}
	}
	return false
}

// Same tells whether two wholes decide alike on every part: then what was
// compared by the one need not be compared again by the other.
func (w *Whole) Same(o *Whole) bool {
	return w.blindPixel == o.blindPixel && w.refDigits == o.refDigits && w.gotDigits == o.gotDigits &&
		slices.Equal(w.standIns, o.standIns) && w.Ref.same(o.Ref) && w.Got.same(o.Got) &&
		w.sameGaps(o)
}

func (s *Survey) same(o *Survey) bool {
	if s.pixels != o.pixels || len(s.sources) != len(o.sources) || len(s.core) != len(o.core) || len(s.groups) != len(o.groups) {
		return false
	}
	for n := range s.sources {
		if !o.sources[n] {
			return false
		}
	}
	for tag, keys := range s.core {
		if len(keys) != len(o.core[tag]) {
			return false
		}
	}
	for id, k := range s.groups {
		if other := o.groups[id]; other == nil || other.knows != k.knows {
			return false
		}
	}
	return true
}

// sameGaps compares what the lines say that could not be read, of the
// quantities for which it counts: those that one log alone prints.
func (w *Whole) sameGaps(o *Whole) bool {
	for _, k := range w.alone(w.Ref) {
		if w.Got.garbled(k.first.Name) != o.Got.garbled(k.first.Name) {
			return false
		}
	}
	for _, k := range w.alone(w.Got) {
		if w.Ref.garbled(k.first.Name) != o.Ref.garbled(k.first.Name) {
			return false
		}
	}
	return true
}

// SettledDigits tells whether numbers still to come can no more change what is
// known of the precision of the trace lines: a number printed in full is there.
func (s *Survey) SettledDigits() bool { return s.digits.lines[fullDigits] > 0 }

// AddDigits counts the digits of a number of a trace line that Add did not see.
func (s *Survey) AddDigits(v trace.Value) { s.digits.add(&s.digits.lines, v) }
