package bisect

import (
	"context"
	"errors"
	"sync"
)

// Outcome is the answer of a probe.
type Outcome uint8

// The answers. The zero Outcome is that nothing can be told.
const (
	CannotTell Outcome = iota
	Good
	Bad
)

var outcomeNames = [...]string{"cannot tell", "good", "bad"}

// String returns the name that reports print.
func (o Outcome) String() string { return outcomeNames[o] }

// Engine runs probes, each point of the space once, several at a time. R is
// what a probe finds.
type Engine[R any] struct {
	// Probe looks at one point. An error ends the search: it is for trouble
	// that says nothing about the point.
	Probe func(ctx context.Context, point string) (R, error)
	// Jobs is how many probes may run at a time; less than 1 means 1.
	Jobs int
	// Done is told of every probe that ended; it may be nil. It is called
	// from one goroutine at a time.
	Done func(point string, r R)

	results map[string]R
	mu      sync.Mutex
}

// Result returns what the probe of a point found, if it was looked at.
func (e *Engine[R]) Result(point string) (R, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r, ok := e.results[point]
	return r, ok
}

// Run probes the points that were not looked at yet. It returns when all have
// ended, with the first error in the order of the points. An error stops the
// others.
func (e *Engine[R]) Run(ctx context.Context, points ...string) error {
	var todo []string
	seen := map[string]bool{}
	for _, p := range points {
		if _, ok := e.Result(p); !ok && !seen[p] {
			seen[p] = true
			todo = append(todo, p)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	slots := make(chan struct{}, max(e.Jobs, 1))
	errs := make([]error, len(todo))
	var wg sync.WaitGroup
	for i, p := range todo {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if errs[i] = e.one(ctx, p); errs[i] != nil {
				cancel()
			}
		})
	}
	wg.Wait()
	return firstCause(errs)
}

// firstCause prefers an error of a probe's own over the cancellation that it
// brought on the others.
func firstCause(errs []error) error {
	var cancelled error
	for _, err := range errs {
		switch {
		case err == nil:
		case errors.Is(err, context.Canceled):
			cancelled = err
		default:
			return err
		}
	}
	return cancelled
}

func (e *Engine[R]) one(ctx context.Context, point string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r, err := e.Probe(ctx, point)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.results == nil {
		e.results = map[string]R{}
	}
	e.results[point] = r
	if e.Done != nil {
		e.Done(point, r)
	}
	return nil
}
