package input

import (
	"context"
	"io"
	"sync"
	"time"

	"simtrace/internal/interrupt"
)

// OpenSide opens the log, or runs its command, which may take as long as limit; name is what
// positions call it.
func (s *Source) OpenSide(ctx context.Context, name string, stdin io.Reader, limit time.Duration) error {
	var err error
	if s.Argv != nil {
		err = s.OpenCommand(ctx, limit)
	} else {
		err = s.Open(ctx, name, stdin)
	}
	if ctx.Err() != nil {
		return interrupt.Err
	}
	return err
}

// OpenBoth opens the two logs at the same time.
func OpenBoth(ctx context.Context, ref, got *Source, stdin io.Reader, limit time.Duration) error {
	names := ShortNames(ref.Path, got.Path)
	return BothSides(ref, got, func(i int, s *Source) error { return s.OpenSide(ctx, names[i], stdin, limit) })
}

// BothSides does something with both sides at the same time. Of two errors one
// is told: one line is enough.
func BothSides(ref, got *Source, do func(int, *Source) error) error {
	var errs [2]error
	var wg sync.WaitGroup
	for i, s := range []*Source{ref, got} {
		wg.Go(func() { errs[i] = do(i, s) })
	}
	wg.Wait()
	if errs[0] != nil {
		return errs[0]
	}
	return errs[1]
}
