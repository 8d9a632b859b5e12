package probe

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"simtrace/internal/procgroup"
	"simtrace/internal/shell"
)

// session is a gdb that is spoken to in its machine interface.
type session struct {
	cmd  *exec.Cmd
	in   *bufio.Writer
	out  *bufio.Reader
	next int      // token of the next command
	said []string // text for people since the last command, in order
	stop *record  // the last stop of the program, until it is taken
}

// maxSaid bounds the text that is kept.
const maxSaid = 200

// newSession starts gdb for a program. What the program prints goes to output.
func newSession(ctx context.Context, program string, args []string, stdin *os.File, output *os.File) (*session, error) {
	gdb, err := exec.LookPath("gdb")
	if err != nil {
		return nil, errors.New("gdb is needed to probe a compiled program, and is not in the PATH: install it (Debian: apt install gdb)")
	}
	cmd := exec.CommandContext(ctx, gdb, "-nx", "-q", "--interpreter=mi3", "-iex", "set debuginfod enabled off", "--", program)
	procgroup.Contain(cmd)
	// The program is started by a shell, which gdb takes from the environment.
	cmd.Env = append(os.Environ(), "LC_ALL=C", "SHELL=/bin/sh")
	cmd.ExtraFiles = []*os.File{output, stdin}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s := &session{cmd: cmd, in: bufio.NewWriter(in), out: bufio.NewReader(out)}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("gdb: %w", err)
	}
	if err := s.prepare(args); err != nil {
		s.end()
		return nil, err
	}
	return s, nil
}

// end ends gdb and the program.
func (s *session) end() {
	_ = procgroup.End(s.cmd)
	_ = s.cmd.Wait()
}

// prepare tells gdb how to print and to keep its hands off the program: it neither
// calls functions in it nor changes its addresses or its environment.
func (s *session) prepare(args []string) error {
	for _, set := range []string{
		"confirm off", "pagination off", "width 0", "height 0", "disable-randomization off", "may-call-functions off",
		"print elements unlimited", "print repeats unlimited", "print frame-arguments none", "print entry-values no",
		"print static-members off", "print pretty off", "print address on", "print symbol off", "print thread-events off", "breakpoint pending off",
	} {
		// A gdb that lacks a setting has not what it would switch off.
		if _, err := s.do("-gdb-set " + set); err != nil && !errors.As(err, new(miError)) {
			return err
		}
	}
	// A signal is the program's own affair.
	if _, err := s.console("handle all nostop noprint pass"); err != nil {
		return err
	}
	for _, name := range []string{"LC_ALL", "SHELL", "LINES", "COLUMNS"} {
		line := "unset environment " + name
		if v, ok := os.LookupEnv(name); ok {
			line = "set environment " + name + " " + v
		}
		if _, err := s.console(line); err != nil {
			return err
		}
	}
	_, err := s.do("-exec-arguments " + shell.Join(args) + " >&3 2>&3 <&4 3>&- 4<&-")
	return err
}

// console runs a command of gdb's command line.
func (s *session) console(line string) (record, error) {
	return s.do("-interpreter-exec console " + strconv.Quote(line))
}

// miError is what gdb says of a command that it refuses.
type miError struct{ text string }

func (e miError) Error() string { return e.text }

// send writes a command and returns its token; several may be under way.
func (s *session) send(command string) int {
	s.next++
	s.in.WriteString(strconv.Itoa(s.next))
	s.in.WriteString(command)
	s.in.WriteByte('\n')
	return s.next
}

// do sends a command and waits for its result.
func (s *session) do(command string) (record, error) {
	s.said = s.said[:0]
	return s.result(s.send(command))
}

// result waits for the result of a command.
func (s *session) result(token int) (record, error) {
	if err := s.in.Flush(); err != nil {
		return record{}, s.gone(err)
	}
	want := strconv.Itoa(token)
	for {
		r, err := s.read()
		switch {
		case err != nil:
			return r, err
		case r.kind != '^' || r.token != want:
		case r.class == "error":
			return r, miError{strings.TrimSpace(r.vars.str("msg"))}
		default:
			return r, nil
		}
	}
}

// stopped waits for the program to stop.
func (s *session) stopped() (record, error) {
	for s.stop == nil {
		if _, err := s.read(); err != nil {
			return record{}, err
		}
	}
	r := *s.stop
	s.stop = nil
	return r, nil
}

// read reads the next record, and keeps stops and text.
func (s *session) read() (record, error) {
	line, err := s.out.ReadString('\n')
	if err != nil {
		return record{}, s.gone(err)
	}
	r, err := parseMI(line)
	if err != nil {
		return r, fmt.Errorf("%w: %s", err, shortened(strings.TrimSpace(line)))
	}
	switch {
	case r.kind == '*' && r.class == "stopped":
		s.stop = &r
	case (r.kind == '&' || r.kind == '~') && len(s.said) < maxSaid:
		s.said = append(s.said, strings.TrimSpace(r.class))
	}
	return r, nil
}

// gone is the error of a gdb that ended.
func (s *session) gone(err error) error {
	if errors.Is(err, io.EOF) {
		err = errors.New("it ended")
	}
	for i := len(s.said) - 1; i >= 0; i-- {
		if s.said[i] != "" {
			return fmt.Errorf("gdb: %w: %s", err, s.said[i])
		}
	}
	return fmt.Errorf("gdb: %w", err)
}

// saidAny tells whether gdb has said something that holds one of the texts.
func (s *session) saidAny(texts ...string) bool {
	for _, line := range s.said {
		for _, t := range texts {
			if strings.Contains(line, t) {
				return true
			}
		}
	}
	return false
}
