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

	"simtrace/internal/doc"
	"simtrace/internal/input"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/report"
	"simtrace/pkg/trace"
)

func compareFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "c", Aliases: []string{"ref"}, Usage: "`LOG` of the reference, or a folder that simtrace wrote", TakesFile: true},
		&cli.StringFlag{Name: "py", Aliases: []string{"got"}, Usage: "`LOG` to hold against it, or a folder that simtrace wrote", TakesFile: true},
		&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: "write the report to `FILE`.md, or into a folder; - prints the Markdown alone", TakesFile: true},
		&cli.StringFlag{Name: "html", Usage: "write the report to `FILE`, one page that opens anywhere, - for standard output; --out writes one as well", TakesFile: true},
		&cli.StringFlag{Name: "json", Usage: "write the report to `FILE` for programs, - for standard output; --out writes it as metrics.json", TakesFile: true},
		&cli.StringFlag{Name: "junit", Usage: "write what passed and what failed to `FILE`, JUnit XML for a CI system, - for standard output", TakesFile: true},
		&cli.StringFlag{Name: "sarif", Usage: "write what is wrong, by rule and line, to `FILE`, SARIF for code scanning, - for standard output", TakesFile: true},
		&cli.StringFlag{Name: "annotate", Usage: "print what is wrong for a CI system, `github`"},
		&cli.Float64Flag{Name: "tolerance", Value: parity.DefaultTolerance, Usage: "largest relative difference that passes"},
		&cli.StringFlag{Name: "tolerances", Usage: "`FILE` of tolerances for single quantities, YAML", TakesFile: true},
		&cli.StringFlag{Name: "schema", Usage: "`FILE` that describes another program's quantities, YAML: prefixes, index, and of each quantity name, aliases, unit, shape, per, parents, tolerance", TakesFile: true},
		&cli.StringFlag{Name: "waivers", Usage: "`FILE` of known differences that pass until they expire, YAML", TakesFile: true},
		&cli.StringFlag{Name: "today", Usage: "`DATE` that waivers are held against (default: the day of the run)"},
		&cli.StringSliceFlag{Name: "map", Usage: "`OLD=NEW`: rename quantity OLD of the second log to NEW before comparing; repeatable"},
		&cli.StringFlag{Name: "ref-cmd", Usage: "`COMMAND` whose standard output is the reference's log; no shell runs it"},
		&cli.StringFlag{Name: "got-cmd", Usage: "`COMMAND` whose standard output is the log to hold against it"},
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
		&cli.StringFlag{Name: "names", Usage: "`REF,GOT`: what the two sides are called in the report (default: as their logs)"},
		&cli.BoolFlag{Name: "force", Usage: "overwrite files that tracecmp did not write"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "nothing on standard output"},
	}, screenFlags()...)
}

func compareAction(c *cli.Context, stdin io.Reader) (parity.Verdict, error) {
	ref, got, err := inputs(c)
	if err != nil {
		return "", err
	}
	return compareAndShow(c, ref, got, stdin)
}

// compareAndShow compares once and shows the report.
func compareAndShow(c *cli.Context, ref, got *input.Source, stdin io.Reader) (parity.Verdict, error) {
	screen, err := screenOf(c, c.App.Writer)
	if err != nil {
		return "", err
	}
	rep, out, err := compareOnce(c, ref, got, stdin, nil)
	if err != nil {
		return "", err
	}
	if out.notes {
		if err := report.Annotations(c.App.Writer, rep, out.options(ref, got)); err != nil {
			return "", fmt.Errorf("standard output: %w", err)
		}
	}
	if !c.Bool("quiet") && out.stdout == "" {
		if err := show(c.App.Writer, screen, rep, out, ref, got); err != nil {
			return "", fmt.Errorf("standard output: %w", err)
		}
	}
	return rep.Verdict, nil
}

// rowTaker is handed every row of a comparison; begin comes before, and again where
// all of them come again.
type rowTaker struct {
	begin func()
	row   func(label string, r *diff.Row)
}

// compareOnce compares two logs as the flags say, and writes the files that they ask
// for. also, which may be nil, is handed all rows.
func compareOnce(c *cli.Context, ref, got *input.Source, stdin io.Reader, also *rowTaker) (*parity.Report, *outputs, error) {
	opt, rules, err := options(c, ref, got)
	if err != nil {
		return nil, nil, err
	}
	out, err := newOutputs(c, ref, got, rules)
	if err != nil {
		return nil, nil, err
	}
	defer ref.Close()
	defer got.Close()
	if err := openBoth(c, ref, got, stdin); err != nil {
		return nil, nil, err
	}
	var takers []*rowTaker
	if also != nil {
		takers = append(takers, also)
	}
	if path := c.String("csv"); c.IsSet("csv") {
		rows, err := newCSVRows(path)
		if err != nil {
			return nil, nil, fmt.Errorf("--csv: %w", err)
		}
		defer rows.close()
		takers = append(takers, &rowTaker{rows.begin, rows.row})
		out.rows = rows
	}
	eachRow(&opt, takers)
	rep, err := compareBoth(c.Context, ref, got, opt, out.bundle != nil)
	if err != nil {
		return nil, nil, err
	}
	if err := out.write(c.Context, c.App.Writer, rep, ref, got); err != nil {
		return nil, nil, err
	}
	if out.rows != nil {
		if err := out.rows.finish(c.App.Writer); err != nil {
			return nil, nil, err
		}
	}
	return rep, out, nil
}

// eachRow has the comparison hand its rows to all that take them.
func eachRow(opt *parity.Options, takers []*rowTaker) {
	if len(takers) == 0 {
		return
	}
	opt.BeginRows = func() {
		for _, t := range takers {
			t.begin()
		}
	}
	opt.EachRow = func(label string, row *diff.Row) {
		for _, t := range takers {
			t.row(label, row)
		}
	}
}

// openBoth opens the two logs at the same time.
func openBoth(c *cli.Context, ref, got *input.Source, stdin io.Reader) error {
	names := shortNames(ref.Path, got.Path)
	return bothSides(ref, got, func(i int, s *input.Source) error { return openSide(c, s, names[i], stdin) })
}

// openSide opens one log, or the output of a command; name is what positions call it.
func openSide(c *cli.Context, s *input.Source, name string, stdin io.Reader) error {
	var err error
	if s.Argv != nil {
		err = s.OpenCommand(c.Context, c.Duration("timeout"))
	} else {
		err = s.Open(c.Context, name, stdin)
	}
	if c.Context.Err() != nil {
		return errors.New("interrupted")
	}
	return err
}

// bothSides does something with both sides at the same time. Of two errors one
// is told: one line is enough.
func bothSides(ref, got *input.Source, do func(int, *input.Source) error) error {
	var errs [2]error
	var wg sync.WaitGroup
	for i, s := range []*input.Source{ref, got} {
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
func compareBoth(ctx context.Context, ref, got *input.Source, opt parity.Options, sums bool) (*parity.Report, error) {
	var rep *parity.Report
	var err, sumErr error
	var wg sync.WaitGroup
	if sums {
		wg.Go(func() { sumErr = bothSides(ref, got, func(_ int, s *input.Source) error { return s.Sum() }) })
	}
	rep, err = parity.Sources(ctx, ref.Log, got.Log, opt)
	wg.Wait()
	switch {
	case ctx.Err() != nil:
		return nil, errors.New("interrupted")
	case err != nil:
		return nil, err
	case sumErr != nil:
		return nil, sumErr
	}
	for s, in := range map[*input.Source]parity.Input{ref: rep.Ref, got: rep.Got} {
		s.Files[0].Lines, s.Files[0].TraceLines = in.Lines, in.TraceLines
	}
	return rep, nil
}

// show prints the report, and where its files are.
func show(w io.Writer, screen doc.Screen, rep *parity.Report, out *outputs, ref, got *input.Source) error {
	path := input.Paths(ref, got)
	if link := screen.Link; link != nil {
		screen.Link = func(target string) string {
			name, line, _ := strings.Cut(target, ":")
			return link(path(trace.Pos{File: name}) + ":" + line)
		}
	}
	if err := report.Terminal(w, rep, out.options(ref, got), screen); err != nil {
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
