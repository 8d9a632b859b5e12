// Package interrupt ends a program on a signal: soon, and with nothing half done
// left behind.
//
// A signal cancels the context. The program's own code sees that every few
// milliseconds of its work and returns. What cannot be asked, such as a read from a
// pipe that nobody writes to, is given up after [Grace]: the temporary files are
// removed and the program ends all the same. Further signals change nothing, since
// the first one already ends the program as fast as it can be ended in order.
package interrupt

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"simtrace/internal/bundle"
)

// Grace is how long a program has to return by itself after a signal.
const Grace = 200 * time.Millisecond

// Run runs a program and returns its exit code. late is called, for a last word and
// an exit code, where the program did not return within Grace of a signal; the
// program must exit directly afterwards.
func Run(program func(ctx context.Context) int, late func() int) int {
	// Never stopped: a second signal that comes while the program exits would kill it,
	// and take its exit code.
	ctx, _ := signal.NotifyContext(context.Background(), signals()...)
	done := make(chan int, 1)
	go func() { done <- program(ctx) }()
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	select {
	case code := <-done:
		return code
	case <-time.After(Grace):
	}
	bundle.Discard()
	return late()
}

// signals are those that end the program. One that whoever started it has it ignore
// stays ignored, as nohup and a shell's background jobs need it.
func signals() []os.Signal {
	var out []os.Signal
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			out = append(out, s)
		}
	}
	return out
}
