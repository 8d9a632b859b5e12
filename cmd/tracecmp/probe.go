package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"simtrace/internal/cliargs"
	"simtrace/internal/input"
	"simtrace/internal/probe"
	"simtrace/internal/visible"
	"simtrace/pkg/trace/schema"
)

const pixelUsage = "`SLOW,FAST` of the pixel that a probes file calls $slow and $fast, in place of its own"

func probeCommand(stdin io.Reader) *cli.Command {
	return &cli.Command{
		Name:      "probe",
		Usage:     "print quantities of a program that prints none: a debugger reads them in the unchanged program",
		UsageText: "tracecmp probe [--pixel SLOW,FAST] PROBES.yaml [-- ARGS of the program] >LOG\n   tracecmp probe suggest --schema nanobragg SOURCE >PROBES.yaml",
		Description: `PROBES.yaml names the program, the lines at which to stop, and the expressions to print there; docs/probe.md
begins one. C, C++ and Fortran need gdb and a program with debug symbols (-Og -g), Python needs itself alone.
What the program prints goes to standard error.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "pixel", Usage: pixelUsage},
			&cli.DurationFlag{Name: "timeout", Value: 10 * time.Minute, Usage: "how long the program may run"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "not what the program prints"},
		},
		Subcommands:     []*cli.Command{suggestCommand()},
		HideHelpCommand: true,
		Action:          func(c *cli.Context) error { return probeAction(c, stdin) },
	}
}

func probeAction(c *cli.Context, stdin io.Reader) error {
	if c.NArg() == 0 {
		return errors.New("probe: a probes file is needed: tracecmp probe PROBES.yaml -- ARGS (docs/probe.md begins one)")
	}
	if c.Duration("timeout") <= 0 {
		return fmt.Errorf("--timeout %s: a time above 0 is needed", c.Duration("timeout"))
	}
	if rest := c.Args().Tail(); len(rest) > 0 && rest[0] != "--" {
		return fmt.Errorf("probe: %s stands before --: what belongs to the program stands behind it, what belongs to tracecmp before the probes file", rest[0])
	}
	spec, err := readProbes(c, c.Args().First())
	if err != nil {
		return err
	}
	args, err := spec.ArgsOf(c.Context, argsBehind(c.Args().Tail()))
	if err != nil {
		return err
	}
	opt := probe.Options{Args: args, Limit: c.Duration("timeout"), Stdin: stdin, Program: c.App.ErrWriter}
	if c.Bool("quiet") {
		opt.Program = nil
	}
	result, err := probe.Log(c.Context, spec, c.App.Writer, opt)
	if err != nil {
		return err
	}
	sayNotes(c, &input.Source{Notes: result.Notes})
	return nil
}

// giveArgs hands the arguments behind the logs' names to the programs that are probed,
// both of them; without any they are too many.
func giveArgs(c *cli.Context, sides []*input.Source, rest []string) ([]string, error) {
	for _, s := range sides {
		if s.Probe == nil {
			continue
		}
		args, err := s.Probe.ArgsOf(c.Context, argsBehind(rest))
		if err != nil {
			return nil, fmt.Errorf("--%s-probe: %w", s.Flag(), err)
		}
		s.Given, s.ProbeArgs = argsBehind(rest), args
		s.Argv = append([]string{cmp.Or(s.Probe.Program.Run, s.Probe.Program.Python)}, append(s.Probe.Program.Args, args...)...)
	}
	if slices.ContainsFunc(sides, func(s *input.Source) bool { return s.Probe != nil }) {
		return nil, nil
	}
	if c.IsSet("pixel") {
		return nil, errors.New("--pixel is for --ref-probe and --got-probe")
	}
	return rest, nil
}

// probedWith are the words that gave the probed programs their arguments.
func probedWith(sides ...*input.Source) []string {
	for _, s := range sides {
		if s.Probe != nil && len(s.Given) > 0 {
			return append([]string{"--"}, s.Given...)
		}
	}
	return nil
}

// sayNotes tells what the runs of probed programs left to say.
func sayNotes(c *cli.Context, sides ...*input.Source) {
	for _, s := range sides {
		for _, n := range s.Notes {
			fmt.Fprintln(c.App.ErrWriter, "tracecmp: note: "+visible.Text(n))
		}
	}
}

// giveProbes reads the probes file of a side.
func giveProbes(c *cli.Context, s *input.Source) (err error) {
	flag := s.Flag() + "-probe"
	if s.Path != "" {
		return fmt.Errorf("--%s and --%s both name the log", s.Flag(), flag)
	}
	s.Path = c.String(flag)
	if s.Probe, err = readProbes(c, s.Path); err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	return nil
}

// argsBehind drops the "--" that parts the program's arguments from ours.
func argsBehind(args []string) []string {
	if len(args) > 0 && args[0] == "--" {
		return args[1:]
	}
	return args
}

// readProbes reads a probes file, with the pixel of the command line.
func readProbes(c *cli.Context, path string) (*probe.Spec, error) {
	at, err := cliargs.Pixel(c.String("pixel"))
	if err != nil {
		return nil, err
	}
	return probe.ReadFile(path, (*probe.Pixel)(at))
}

func suggestCommand() *cli.Command {
	return &cli.Command{
		Name:      "suggest",
		Usage:     "propose a probes file: a tap behind each assignment to a name of the schema",
		UsageText: "tracecmp probe suggest [--schema nanobragg|FILE] [--name VARIABLE[=QUANTITY]]… SOURCE >PROBES.yaml",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "schema", Usage: "`SCHEMA` whose names are looked for: nanobragg, or a file", TakesFile: true},
			&cli.StringSliceFlag{Name: "name", Usage: "`VARIABLE` to propose as well, or VARIABLE=QUANTITY; repeatable"},
		},
		HideHelpCommand: true,
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return errors.New("probe suggest: one source file is needed, behind the flags")
			}
			if !c.IsSet("schema") && !c.IsSet("name") {
				return errors.New("probe suggest: --schema nanobragg, --schema FILE or --name VARIABLE is needed")
			}
			s := schema.NanoBragg()
			if name := c.String("schema"); name != "nanobragg" {
				var err error
				if s, err = schemaOf(c); err != nil {
					return err
				}
			}
			return probe.Suggest(c.App.Writer, c.Args().First(), s, c.String("schema"), c.StringSlice("name"))
		},
	}
}
