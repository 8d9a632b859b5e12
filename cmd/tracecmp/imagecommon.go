package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/urfave/cli/v2"

	folders "simtrace/internal/bundle"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// codedError ends the program with an exit code of its own.
type codedError struct {
	code int
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }
func (e *codedError) Unwrap() error { return e.err }

// troubleCode is the exit code of an error.
func troubleCode(err error) int {
	var c *codedError
	if errors.As(err, &c) {
		return c.code
	}
	return exitTrouble
}

// mixed is a command whose arguments hold nanoBragg's flags, with one dash,
// beside its own, with two.
type mixed struct {
	name, usage, text, about string
	arity                    map[string]int // how many words a flag of ours takes
	flags                    []cli.Flag
	usageCode                int // exit code of usage errors
	run                      func(c *cli.Context, theirs []nanobragg.Arg) error
}

// command wraps it for the program, which reads its own flags otherwise.
func (m *mixed) command() *cli.Command {
	return &cli.Command{
		Name: m.name, Usage: m.usage, UsageText: m.text, SkipFlagParsing: true, HideHelpCommand: true,
		Action: func(c *cli.Context) error {
			return m.parse(c.Context, c.Args().Slice(), c.App)
		},
	}
}

func (m *mixed) parse(ctx context.Context, args []string, outer *cli.App) error {
	usage := func(err error) error { return &codedError{m.usageCode, err} }
	if asksForHelp(args) {
		args = []string{"--help"}
	}
	ours, theirs, err := nanobragg.Split(args, m.arity)
	if err != nil {
		return usage(err)
	}
	app := &cli.App{
		Name: "tracecmp " + m.name, Usage: m.usage, UsageText: m.text, Description: m.about,
		HideVersion: true, HideHelpCommand: true,
		Reader: outer.Reader, Writer: outer.Writer, ErrWriter: io.Discard,
		Metadata:       map[string]any{progressKey: newTicker(outer.ErrWriter)},
		Flags:          m.flags,
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   func(c *cli.Context, err error, sub bool) error { return usage(usageError(c, err, sub)) },
		Action:         func(c *cli.Context) error { return m.run(c, theirs) },
	}
	return app.RunContext(ctx, flagsFirst(append([]string{app.Name}, ours...), app.Flags, nil))
}

// asksForHelp reports whether help is asked for, at whatever place and with one dash, too,
// which is nanoBragg's otherwise.
func asksForHelp(args []string) bool {
	end := slices.Index(args, "--")
	if end < 0 {
		end = len(args)
	}
	return slices.ContainsFunc(args[:end], func(a string) bool { return a == "-h" || a == "-help" || a == "--help" })
}

// progressKey is where the program keeps its ticker: standard error is not the
// library's to write to.
const progressKey = "progress"

func progressOf(c *cli.Context) *ticker { return c.App.Metadata[progressKey].(*ticker) }

// numbers reads the whole numbers of a flag of several words.
func numbers(c *cli.Context, flag string, n int) ([]int, error) {
	if !c.IsSet(flag) {
		return nil, nil
	}
	words := strings.Split(c.String(flag), ",")
	out := make([]int, len(words))
	for i, w := range words {
		if _, err := fmt.Sscanf(w+"\n", "%d\n", &out[i]); err != nil {
			return nil, fmt.Errorf("--%s: %q is no whole number", flag, w)
		}
	}
	if len(out) != n {
		return nil, fmt.Errorf("--%s takes %d numbers, not %d", flag, n, len(out))
	}
	return out, nil
}

// roiOf reads --roi: fast and slow ranges, as nanoBragg's -roi.
func roiOf(c *cli.Context) (*imagecmp.ROI, error) {
	v, err := numbers(c, "roi", 4)
	if err != nil || v == nil {
		return nil, err
	}
	r := &imagecmp.ROI{FastMin: v[0], FastMax: v[1], SlowMin: v[2], SlowMax: v[3]}
	if r.FastMin < 0 || r.SlowMin < 0 || r.FastMin > r.FastMax || r.SlowMin > r.SlowMax {
		return nil, fmt.Errorf("--roi %d %d %d %d: no region (FASTMIN FASTMAX SLOWMIN SLOWMAX)", v[0], v[1], v[2], v[3])
	}
	return r, nil
}

// percentileOf reads a percentile.
func percentileOf(c *cli.Context, flag string) (float64, error) {
	p := c.Float64(flag)
	if !(p > 0 && p <= 100) {
		return 0, fmt.Errorf("--%s %g is not above 0 and at most 100", flag, p)
	}
	return p, nil
}

// builder makes the experiment of nanoBragg's flags under a profile.
func builder(profile sim.Profile, config string, theirs []nanobragg.Arg) (*nanobragg.Builder, *sim.Experiment, error) {
	b := nanobragg.NewBuilder(profile)
	args, err := b.Configure(config)
	if err != nil {
		return nil, nil, fmt.Errorf("--config: %w", err)
	}
	if err := b.Apply(append(args, theirs...)); err != nil {
		return nil, nil, err
	}
	e, err := b.Prepare()
	return b, e, err
}

// pictures writes the previews and the difference map into the report folder
// under the given names, and returns their captions.
func pictures(ctx context.Context, b *folders.Bundle, r *imagecmp.Report, percentile float64, ref, got, diff string) ([][2]string, imagecmp.Scale, error) {
	s := r.Scale(ctx, percentile)
	files := []struct {
		name  string
		write func(io.Writer) error
	}{
		{ref, func(w io.Writer) error { return imagecmp.WritePreview(w, r.Ref, s) }},
		{got, func(w io.Writer) error { return imagecmp.WritePreview(w, r.Got, s) }},
		{diff, func(w io.Writer) error { return r.WriteDiff(w, s) }},
	}
	errs := make([]error, len(files))
	var wg sync.WaitGroup
	for i, p := range files {
		wg.Go(func() {
			w, err := b.Writer(p.name)
			if err == nil {
				err = p.write(untilEnded{ctx, w})
			}
			errs[i] = err
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, s, errInterrupted
	}
	if err := errors.Join(errs...); err != nil {
		return nil, s, err
	}
	grey := fmt.Sprintf("white is 0, black is %g and above (percentile %g of both)", s.Black, percentile)
	return [][2]string{
		{ref, "Reference: " + grey},
		{got, "Other image: " + grey},
		{diff, fmt.Sprintf("Difference, other image less reference: grey is none, light yellow above, dark blue below, in full from %g on (percentile %g)", s.Diff, percentile)},
	}, s, nil
}

// untilEnded fails to write once its context has ended: a picture of millions of
// pixels takes a second to pack.
type untilEnded struct {
	ctx context.Context
	w   io.Writer
}

func (u untilEnded) Write(p []byte) (int, error) {
	if u.ctx.Err() != nil {
		return 0, errInterrupted
	}
	return u.w.Write(p)
}

// writeEnv puts what makes a folder ours into it.
func writeEnv(b *folders.Bundle) error {
	data, err := json.MarshalIndent(folders.Env(), "", "  ")
	if err != nil {
		return err
	}
	return b.WriteFile("env.json", append(data, '\n'))
}

// folder begins a report folder.
func folder(dir string, force bool) (*folders.Bundle, error) {
	if dir == "" {
		return nil, errors.New("--out: a folder is needed")
	}
	b, err := folders.Create(dir, force)
	if errors.Is(err, folders.ErrHoldsReports) {
		return nil, fmt.Errorf("%w: --force replaces them", err)
	}
	return b, err
}
