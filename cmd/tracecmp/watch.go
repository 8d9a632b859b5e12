package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"simtrace/internal/checked"
	"simtrace/internal/cliargs"
	"simtrace/internal/comparison"
	"simtrace/internal/input"
	"simtrace/internal/interrupt"
	"simtrace/internal/visible"
	"simtrace/internal/watch"
	"simtrace/pkg/parity"
)

func watchCommand(code *int, stdin io.Reader) *cli.Command {
	flags := append(cliargs.Without(compareFlags(), "quiet"),
		&cli.StringSliceFlag{Name: "source", Usage: "`PATTERN` of files whose change runs the comparison again, * and ? as in a shell; a folder stands for all below it; repeatable", TakesFile: true})
	return cliargs.Nested("tracecmp", "watch", "compare again whenever an input, a program or a source changes, and say what is different now",
		"tracecmp watch REF GOT [flags of the comparison] [--source PATTERN]\n   tracecmp watch --ref C.log --got-cmd './port' --source 'src/*.f90'",
		`Watches both logs, the files that the flags name, the programs of --ref-cmd and --got-cmd with the first
file among their words (the script of "python port.py"), and what --source names. After each run it says which
rows were mended, which are newly broken, where the logs part first and which causes have gone or come.
On a terminal the last report alone is shown; elsewhere they follow each other. Ctrl-C ends it, with the
exit code of the last comparison.`,
		flags, func(c *cli.Context) error { return watchAction(c, stdin, code) })
}

func watchAction(c *cli.Context, stdin io.Reader, code *int) error {
	ref, got, err := inputs(c)
	if err != nil {
		return err
	}
	if ref.Path == "-" || got.Path == "-" {
		return errors.New("watch: standard input comes once only: name a file, or use --got-cmd")
	}
	if c.String("csv") == "-" {
		return errors.New("watch: --csv needs a file, standard output is for the reports")
	}
	_, rules, err := options(c, ref, got)
	if err != nil {
		return err
	}
	asked, err := filesOf(c)
	if err != nil {
		return err
	}
	out, err := comparison.NewOutputs(asked, ref, got, rules)
	if err != nil {
		return err
	}
	files := watch.Files{Sources: c.StringSlice("source"), Except: out.Paths()}
	if err := files.Check(); err != nil {
		return err
	}
	for _, s := range []*input.Source{ref, got} {
		files.Inputs = append(files.Inputs, s.DependsOn()...)
	}
	for _, r := range rules {
		files.Inputs = append(files.Inputs, r.Path)
	}
	w := &watched{c: c, stdin: stdin}
	if _, err := screenOf(c, c.App.Writer); err != nil {
		return err
	}
	var screen io.Writer = c.App.Writer
	if inner, ok := screen.(*checked.Writer); ok {
		screen = inner.W // a terminal, perhaps
	}
	last, err := watch.Loop(c.Context, watch.Options{
		Files: files, Commands: ref.Argv != nil || got.Argv != nil, Run: w.run, Screen: watch.NewScreen(screen),
	})
	switch {
	case err != nil:
		return fmt.Errorf("standard output: %w", err)
	case last.State != nil:
		*code = exitCode(parity.Verdict(last.State.Verdict))
	case last.Err == nil:
		return interrupt.Err
	default:
		*code = exitTrouble
	}
	return nil
}

// watched is a comparison that is run again and again.
type watched struct {
	c     *cli.Context
	stdin io.Reader
}

// run compares once. The flags are read anew each time: files that they name may
// have changed.
func (w *watched) run(context.Context) watch.Result {
	ref, got, err := inputs(w.c)
	if err != nil {
		return watch.Result{Err: err}
	}
	state := &watch.State{}
	rep, out, err := compareOnce(w.c, ref, got, w.stdin, state.Taker())
	if err != nil {
		return watch.Result{Err: errors.New(visible.Line(err.Error()))}
	}
	state.Judged(rep)
	screen, err := screenOf(w.c, w.c.App.Writer)
	var text bytes.Buffer
	if err == nil {
		err = show(&text, screen, rep, out, ref, got)
	}
	return watch.Result{State: state, Report: text.Bytes(), Err: err, Partial: rep.Ref.Truncated || rep.Got.Truncated}
}
