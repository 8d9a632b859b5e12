package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

func compareFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "c", Aliases: []string{"ref"}, Usage: "`LOG` of the reference, or a folder that simtrace wrote", TakesFile: true},
		&cli.StringFlag{Name: "py", Aliases: []string{"got"}, Usage: "`LOG` to hold against it, or a folder that simtrace wrote", TakesFile: true},
		&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "write the report to `FILE`.md, or into a folder", TakesFile: true},
		&cli.Float64Flag{Name: "tolerance", Value: parity.DefaultTolerance, Usage: "largest relative difference that passes"},
		&cli.StringFlag{Name: "config", Usage: "`CONFIG` of the two runs, a preset or a file, for the commands that reproduce them"},
		&cli.BoolFlag{Name: "force", Usage: "overwrite files that tracecmp did not write"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "nothing on standard output"},
	}
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
	opt := parity.Options{Tolerance: tolerance, RefPath: ref.path, GotPath: got.path, Config: c.String("config")}
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
