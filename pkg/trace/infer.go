package trace

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"simtrace/pkg/trace/schema"
)

// inferFrom is how much of a log is looked at to find out how it is written.
const inferFrom = 512 << 10

// Infer finds out how the logs of a program are written of which nothing is known:
// what counts, and so places what is printed. Both logs are read by the same
// schema, whose quantities are whatever they print. how says in a few words what
// was found. Of names alone, such as --as gives them, it infers nothing.
func Infer(ctx context.Context, src [2]*Source) (s *schema.Schema, how string, err error) {
	if err := FindLeads(ctx, src); err != nil {
		return nil, "", err
	}
	var found [2]*shapeOfLog
	for side := range src {
		if found[side], err = lookAt(ctx, src[side]); err != nil {
			return nil, "", err
		}
	}
	a, b := found[0], found[1]
	var index []schema.IndexKey
	for _, c := range a.counters() {
		if b.has(c) {
			index = append(index, schema.IndexKey{Name: c, Order: orderOf(c, len(index))})
		}
	}
	if a.ranked() && b.ranked() {
		index = append(index, schema.IndexKey{Name: rankKey})
	}
	if s, err = schema.New("text", index, nil); err != nil {
		return nil, "", err
	}
	s.Free, s.Varies = true, clocks(a, b)
	return s, a.describe(index), nil
}

// clocks lists what differs between the two runs from the beginning on and may be
// a time of the clock.
func clocks(a, b *shapeOfLog) map[string]bool {
	out := map[string]bool{}
	below, differ := 0, 0
	for name, why := range a.maybe {
		x, y := a.series[name], b.series[name]
		if x == nil || y == nil {
			continue
		}
		clock := isClock(x.numbers, y.numbers)
		switch why {
		case mayBeMachine:
			clock = clock && isMachine(x.numbers) && isMachine(y.numbers)
		case mayBeEpoch:
			clock = clock && isEpoch(x.numbers) && isEpoch(y.numbers)
		case belowTiming:
			// Each time is listed once below a heading; what comes more often is below no list.
			clock = clock && len(x.numbers) <= a.heads && len(y.numbers) <= b.heads
		}
		if clock {
			out[name] = true
		}
		if why == belowTiming {
			if below++; clock {
				differ++
			}
		}
	}
	if 4*differ < below {
		// What stands below headings of times is the same but for a few: no times.
		maps.DeleteFunc(out, func(name string, _ bool) bool { return a.maybe[name] == belowTiming })
	}
	return out
}

// orderOf tells what counts time from what counts parts.
func orderOf(name string, depth int) schema.Order {
	last := lastWord(name)
	if depth > 0 || last == "layer" || last == "rank" || last == "atom" || last == "cell" {
		return schema.Independent
	}
	return schema.Sequential
}

// shapeOfLog is what the beginning of a log shows.
type shapeOfLog struct {
	names  []string // in the order in which they come first
	series map[string]*seriesOf
	lines  int
	ranks  int
	maybe  map[string]varies // names of what may be a time of the clock
	heads  int               // lines that head times of the clock
}

// seriesOf is the numbers of one name.
type seriesOf struct {
	values   []int64
	numbers  []float64 // the sum of each
	integers bool      // all are integers of at least 0
	single   bool      // each is one number
	first    bool      // each is the first of its line
	leads    bool      // nothing but what may count stands before it on its line
	at       []int
}

// lookAt reads the beginning of a log.
func lookAt(ctx context.Context, src *Source) (*shapeOfLog, error) {
	text, err := src.ReadSpan(nil, 0, min(src.Size, inferFrom))
	if err != nil {
		return nil, err
	}
	free, err := schema.New("text", nil, nil)
	if err != nil {
		return nil, err
	}
	free.Free = true
	lines := string(text)
	if i := strings.LastIndexByte(lines, '\n'); i > 0 && int64(len(text)) < src.Size {
		lines = lines[:i+1]
	}
	return shapeOf(ctx, NewReader(src, NewNames(free), Options{}), lines)
}

// shapeOf looks at lines by a reader that knows nothing of them.
func shapeOf(ctx context.Context, r *Reader, lines string) (*shapeOfLog, error) {
	r.text.undecided = map[string]varies{}
	r.Begin(schema.Nowhere)
	out := &shapeOfLog{series: map[string]*seriesOf{}}
	for n := 0; lines != "" && ctx.Err() == nil; {
		end := len(lines)
		if i := strings.IndexByte(lines[min(smallPart, len(lines)):], '\n'); i >= 0 {
			end = smallPart + i + 1
		}
		n = out.addAll(r.ReadMore(lines[:end], r.line, false), n)
		lines = lines[end:]
	}
	out.maybe, out.heads, out.lines, out.ranks = r.text.undecided, r.text.timingHeads, r.text.lines, r.text.ranked
	return out, ctx.Err()
}

// addAll adds the records of some lines, behind so many of those before.
func (l *shapeOfLog) addAll(records []Record, before int) int {
	last, leads := 0, true
	for i := range records {
		rec := &records[i]
		first := rec.Line != last
		leads = leads || first
		counts := l.add(rec, before+i, first, leads)
		last, leads = rec.Line, leads && counts
	}
	return before + len(records)
}

// add adds a record, and tells whether it is one integer.
func (l *shapeOfLog) add(rec *Record, n int, first, leads bool) bool {
	s := l.series[rec.Name]
	if s == nil {
		name := strings.Clone(rec.Name)
		s = &seriesOf{integers: true, first: true, leads: true, single: true}
		l.series[name] = s
		l.names = append(l.names, name)
	}
	v, ok := int64(0), false
	if len(rec.Values) == 1 {
		v, ok = plainInt(rec.Values[0].Text)
	}
	s.integers, s.single = s.integers && ok, s.single && len(rec.Values) == 1
	if len(rec.Values) > 0 {
		sum := 0.0
		for _, v := range rec.Values {
			sum += v.Num
		}
		s.numbers = append(s.numbers, sum)
	}
	s.first, s.leads = s.first && first, s.leads && leads
	s.values = append(s.values, v)
	s.at = append(s.at, n)
	return ok
}

func (l *shapeOfLog) has(name string) bool {
	s := l.series[name]
	return s != nil && (s.integers || s.counts(name) > 0)
}

// ranked tells whether most lines say which rank printed them.
func (l *shapeOfLog) ranked() bool { return l.ranks > 0 && 10*l.ranks >= 8*l.lines }

// countingWords are what programs call what they count, by the last word.
var countingWords = map[string]bool{
	"step": true, "nstep": true, "istep": true, "timestep": true, "steps": true, "iteration": true, "iter": true, "iterations": true, "niter": true, "it": true,
	"epoch": true, "cycle": true, "frame": true, "layer": true, "scf": true, "loop": true, "batch": true, "generation": true, "sweep": true, "stage": true,
	"outer": true, "inner": true, "ntimestep": true, "n_iter": true, "global_step": true, "pass": true, "round": true, "level": true, "itr": true, "block": true,
}

// timeWords are what programs call the time of their model.
var timeWords = map[string]bool{"time": true, "t": true, "day": true, "tau": true}

func lastWord(name string) string {
	name = strings.TrimSuffix(name, " #2")
	name = strings.ToLower(strings.TrimRight(name, " #.:=()[]"))
	if i := strings.LastIndexAny(name, " \t/.([-"); i >= 0 {
		name = name[i+1:]
	}
	return name
}

// counters lists what counts, the outermost first.
func (l *shapeOfLog) counters() []string {
	outer := ""
	best := 0
	for _, n := range l.names {
		s := l.series[n]
		if grade := s.counts(n); grade > best {
			outer, best = n, grade
		}
	}
	if outer == "" {
		return nil
	}
	out := []string{outer}
	for _, n := range l.names {
		if n != outer && countingWords[lastWord(n)] && len(out) < 3 && l.series[n].countsWithin(l.series[outer]) {
			out = append(out, n)
		}
	}
	return out
}

// counts grades how well a series of numbers counts what comes behind it; 0 for
// one that does not.
func (s *seriesOf) counts(name string) int {
	if !s.integers {
		if s.single && s.first && timeWords[lastWord(name)] && regular(s.numbers) && s.numbers[1] > s.numbers[0] {
			return 1
		}
		return 0
	}
	distinct := s.rising()
	if distinct < 2 {
		return 0
	}
	switch {
	case countingWords[lastWord(name)]:
		return 3
	case s.first && distinct >= 3 && len(s.values) == distinct && s.even():
		return 2
	}
	return 0
}

// rising is how many values a series has that never falls; 0 for one that does.
func (s *seriesOf) rising() int {
	n := 0
	for i, v := range s.values {
		switch {
		case i == 0 || v > s.values[i-1]:
			n++
		case v < s.values[i-1]:
			return 0
		}
	}
	return n
}

// even tells whether a series rises by the same every time.
func (s *seriesOf) even() bool {
	for i := 2; i < len(s.values); i++ {
		if s.values[i]-s.values[i-1] != s.values[1]-s.values[0] {
			return false
		}
	}
	return true
}

// countsWithin tells whether a series starts over where another moves on, and
// rises in between.
func (s *seriesOf) countsWithin(outer *seriesOf) bool {
	if !s.integers || !s.leads || len(s.values) < 4 {
		return false
	}
	over, k := 0, 0
	for i := 1; i < len(s.values); i++ {
		moved := false
		for k < len(outer.at) && outer.at[k] < s.at[i] {
			moved = moved || outer.at[k] > s.at[i-1]
			k++
		}
		switch {
		case s.values[i] > s.values[i-1]:
		case moved && s.values[i] < s.values[i-1]:
			over++
		default:
			return false
		}
	}
	return over > 0
}

// describe says what was found.
func (l *shapeOfLog) describe(index []schema.IndexKey) string {
	s := "text with 1 named number"
	if len(l.names) != 1 {
		s = fmt.Sprintf("text with %d named numbers", len(l.names))
	}
	if len(l.names) > 0 && strings.HasPrefix(l.names[0], columnName) {
		s = fmt.Sprintf("rows of %d columns", len(l.names))
	}
	if len(index) == 0 {
		return s + ", no counter"
	}
	s += ", counter "
	for i, k := range index {
		if i > 0 {
			s += ", "
		}
		s += k.Name
	}
	if index[0].Order == schema.Sequential {
		s += ", in order of time"
	}
	return s
}
