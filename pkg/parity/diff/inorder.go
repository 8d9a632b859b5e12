package diff

import (
	"slices"

	"simtrace/pkg/trace"
)

// pairInOrder pairs records one by one where both logs print the quantity at the
// same places in the same, rising order: then every place comes once, and
// pairing by place says nothing else. It answers false, and does nothing, where
// that does not hold.
func (a *aligner) pairInOrder(ref, got []*trace.Record, mask [7]bool, standIn bool) bool {
	if len(ref) != len(got) || !a.samePlaces(ref, got, mask) {
		return false
	}
	rows := make([]Row, len(ref))
	a.rows = slices.Grow(a.rows, len(rows))
	for i, r := range ref {
		row := &rows[i]
		*row = Row{Key: r.Key, Stream: r.Stream, At: joined(a.at(r), a.at(got[i])), Ref: r, Got: got[i], StandIn: standIn}
		a.whole.Measure(row)
		a.rows = append(a.rows, row)
	}
	return true
}

func (a *aligner) samePlaces(ref, got []*trace.Record, mask [7]bool) bool {
	var before place
	for i := range ref {
		p := a.placeOf(ref[i], mask)
		if p != a.placeOf(got[i], mask) || i > 0 && slices.Compare(before[:], p[:]) >= 0 {
			return false
		}
		before = p
	}
	return true
}
