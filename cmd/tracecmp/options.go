package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"simtrace/internal/comparison"
	"simtrace/internal/input"
	"simtrace/internal/shell"
	"simtrace/internal/suggest"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace/schema"
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
	if opt.Shift, err = shifts(c.StringSlice("shift")); err != nil {
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
	for _, m := range c.StringSlice("map") {
		old, name, ok := strings.Cut(m, "=")
		if !ok || old == "" || name == "" {
			return nil, fmt.Errorf("--map %s: OLD=NEW is needed", m)
		}
		opt.Map = append(opt.Map, parity.Rename{Old: old, New: name})
	}
	opt.Today = time.Now()
	if c.IsSet("today") {
		day, err := time.Parse(time.DateOnly, c.String("today"))
		if err != nil {
			return nil, fmt.Errorf("--today %s: a date like 2027-01-31 is needed", c.String("today"))
		}
		opt.Today = day
	}
	var rules []comparison.RuleFile
	read := func(flag string, parse func(io.Reader, string) error) error {
		path := c.String(flag)
		if !c.IsSet(flag) {
			return nil
		}
		data, err := input.ReadSmall(path)
		if err != nil {
			return fmt.Errorf("--%s: %w", flag, err)
		}
		sum := sha256.Sum256(data)
		rules = append(rules, comparison.RuleFile{Role: flag, Path: path, SHA256: hex.EncodeToString(sum[:])})
		return parse(bytes.NewReader(data), path)
	}
	err := read("tolerances", func(r io.Reader, name string) (err error) {
		opt.Tolerances, err = parity.ReadTolerances(r, name)
		return err
	})
	if err == nil {
		err = read("schema", func(r io.Reader, name string) (err error) {
			opt.Schema, err = schema.Read(r, name)
			return err
		})
	}
	if err == nil {
		err = read("waivers", func(r io.Reader, name string) (err error) {
			opt.Waivers, err = parity.ReadWaivers(r, name)
			return err
		})
	}
	return rules, err
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
		if s.Probe != nil {
			words = append(words, "--"+s.Flag()+"-probe", s.Path)
		} else if s.Argv != nil {
			words = append(words, "--"+s.Flag()+"-cmd", s.Path)
		} else {
			words = append(words, "--"+s.Flag(), s.Path)
		}
	}
	simple := len(words)
	for _, m := range c.StringSlice("map") {
		words = append(words, "--map", m)
	}
	for _, f := range []string{"schema", "tolerances", "waivers", "today"} {
		if c.IsSet(f) {
			words = append(words, "--"+f, c.String(f))
		}
	}
	for _, s := range c.StringSlice("shift") {
		words = append(words, "--shift", s)
	}
	if c.IsSet("decimal") {
		words = append(words, "--decimal", c.String("decimal"))
	}
	if c.IsSet("as") {
		words = append(words, "--as", c.String("as"))
	}
	for _, f := range []string{"ignore", "only"} {
		for _, p := range c.StringSlice(f) {
			words = append(words, "--"+f, p)
		}
	}
	for _, f := range []string{"common", "compare-all"} {
		if c.Bool(f) {
			words = append(words, "--"+f)
		}
	}
	if c.String("nan") == "equal" {
		words = append(words, "--nan", "equal")
	}
	if len(words) == simple && ref.Argv == nil && got.Argv == nil {
		return ""
	}
	if c.IsSet("pixel") {
		words = append(words, "--pixel", c.String("pixel"))
	}
	words = append(words, "--tolerance", fmt.Sprintf("%g", c.Float64("tolerance")))
	return shell.Join(append(words, probedWith(ref, got)...))
}

// shifts reads KEY=N.
func shifts(words []string) (map[string]int, error) {
	if len(words) == 0 {
		return nil, nil
	}
	out := map[string]int{}
	for _, w := range words {
		key, by, ok := strings.Cut(w, "=")
		n, err := strconv.Atoi(by)
		if !ok || key == "" || err != nil {
			return nil, fmt.Errorf("--shift %s: KEY=N is needed, such as step=1", w)
		}
		out[key] = n
	}
	return out, nil
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
