// Package program runs simulators that take nanoBragg's flags: the reference, and ports.
// Each run has a temporary folder of its own, a limit of time, and ends with all that
// it started.
//
//  1. [FindReference] and [FindPort] find the command.
//  2. [Args] makes flags mean the same in another folder.
//  3. [Run] makes an image; a [Tracer] traces one pixel of one.
package program

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
	"simtrace/internal/interrupt"
	"simtrace/internal/procgroup"
	"simtrace/pkg/parity/imagecmp"
)

// DefaultTimeout is how long a run of a simulator may take.
const DefaultTimeout = 30 * time.Minute

// floatName is the float image that a child is told to write.
const floatName = "floatimage.bin"

// maxText is how much a child may print: the trace of a pixel with many
// steps takes some megabytes.
const maxText = 256 << 20

// Output is what a run of a simulator left.
type Output struct {
	Program        string // the command's words
	Stdout, Stderr []byte
	Image          []byte // the float image's bytes, nil for none
	Wall           time.Duration
}

// Decode is the float image in a shape where that fits, and else as a square.
func (o *Output) Decode(shape imagecmp.Shape) (*imagecmp.Image, error) {
	if len(o.Image) != 4*shape.Pixels() {
		shape = imagecmp.Shape{}
	}
	return imagecmp.Decode(o.Image, shape)
}

// ErrFailed says that a program failed, or wrote no image.
var ErrFailed = errors.New("failed")

// Run runs the program, with what words it needs first, on the flags; its folder is gone afterwards. The
// error is an ErrFailed where the program is to blame. What it printed is there
// either way. tick, which may be nil, is told how far it says it is.
func Run(ctx context.Context, command, args []string, limit time.Duration, tick func(percent int)) (*Output, error) {
	dir, remove, err := folders.TempDir("tracecmp-run-")
	if err != nil {
		return nil, err
	}
	defer remove()
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	float := filepath.Join(dir, floatName)
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
	procgroup.Contain(cmd)
	start := time.Now()
	runErr := cmd.Run()
	c := &Output{Program: program, Wall: time.Since(start)}
	_ = procgroup.End(cmd) // what it left behind in the background
	c.Stdout, c.Stderr = out.Bytes(), errs.Bytes()
	switch {
	case ctx.Err() != nil:
		return c, interrupt.Err
	case timed.Err() != nil:
		return c, fmt.Errorf("%s %w: it took longer than %s and was stopped (--timeout)", program, ErrFailed, limit)
	case out.over || errs.over:
		return c, fmt.Errorf("%s %w: it printed more than %d bytes", program, ErrFailed, maxText)
	case runErr != nil:
		if text := procgroup.LastLine(c.Stderr); text != "" {
			return c, fmt.Errorf("%s %w: %v: %s", program, ErrFailed, runErr, text)
		}
		return c, fmt.Errorf("%s %w: %v", program, ErrFailed, runErr)
	}
	if err := room(dir); err != nil {
		return c, fmt.Errorf("the folder for temporary files: %w", err)
	}
	if c.Image, err = os.ReadFile(float); err != nil {
		return c, fmt.Errorf("%s %w: it ended well and wrote no float image", program, ErrFailed)
	}
	return c, nil
}

// room reports whether the folder takes another file. A simulator that does not
// look whether its image could be written ends well on a full disk.
func room(dir string) error {
	return os.WriteFile(filepath.Join(dir, "room"), make([]byte, 1<<13), 0o600)
}

// capped keeps up to maxText bytes, and fails behind them.
type capped struct {
	bytes.Buffer
	over bool
	tick func(percent int) // told of the progress lines that come; may be nil
}

// percentDone is a progress line of nanoBragg's.
var percentDone = regexp.MustCompile(`(\d{1,3})% done\s*$`)

func (c *capped) Write(p []byte) (int, error) {
	if c.Len()+len(p) > maxText {
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
