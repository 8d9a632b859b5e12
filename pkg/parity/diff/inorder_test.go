package diff

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"simtrace/pkg/trace"
)

// bothWays pairs the records of every quantity in order and by place, and tells
// how many quantities went in order.
func bothWays(t *testing.T, ref, got *trace.Log) (inOrder int) {
	t.Helper()
	refs, gots := groupsOf(ref.Records), groupsOf(got.Records)
	a := &aligner{whole: NewWhole(surveyOf(ref, refs), surveyOf(got, gots), Tolerances{Default: 1e-6})}
	a.refPart, a.gotPart = partOf(refs), partOf(gots)
	a.alignSamples(ref.Records, got.Records)
	a.join(refs, gots)
	for _, g := range a.order {
		if len(g.ref) == 0 || len(g.got) == 0 {
			continue
		}
		a.rows = nil
		if !a.pairInOrder(g.ref, g.got, a.whole.mask(g.id, g.id), false) {
			if len(a.rows) > 0 {
				t.Fatal("rows were left behind")
			}
			continue
		}
		inOrder++
		fast := a.rows
		a.rows = nil
		a.pairByPlace(g.ref, g.got, a.whole.mask(g.id, g.id), false)
		if len(fast) != len(a.rows) {
			t.Fatalf("%d rows in order, %d by place", len(fast), len(a.rows))
		}
		for i := range fast {
			// In print, a NaN is like another, and a record is its address.
			if x, y := fmt.Sprintf("%+v", *fast[i]), fmt.Sprintf("%+v", *a.rows[i]); x != y {
				t.Fatalf("in order %s, by place %s", x, y)
			}
		}
	}
	return inOrder
}

func TestInOrderIsByPlace(t *testing.T) {
	whole := strings.Join(recorded(t), "")
	if n := bothWays(t, read(t, "ref", whole), read(t, "got", strings.ReplaceAll(whole, "3", "4"))); n < 50 {
		t.Errorf("only %d quantities of a recorded trace are paired in order", n)
	}
	r := rand.New(rand.NewPCG(5, 6))
	n := 0
	for range 2000 {
		n += bothWays(t, read(t, "ref", randomLog(r, "TRACE_C")), read(t, "got", randomLog(r, "TRACE_PY")))
	}
	if n < 100 {
		t.Errorf("only %d quantities of random logs are paired in order", n)
	}
}
