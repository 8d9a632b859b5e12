package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"simtrace/internal/comparison"
	"simtrace/internal/doc"
	"simtrace/internal/input"
	"simtrace/internal/screen"
	"simtrace/pkg/parity"
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
		&cli.StringFlag{Name: "csv", Usage: "write every number that was compared to `FILE`, one a line, - for standard output", TakesFile: true},
		&cli.StringFlag{Name: "nan", Value: "differs", Usage: "`HOW` nan and inf on both sides count: differs, or equal"},
		&cli.StringFlag{Name: "config", Usage: "`CONFIG` of the two runs, a preset or a file, for the commands that reproduce them"},
		&cli.IntFlag{Name: "threads", Usage: "`N` threads for large logs; the report is the same for any number (default: one a processor)"},
		namesFlag(),
		&cli.BoolFlag{Name: "force", Usage: "overwrite files that tracecmp did not write"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "nothing on standard output"},
	}, screenFlags()...)
}

// screenFlags decide how a report looks on standard output.
func screenFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "color", Value: "auto", Usage: "colour on standard output: `auto|always|never`"},
		&cli.StringFlag{Name: "hyperlinks", Value: "auto", Usage: "links from places to their files on standard output: `auto|always|never`"},
	}
}

// screenOf is what a report on w is fitted to.
func screenOf(c *cli.Context, w io.Writer) (doc.Screen, error) {
	return screen.Of(c.String("color"), c.String("hyperlinks"), w)
}

// showDocument prints a report unless --quiet asks for none.
func showDocument(c *cli.Context, d *doc.Document) error {
	if c.Bool("quiet") {
		return nil
	}
	view, err := screenOf(c, c.App.Writer)
	if err != nil {
		return err
	}
	return doc.Terminal(c.App.Writer, d, view)
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
	view, err := screenOf(c, c.App.Writer)
	if err != nil {
		return "", err
	}
	rep, out, err := compareOnce(c, ref, got, stdin, nil)
	if err != nil {
		return "", err
	}
	if !c.Bool("quiet") && !out.Instead() {
		if err := show(c.App.Writer, view, rep, out, ref, got); err != nil {
			return "", fmt.Errorf("standard output: %w", err)
		}
		if _, err := io.WriteString(c.App.Writer, comparison.ProfileHint(rep, ref, got)); err != nil {
			return "", fmt.Errorf("standard output: %w", err)
		}
	}
	return rep.Verdict, nil
}

// compareOnce compares two logs as the flags say, and writes the files that they ask
// for. also, which may be nil, is handed all rows.
func compareOnce(c *cli.Context, ref, got *input.Source, stdin io.Reader, also *comparison.RowTaker) (*parity.Report, *comparison.Outputs, error) {
	opt, rules, err := options(c, ref, got)
	if err != nil {
		return nil, nil, err
	}
	files, err := filesOf(c)
	if err != nil {
		return nil, nil, err
	}
	defer sayNotes(c, ref, got)
	return comparison.Run(c.Context, comparison.Job{Ref: ref, Got: got, Options: opt, Files: files, Rules: rules, Stdin: stdin, Stdout: c.App.Writer,
		Limit: c.Duration("timeout"), Also: also})
}

// filesOf reads the flags that ask for files.
func filesOf(c *cli.Context) (comparison.Files, error) {
	f := comparison.Files{Out: c.String("out"), HTML: c.String("html"), JSON: c.String("json"), JUnit: c.String("junit"), SARIF: c.String("sarif"), CSV: c.String("csv"), Force: c.Bool("force")}
	for _, flag := range []string{"out", "html", "json", "junit", "sarif", "csv"} {
		if c.IsSet(flag) && c.String(flag) == "" {
			return f, fmt.Errorf("--%s: a file is needed, or - for standard output", flag)
		}
	}
	switch v := c.String("annotate"); v {
	case "":
	case "github":
		f.Annotate = true
	default:
		return f, fmt.Errorf("--annotate %s: github is the one that is known", v)
	}
	var err error
	f.Names, err = sideNames(c, [2]string{})
	return f, err
}

func namesFlag() cli.Flag {
	return &cli.StringFlag{Name: "names", Usage: "`REF,GOT`: what the two sides are called in the report (default: as their files)"}
}

// sideNames reads --names.
func sideNames(c *cli.Context, or [2]string) (names [2]string, err error) {
	if !c.IsSet("names") {
		return or, nil
	}
	ref, got, ok := strings.Cut(c.String("names"), ",")
	if !ok || ref == "" || got == "" || ref == got {
		return or, fmt.Errorf("--names %s: two different names with a comma between are needed, such as C,port", c.String("names"))
	}
	return [2]string{ref, got}, nil
}

// show prints the report, and where its files are.
func show(w io.Writer, view doc.Screen, rep *parity.Report, out *comparison.Outputs, ref, got *input.Source) error {
	path := input.Paths(ref, got)
	if link := view.Link; link != nil {
		view.Link = func(target string) string {
			name, line, _ := strings.Cut(target, ":")
			return link(path(trace.Pos{File: name}) + ":" + line)
		}
	}
	if err := report.Terminal(w, rep, out.Options(ref, got), view); err != nil {
		return err
	}
	if out.Summary() == "" {
		return nil
	}
	_, err := fmt.Fprintf(w, "\nreport: %s\n", out.Summary())
	return err
}
