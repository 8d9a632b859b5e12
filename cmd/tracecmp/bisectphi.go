package main

import (
	"errors"

	"github.com/urfave/cli/v2"

	"simtrace/internal/cliargs"
	"simtrace/internal/input"
	"simtrace/internal/interrupt"
	"simtrace/internal/outfile"
	"simtrace/internal/shell"
	"simtrace/pkg/parity/bisect"
)

func init() { outfile.Mark(`"` + bisect.PhiSchema + `"`) }

func (b *bisection) phiCommand() *cli.Command {
	return &cli.Command{
		Name:      "phi",
		Usage:     "find the phi step, subpixel, source and domain, or the step of another program, at which a quantity leaves tolerance",
		UsageText: "tracecmp bisect phi REF GOT [flags]",
		Description: `Reads two logs side by side, once, and says whether a difference comes back: single steps that
stand out, a plateau, a ramp. Exit codes: 0 nothing leaves tolerance, 1 something does, 2 trouble,
3 nothing can be compared.`,
		Flags:  append(judgingFlags(), bisectFlags([]string{"o"}, []string{"q"})...),
		Action: b.phi,
	}
}

func (b *bisection) phi(c *cli.Context) error {
	if c.NArg() != 2 {
		return errors.New("bisect phi: two logs are needed, REF and GOT")
	}
	opt, rules, err := judging(c)
	if err != nil {
		return err
	}
	out, err := newBisectOut(c, rules, c.Args().Slice()...)
	if err != nil {
		return err
	}
	paths := c.Args().Slice()
	if paths[0] == "-" && paths[1] == "-" {
		return errors.New("only one of the two logs can come from standard input")
	}
	ref, got := &input.Source{Role: "reference", Path: paths[0]}, &input.Source{Role: "got", Path: paths[1]}
	defer ref.Close()
	defer got.Close()
	if err := input.OpenBoth(c.Context, ref, got, b.stdin, 0); err != nil { // no command that could take long
		return err
	}
	if opt.Again = again(c, ref, got); opt.Again == "" {
		opt.Again = shell.Join(append([]string{"tracecmp", "--ref", ref.Path, "--got", got.Path}, cliargs.Words(c, "tolerance")...))
	}
	rep, err := bisect.Phi(c.Context, ref.Log, got.Log, opt)
	if c.Context.Err() != nil {
		return interrupt.Err
	}
	if err != nil {
		return err
	}
	switch {
	case rep.Refused():
		*b.code = exitRefused
	case rep.Parts():
		*b.code = exitDiverged
	}
	return b.show(c, out, rep)
}
