package campaign

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

// TestFailuresFirst: what is listed is the beginning of the rows sorted by rank, those of a
// rank in their own order.
func TestFailuresFirst(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	states := append([]string{"of another version"}, ranks...)
	for _, n := range []int{0, 1, 7, 100} {
		rows := make([]MatrixRow, n)
		for i := range rows {
			rows[i].State, rows[i].Run = states[random.IntN(len(states))], strconv.Itoa(i)
		}
		sorted := slices.Clone(rows)
		slices.SortStableFunc(sorted, func(a, b MatrixRow) int { return cmp.Compare(rank(a.State), rank(b.State)) })
		for _, most := range []int{0, 1, 20, 100, 1000} {
			want := sorted[:min(most, n)]
			same := func(a, b MatrixRow) bool { return a.State == b.State && a.Run == b.Run }
			if got := failuresFirst(rows, most); !slices.EqualFunc(got, want, same) {
				t.Errorf("%d of %d rows: %v, want %v", most, n, got, want)
			}
		}
	}
}
