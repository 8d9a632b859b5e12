package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

func compareFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "c", Aliases: []string{"ref"}, Usage: "`LOG` of the reference, or a folder that simtrace wrote", TakesFile: true},
		&cli.StringFlag{Name: "py", Aliases: []string{"got"}, Usage: "`LOG` to hold against it, or a folder that simtrace wrote", TakesFile: true},
		&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "write the report to `FILE`.md, or into a folder", TakesFile: true},
		&cli.StringFlag{Name: "html", Usage: "write the report to `FILE`, one page that opens anywhere; --out writes one as well", TakesFile: true},
		&cli.StringFlag{Name: "junit", Usage: "write what passed and what failed to `FILE`, JUnit XML for a CI system", TakesFile: true},
		&cli.Float64Flag{Name: "tolerance", Value: parity.DefaultTolerance, Usage: "largest relative difference that passes"},
		&cli.StringFlag{Name: "tolerances", Usage: "`FILE` of tolerances for single quantities, YAML", TakesFile: true},
		&cli.StringFlag{Name: "waivers", Usage: "`FILE` of known differences that pass until they expire, YAML", TakesFile: true},
		&cli.StringFlag{Name: "today", Usage: "`DATE` that waivers are held against (default: the day of the run)"},
		&cli.StringSliceFlag{Name: "map", Usage: "`OLD=NEW`: what the log to be held against calls OLD is NEW; may stand several times"},
		&cli.StringFlag{Name: "ref-cmd", Usage: "`COMMAND` whose standard output is the reference's log; no shell runs it"},
		&cli.StringFlag{Name: "got-cmd", Usage: "`COMMAND` whose standard output is the log to hold against it"},
		&cli.DurationFlag{Name: "timeout", Value: 10 * time.Minute, Usage: "how long a command may run"},
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
	opt, rules, err := options(c, ref, got)
	if err != nil {
		return "", err
	}
	out, err := newOutputs(c, ref, got, rules)
	if err != nil {
		return "", err
	}
	if err := readBoth(c, ref, got, stdin); err != nil {
		return "", err
	}
	rep, err := parity.CompareChecked(ref.log, got.log, opt)
	if err != nil {
		return "", err
	}
	if err := out.write(rep, ref, got); err != nil {
		return "", err
	}
	if !c.Bool("quiet") {
		if err := show(c.App.Writer, rep, out); err != nil {
			return "", fmt.Errorf("standard output: %w", err)
		}
	}
	return rep.Verdict, nil
}

// readBoth reads the two logs at the same time.
func readBoth(c *cli.Context, ref, got *source, stdin io.Reader) error {
	names := shortNames(ref.path, got.path)
	var errs [2]error
	var wg sync.WaitGroup
	for i, s := range []*source{ref, got} {
		wg.Go(func() {
			if s.argv != nil {
				errs[i] = s.readCommand(c.Context, c.Duration("timeout"))
			} else {
				errs[i] = s.read(names[i], stdin)
			}
		})
	}
	wg.Wait()
	if c.Context.Err() != nil {
		return errors.New("interrupted")
	}
	if errs[0] != nil {
		return errs[0] // one line is enough
	}
	return errs[1]
}

// show prints the report, and where its files are.
func show(w io.Writer, rep *parity.Report, out *outputs) error {
	view := report.Terminal
	if inColour(w) {
		view = report.TerminalColour
	}
	if err := view(w, rep); err != nil {
		return err
	}
	if out.bundle == nil {
		return nil
	}
	_, err := fmt.Fprintf(w, "\nreport: %s\n", out.bundle.summary())
	return err
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
