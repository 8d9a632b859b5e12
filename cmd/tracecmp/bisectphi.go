package main

import (
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
	out, err := newBisectOut(c, c.Args().Slice()...)
	if err != nil {
		return err
	}
	paths := c.Args().Slice()
	if paths[0] == "-" && paths[1] == "-" {
		return errors.New("only one of the two logs can come from standard input")
	}
	names := shortNames(paths[0], paths[1])
	var in [2]io.Reader
	t := newTicker(b.stderr)
	done, total := 0, int64(0)
	for i, path := range paths {
		f, size, err := b.open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		if total += size; size == 0 {
			t.w = nil // of a pipe nobody knows how much will come
		}
		in[i] = counted{c.Context, f, func(n int) {
			done += n
			t.part(float64(done)/float64(total), fmt.Sprintf("%d of %d MB read", done>>20, total>>20))
		}}
	}
	rep, err := bisect.Phi(in[0], in[1], names[0], names[1], tolerance)
	t.clear()
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

// open opens a log and says how long it is, as far as anybody knows; "-" is
// standard input.
func (b *bisection) open(path string) (io.ReadCloser, int64, error) {
	if path == "-" {
		return io.NopCloser(b.stdin), 0, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	st, err := f.Stat()
	switch {
	case err != nil || !st.Mode().IsRegular() && !st.IsDir():
		return f, 0, nil
	case st.IsDir():
		f.Close()
		return nil, 0, fmt.Errorf("%s is a folder: name the log in it", path)
	}
	return f, st.Size(), nil
}
