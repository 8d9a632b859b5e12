package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	folders "simtrace/internal/bundle"
	"simtrace/internal/procgroup"
	"simtrace/pkg/nanobragg"
)

// defaultChildTimeout is how long a run of a simulator may take.
const defaultChildTimeout = 30 * time.Minute

// childFloat is the float image that a child is told to write.
const childFloat = "floatimage.bin"

// maxChildText is how much a child may print: the trace of a pixel with many
// steps takes some megabytes.
const maxChildText = 256 << 20

// child is a run of a simulator in a temporary folder of its own.
type child struct {
	program        string
	stdout, stderr []byte
	image          []byte // nil for none
	wall           time.Duration
}

// errChild says that a program failed, or wrote no image.
var errChild = errors.New("failed")

// errInterrupted is a cancellation in the words of the program.
var errInterrupted error = interruption{}

type interruption struct{}

func (interruption) Error() string { return "interrupted" }
func (interruption) Unwrap() error { return context.Canceled }

// runChild runs the program, with what words it needs first, on the flags; its folder is gone afterwards. The
// error is an errChild where the program is to blame. What it printed is there
// either way. tick, which may be nil, is told how far it says it is.
func runChild(ctx context.Context, command, args []string, limit time.Duration, tick func(percent int)) (*child, error) {
	dir, remove, err := folders.TempDir("tracecmp-run-")
	if err != nil {
		return nil, err
	}
	defer remove()
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	float := filepath.Join(dir, childFloat)
	program := strings.Join(command, " ")
	words := slices.Concat(command, args, []string{"-floatfile", float})
	cmd := exec.CommandContext(timed, words[0], words[1:]...)
	out, errs := &capped{tick: tick}, &capped{}
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, errs
	if os.Getenv("OMP_NUM_THREADS") == "" {
		// What the reference carries from pixel to pixel depends on how pixels
		// are dealt out to threads: one thread gives the same image every time.
		cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1")
	}
	procgroup.Own(cmd)
	cmd.Cancel = func() error { return procgroup.End(cmd) }
	cmd.WaitDelay = 2 * time.Second // a grandchild that keeps the pipe open is let go
	start := time.Now()
	runErr := cmd.Run()
	c := &child{program: program, wall: time.Since(start)}
	_ = procgroup.End(cmd) // what it left behind in the background
	c.stdout, c.stderr = out.Bytes(), errs.Bytes()
	switch {
	case ctx.Err() != nil:
		return c, errInterrupted
	case timed.Err() != nil:
		return c, fmt.Errorf("%s %w: it took longer than %s and was stopped (--timeout)", program, errChild, limit)
	case out.over || errs.over:
		return c, fmt.Errorf("%s %w: it printed more than %d bytes", program, errChild, maxChildText)
	case runErr != nil:
		last := &ending{b: c.stderr}
		if text := last.lastLine(); text != "" {
			return c, fmt.Errorf("%s %w: %v: %s", program, errChild, runErr, text)
		}
		return c, fmt.Errorf("%s %w: %v", program, errChild, runErr)
	}
	if err := room(dir); err != nil {
		return c, fmt.Errorf("the folder for temporary files: %w", err)
	}
	if c.image, err = os.ReadFile(float); err != nil {
		return c, fmt.Errorf("%s %w: it ended well and wrote no float image", program, errChild)
	}
	return c, nil
}

// room reports whether the folder takes another file. A simulator that does not
// look whether its image could be written ends well on a full disk.
func room(dir string) error {
	return os.WriteFile(filepath.Join(dir, "room"), make([]byte, 1<<13), 0o600)
}

// capped keeps up to maxChildText bytes, and fails behind them.
type capped struct {
	bytes.Buffer
	over bool
	tick func(percent int) // told of the progress lines that come; may be nil
}

// percentDone is a progress line of nanoBragg's.
var percentDone = regexp.MustCompile(`(\d{1,3})% done\s*$`)

func (c *capped) Write(p []byte) (int, error) {
	if c.Len()+len(p) > maxChildText {
		c.over = true
		return 0, errors.New("too much output")
	}
	if m := percentDone.FindSubmatch(p[max(0, len(p)-32):]); c.tick != nil && m != nil {
		if n, err := strconv.Atoi(string(m[1])); err == nil {
			c.tick(n)
		}
	}
	return c.Buffer.Write(p)
}

// childArgs turns nanoBragg's flags back into words that mean the same in
// another folder: inputs become absolute, outputs stay in the child's folder,
// and the float image's name is ours to give.
func childArgs(theirs []nanobragg.Arg) ([]string, error) {
	var out []string
	for _, a := range theirs {
		name := a.Name
		if f := nanobragg.Lookup(a.Name); f != nil {
			name = f.Name
		}
		values := append([]string{}, a.Values...)
		switch name {
		case "-floatfile":
			continue
		case "-mat", "-hkl", "-sourcefile", "-mask", "-img", "-stol", "-4stol", "-Q":
			for i, v := range values {
				abs, err := filepath.Abs(v)
				if err != nil {
					return nil, err
				}
				if _, err := os.Stat(abs); err != nil {
					return nil, fmt.Errorf("%s: %w", a.Name, err)
				}
				values[i] = abs
			}
		case "-intfile", "-pgmfile", "-noisefile":
			for i, v := range values {
				values[i] = filepath.Base(v)
			}
		}
		out = append(append(out, a.Name), values...)
	}
	return out, nil
}

// lookProgram finds a program, by path or on PATH, and makes its path absolute:
// it will run in another folder.
func lookProgram(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return "", err
	}
	return filepath.Abs(path)
}

// lookCommand finds a program that may need words before the flags, such as
// "python -m port". Words that name files become absolute.
func lookCommand(s string) ([]string, error) {
	if path, err := lookProgram(s); err == nil {
		return []string{path}, nil
	}
	words, err := splitWords(s)
	if err != nil {
		return nil, err
	}
	if words[0], err = lookProgram(words[0]); err != nil {
		return nil, err
	}
	for i, w := range words[1:] {
		if st, err := os.Stat(w); err == nil && st.Mode().IsRegular() {
			if words[i+1], err = filepath.Abs(w); err != nil {
				return nil, err
			}
		}
	}
	return words, nil
}
