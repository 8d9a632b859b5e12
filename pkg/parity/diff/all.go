package diff

import (
	"context"
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// nothing is the sink of whoever wants details alone.
type nothing struct{}

func (nothing) Row(*Row, int, At) {}
func (nothing) Job(Job)           {}
func (nothing) Merge(Sink)        {}

// All compares two logs of nanoBragg that fit in memory, and returns all rows in
// causal order.
func All(ctx context.Context, ref, got *trace.Source, tolerance float64) ([]Row, error) {
	e, err := New(ctx, Options{
		Names: trace.NewNames(schema.NanoBragg()), Sources: [2]*trace.Source{ref, got},
		Tolerances: Tolerances{Default: tolerance}, Threads: 1, NewSink: func() Sink { return nothing{} },
	})
	if err != nil {
		return nil, err
	}
	if _, _, err := e.Run(ctx); err != nil {
		return nil, err
	}
	jobs := make([]int, e.Jobs())
	for i := range jobs {
		jobs[i] = i
	}
	list, err := e.Detail(ctx, jobs, math.MaxInt)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for i := range list {
		rows = append(rows, list[i].Rows...)
	}
	e.Sort(rows)
	return rows, nil
}
