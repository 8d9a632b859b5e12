package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
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
		&cli.StringFlag{Name: "schema", Usage: "`FILE` that describes another program's quantities, YAML: prefixes, index, and of each quantity name, aliases, unit, shape, per, parents, tolerance", TakesFile: true},
		&cli.StringFlag{Name: "waivers", Usage: "`FILE` of known differences that pass until they expire, YAML", TakesFile: true},
		&cli.StringFlag{Name: "today", Usage: "`DATE` that waivers are held against (default: the day of the run)"},
		&cli.StringSliceFlag{Name: "map", Usage: "`OLD=NEW`: what the log to be held against calls OLD is NEW; may stand several times"},
		&cli.StringFlag{Name: "ref-cmd", Usage: "`COMMAND` whose standard output is the reference's log; no shell runs it"},
		&cli.StringFlag{Name: "got-cmd", Usage: "`COMMAND` whose standard output is the log to hold against it"},
		&cli.StringFlag{Name: "ref-probe", Usage: "probes `FILE` of a program that prints nothing: what a debugger reads in it is the reference's log (tracecmp probe)", TakesFile: true},
		&cli.StringFlag{Name: "got-probe", Usage: "probes `FILE` of the program to hold against it; arguments behind -- are both programs'", TakesFile: true},
		&cli.StringFlag{Name: "pixel", Usage: pixelUsage},
		&cli.DurationFlag{Name: "timeout", Value: 10 * time.Minute, Usage: "how long a command may run"},
		&cli.BoolFlag{Name: "common", Usage: "leave out pixels, steps or runs that one log alone has"},
		&cli.StringSliceFlag{Name: "shift", Usage: "`KEY=N`: add N to the index KEY (step, slow, …) of the log to be held against; repeatable"},
		&cli.StringFlag{Name: "decimal", Usage: "`MARK` before decimals in both logs, , or . (default: found out)"},
		&cli.StringFlag{Name: "as", Usage: "`FORMAT` of both logs: " + strings.Join(parity.Formats(), ", ") + " (default: found out)"},
		&cli.StringSliceFlag{Name: "ignore", Usage: "`PATTERN` of quantities that are not compared, a name or one with * and ?; repeatable"},
		&cli.StringSliceFlag{Name: "only", Usage: "`QUANTITY` to compare, a name or a pattern, and no others; repeatable"},
		&cli.BoolFlag{Name: "compare-all", Usage: "compare what differs on every run, too: times, memory, process numbers"},
		&cli.StringFlag{Name: "csv", Usage: "write every row to `FILE`, - for standard output", TakesFile: true},
		&cli.StringFlag{Name: "nan", Value: "differs", Usage: "`HOW` nan and inf on both sides count: differs, or equal"},
		&cli.StringFlag{Name: "config", Usage: "`CONFIG` of the two runs, a preset or a file, for the commands that reproduce them"},
		&cli.IntFlag{Name: "threads", Usage: "`N` threads for large logs; the report is the same for any number (default: one a processor)"},
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
	defer ref.close()
	defer got.close()
	if err := openBoth(c, ref, got, stdin); err != nil {
		return "", err
	}
	if path := c.String("csv"); c.IsSet("csv") {
		rows, err := newCSVRows(path)
		if err != nil {
			return "", fmt.Errorf("--csv: %w", err)
		}
		defer rows.close()
		opt.BeginRows, opt.EachRow = rows.begin, rows.row
		out.rows = rows
	}
	rep, err := compareBoth(c.Context, ref, got, opt, out.bundle != nil || out.html != "")
	if err != nil {
		return "", err
	}
	if err := out.write(c.Context, rep, ref, got); err != nil {
		return "", err
	}
	if out.rows != nil {
		if err := out.rows.finish(c.App.Writer); err != nil {
			return "", err
		}
	}
	if !c.Bool("quiet") && !(out.rows != nil && out.rows.path == "-") {
		if err := show(c.App.Writer, rep, out); err != nil {
			return "", fmt.Errorf("standard output: %w", err)
		}
	}
	return rep.Verdict, nil
}

// openBoth opens the two logs at the same time.
func openBoth(c *cli.Context, ref, got *source, stdin io.Reader) error {
	names := shortNames(ref.path, got.path)
	err := bothSides(ref, got, func(i int, s *source) error {
		if s.probe != nil {
			return s.openProbe(c.Context, c.Duration("timeout"), c.App.ErrWriter)
		}
		if s.argv != nil {
			return s.openCommand(c.Context, c.Duration("timeout"))
		}
		return s.open(c.Context, names[i], stdin)
	})
	if c.Context.Err() != nil {
		return errors.New("interrupted")
	}
	return err
}

// bothSides does something with both sides at the same time. Of two errors one
// is told: one line is enough.
func bothSides(ref, got *source, do func(int, *source) error) error {
	var errs [2]error
	var wg sync.WaitGroup
	for i, s := range []*source{ref, got} {
		wg.Go(func() { errs[i] = do(i, s) })
	}
	wg.Wait()
	if errs[0] != nil {
		return errs[0]
	}
	return errs[1]
}

// compareBoth compares what was opened; sums asks for the checksums of the logs
// as well.
func compareBoth(ctx context.Context, ref, got *source, opt parity.Options, sums bool) (*parity.Report, error) {
	var rep *parity.Report
	var err, sumErr error
	var wg sync.WaitGroup
	if sums {
		wg.Go(func() { sumErr = bothSides(ref, got, func(_ int, s *source) error { return s.sum() }) })
	}
	rep, err = parity.Sources(ctx, ref.src, got.src, opt)
	wg.Wait()
	switch {
	case ctx.Err() != nil:
		return nil, errors.New("interrupted")
	case err != nil:
		return nil, err
	case sumErr != nil:
		return nil, sumErr
	}
	for s, in := range map[*source]parity.Input{ref: rep.Ref, got: rep.Got} {
		s.files[0].lines, s.files[0].traceLines = in.Lines, in.TraceLines
	}
	return rep, nil
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
