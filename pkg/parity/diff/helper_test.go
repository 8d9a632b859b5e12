package diff

import (
	"math"
	"testing"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// result is a comparison with all of its rows, in causal order.
type result struct {
	Rows   []Row
	Pixels PixelMatch
	labels Labels
}

func (r *result) label(row *Row) string { return r.labels.Of(row) }

func compare(t testing.TB, ref, got string) *result {
	t.Helper()
	return compareAt(t, ref, got, 1e-6)
}

func compareAt(t testing.TB, ref, got string, tolerance float64) *result {
	t.Helper()
	names := trace.NewNames(schema.NanoBragg())
	e, err := New(t.Context(), Options{
		Names: names, Sources: [2]*trace.Source{trace.Text(ref, "ref"), trace.Text(got, "got")},
		Tolerances: Tolerances{Default: tolerance}, Threads: 1, NewSink: func() Sink { return nothing{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	jobs := make([]int, e.Jobs())
	for i := range jobs {
		jobs[i] = i
	}
	list, err := e.Detail(t.Context(), jobs, math.MaxInt)
	if err != nil {
		t.Fatal(err)
	}
	out := &result{Pixels: e.Pixels(), labels: Labels{Names: names, Pixels: e.Jobs(), Runs: max(e.Index(0).Runs, e.Index(1).Runs)}}
	for i := range list {
		out.Rows = append(out.Rows, list[i].Rows...)
	}
	e.Sort(out.Rows)
	return out
}

// only returns the row of the key, and fails where there is not just one.
func only(t *testing.T, res *result, name string) *Row {
	t.Helper()
	var found *Row
	for i := range res.Rows {
		if res.Rows[i].Name() == name {
			if found != nil {
				t.Fatalf("several rows named %s", name)
			}
			found = &res.Rows[i]
		}
	}
	if found == nil {
		t.Fatalf("no row named %s", name)
	}
	return found
}
