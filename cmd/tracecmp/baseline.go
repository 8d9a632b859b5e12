package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"simtrace/internal/baseline"
	"simtrace/internal/cliargs"
	"simtrace/internal/input"
	"simtrace/internal/interrupt"
	"simtrace/internal/outfile"
	"simtrace/internal/suggest"
	"simtrace/internal/yamlfile"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace/schema"
)

// baselineCommand keeps golden traces and holds fresh ones against them.
func baselineCommand(code *int, stdin io.Reader) *cli.Command {
	const outer = "tracecmp baseline"
	dir := &cli.StringFlag{Name: "dir", Value: "baselines", Usage: "`FOLDER` of the baselines", TakesFile: true}
	keep := []cli.Flag{
		dir,
		&cli.StringFlag{Name: "got-cmd", Usage: "`COMMAND` whose standard output is the log; no shell runs it"},
		&cli.DurationFlag{Name: "timeout", Value: 10 * time.Minute, Usage: "how long a command may run"},
		&cli.StringFlag{Name: "schema", Usage: "`FILE` that describes the quantities; a copy is kept", TakesFile: true},
		&cli.StringFlag{Name: "as", Usage: "`FORMAT` of the log: " + strings.Join(parity.Formats(), ", ") + " (default: found out)"},
		&cli.StringFlag{Name: "reason", Usage: "`TEXT` that says why, for the history"},
	}
	commands := []*cli.Command{
		cliargs.Nested(outer, "save", "keep a log as a golden trace", "tracecmp baseline save NAME LOG|-\n   tracecmp baseline save NAME --got-cmd COMMAND",
			"Writes baselines/NAME, for version control: the same log gives the same bytes.", keep,
			func(c *cli.Context) error { return baselineSave(c, stdin) }),
		cliargs.Nested(outer, "check", "hold a fresh log against a golden trace", "tracecmp baseline check NAME LOG|- [flags of the comparison]\n   tracecmp baseline check NAME --got-cmd COMMAND",
			"Compares as tracecmp does, with its exit codes: 0 match, 1 diverged, 2 trouble, 3 refused. Files of the\nbaseline that are not as they were written are trouble.",
			append([]cli.Flag{dir, gitBisectFlag()}, cliargs.Without(compareFlags(), "c", "py", "ref-cmd", "ref-probe")...),
			func(c *cli.Context) error { return baselineCheck(c, stdin, code) }),
		cliargs.Nested(outer, "update", "put another log in the place of a golden trace", "tracecmp baseline update NAME LOG|- --reason TEXT",
			"The reasons of all changes are kept in baselines/NAME/baseline.json.", keep,
			func(c *cli.Context) error { return baselineUpdate(c, stdin) }),
	}
	return &cli.Command{
		Name: "baseline", Usage: "golden traces for continuous integration: save, check, update",
		UsageText: "tracecmp baseline save|check|update NAME …", Subcommands: commands, HideHelpCommand: true,
		Action: func(c *cli.Context) error {
			names := commandNames(commands)
			if c.Args().Present() {
				return fmt.Errorf("baseline: no command %q%s", c.Args().First(), suggest.Nearest(c.Args().First(), names))
			}
			return errors.New("baseline: say what to do: " + strings.Join(names, ", "))
		},
	}
}

// fresh finds the name of the baseline, and the log to keep or to hold against it.
func fresh(c *cli.Context) (name string, got *input.Source, err error) {
	rest := c.Args().Slice()
	if len(rest) == 0 {
		return "", nil, fmt.Errorf("baseline %s: a NAME is needed", strings.TrimPrefix(c.App.Name, "tracecmp baseline "))
	}
	name, got = rest[0], &input.Source{Role: "got"}
	if rest, err = given(c, got, rest[1:]); err != nil {
		return "", nil, err
	}
	if rest, err = giveArgs(c, []*input.Source{got}, rest); err != nil {
		return "", nil, err
	}
	switch {
	case got.Path == "":
		return "", nil, errors.New("a log is needed: a file, - for standard input, or --got-cmd COMMAND")
	case len(rest) > 0:
		return "", nil, fmt.Errorf("%q is one argument too many", rest[0])
	case c.Duration("timeout") <= 0:
		return "", nil, fmt.Errorf("--timeout %s: a time above 0 is needed", c.Duration("timeout"))
	}
	return name, got, baseline.CheckName(name)
}

// kept opens the log that is to be kept, and reads how. Where the flags do not say
// how, it is as before.
func kept(c *cli.Context, name string, got *input.Source, before *baseline.Baseline, stdin io.Reader) (baseline.Given, error) {
	g := baseline.Given{Dir: c.String("dir"), Name: name, Path: got.Path, Command: got.Argv, As: c.String("as")}
	path := c.String("schema")
	if c.IsSet("as") && c.IsSet("schema") {
		return g, errors.New("--as and --schema both say how the log is written: one of them is needed")
	}
	if err := checkAs(c); err != nil {
		return g, err
	}
	if before != nil && !c.IsSet("as") && !c.IsSet("schema") {
		g.As, path = before.As, before.SchemaPath()
	}
	if path != "" {
		var err error
		if g.YAML, err = yamlfile.ReadSmall(path); err != nil {
			return g, fmt.Errorf("--schema: %w", err)
		}
		if g.Schema, err = schema.Read(bytes.NewReader(g.YAML), path); err != nil {
			return g, err
		}
	}
	err := got.OpenSide(c.Context, got.Path, stdin, c.Duration("timeout"))
	sayNotes(c, got)
	g.Log = got.Log
	return g, err
}

func baselineSave(c *cli.Context, stdin io.Reader) error {
	name, got, err := fresh(c)
	if err != nil {
		return err
	}
	if baseline.Exists(c.String("dir"), name) {
		return fmt.Errorf("there is a baseline %s in %s: tracecmp baseline update %s --reason \"…\" changes it", name, c.String("dir"), name)
	}
	defer got.Close()
	g, err := kept(c, name, got, nil, stdin)
	if err != nil {
		return err
	}
	b, err := baseline.New(c.Context, g, c.String("reason"))
	if err != nil {
		return interruptedOr(c, err)
	}
	if err := placeBaseline(c, b); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.App.Writer, "saved %s: %d rows, %d results\n", b.TracePath(), b.Rows, b.Results)
	return err
}

func baselineUpdate(c *cli.Context, stdin io.Reader) error {
	name, got, err := fresh(c)
	if err != nil {
		return err
	}
	if strings.TrimSpace(c.String("reason")) == "" {
		return errors.New("baseline update: --reason \"…\" is needed: whoever finds the change later wants to know why")
	}
	old, err := baseline.Open(c.String("dir"), name)
	if err != nil {
		return err
	}
	defer got.Close()
	g, err := kept(c, name, got, old, stdin)
	if err != nil {
		return err
	}
	b, err := baseline.Update(c.Context, old, g, c.String("reason"))
	if err != nil {
		return interruptedOr(c, err)
	}
	if b == nil {
		_, err = fmt.Fprintf(c.App.Writer, "%s is as it was: the log says the same\n", old.TracePath())
		return err
	}
	if err := placeBaseline(c, b); err != nil {
		return err
	}
	step := b.History[len(b.History)-1]
	text := fmt.Sprintf("updated %s: rows changed: %d", b.TracePath(), step.Changed)
	if step.First != "" {
		text += ", first " + step.First
	}
	_, err = fmt.Fprintln(c.App.Writer, text)
	return err
}

func baselineCheck(c *cli.Context, stdin io.Reader, code *int) error {
	name, got, err := fresh(c)
	if err != nil {
		return err
	}
	b, err := baseline.Open(c.String("dir"), name)
	if err != nil {
		return err
	}
	for flag, value := range map[string]string{"schema": b.SchemaPath(), "as": b.As} {
		if value != "" && !c.IsSet("schema") && !c.IsSet("as") {
			if err := c.Set(flag, value); err != nil {
				return err
			}
		}
	}
	verdict, err := compareAndShow(c, &input.Source{Role: "reference", Path: b.TracePath()}, got, stdin)
	if err != nil {
		return err
	}
	*code = exitCode(verdict)
	if verdict == parity.Diverged && !c.Bool("quiet") {
		_, err = fmt.Fprintf(c.App.Writer, "\nif the change is meant: tracecmp baseline update %s LOG --reason \"…\"\n", name)
	}
	return err
}

// placeBaseline writes the files, all or none.
func placeBaseline(c *cli.Context, b *baseline.Baseline) error {
	files, err := b.Files()
	if err != nil {
		return err
	}
	if err := outfile.Place(c.Context, files); err != nil {
		return fmt.Errorf("the baseline could not be written: %w", err)
	}
	return nil
}

// interruptedOr is the error, in the program's words where it comes of an interrupt.
func interruptedOr(c *cli.Context, err error) error {
	if c.Context.Err() != nil {
		return interrupt.Err
	}
	return err
}
