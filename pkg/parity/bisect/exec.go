package bisect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"simtrace/internal/procgroup"
)

// Defaults of a command's bounds.
const (
	DefaultTimeout   = 10 * time.Minute
	DefaultMaxOutput = 64 << 20 // bytes of standard output
	// maxError is how much of standard error is kept: its end.
	maxError = 4 << 10
)

// skipCode is the exit status by which a command says that it has nothing to
// say, as with "git bisect run".
const skipCode = 125

// Command is a program that prints a trace on standard output.
type Command struct {
	Args      []string // the program and its arguments, or one shell line
	Shell     bool     // run Args joined by blanks with sh -c
	Timeout   time.Duration
	MaxOutput int64
}

// ran is how a command ended. What is not ok tells nothing of the point.
type ran struct {
	output []byte
	ok     bool
	skip   bool   // exit status 125, or a failure that would come again
	why    string // where not ok
}

// run runs the command in a folder. An error is the caller's cancellation;
// whatever the command itself does is part of the result.
func (c *Command) run(ctx context.Context, dir string) (ran, error) {
	args := c.Args
	if c.Shell {
		args = []string{"sh", "-c", strings.Join(c.Args, " ")}
	}
	timed, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	cmd := exec.CommandContext(timed, args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, append(plainEnv(), "PWD="+dir)
	out := &limited{max: c.maxOutput(), full: cancel}
	errs := &ending{}
	cmd.Stdout, cmd.Stderr = out, errs
	procgroup.Contain(cmd)
	err := cmd.Run()
	procgroup.End(cmd) // what it left behind in the background
	if ctx.Err() != nil {
		return ran{}, ctx.Err()
	}
	r := ran{output: out.buf.Bytes()}
	var exit *exec.ExitError
	switch {
	case out.cut():
		r.why = fmt.Sprintf("ended: it printed more than %d bytes", c.maxOutput())
	case timed.Err() != nil:
		r.why = fmt.Sprintf("ended: it ran longer than %v", c.timeout())
	case errors.As(err, &exit) && exit.ExitCode() == skipCode:
		r.why, r.skip = "exit status 125: it says that it cannot tell", true
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		r.why = fmt.Sprintf("exit status %d%s", exit.ExitCode(), errs.last())
	case errors.As(err, &exit):
		r.why = "ended by a " + exit.ProcessState.String()
	case errors.Is(err, fs.ErrNotExist):
		r.why = "cannot be run: " + err.Error() + " (it runs among the commit's files; name others by their whole path)"
	case err != nil:
		r.why = "cannot be run: " + err.Error()
	default:
		r.ok = true
	}
	return r, nil
}

func (c *Command) timeout() time.Duration {
	if c.Timeout <= 0 {
		return DefaultTimeout
	}
	return c.Timeout
}

func (c *Command) maxOutput() int64 {
	if c.MaxOutput <= 0 {
		return DefaultMaxOutput
	}
	return c.MaxOutput
}

// plainEnv is the environment without what points git at another repository,
// as hooks and "git bisect run" set it.
func plainEnv() []string {
	var out []string
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		switch name {
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
			"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_EXTERNAL_DIFF", "PWD":
		default:
			out = append(out, e)
		}
	}
	return out
}

// limited keeps up to max bytes, and calls full when there are more.
type limited struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	max  int64
	over bool
	full func()
}

func (l *limited) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if int64(l.buf.Len()+len(p)) > l.max {
		l.over = true
		l.full()
		return 0, io.ErrShortWrite
	}
	return l.buf.Write(p)
}

func (l *limited) cut() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// ending keeps the end of what is written.
type ending struct {
	mu  sync.Mutex
	buf []byte
}

func (e *ending) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.buf = append(e.buf, p...)
	if n := len(e.buf) - maxError; n > 0 {
		e.buf = append(e.buf[:0], e.buf[n:]...)
	}
	return len(p), nil
}

// last returns the last line, behind a colon, shortened.
func (e *ending) last() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(e.buf)), "\n")
	s := strings.TrimSpace(lines[len(lines)-1])
	if s == "" {
		return ""
	}
	if len(s) > 200 {
		s = s[:200]
	}
	return ": " + strings.ToValidUTF8(s, "?")
}
