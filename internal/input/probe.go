package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"simtrace/internal/probe"
)

// OpenProbe runs the probed program, and reads what the debugger finds in it as the
// log.
func (s *Source) OpenProbe(ctx context.Context, limit time.Duration) error {
	out, in := io.Pipe()
	type ending struct {
		result *probe.Result
		err    error
	}
	done := make(chan ending, 1)
	go func() {
		r, err := probe.Run(ctx, s.Probe, in, probe.Options{Args: s.ProbeArgs, Limit: limit})
		in.CloseWithError(err) // nil is the end
		done <- ending{r, err}
	}()
	flag := s.Flag() + "-probe"
	f, src, readErr := openStream(ctx, out, s.Path, flag)
	out.Close() // so that the program is not held up by what nobody reads
	end := <-done
	switch {
	case end.err != nil && !errors.Is(end.err, io.ErrClosedPipe):
		return fmt.Errorf("--%s: %w", flag, end.err)
	case readErr != nil:
		return fmt.Errorf("--%s: %w", flag, readErr)
	}
	s.Log, s.Files, s.Notes = src, []File{f}, end.result.Notes
	return nil
}
