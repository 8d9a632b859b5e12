package diff

import (
	"math"
	"sort"

	"simtrace/pkg/trace/schema"
)

// candidate is a quantity of the reference that got does not print, beside a
// quantity of got that the reference does not print, where the schema says
// that the one stands in for the other.
type candidate struct {
	ref, got *group
	rank     int // place in the schema's list, best first
	distance float64
}

// pairStandIns pairs quantities of two dialects. Where several could stand in,
// the one that is nearest in value is taken: a port prints its nearest and its
// interpolated structure factor, and which of them it used is to be told from
// the sum (rule "interpolation"), not from the choice made here.
func (a *aligner) pairStandIns() {
	var all []candidate
	for _, r := range a.order {
		for _, g := range a.order {
			if len(r.ref) == 0 || len(g.got) == 0 {
				continue
			}
			if rank, ok := standsIn(r.id, g.id); ok {
				all = append(all, candidate{r, g, rank, a.distance(r, g)})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool {
		x, y := all[i], all[j]
		switch {
		case x.distance != y.distance:
			return x.distance < y.distance
		case x.rank != y.rank:
			return x.rank < y.rank
		}
		return int(x.ref.id.key)+int(x.got.id.key) < int(y.ref.id.key)+int(y.got.id.key)
	})
	for _, c := range all {
		if len(c.ref.ref) == 0 || len(c.got.got) == 0 {
			continue
		}
		a.pair(c.ref.ref, c.got.got, true)
		c.ref.ref, c.got.got = nil, nil
	}
}

// standsIn looks the pair up in the schema, in either direction.
func standsIn(ref, got groupID) (rank int, ok bool) {
	if ref.key == schema.None || got.key == schema.None || ref.name != "" || got.name != "" {
		return 0, false
	}
	rank = math.MaxInt
	for i, k := range schema.Info(ref.key).Same {
		if k == got.key {
			rank, ok = min(rank, i), true
		}
	}
	for i, k := range schema.Info(got.key).Same {
		if k == ref.key {
			rank, ok = min(rank, i), true
		}
	}
	return rank, ok
}

// distance is the largest relative difference between the first records of two
// groups.
func (a *aligner) distance(ref, got *group) float64 {
	row := Row{Key: ref.id.key, Ref: ref.ref[0], Got: got.got[0]}
	measure(&row, a.tolerance, 0, 0)
	if math.IsNaN(row.Rel) {
		return math.Inf(1)
	}
	return row.Rel
}
