package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
	"simtrace/pkg/trace"
)

func compareFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "c", Aliases: []string{"ref"}, Usage: "`LOG` of the reference", TakesFile: true},
		&cli.StringFlag{Name: "py", Aliases: []string{"got"}, Usage: "`LOG` to hold against it", TakesFile: true},
		&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "write the report to `FILE`.md, or into a folder", TakesFile: true},
		&cli.Float64Flag{Name: "tolerance", Value: parity.DefaultTolerance, Usage: "largest relative difference that passes"},
		&cli.BoolFlag{Name: "force", Usage: "overwrite files that tracecmp did not write"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "nothing on standard output"},
	}
}

// source is one input: where it is, and what was read.
type source struct {
	role, path string
	log        *trace.Log
	sha256     string
	bytes      int64
}

func compareAction(c *cli.Context, stdin io.Reader) (parity.Verdict, error) {
	ref, got, err := inputs(c)
	if err != nil {
		return "", err
	}
	tolerance := c.Float64("tolerance")
	if math.IsNaN(tolerance) || math.IsInf(tolerance, 0) || tolerance < 0 {
		return "", fmt.Errorf("--tolerance %g: a number of at least 0 is needed", tolerance)
	}
	var out *bundle
	if c.IsSet("out") {
		if out, err = newBundle(c.String("out"), c.Bool("force")); err != nil {
			return "", err
		}
	}
	names := shortNames(ref.path, got.path)
	for i, s := range []*source{ref, got} {
		if err := s.read(names[i], stdin); err != nil {
			return "", err
		}
		if err := c.Context.Err(); err != nil {
			return "", errors.New("interrupted")
		}
	}
	opt := parity.Options{Tolerance: tolerance, RefPath: ref.path, GotPath: got.path}
	if tolerance == 0 {
		opt.Tolerance = -1
	}
	rep := parity.Compare(ref.log, got.log, opt)
	if out != nil {
		if err := out.write(rep, ref, got); err != nil {
			return "", err
		}
	}
	if !c.Bool("quiet") {
		if err := report.Terminal(c.App.Writer, rep); err != nil {
			return "", fmt.Errorf("standard output: %w", err)
		}
		if out != nil {
			fmt.Fprintf(c.App.Writer, "\nreport: %s\n", out.summary())
		}
	}
	return rep.Verdict, nil
}

// inputs finds the two logs among flags and arguments.
func inputs(c *cli.Context) (ref, got *source, err error) {
	paths := []string{c.String("c"), c.String("py")}
	rest := c.Args().Slice()
	for i := range paths {
		if paths[i] == "" && len(rest) > 0 {
			paths[i], rest = rest[0], rest[1:]
		}
	}
	switch {
	case len(rest) > 0:
		return nil, nil, fmt.Errorf("%q is one argument too many", rest[0])
	case paths[0] == "" || paths[1] == "":
		return nil, nil, errUsage
	case paths[0] == "-" && paths[1] == "-":
		return nil, nil, errors.New("only one of the two logs can come from standard input")
	}
	return &source{role: "reference", path: paths[0]}, &source{role: "got", path: paths[1]}, nil
}

// read reads the log and its checksum in one pass.
func (s *source) read(name string, stdin io.Reader) error {
	in := stdin
	if s.path != "-" {
		f, err := os.Open(s.path)
		if err != nil {
			return err
		}
		defer f.Close()
		if st, err := f.Stat(); err == nil && st.IsDir() {
			return fmt.Errorf("%s is a folder, and a log is needed", s.path)
		}
		in = f
	}
	sum := sha256.New()
	count := &counter{w: sum}
	log, err := trace.Read(io.TeeReader(in, count), name)
	if err == nil {
		_, err = io.Copy(count, in) // what the reader had no use for
	}
	if err != nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	s.log, s.sha256, s.bytes = log, hex.EncodeToString(sum.Sum(nil)), count.n
	return nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return c.w.Write(p)
}

// shortNames names the logs in positions: by their last path element, with as
// many folders before it as it takes to tell them apart.
func shortNames(a, b string) [2]string {
	if filepath.Clean(a) == filepath.Clean(b) {
		return [2]string{filepath.Base(a), filepath.Base(b)}
	}
	x, y := filepath.ToSlash(filepath.Clean(a)), filepath.ToSlash(filepath.Clean(b))
	for n := 1; ; n++ {
		p, q := tail(x, n), tail(y, n)
		if p != q || p == x && q == y {
			return [2]string{p, q}
		}
	}
}

// tail returns the last n elements of a path with slashes.
func tail(path string, n int) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '/' {
			if n--; n == 0 {
				return path[i+1:]
			}
		}
	}
	return path
}
