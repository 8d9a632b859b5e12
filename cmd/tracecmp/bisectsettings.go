package main

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/campaign"
	"simtrace/internal/cliargs"
	"simtrace/internal/interrupt"
	"simtrace/internal/outfile"
	"simtrace/internal/progress"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/bisect"
	"simtrace/pkg/sim"
)

func init() { outfile.Mark(`"` + bisect.SettingsSchema + `"`) }

func (b *bisection) settingsCommand() *cli.Command {
	return &cli.Command{
		Name:      "settings",
		Usage:     "find the settings of the simulator that make its trace equal a log",
		UsageText: "tracecmp bisect settings --ref C.log [--config NAME] [--profile NAME] [flags] [nanoBragg's flags]",
		Description: `Tries every switch of the profile and every mistake known from ports, on top of the configuration:
one by one, then in pairs, then in larger sets. Exit codes: 0 explained, 1 not explained, 2 trouble,
3 nothing can be compared.`,
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "ref", Usage: "`LOG` to explain", TakesFile: true},
			&cli.StringFlag{Name: "config", Usage: "embedded preset (supervisor) or YAML file with nanoBragg's flag names as keys", TakesFile: true},
			&cli.StringFlag{Name: "profile", Value: sim.ProfileSpec.Name, Usage: "which program simtrace imitates at first: " + strings.Join(sim.ProfileNames(), ", ")},
			&cli.StringFlag{Name: "pixel", Usage: "slow fast, where the log does not name one pixel"},
			&cli.IntFlag{Name: "jobs", Value: runtime.NumCPU(), Usage: "how many traces to make at a time"},
		}, bisectFlags(nil, nil)...),
		Action: b.settings,
	}
}

// settingsArity says which flags of ours take values, so that nanoBragg's can
// be told from them.
var settingsArity = map[string]int{"ref": 1, "config": 1, "profile": 1, "pixel": 2, "jobs": 1, "tolerance": 1, "out": 1, "color": 1, "hyperlinks": 1}

// splitSettings takes nanoBragg's flags out of the arguments of "settings".
func (b *bisection) splitSettings(args []string) (ours []string, err error) {
	ours, b.theirs, err = nanobragg.Split(args, settingsArity)
	return ours, err
}

func (b *bisection) settings(c *cli.Context) error {
	switch {
	case c.Args().Present():
		return fmt.Errorf("bisect settings: %q is one argument too many", c.Args().First())
	case c.String("ref") == "":
		return errors.New("bisect settings: --ref LOG is needed")
	case c.Int("jobs") < 1:
		return errors.New("bisect settings: --jobs must be positive")
	}
	opt := bisect.SettingsOptions{Jobs: c.Int("jobs")}
	var err error
	if opt.Tolerance, err = toleranceOf(c); err != nil {
		return err
	}
	if opt.Profile, err = sim.ProfileByName(c.String("profile")); err != nil {
		return fmt.Errorf("--profile: %w", err)
	}
	if opt.Pixel, err = cliargs.Pixel(c.String("pixel")); err != nil {
		return err
	}
	out, err := newBisectOut(c, nil, c.String("ref"), c.String("config"))
	if err != nil {
		return err
	}
	if opt.Ref, err = b.openOne(c.Context, "reference", c.String("ref")); err != nil {
		return err
	}
	campaign.SearchFrom(&opt, c.String("config"), b.theirs)
	// A probe is garbage as soon as it is measured, and nothing else is alive.
	defer debug.SetGCPercent(debug.SetGCPercent(probeGC))
	t := progress.New(b.stderr)
	opt.Progress = func(p bisect.SettingsProgress) { t.Step(p.Done, p.Left, p.Stage) }
	rep, err := bisect.Settings(c.Context, opt)
	t.Clear()
	if c.Context.Err() != nil {
		return interrupt.Err
	}
	if err != nil {
		return err
	}
	switch {
	case rep.Base.Compared == 0:
		*b.code = exitRefused
	case !rep.Explained() && rep.ButFor() == nil:
		*b.code = exitDiverged
	}
	return b.show(c, out, rep)
}

// probeGC lets the heap grow to five times what is alive, some megabytes:
// collecting more often takes longer than the probes.
const probeGC = 400
