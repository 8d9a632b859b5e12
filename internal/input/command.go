package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"simtrace/internal/interrupt"
	"simtrace/internal/procgroup"
)

// OpenCommand runs the source's command, without a shell, and reads its
// standard output as the log. A command that fails, or takes too long, is
// trouble: what it printed until then is no log to judge by.
func (s *Source) OpenCommand(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.Argv[0], s.Argv[1:]...)
	procgroup.Contain(cmd)
	out, in := io.Pipe()
	var errs procgroup.Tail
	cmd.Stdout, cmd.Stderr = in, &errs
	done := make(chan error, 1)
	go func() {
		err := cmd.Run()
		_ = procgroup.End(cmd) // what it left behind in the background
		in.Close()
		done <- err
	}()
	f, src, readErr := openStream(ctx, out, s.Path, s.KeptName())
	if readErr != nil {
		late := ctx.Err() != nil
		cancel()
		out.Close() // so that the command is not held up by what nobody reads
		<-done
		if late {
			return s.failed(ctx, readErr, limit, errs.LastLine())
		}
		return fmt.Errorf("--%s-cmd: %w", s.Flag(), readErr)
	}
	if err := <-done; err != nil {
		src.Close()
		return s.failed(ctx, err, limit, errs.LastLine())
	}
	s.Log, s.Files = src, []File{f}
	return nil
}

// KeptName is what the output of a command is called, in positions and in a report
// folder.
func (s *Source) KeptName() string { return s.Flag() + "-cmd.log" }

// maxKept bounds the output of a command that is kept.
const maxKept = 256 << 20

// Text is what a log that came from a stream held.
func (s *Source) Text() ([]byte, error) {
	if s.Log.Size > maxKept {
		return nil, fmt.Errorf("it is longer than %d MB and was not kept", maxKept>>20)
	}
	return s.Log.ReadSpan(nil, 0, s.Log.Size)
}

// failed says how the command ended, with its last words.
func (s *Source) failed(ctx context.Context, err error, limit time.Duration, last string) error {
	what := err.Error()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		what = fmt.Sprintf("took longer than %s and was stopped (--timeout)", limit)
	} else if ctx.Err() != nil {
		return interrupt.Err
	}
	if last != "" {
		what += ": " + last
	}
	return fmt.Errorf("--%s-cmd: %s: %s", s.Flag(), s.Argv[0], what)
}
