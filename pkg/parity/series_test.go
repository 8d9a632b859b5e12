package parity

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/pkg/parity/diff"
)

// TestSeriesInAnyOrder: a series is the same however its rows come and are merged,
// with fewer steps than are kept and with many more.
func TestSeriesInAnyOrder(t *testing.T) {
	for _, steps := range []int{1, 700, 2001, 30000} {
		r := rand.New(rand.NewPCG(uint64(steps), 1))
		type at struct {
			row  diff.Row
			step stepAt
		}
		var rows []at
		for i := range steps {
			if r.IntN(5) == 0 {
				continue
			}
			rel := r.ExpFloat64() * 1e-9
			rows = append(rows, at{diff.Row{Rel: rel, Abs: rel * (1 + r.Float64())}, stepAt{int64(i + 1), int32(2 * i)}})
		}
		fill := func(rows []at) *series {
			s := &series{}
			for i := range rows {
				s.add(&rows[i].row, rows[i].step, 1e-17)
			}
			return s
		}
		want := fill(rows)
		if len(want.points) > maxPoints || steps > maxPoints && len(want.points) < maxPoints/4 {
			t.Errorf("%d points of %d steps", len(want.points), steps)
		}
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for _, cut := range []int{0, r.IntN(len(rows) + 1), len(rows)} {
			a, b := fill(rows[:cut]), fill(rows[cut:])
			b.merge(a)
			if d := cmp.Diff(want, b, cmp.AllowUnexported(series{}, point{}, stepAt{}), cmp.AllowUnexported(diff.Row{})); d != "" {
				t.Errorf("%d steps, cut at %d: %s", steps, cut, d)
			}
		}
		last := 0.0
		for d, s := range want.reached {
			first := int64(0)
			for _, x := range rows {
				if x.row.Rel >= pow10(d-leastDecade) && (first == 0 || x.step.number < first) {
					first = x.step.number
				}
			}
			if s.number != first || float64(s.number) < last && s.number != 0 {
				t.Errorf("%d steps: 1e%d is reached at %d, not %d", steps, d-leastDecade, s.number, first)
			}
			last = float64(s.number)
		}
	}
}

func pow10(e int) float64 {
	v := 1.0
	for range -e {
		v /= 10
	}
	return v
}
