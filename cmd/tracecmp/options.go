package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"simtrace/internal/checked"
	"simtrace/internal/suggest"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace/schema"
)

// ruleFile is a file that says what passes.
type ruleFile struct {
	Role   string `json:"role"`
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// nanEqual reads whether what is not finite on both sides agrees.
func nanEqual(c *cli.Context) (bool, error) {
	switch nan := c.String("nan"); nan {
	case "equal", "differs":
		return nan == "equal", nil
	default:
		return false, fmt.Errorf("--nan %s: equal or differs is needed", nan)
	}
}

// options turns the flags into those of the comparison. The files of
// tolerances, waivers and the schema are read here, before any log.
func options(c *cli.Context, ref, got *source) (parity.Options, []ruleFile, error) {
	opt := parity.DefaultOptions()
	opt.Rules = causes.Rules()
	opt.Tolerance, opt.RefPath, opt.GotPath, opt.Config = c.Float64("tolerance"), ref.path, got.path, c.String("config")
	opt.Today, opt.Threads = time.Now(), c.Int("threads")
	opt.Common, opt.CompareAll = c.Bool("common"), c.Bool("compare-all")
	opt.As, opt.Ignore, opt.Only = c.String("as"), c.StringSlice("ignore"), c.StringSlice("only")
	if as := opt.As; c.IsSet("as") && !slices.Contains(parity.Formats(), as) {
		return opt, nil, fmt.Errorf("--as %s: one of %s is needed%s", as, strings.Join(parity.Formats(), ", "), suggest.Nearest(as, parity.Formats()))
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
	for _, m := range c.StringSlice("map") {
		old, name, ok := strings.Cut(m, "=")
		if !ok || old == "" || name == "" {
			return opt, nil, fmt.Errorf("--map %s: OLD=NEW is needed", m)
		}
		opt.Map = append(opt.Map, parity.Rename{Old: old, New: name})
	}
	if c.IsSet("today") {
		day, err := time.Parse(time.DateOnly, c.String("today"))
		if err != nil {
			return opt, nil, fmt.Errorf("--today %s: a date like 2027-01-31 is needed", c.String("today"))
		}
		opt.Today = day
	}
	var rules []ruleFile
	read := func(flag string, parse func(io.Reader, string) error) error {
		path := c.String(flag)
		if !c.IsSet(flag) {
			return nil
		}
		data, err := readSmall(path)
		if err != nil {
			return fmt.Errorf("--%s: %w", flag, err)
		}
		sum := sha256.Sum256(data)
		rules = append(rules, ruleFile{flag, path, hex.EncodeToString(sum[:])})
		return parse(bytes.NewReader(data), path)
	}
	err = read("tolerances", func(r io.Reader, name string) (err error) {
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
	opt.Again = again(c, ref, got)
	return opt, rules, err
}

// readSmall reads a file that people write: rules, cases, a schema. A device or a log
// given in its place would fill the memory.
func readSmall(path string) ([]byte, error) {
	const most = 16 << 20
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && len(data) > most {
		err = fmt.Errorf("%s: more than %d MB: is this the right file?", path, most>>20)
	}
	return data, err
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
func again(c *cli.Context, ref, got *source) string {
	words := []string{"tracecmp"}
	for _, s := range []*source{ref, got} {
		if s.probe != nil {
			words = append(words, "--"+s.flag()+"-probe", s.path)
		} else if s.argv != nil {
			words = append(words, "--"+s.flag()+"-cmd", s.path)
		} else {
			words = append(words, "--"+s.flag(), s.path)
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
	if len(words) == simple && ref.argv == nil && got.argv == nil {
		return ""
	}
	if c.IsSet("pixel") {
		words = append(words, "--pixel", c.String("pixel"))
	}
	words = append(words, "--tolerance", fmt.Sprintf("%g", c.Float64("tolerance")))
	return quoteWords(append(words, probedWith(ref, got)...))
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

// inColour reports whether w is a terminal that wants colour: NO_COLOR, set to
// anything, switches it off.
func inColour(w io.Writer) bool {
	if c, ok := w.(*checked.Writer); ok {
		w = c.W
	}
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// inputs finds the two logs among flags, commands and arguments.
func inputs(c *cli.Context) (ref, got *source, err error) {
	sides := []*source{{role: "reference", path: c.String("c")}, {role: "got", path: c.String("py")}}
	rest := c.Args().Slice()
	for _, s := range sides {
		flag := s.flag() + "-cmd"
		switch {
		case c.IsSet(flag) && s.path != "":
			return nil, nil, fmt.Errorf("--%s and --%s both name the log", s.flag(), flag)
		case c.IsSet(flag):
			if s.argv, err = splitWords(c.String(flag)); err != nil {
				return nil, nil, fmt.Errorf("--%s: %w", flag, err)
			}
			s.path = c.String(flag)
		case c.IsSet(s.flag() + "-probe"):
			if s.path != "" {
				return nil, nil, fmt.Errorf("--%s and --%s-probe both name the log", s.flag(), s.flag())
			}
			s.path = c.String(s.flag() + "-probe")
			if s.probe, err = readProbes(s.path, c.String("pixel")); err != nil {
				return nil, nil, fmt.Errorf("--%s-probe: %w", s.flag(), err)
			}
		case s.path == "" && len(rest) > 0:
			s.path, rest = rest[0], rest[1:]
		}
	}
	ref, got = sides[0], sides[1]
	if rest, err = giveArgs(c, sides, rest); err != nil {
		return nil, nil, err
	}
	switch {
	case len(rest) > 0:
		return nil, nil, fmt.Errorf("%q is one argument too many", rest[0])
	case ref.path == "" || got.path == "":
		return nil, nil, errUsage
	case ref.path == "-" && got.path == "-":
		return nil, nil, errors.New("only one of the two logs can come from standard input")
	case c.Duration("timeout") <= 0:
		return nil, nil, fmt.Errorf("--timeout %s: a time above 0 is needed", c.Duration("timeout"))
	}
	return ref, got, nil
}
