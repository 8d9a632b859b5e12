package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/cliargs"
	"simtrace/internal/comparison"
	"simtrace/internal/input"
	"simtrace/internal/shell"
	"simtrace/internal/suggest"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
)

// nanEqual reads whether what is not finite on both sides agrees.
func nanEqual(c *cli.Context) (bool, error) {
	switch nan := c.String("nan"); {
	case !c.IsSet("nan"):
		return false, nil
	case nan == "equal", nan == "differs":
		return nan == "equal", nil
	default:
		return false, fmt.Errorf("--nan %s: equal or differs is needed", nan)
	}
}

// options turns the flags into those of the comparison. The files of
// tolerances, waivers and the schema are read here, before any log.
func options(c *cli.Context, ref, got *input.Source) (parity.Options, []comparison.RuleFile, error) {
	opt, rules, err := judging(c)
	opt.RefPath, opt.GotPath, opt.Again = ref.Path, got.Path, again(c, ref, got)
	if c.IsSet("config") {
		opt.Config = []string{"--config", c.String("config")}
	}
	return opt, rules, err
}

// judging is what decides about rows, for every command that compares logs: those of
// the flags that the command has.
func judging(c *cli.Context) (parity.Options, []comparison.RuleFile, error) {
	opt := parity.DefaultOptions()
	opt.Rules = causes.Rules()
	opt.Tolerance = c.Float64("tolerance")
	opt.Threads = c.Int("threads")
	opt.Common, opt.CompareAll = c.Bool("common"), c.Bool("compare-all")
	opt.As, opt.Ignore, opt.Only = c.String("as"), c.StringSlice("ignore"), c.StringSlice("only")
	if err := checkAs(c); err != nil {
		return opt, nil, err
	}
	if c.IsSet("as") && c.IsSet("schema") {
		return opt, nil, errors.New("--as and --schema both say how the logs are written: one of them is needed")
	}
	var err error
	if opt.NaNEqual, err = nanEqual(c); err != nil {
		return opt, nil, err
	}
	switch d := c.String("decimal"); d {
	case "":
	case ",", ".":
		opt.Decimal = d[0]
	default:
		return opt, nil, fmt.Errorf("--decimal %s: a comma or a point is needed", d)
	}
	if opt.Shift, err = comparison.Shifts(c.StringSlice("shift")); err != nil {
		return opt, nil, err
	}
	if err := checkTolerance(opt.Tolerance); err != nil {
		return opt, nil, err
	}
	if opt.Threads < 0 || c.IsSet("threads") && opt.Threads == 0 {
		return opt, nil, fmt.Errorf("--threads %d: at least 1 is needed", opt.Threads)
	}
	rules, err := judgedBy(c, &opt)
	return opt, rules, err
}

// checkAs refuses an --as that is no format.
func checkAs(c *cli.Context) error {
	as, known := c.String("as"), parity.Formats()
	if c.IsSet("as") && !slices.Contains(known, as) {
		return fmt.Errorf("--as %s: one of %s is needed%s", as, strings.Join(known, ", "), suggest.Nearest(as, known))
	}
	return nil
}

// judgedBy reads the names that are mapped and the files of rules.
func judgedBy(c *cli.Context, opt *parity.Options) ([]comparison.RuleFile, error) {
	for _, f := range []string{"tolerances", "schema", "waivers", "today"} {
		if c.IsSet(f) && c.String(f) == "" {
			return nil, fmt.Errorf("--%s: nothing was named", f)
		}
	}
	return comparison.Rules{Tolerances: c.String("tolerances"), Schema: c.String("schema"), Waivers: c.String("waivers"), Today: c.String("today"), Map: c.StringSlice("map")}.Read(opt)
}

// checkTolerance refuses a --tolerance of 1 or more. A relative difference is taken
// over the larger of two values: that of any number and zero is 1, so that such a
// tolerance lets rows pass that have nothing in common.
func checkTolerance(t float64) error {
	if !(t >= 0 && t < 1) {
		return fmt.Errorf("--tolerance %g: a number of at least 0 and below 1 is needed (any number and 0 differ by 1)", t)
	}
	return nil
}

// again is the command line that makes the comparison again, where it takes
// more than the two logs and the tolerance.
func again(c *cli.Context, ref, got *input.Source) string {
	words := []string{"tracecmp"}
	for _, s := range []*input.Source{ref, got} {
		flag := "--" + s.Flag()
		switch {
		case s.Probe != nil:
			flag += "-probe"
		case s.Argv != nil:
			flag += "-cmd"
		}
		words = append(words, flag, s.Path)
	}
	more := cliargs.Words(c, "map", "schema", "tolerances", "waivers", "today", "shift", "decimal", "as", "ignore", "only", "common", "compare-all", "nan")
	if len(more) == 0 && ref.Argv == nil && got.Argv == nil {
		return ""
	}
	words = append(append(words, more...), cliargs.Words(c, "pixel")...)
	words = append(words, "--tolerance", fmt.Sprintf("%g", c.Float64("tolerance")))
	return shell.Join(append(words, probedWith(ref, got)...))
}

// inputs finds the two logs among flags, commands and arguments.
func inputs(c *cli.Context) (ref, got *input.Source, err error) {
	sides := []*input.Source{{Role: "reference", Path: c.String("c")}, {Role: "got", Path: c.String("py")}}
	rest := c.Args().Slice()
	for _, s := range sides {
		if rest, err = given(c, s, rest); err != nil {
			return nil, nil, err
		}
	}
	ref, got = sides[0], sides[1]
	if rest, err = giveArgs(c, sides, rest); err != nil {
		return nil, nil, err
	}
	switch {
	case len(rest) > 0:
		return nil, nil, fmt.Errorf("%q is one argument too many", rest[0])
	case ref.Path == "" || got.Path == "":
		return nil, nil, errUsage
	case ref.Path == "-" && got.Path == "-":
		return nil, nil, errors.New("only one of the two logs can come from standard input")
	case c.Duration("timeout") <= 0:
		return nil, nil, fmt.Errorf("--timeout %s: a time above 0 is needed", c.Duration("timeout"))
	}
	return ref, got, nil
}

// given finds one log: its flag, its command, or the next argument. It returns the
// arguments that are left.
func given(c *cli.Context, s *input.Source, rest []string) ([]string, error) {
	flag := s.Flag() + "-cmd"
	switch {
	case c.IsSet(flag) && s.Path != "":
		return nil, fmt.Errorf("--%s and --%s both name the log", s.Flag(), flag)
	case c.IsSet(flag):
		var err error
		if s.Argv, err = shell.Split(c.String(flag)); err != nil {
			return nil, fmt.Errorf("--%s: %w", flag, err)
		}
		s.Path = c.String(flag)
	case c.IsSet(s.Flag() + "-probe"):
		return rest, giveProbes(c, s)
	case s.Path == "" && len(rest) > 0:
		s.Path, rest = rest[0], rest[1:]
	}
	return rest, nil
}
