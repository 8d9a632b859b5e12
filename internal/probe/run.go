package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"simtrace/internal/procgroup"
)

// Options say how a program is run.
type Options struct {
	Args    []string      // behind those of the probes file
	Limit   time.Duration // how long it may run
	Stdin   io.Reader     // the program's standard input where it is a file, else the program has none
	Program io.Writer     // what the program prints; nil for nobody
}

// Result is what a run gave.
type Result struct {
	Rows  int
	Notes []string // what a user should know, one line each
}

// Run runs the program and writes a row for each value of each tap. What was written
// before an error is no log to judge by. The program and the debugger end with ctx.
func Run(ctx context.Context, s *Spec, w io.Writer, opt Options) (*Result, error) {
	if runtime.GOOS == "windows" {
		return nil, errors.New("probe is not offered on Windows: run it where gdb is at home, as in WSL")
	}
	limited, cancel := context.WithTimeout(ctx, opt.Limit)
	defer cancel()
	stdin, ok := opt.Stdin.(*os.File)
	if !ok {
		null, err := os.Open(os.DevNull)
		if err != nil {
			return nil, err
		}
		defer null.Close()
		stdin = null
	}
	printed, err := newPrinted(opt.Program)
	if err != nil {
		return nil, err
	}
	args := append(append([]string{}, s.Program.Args...), opt.Args...)
	r := newRows(w, s)
	run := runGDB
	if s.Program.Python != "" {
		run = runPython
	}
	hits, err := run(limited, s, args, stdin, printed.in, r)
	last := printed.close()
	switch {
	case ctx.Err() != nil:
		return nil, errors.New("interrupted")
	case limited.Err() != nil:
		return nil, fmt.Errorf("the program took longer than %s and was ended (--timeout)", opt.Limit)
	case errors.As(err, new(*programError)) && last != "":
		return nil, fmt.Errorf("%w: %s", err, last)
	case err != nil:
		return nil, err
	}
	if err := r.w.Flush(); err != nil {
		return nil, err
	}
	return s.result(r, hits)
}

// result notes the taps that nothing came of; where that is all, it is an error.
func (s *Spec) result(r *rows, hits map[*Tap]int) (*Result, error) {
	out := &Result{Rows: r.n, Notes: s.newer()}
	if r.n == 0 {
		why := "the program never came to a tap"
		if s.Arm != nil && s.Arm.When != "" {
			why = fmt.Sprintf("the taps were never armed, or never reached after that: did %s hold at %s?", s.Arm.When, s.Arm.At)
		}
		return nil, s.fail(s.Taps[0].Line, "no row was written: %s", why)
	}
	var unread []string
	for i := range s.Taps {
		if t := &s.Taps[i]; hits[t] == 0 {
			unread = append(unread, fmt.Sprintf("%s (%s)", t.Quantity, t.At))
		}
	}
	if len(unread) > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s: not reached: %s", s.file.Name, strings.Join(unread, ", ")))
	}
	return out, nil
}

// newer notes sources that were changed behind the program's back.
func (s *Spec) newer() []string {
	program, err := os.Stat(s.Program.Run)
	if err != nil {
		return nil
	}
	var out []string
	for _, p := range s.Program.Sources {
		if st, err := os.Stat(p); err == nil && st.ModTime().After(program.ModTime()) {
			out = append(out, fmt.Sprintf("%s is newer than %s: if it was edited since, lines are not where the program has them; compile it again", p, s.Program.Run))
		}
	}
	return out
}

// printed takes what the program prints, and keeps its last line.
type printed struct {
	in   *os.File
	out  *os.File
	done chan string
}

func newPrinted(w io.Writer) (*printed, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &printed{in: in, out: out, done: make(chan string, 1)}
	if w == nil {
		w = io.Discard
	}
	go func() {
		var tail procgroup.Tail
		buf := make([]byte, 64<<10)
		for {
			n, err := out.Read(buf)
			_, _ = tail.Write(buf[:n]) // it cannot fail
			if n > 0 {
				_, _ = w.Write(buf[:n]) // the log is what counts
			}
			if err != nil {
				break
			}
		}
		p.done <- tail.LastLine()
	}()
	return p, nil
}

// close waits for the end of the output, but not for what the program left running.
func (p *printed) close() string {
	p.in.Close()
	defer p.out.Close()
	select {
	case last := <-p.done:
		return last
	case <-time.After(500 * time.Millisecond):
		return ""
	}
}
