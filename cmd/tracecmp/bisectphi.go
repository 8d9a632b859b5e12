package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/parity/bisect"
)

func init() { markers = append(markers, `"`+bisect.PhiSchema+`"`) }

func (b *bisection) phiCommand() *cli.Command {
	return &cli.Command{
		Name:      "phi",
		Usage:     "find the phi step, subpixel, source and domain at which a quantity leaves tolerance",
		UsageText: "tracecmp bisect phi REF GOT [flags]",
		Description: `Reads two logs side by side, once, and says whether a difference comes back: single steps that
stand out, a plateau, a ramp. Exit codes: 0 nothing leaves tolerance, 1 something does, 2 trouble,
3 nothing can be compared.`,
		Flags:  bisectFlags(),
		Action: b.phi,
	}
}

func (b *bisection) phi(c *cli.Context) error {
	if c.NArg() != 2 {
		return errors.New("bisect phi: two logs are needed, REF and GOT")
	}
	tolerance, err := toleranceOf(c)
	if err != nil {
		return err
	}
	out, err := newBisectOut(c)
	if err != nil {
		return err
	}
	paths := c.Args().Slice()
	if paths[0] == "-" && paths[1] == "-" {
		return errors.New("only one of the two logs can come from standard input")
	}
	names := shortNames(paths[0], paths[1])
	var in [2]io.Reader
	for i, path := range paths {
		f, err := b.open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		in[i] = interruptible{c.Context, f}
	}
	rep, err := bisect.Phi(in[0], in[1], names[0], names[1], tolerance)
	if err != nil {
		return err
	}
	switch {
	case rep.Refused():
		*b.code = exitRefused
	case rep.Parts():
		*b.code = exitDiverged
	}
	return b.show(c, out, rep)
}

// open opens a log; "-" is standard input.
func (b *bisection) open(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(b.stdin), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if st, err := f.Stat(); err == nil && st.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s is a folder: name the log in it", path)
	}
	return f, nil
}

// interruptible ends reading when the program is interrupted.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i interruptible) Read(p []byte) (int, error) {
	if i.ctx.Err() != nil {
		return 0, errors.New("interrupted")
	}
	return i.r.Read(p)
}
