package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/cliargs"
	"simtrace/internal/comparison"
	"simtrace/internal/doc"
	"simtrace/internal/input"
	"simtrace/internal/manual"
	"simtrace/internal/outfile"
	"simtrace/internal/suggest"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/bisect"
	"simtrace/pkg/trace"
)

// The files of a bisection's report may be overwritten by the next.
func init() {
	outfile.Mark(bisect.Marker, `"`+bisect.CommitsSchema+`"`)
}

// bisectCommand holds the searches. Their arguments are not those of the
// comparison, so they are read by a program of their own; code becomes its exit
// code.
func bisectCommand(code *int) *cli.Command {
	return &cli.Command{
		Name:            "bisect",
		Usage:           "find where two traces begin to differ: over commits, along phi, over settings",
		UsageText:       "tracecmp bisect commits|phi|settings …",
		SkipFlagParsing: true,
		HideHelpCommand: true,
		Action: func(c *cli.Context) error {
			b := &bisection{stdin: c.App.Reader, stdout: c.App.Writer, stderr: c.App.ErrWriter, code: code}
			return b.run(c.Context, c.Args().Slice())
		},
	}
}

// bisection is one run of "tracecmp bisect".
type bisection struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	code           *int
	theirs         []nanobragg.Arg // nanoBragg's flags, for settings
}

func (b *bisection) run(ctx context.Context, args []string) error {
	searches := []*cli.Command{b.commitsCommand(), b.phiCommand(), b.settingsCommand()}
	app := &cli.App{
		Name:        "tracecmp bisect",
		Usage:       "find where two traces begin to differ",
		UsageText:   "tracecmp bisect commits --good REV --bad REV --ref C.log -- COMMAND…\n   tracecmp bisect phi REF GOT\n   tracecmp bisect settings --ref C.log --config NAME",
		HideVersion: true, HideHelpCommand: true, DisableSliceFlagSeparator: true,
		Reader: b.stdin, Writer: b.stdout, ErrWriter: b.stderr,
		Commands:       manual.WithUsageErrors(searches, usageError),
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   usageError,
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				name := c.Args().First()
				return fmt.Errorf("bisect: no search %q%s (known: %s)", name, suggest.Nearest(name, commandNames(searches)), strings.Join(commandNames(searches), ", "))
			}
			return fmt.Errorf("bisect: say which search: %s", strings.Join(commandNames(searches), ", "))
		},
	}
	if len(args) == 0 {
		return app.RunContext(ctx, []string{app.Name})
	}
	if args[0] == "settings" {
		ours, err := b.splitSettings(args[1:])
		if err != nil {
			return err
		}
		args = append(args[:1:1], ours...)
	}
	for _, s := range searches {
		if s.Name == args[0] {
			args = append([]string{s.Name}, cliargs.FlagsFirst(args, s.Flags, nil)[1:]...)
		}
	}
	return app.RunContext(ctx, append([]string{app.Name}, args...))
}

func commandNames(cs []*cli.Command) []string {
	var out []string
	for _, c := range cs {
		out = append(out, c.Name)
	}
	return out
}

// bisectFlags are those that every search has. out and quiet are the short names of two;
// none where one dash is nanoBragg's.
func bisectFlags(out, quiet []string) []cli.Flag {
	return append([]cli.Flag{
		&cli.Float64Flag{Name: "tolerance", Value: 1e-6, Usage: "largest relative difference that passes"},
		&cli.StringFlag{Name: "out", Aliases: out, Usage: "write the report to `FILE`.md, FILE.html and FILE.json, or into a folder", TakesFile: true},
		&cli.StringFlag{Name: "html", Usage: "write the report to `FILE`, one page that opens anywhere; --out writes one as well", TakesFile: true},
		&cli.BoolFlag{Name: "force", Usage: "overwrite files that tracecmp did not write"},
		&cli.BoolFlag{Name: "quiet", Aliases: quiet, Usage: "nothing on standard output"},
	}, screenFlags()...)
}

// toleranceOf reads --tolerance as parity.Options takes it.
func toleranceOf(c *cli.Context) (float64, error) {
	t := c.Float64("tolerance")
	if err := checkTolerance(t); err != nil {
		return 0, err
	}
	return t, nil
}

// newBisectOut looks at --out and --html before anything is read, the inputs and the
// files of rules; nil without both.
func newBisectOut(c *cli.Context, rules []comparison.RuleFile, inputs ...string) (*outfile.Report, error) {
	for _, r := range rules {
		inputs = append(inputs, r.Path)
	}
	want := outfile.Wanted{Name: "bisect.md"}
	if c.IsSet("out") {
		out := c.String("out")
		want.Out = &out
	}
	if c.IsSet("html") {
		page := c.String("html")
		want.HTML = &page
	}
	return outfile.NewReport(want, c.Bool("force"), inputs)
}

// openOne opens one log, or a folder that simtrace wrote.
func (b *bisection) openOne(ctx context.Context, role, path string) (*trace.Source, error) {
	s := &input.Source{Role: role, Path: path}
	if err := s.Open(ctx, filepath.Base(path), b.stdin); err != nil {
		return nil, err
	}
	return s.Log, nil
}

// show writes the report where it was asked for.
func (b *bisection) show(c *cli.Context, out *outfile.Report, r outfile.Rendered) error {
	if out != nil {
		if err := out.Write(c.Context, r); err != nil {
			return err
		}
	}
	if c.Bool("quiet") {
		return nil
	}
	screen, err := screenOf(c, b.stdout)
	if err != nil {
		return err
	}
	if err := doc.Terminal(b.stdout, r.Document(true), screen); err != nil {
		return fmt.Errorf("standard output: %w", err)
	}
	if out != nil && out.Path() != "" {
		fmt.Fprintf(b.stdout, "\nreport: %s\n", out.Path())
	}
	return nil
}
