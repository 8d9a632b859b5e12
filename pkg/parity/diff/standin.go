package diff

import (
	"math"

	"simtrace/pkg/trace/schema"
)

// candidate is a quantity of the reference that got does not print, beside a
// quantity of got that the reference does not print, where the schema says
// that the one stands in for the other.
type candidate struct {
	ref, got *known
	rank     int // place in the schema's list, best first
	distance float64
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
