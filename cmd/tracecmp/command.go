package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"

	"simtrace/internal/procgroup"
)

// keptStderr is how much of the end of a command's standard error is kept.
const keptStderr = 4096

// openCommand runs the source's command, without a shell, and reads its
// standard output as the log. A command that fails, or takes too long, is
// trouble: what it printed until then is no log to judge by.
func (s *source) openCommand(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.argv[0], s.argv[1:]...)
	procgroup.Own(cmd)
	cmd.Cancel = func() error { return procgroup.End(cmd) }
	cmd.WaitDelay = 2 * time.Second // for what left the group and holds the output open
	out, in := io.Pipe()
	var errs ending
	cmd.Stdout, cmd.Stderr = in, &errs
	done := make(chan error, 1)
	go func() {
		err := cmd.Run()
		_ = procgroup.End(cmd) // what it left behind in the background
		in.Close()
		done <- err
	}()
	f, src, readErr := openStream(ctx, out, s.path, s.flag()+"-cmd")
	if readErr != nil {
		late := ctx.Err() != nil
		cancel()
		out.Close() // so that the command is not held up by what nobody reads
		<-done
		if late {
			return s.failed(ctx, readErr, limit, errs.lastLine())
		}
		return fmt.Errorf("--%s-cmd: %w", s.flag(), readErr)
	}
	if err := <-done; err != nil {
		src.Close()
		return s.failed(ctx, err, limit, errs.lastLine())
	}
	s.src, s.files = src, []file{f}
	return nil
}

// failed says how the command ended, with its last words.
func (s *source) failed(ctx context.Context, err error, limit time.Duration, last string) error {
	what := err.Error()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		what = fmt.Sprintf("took longer than %s and was stopped (--timeout)", limit)
	} else if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	if last != "" {
		what += ": " + last
	}
	return fmt.Errorf("--%s-cmd: %s: %s", s.flag(), s.argv[0], what)
}

// ending keeps the end of what is written to it.
type ending struct{ b []byte }

func (e *ending) Write(p []byte) (int, error) {
	e.b = append(e.b, p...)
	if over := len(e.b) - keptStderr; over > 0 {
		e.b = append(e.b[:0], e.b[over:]...)
	}
	return len(p), nil
}

// lastLine returns the last line that is not blank.
func (e *ending) lastLine() string {
	lines := strings.Split(string(bytes.ToValidUTF8(e.b, []byte("?"))), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if s := strings.TrimSpace(lines[i]); s != "" {
			return s
		}
	}
	return ""
}
