package diff

import (
	"slices"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Part is a part of a log with its records sorted by quantity.
type Part struct {
	Log    *trace.Log
	groups *groups
}

// NewPart sorts the records of a part.
func NewPart(l *trace.Log) *Part { return &Part{l, groupsOf(l.Records)} }

// Add takes a part of the log into account; parts may come in any order.
func (s *Survey) Add(p *Part) { s.add(p.Log.Records, p.groups, false) }

// Compare pairs and measures the records of a part: of whole pixels, or of the
// lines before any. The rows come in causal order.
func (w *Whole) Compare(ref, got *Part) []Row {
	return w.compare(ref.Log, got.Log, ref.groups, got.groups)
}

// Pairing is how the records of two parts are paired, where that hangs on what
// they are and not on their numbers: all parts of the same form pair alike.
type Pairing struct {
	Pairs []Pair
	Gaps  []Gone
}

// Pair is a row of numbers on both sides; Row is one such, and agrees.
type Pair struct {
	Row       Row
	Number    int  // of the row, as Compare orders them
	Ref, Got  int  // which record
	SameNames bool // the numbers of both sides belong together one by one
}

// Gone is a row of one side; the other has no such record.
type Gone struct {
	Row    Row
	Number int
	Which  int // record of the side that has it
	Got    bool
}

// Pairing returns how the rows, as Compare made them of the two parts, are
// paired. It answers false where the numbers have a part in it.
func (w *Whole) Pairing(ref, got *Part, rows []Row) (*Pairing, bool) {
	r, g := seriesOf(ref.Log.Records, w.blindPixel), seriesOf(got.Log.Records, w.blindPixel)
	for id, s := range r {
		if o := g[id]; o != nil && o.count != s.count && !id.rows {
			return nil, false // their positions tell which samples belong together
		}
		if s.repeats() {
			return nil, false
		}
	}
	for _, s := range g {
		if s.repeats() {
			return nil, false
		}
	}
	refs, gots := indexOf(ref.Log.Records), indexOf(got.Log.Records)
	p := &Pairing{}
	for i := range rows {
		row := rows[i]
		switch {
		case row.Ref != nil && row.Got != nil:
			if row.Status == Missing || len(row.Ref.Values) == 0 || len(row.Got.Values) == 0 {
				return nil, false
			}
			p.Pairs = append(p.Pairs, Pair{w.agreeing(&row), i, refs[row.Ref], gots[row.Got], sameNames(row.Ref, row.Got)})
		case row.Occur > 0:
			return nil, false // whether it repeats the one before it, the numbers tell
		case row.Ref != nil:
			p.Gaps = append(p.Gaps, Gone{row, i, refs[row.Ref], false})
		default:
			p.Gaps = append(p.Gaps, Gone{row, i, gots[row.Got], true})
		}
	}
	return p, true
}

// Straight tells whether each record is paired with the one of the same number.
func (p *Pairing) Straight() bool {
	for i := range p.Pairs {
		if p.Pairs[i].Ref != p.Pairs[i].Got || !p.Pairs[i].SameNames {
			return false
		}
	}
	return len(p.Gaps) == 0
}

// agreeing is the row as it is where the numbers of both sides are the same
// text.
func (w *Whole) agreeing(row *Row) Row {
	return Row{Key: row.Key, Stream: row.Stream, At: row.At, Occur: row.Occur, Ref: row.Ref, Got: row.Got,
		StandIn: row.StandIn, Worst: -1, Rule: w.Rules.of(row), Needs: noNeeds()}
}

func sameNames(ref, got *trace.Record) bool {
	return slices.EqualFunc(ref.Values, got.Values, func(x, y trace.Value) bool { return x.Name == y.Name })
}

// repeats tells whether a line of the series may repeat the one before it; then
// the numbers say whether it begins a sample.
func (s *series) repeats() bool {
	for i := 1; i < len(s.lines); i++ {
		if sameQuantity(s.lines[i-1], s.lines[i]) {
			return true
		}
	}
	return false
}

func indexOf(records []trace.Record) map[*trace.Record]int {
	out := make(map[*trace.Record]int, len(records))
	for i := range records {
		out[&records[i]] = i
	}
	return out
}

// Before tells whether x comes before y in causal order. Rows of quantities that
// the schema does not know are in no order: ok is false for two of them.
func Before(x, y *Row) (first, ok bool) {
	if a, b := rankOf(x), rankOf(y); a != b {
		return a < b, true
	}
	if x.Key == schema.None {
		return x.Stream < y.Stream, x.Stream != y.Stream
	}
	return before(x, y), true
}
