package diff

import (
	"slices"
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
	res.Pixels = matchPixels(res.RefPixels, res.GotPixels)
	a := &aligner{blindPixel: res.Pixels == AssumedPixel, tolerance: rules.Default, rules: rules}
	a.refSide, a.gotSide = sideOf(ref, res.RefPixels), sideOf(got, res.GotPixels)
	a.refDigits, a.gotDigits = inferPrecision(ref.Records), inferPrecision(got.Records)
	a.alignSamples(ref.Records, got.Records)
	a.groups(ref.Records, got.Records)
	a.pairGroups()
	a.pairStandIns()
	a.leftOver()
	a.explainGaps()
	sortRows(a.rows)
	res.Rows = slices.Grow(res.Rows, len(a.rows))
	for _, r := range a.rows {
		res.Rows = append(res.Rows, *r)
	}
	return res
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

func matchPixels(ref, got []Pixel) PixelMatch {
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
	blindPixel           bool
	tolerance            float64
	rules                Tolerances
	refDigits, gotDigits precision
	refSide, gotSide     *side
	samples              renumbered

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

func (a *aligner) groups(ref, got []trace.Record) {
	a.byID = map[groupID]*group{}
	find := func(r *trace.Record) *group {
		id := identify(r)
		g := a.byID[id]
		if g == nil {
			g = &group{id: id}
			a.byID[id] = g
			a.order = append(a.order, g)
		}
		return g
	}
	for i := range ref {
		g := find(&ref[i])
		g.ref = append(g.ref, &ref[i])
	}
	for i := range got {
		g := find(&got[i])
		g.got = append(g.got, &got[i])
	}
}

// pairGroups pairs within every group that both logs have.
func (a *aligner) pairGroups() {
	for _, g := range a.order {
		if len(g.ref) > 0 && len(g.got) > 0 {
			a.pair(g.ref, g.got, false)
			g.ref, g.got = nil, nil
		}
	}
}

// pair joins records of one quantity by their evaluation. A coordinate counts
// only where both logs tell it; where one does not, the order printed decides.
func (a *aligner) pair(ref, got []*trace.Record, standIn bool) {
	if mask := a.mask(ref, got); !a.pairInOrder(ref, got, mask, standIn) {
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
		row := &Row{Key: r.Key, Stream: r.Stream, At: a.at(r), Occur: occur[p], Ref: r, StandIn: standIn}
		occur[p]++
		if rest := partners[p]; len(rest) > 0 {
			row.Got, partners[p] = rest[0], rest[1:]
			row.At = known(row.At, a.at(row.Got))
			measureBy(row, a.rules.of(row), a.refDigits.of(r.Stream), a.gotDigits.of(row.Got.Stream))
		} else {
			row.missing()
			row.Gap, row.Note = a.gotSide.gap(r, seen[p], mask)
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
			row.Gap, row.Note = a.refSide.gap(g, seen[p], mask)
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

// mask says which coordinates do not count: those of which all records of one
// side know nothing. The pixel is left out only where the logs as a whole
// allow it, and on lines that are printed before any pixel.
func (a *aligner) mask(ref, got []*trace.Record) [7]bool {
	var off [7]bool
	for i := 2; i < len(off); i++ {
		off[i] = ignorant(ref, i) || ignorant(got, i)
	}
	perRun := beforePixels(ref[0]) || beforePixels(got[0])
	off[0] = a.blindPixel || perRun
	off[1] = off[0]
	return off
}

func beforePixels(r *trace.Record) bool {
	return r.Stream == trace.SetupStream || r.Stream == trace.NoteStream
}

func ignorant(records []*trace.Record, i int) bool {
	for _, r := range records {
		if placeOf(r, [7]bool{})[i] >= 0 {
			return false
		}
	}
	return true
}

func known(a, b trace.Where) trace.Where {
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
	rank := func(r *Row) int {
		if r.Key == schema.None {
			return schema.Count
		}
		return int(r.Key)
	}
	sort.SliceStable(rows, func(i, j int) bool {
		x, y := rows[i], rows[j]
		if rank(x) != rank(y) {
			return rank(x) < rank(y)
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
