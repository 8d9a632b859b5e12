package diff

import (
	"sort"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// PixelMatch says how the pixels of the two logs were brought together.
type PixelMatch uint8

const (
	// SamePixels: both logs name their pixels and have some in common, or
	// neither names any.
	SamePixels PixelMatch = iota
	// AssumedPixel: one log names no pixel, and the other exactly one.
	AssumedPixel
	// OtherPixels: both logs name their pixels and have none in common.
	OtherPixels
	// AmbiguousPixel: one log names no pixel, and the other several.
	AmbiguousPixel
)

// Pixel is a pixel's place, slow before fast, counted from 0.
type Pixel struct{ Slow, Fast int }

// Result is what Compare finds.
type Result struct {
	Rows                 []Row // in causal order
	Pixels               PixelMatch
	RefPixels, GotPixels []Pixel // those that the logs name, in order of appearance
}

// Compare pairs the records of two logs and measures every pair with the
// given relative tolerance. The rows come in causal order: by key, then by
// sample and phi step; quantities that the schema does not know stand last.
// Every record of either log is in exactly one row.
func Compare(ref, got *trace.Log, tolerance float64) *Result {
	return CompareBy(ref, got, Tolerances{Default: tolerance})
}

// CompareBy is Compare with rules for single quantities.
func CompareBy(ref, got *trace.Log, rules Tolerances) *Result {
	res := &Result{RefPixels: pixels(ref.Records), GotPixels: pixels(got.Records)}
	res.Pixels = MatchPixels(res.RefPixels, res.GotPixels)
	refs, gots := groupsOf(ref.Records), groupsOf(got.Records)
	w := NewWhole(surveyOf(ref, refs), surveyOf(got, gots), rules)
	w.blindPixel = res.Pixels == AssumedPixel
	res.Rows = w.compare(ref, got, refs, gots)
	return res
}

func surveyOf(l *trace.Log, gs *groups) *Survey {
	s := NewSurvey(l.Name)
	s.add(l.Records, gs, true)
	s.SetProblems(l.Problems)
	return s
}

func pixels(records []trace.Record) []Pixel {
	var out []Pixel
	seen := map[Pixel]bool{}
	for i := range records {
		p := Pixel{records[i].At.Slow, records[i].At.Fast}
		if p.Slow >= 0 && p.Fast >= 0 && !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

// MatchPixels brings the pixels of two logs together.
func MatchPixels(ref, got []Pixel) PixelMatch {
	if len(ref) == 0 && len(got) == 0 {
		return SamePixels
	}
	if len(ref) == 0 || len(got) == 0 {
		if len(ref)+len(got) == 1 {
			return AssumedPixel
		}
		return AmbiguousPixel
	}
	for _, r := range ref {
		for _, g := range got {
			if r == g {
				return SamePixels
			}
		}
	}
	return OtherPixels
}

// groupID names the records that are the same quantity on the same kind of
// line.
type groupID struct {
	stream trace.Stream
	key    schema.Key
	name   string // where the key alone does not say it
}

// group holds both logs' records of one quantity, in the order printed.
type group struct {
	id       groupID
	ref, got []*trace.Record
}

type aligner struct {
	whole            *Whole
	refPart, gotPart part
	samples          renumbered

	byID  map[groupID]*group
	order []*group
	rows  []*Row
}

func identify(r *trace.Record) groupID {
	id := groupID{stream: r.Stream, key: r.Key}
	if r.Key == schema.None || !printsAs(r.Key, r.Name) {
		id.name = r.Name
	}
	return id
}

// printsAs reports whether name is a name of k, and so says no more than k.
func printsAs(k schema.Key, name string) bool {
	q := schema.Info(k)
	if q.Name == name {
		return true
	}
	for _, a := range q.Aliases {
		if a == name {
			return true
		}
	}
	return false
}

// groups are the records of one log by quantity.
type groups struct {
	list []*half // in the order in which they come first
	byID map[groupID]*half
}

// half is one log's records of one quantity, in the order printed.
type half struct {
	id      groupID
	records []*trace.Record
}

func groupsOf(records []trace.Record) *groups {
	g := &groups{byID: map[groupID]*half{}}
	for i := range records {
		r := &records[i]
		id := identify(r)
		h := g.byID[id]
		if h == nil {
			h = &half{id: id}
			g.byID[id] = h
			g.list = append(g.list, h)
		}
		h.records = append(h.records, r)
	}
	return g
}

// knows notes which coordinates some record tells.
func (h *half) knows(into *[7]bool) {
	for i := range into {
		for k := 0; k < len(h.records) && !into[i]; k++ {
			into[i] = placeOf(h.records[k], [7]bool{})[i] >= 0
		}
	}
}

// join puts the two logs' records of a quantity beside each other.
func (a *aligner) join(ref, got *groups) {
	a.byID = make(map[groupID]*group, len(ref.list))
	for _, h := range ref.list {
		g := &group{id: h.id, ref: h.records}
		a.byID[h.id] = g
		a.order = append(a.order, g)
	}
	for _, h := range got.list {
		g := a.byID[h.id]
		if g == nil {
			g = &group{id: h.id}
			a.byID[h.id] = g
			a.order = append(a.order, g)
		}
		g.got = h.records
	}
}

// pairGroups pairs within every quantity that both logs have.
func (a *aligner) pairGroups() {
	for _, g := range a.order {
		if a.whole.both(g.id) {
			a.pair(g.ref, g.got, a.whole.mask(g.id, g.id), false)
			g.ref, g.got = nil, nil
		}
	}
}

// pairStandIns pairs the quantities of which one stands in for the other.
func (a *aligner) pairStandIns() {
	for _, s := range a.whole.standIns {
		r, g := a.byID[s.ref], a.byID[s.got]
		var ref, got []*trace.Record
		if r != nil {
			ref, r.ref = r.ref, nil
		}
		if g != nil {
			got, g.got = g.got, nil
		}
		a.pair(ref, got, a.whole.mask(s.ref, s.got), true)
	}
}

// pair joins records of one quantity by their evaluation. A coordinate counts
// only where both logs tell it; where one does not, the order printed decides.
func (a *aligner) pair(ref, got []*trace.Record, mask [7]bool, standIn bool) {
	if !a.pairInOrder(ref, got, mask, standIn) {
		a.pairByPlace(ref, got, mask, standIn)
	}
}

// pairByPlace is pair for records in any order.
func (a *aligner) pairByPlace(ref, got []*trace.Record, mask [7]bool, standIn bool) {
	seen := map[place]*trace.Record{}
	partners := map[place][]*trace.Record{}
	for _, g := range got {
		p := a.placeOf(g, mask)
		partners[p] = append(partners[p], g)
	}
	occur := map[place]int{}
	for _, r := range ref {
		p := a.placeOf(r, mask)
		row := &Row{Key: r.Key, Stream: r.Stream, At: a.at(r), Occur: occur[p], Ref: r}
		occur[p]++
		if rest := partners[p]; len(rest) > 0 {
			row.Got, partners[p] = rest[0], rest[1:]
			row.StandIn = standIn
			row.At = joined(row.At, a.at(row.Got))
			a.whole.Measure(row)
		} else {
			row.missing()
			row.Gap, row.Note = a.gap(a.whole.Got, a.gotPart, r, seen[p], mask)
		}
		seen[p] = r
		a.rows = append(a.rows, row)
	}
	clear(seen)
	for _, g := range got {
		p := a.placeOf(g, mask)
		if rest := partners[p]; len(rest) > 0 && rest[0] == g {
			partners[p] = rest[1:]
			row := &Row{Key: g.Key, Stream: g.Stream, At: a.at(g), Occur: occur[p], Got: g}
			occur[p]++
			row.missing()
			row.Gap, row.Note = a.gap(a.whole.Ref, a.refPart, g, seen[p], mask)
			a.rows = append(a.rows, row)
		}
		seen[p] = g
	}
}

// place is a Where as an array; coordinates that do not count are -1.
type place [7]int

func placeOf(r *trace.Record, mask [7]bool) place {
	w := r.At
	p := place{w.Slow, w.Fast, w.Layer, w.Sub, w.Source, w.Domain, w.Phi}
	for i, off := range mask {
		if off {
			p[i] = -1
		}
	}
	return p
}

// joined is what either side knows of the place.
func joined(a, b trace.Where) trace.Where {
	pick := func(x *int, y int) {
		if *x < 0 {
			*x = y
		}
	}
	pick(&a.Slow, b.Slow)
	pick(&a.Fast, b.Fast)
	pick(&a.Layer, b.Layer)
	pick(&a.Sub, b.Sub)
	pick(&a.Source, b.Source)
	pick(&a.Domain, b.Domain)
	pick(&a.Phi, b.Phi)
	return a
}

// leftOver makes a row of every record whose quantity the other log lacks.
func (a *aligner) leftOver() {
	for _, g := range a.order {
		for _, side := range [][]*trace.Record{g.ref, g.got} {
			occur := map[place]int{}
			for _, r := range side {
				p := a.placeOf(r, [7]bool{})
				row := &Row{Key: r.Key, Stream: r.Stream, At: a.at(r), Occur: occur[p]}
				occur[p]++
				if len(g.ref) > 0 {
					row.Ref = r
				} else {
					row.Got = r
				}
				row.missing()
				a.rows = append(a.rows, row)
			}
		}
	}
}

func sortRows(rows []*Row) {
	sort.SliceStable(rows, func(i, j int) bool {
		x, y := rows[i], rows[j]
		if rankOf(x) != rankOf(y) {
			return rankOf(x) < rankOf(y)
		}
		if x.Key == schema.None && x.Stream != y.Stream {
			return x.Stream < y.Stream
		}
		if x.Key == schema.None {
			return false // as printed
		}
		return before(x, y)
	})
}

// rankOf is the place of the row's quantity in causal order.
func rankOf(r *Row) int {
	if r.Key == schema.None {
		return schema.Count
	}
	return int(r.Key)
}

func before(x, y *Row) bool {
	p := place{x.At.Slow, x.At.Fast, x.At.Layer, x.At.Sub, x.At.Source, x.At.Domain, x.At.Phi}
	q := place{y.At.Slow, y.At.Fast, y.At.Layer, y.At.Sub, y.At.Source, y.At.Domain, y.At.Phi}
	for i := range p {
		if p[i] != q[i] {
			return p[i] < q[i]
		}
	}
	return x.Occur < y.Occur
}
