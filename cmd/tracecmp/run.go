package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/urfave/cli/v2"

	"simtrace/internal/checked"
	"simtrace/internal/cliargs"
	"simtrace/internal/version"
	"simtrace/internal/visible"
	"simtrace/pkg/parity"
)

// The exit codes.
const (
	exitMatch    = 0
	exitDiverged = 1
	exitTrouble  = 2
	exitRefused  = 3
)

// run is the whole program; args[0] is its name.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return gitCodes(args, command(ctx, args, stdin, stdout, stderr))
}

func command(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	code := exitMatch
	out := &checked.Writer{W: stdout}
	app := &cli.App{
		Name:      "tracecmp",
		Usage:     "compare two logs of numbers: do they agree, where do they part first, and why",
		UsageText: "tracecmp --c C.log --py PY.log [--out summary.md] [--tolerance 1e-6]\n   tracecmp REF GOT\n   tracecmp explain [ID]\n   tracecmp schema\n   tracecmp json-schema [NAME]\n   tracecmp infer A [B]\n   tracecmp keys\n   tracecmp emit --lang c\n   tracecmp image REF GOT\n   tracecmp nb-compare -- nanoBragg flags\n   tracecmp matrix CASES.yaml --out DIR\n   tracecmp watch REF GOT\n   tracecmp baseline save|check|update NAME …\n   tracecmp history DIR\n   tracecmp bisect commits|phi|settings …",
		Description: `Reads logs of nanoBragg and of its ports as they are, the whole standard output included,
and logs of any other program: tables, "key value" lines, CSV, JSON, arrays. --schema says what their
quantities are computed from; "tracecmp infer" begins such a file. "-" is standard input, for one of
the two. With --out, writes summary.md, summary.html, metrics.json, run_metadata.json and, where there
are phi steps, per_phi.svg side by side.

Exit codes: 0 match, 1 diverged, 2 trouble, 3 refused: no verdict can be given.`,
		Version:         version.Text(),
		HideHelpCommand: true,
		// A command may hold commas.
		DisableSliceFlagSeparator: true,
		Reader:                    stdin,
		Writer:                    out,
		ErrWriter:                 stderr,
		Flags:                     append(compareFlags(), gitBisectFlag()),
		Commands:                  []*cli.Command{explainCommand(), schemaCommand(&code), jsonSchemaCommand(), inferCommand(), keysCommand(), emitCommand(), bisectCommand(&code), imageCommand(&code), nbCompareCommand(&code), matrixCommand(&code), watchCommand(&code, stdin), baselineCommand(&code, stdin), historyCommand()},
		Action: func(c *cli.Context) error {
			verdict, err := compareAction(c, stdin)
			if err == nil {
				code = exitCode(verdict)
			}
			return err
		},
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return err },
	}
	err := app.RunContext(ctx, cliargs.FlagsFirst(args, app.Flags, app.Commands))
	if err == nil && out.Err() != nil {
		err = fmt.Errorf("standard output: %w", out.Err())
	}
	if err != nil {
		fmt.Fprintln(stderr, "tracecmp: "+visible.Line(plainError(err)))
		return troubleCode(err)
	}
	return code
}

func gitBisectFlag() cli.Flag {
	return &cli.BoolFlag{Name: "git-bisect", Usage: "exit codes as git bisect run wants them: 0, 1, 125, 128"}
}

func exitCode(v parity.Verdict) int {
	switch v {
	case parity.Match:
		return exitMatch
	case parity.Diverged:
		return exitDiverged
	}
	return exitRefused
}

var errUsage = errors.New("two logs are needed: --c C.log --py PY.log, or REF GOT (tracecmp --help tells more)")

// badValue is what the flag library says of a value that it cannot read.
var badValue = regexp.MustCompile(`^invalid value "(.*)" for flag -(\S+): parse error$`)

// plainError says what is needed where the flag library says that it cannot parse.
func plainError(err error) string {
	m := badValue.FindStringSubmatch(err.Error())
	switch {
	case m == nil:
		return err.Error()
	case m[2] == "timeout":
		return fmt.Sprintf("--timeout %s: a time is needed, such as 90s or 10m", m[1])
	}
	return fmt.Sprintf("--%s %s: a number is needed", m[2], m[1])
}
