// Simtrace computes nanoBragg diffraction images, and traces every
// intermediate quantity of chosen pixels on the way.
//
//	simtrace trace  --config supervisor --pixel 685 1039
//	simtrace render --config case.yaml -floatfile image.bin
//	simtrace config --config supervisor -twotheta 5
//
// One dash is nanoBragg's (-pixel 0.172 is the pixel's size), two dashes are
// this program's (--pixel 685 1039 is the pixel to trace, slow fast).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/checked"
	"simtrace/internal/interrupt"
	"simtrace/internal/manual"
	"simtrace/internal/version"
	"simtrace/internal/visible"
	"simtrace/pkg/nanobragg"
)

// Exit codes.
const (
	exitOK        = 0
	exitTrouble   = 2
	exitInterrupt = 130
)

func init() { manual.Install() }

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // what a run allocates, it mostly keeps to its end
	}
	os.Exit(interrupt.Run(func(ctx context.Context) int {
		return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	}, func() int {
		fmt.Fprintln(os.Stderr, "simtrace: interrupted")
		return exitInterrupt
	}))
}

// errCut is an interrupt while the trace is printed.
var errCut = errors.New("interrupted while printing")

// program is what a command needs besides its flags.
type program struct {
	args   []string        // as typed, behind the program's name
	theirs []nanobragg.Arg // nanoBragg's flags among them
	stdout io.Writer
	stderr io.Writer
}

// about says what a command does beyond its one line.
var about = map[string]string{
	"trace": `Prints the log of the pixels, or with --out writes a report folder: the trace, the per-phi rows as text and JSON, the resolved configuration with checksums of its inputs, the environment, the command that makes it again, and sha256.txt. The folder appears whole or not at all.

  simtrace trace --config supervisor --pixel 685 1039 --out reports/one`,
	"render": `Writes what nanoBragg writes: the float image (-floatfile), SMV integer and noise images, PGM; --png and --npy are for people.

  simtrace render -mat A.mat -hkl P1.hkl -distance 200 -floatfile image.bin`,
	"config": `Says of each value whether a flag, a file, the preset or a default set it, and warns of what nanoBragg switches silently.`,
}

// arity tells the splitter how many separate values our flags take.
var arity = map[string]int{
	"config": 1, "pixel": 2, "pixels": 1, "roi": 4, "domains": 1, "sources": 1, "device": 1, "dtype": 1, "out": 1, "dialect": 1,
	"stages": 1, "phi": 1, "profile": 1, "switch": 1, "threads": 1, "format": 1,
	"png": 1, "percentile": 1, "seed": 1, "npy": 1, "engine": 1, "arith": 1,
}

// run is the program; it returns the exit code.
func run(ctx context.Context, args []string, _ io.Reader, stdout, stderr io.Writer) int {
	out := &checked.Writer{W: stdout}
	ours, theirs, err := nanobragg.Split(args, arity)
	if err == nil {
		p := &program{args: args, theirs: theirs, stdout: out, stderr: stderr}
		err = p.app().RunContext(ctx, append([]string{"simtrace"}, optionsFirst(ours)...))
	}
	if err == nil && out.Err() != nil {
		err = fmt.Errorf("standard output: %w", out.Err())
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errCut):
		fmt.Fprintln(stderr, "simtrace: interrupted, standard output is cut")
		return exitInterrupt
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		fmt.Fprintln(stderr, "simtrace: interrupted, nothing written")
		return exitInterrupt
	}
	fmt.Fprintf(stderr, "simtrace: %s\n", oneLine(err))
	return exitTrouble
}

// oneLine keeps an error to one line.
func oneLine(err error) string {
	return visible.Text(strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; "))
}

func (p *program) app() *cli.App {
	return &cli.App{
		Name:      "simtrace",
		UsageText: "simtrace COMMAND [options] [nanoBragg flags]",
		Description: "One dash is nanoBragg's, two dashes are ours: -pixel 0.172 is the size of a pixel, --pixel 685 1039 the pixel to trace (slow fast).\n\n" +
			"Exit codes: 0 done, 2 trouble, 130 interrupted.",
		Usage:           "nanoBragg diffraction images with traces of every intermediate quantity",
		Version:         version.Text(),
		Writer:          p.stdout,
		ErrWriter:       io.Discard, // errors are printed once, by run
		HideHelpCommand: true,
		Flags:           []cli.Flag{cli.HelpFlag}, // the library leaves it out where a command is called help
		ExitErrHandler:  func(*cli.Context, error) {},
		OnUsageError:    usageError,
		Action:          p.noCommand,
		Commands: append([]*cli.Command{p.traceCommand(), p.renderCommand(), p.configCommand(), p.flagsCommand(), p.profilesCommand(), p.diffProfilesCommand()},
			manual.Commands("simtrace", p.stdout, vocabulary(), nanobraggSection())...),
	}
}

func (p *program) noCommand(c *cli.Context) error {
	if c.NArg() > 0 {
		return manual.UnknownCommand(c.Args().First(), c.App.Commands)
	}
	if len(p.theirs) > 0 {
		return fmt.Errorf("say what to do first: simtrace trace, render or config")
	}
	return cli.ShowAppHelp(c)
}

// command completes a command: no positional arguments, plain usage errors. The
// help of one that takes an experiment says where nanoBragg's flags are listed.
func (p *program) command(name, usage string, flags []cli.Flag, action cli.ActionFunc) *cli.Command {
	text, about := "simtrace "+name, about[name]
	if choosesExperiment(flags) {
		text += " [options] [nanoBragg flags]"
		about = strings.TrimSpace(about + "\n\nAll of nanoBragg's flags may stand among the options, with one dash and in its units: \"simtrace flags\" lists them.")
	}
	return &cli.Command{
		Name: name, Usage: usage, Description: about, Flags: flags, HideHelpCommand: true, UsageText: text, OnUsageError: usageError,
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return p.surplus(c.Args().Slice())
			}
			if err := p.twoDashes(c); err != nil {
				return err
			}
			return action(c)
		},
	}
}

// choosesExperiment reports whether a command's flags choose an experiment.
func choosesExperiment(flags []cli.Flag) bool {
	for _, f := range flags {
		if f.Names()[0] == "profile" {
			return true
		}
	}
	return false
}
