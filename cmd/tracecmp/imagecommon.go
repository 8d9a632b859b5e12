package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"

	"github.com/urfave/cli/v2"

	"simtrace/internal/campaign"
	"simtrace/internal/cliargs"
	"simtrace/internal/progress"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
)

// troubleCode is the exit code of an error.
func troubleCode(err error) int {
	var c *campaign.ExitError
	if errors.As(err, &c) {
		return c.Code
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
	usage := func(err error) error { return &campaign.ExitError{Code: m.usageCode, Err: err} }
	if cliargs.AsksForHelp(args) {
		args = []string{"--help"}
	}
	arity := maps.Clone(m.arity)
	arity["color"], arity["hyperlinks"] = 1, 1
	ours, theirs, err := nanobragg.Split(args, arity)
	if err != nil {
		return usage(err)
	}
	app := &cli.App{
		Name: "tracecmp " + m.name, Usage: m.usage, UsageText: m.text, Description: m.about,
		HideVersion: true, HideHelpCommand: true, DisableSliceFlagSeparator: true,
		Reader: outer.Reader, Writer: outer.Writer, ErrWriter: io.Discard,
		Metadata:       map[string]any{progressKey: progress.New(outer.ErrWriter)},
		Flags:          append(m.flags, screenFlags()...),
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   func(c *cli.Context, err error, sub bool) error { return usage(usageError(c, err, sub)) },
		Action:         func(c *cli.Context) error { return m.run(c, theirs) },
	}
	return app.RunContext(ctx, cliargs.FlagsFirst(append([]string{app.Name}, ours...), app.Flags, nil))
}

// progressKey is where the program keeps its ticker: standard error is not the
// library's to write to.
const progressKey = "progress"

func progressOf(c *cli.Context) *progress.Line { return c.App.Metadata[progressKey].(*progress.Line) }

// roiOf reads --roi: fast and slow ranges, as nanoBragg's -roi.
func roiOf(c *cli.Context) (*imagecmp.ROI, error) {
	v, err := cliargs.Numbers(c, "roi", 4)
	if err != nil || v == nil {
		return nil, err
	}
	r, err := imagecmp.NewROI(v)
	if err != nil {
		return nil, fmt.Errorf("--%w", err)
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
