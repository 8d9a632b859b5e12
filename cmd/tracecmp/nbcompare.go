package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"simtrace/internal/campaign"
	"simtrace/internal/program"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

func nbCompareCommand(code *int) *cli.Command {
	m := &mixed{
		name: "nb-compare", usage: "run the reference and a port on the same flags and compare their images", usageCode: campaign.NBUsage,
		text: "tracecmp nb-compare [options] -- nanoBragg flags",
		about: `Runs the reference's program (--c-bin, NB_C_BIN, ./golden_suite_generator/nanoBragg or ./nanoBragg)
and the port's (--got-bin or NB_PY_BIN; without either simtrace, in this process), each in a
temporary folder of its own, and keeps summary.json, summary.md, c_stdout.txt, c_stderr.txt, py_stdout.txt,
py_stderr.txt, c_float.bin, py_float.bin, c.png, py.png, diff.png and summary.html, a page to look at
both images side by side.

Exit codes: 0 ok, 1 usage or a missing program, 2 a program failed, 3 correlation below the
threshold or undefined, 4 shapes differ, 5 reading or writing failed.`,
		arity: map[string]int{"outdir": 1, "roi": 4, "threshold": 1, "png-scale": 1, "c-bin": 1, "got-bin": 1, "py-bin": 1, "profile": 1, "timeout": 1},
		flags: []cli.Flag{
			&cli.StringFlag{Name: "outdir", Usage: "folder `DIR` for the results (default: comparisons/TIME-HASH)", TakesFile: true},
			&cli.StringFlag{Name: "roi", Usage: "`FASTMIN FASTMAX SLOWMIN SLOWMAX` that the figures are of"},
			&cli.Float64Flag{Name: "threshold", Value: 0.95, Usage: "smallest correlation that passes"},
			&cli.BoolFlag{Name: "resample", Usage: "bring the port's image to the reference's shape, nearest pixel"},
			&cli.Float64Flag{Name: "png-scale", Value: imagecmp.DefaultPNGPercentile, Usage: "percentile that the pictures show in full"},
			&cli.BoolFlag{Name: "save-diff", Usage: "keep the difference as diff.bin, float32"},
			&cli.StringFlag{Name: "c-bin", Usage: "`PROGRAM` of the reference", TakesFile: true},
			&cli.StringFlag{Name: "got-bin", Aliases: []string{"py-bin"}, Usage: "`COMMAND` of the port, such as \"PYTHONPATH=src python3 -m port\" or port.py; no shell runs it (default: NB_PY_BIN, or simtrace in this process)", TakesFile: true},
			&cli.StringFlag{Name: "profile", Value: sim.ProfileSpec.Name, Usage: "which program simtrace imitates when there is no --got-bin"},
			&cli.DurationFlag{Name: "timeout", Value: program.DefaultTimeout, Usage: "how long a program may run"},
			&cli.BoolFlag{Name: "force", Usage: "replace results that the folder holds"},
		},
		run: func(c *cli.Context, theirs []nanobragg.Arg) error {
			// Behind "--" all is nanoBragg's.
			_, rest, err := nanobragg.Split(c.Args().Slice(), nil)
			if err == nil && len(theirs) > 0 {
				err = fmt.Errorf("%s stands ahead of \"--\"", theirs[0].Name)
			}
			if err == nil && len(rest) == 0 {
				err = errors.New("nanoBragg's flags are needed behind \"--\"")
			}
			if err != nil {
				return &campaign.ExitError{Code: campaign.NBUsage, Err: err}
			}
			opt, err := nbOptions(c)
			if err != nil {
				return &campaign.ExitError{Code: campaign.NBUsage, Err: err}
			}
			opt.Args, opt.Flags = c.Args().Slice(), rest
			res, err := campaign.NBCompare(c.Context, opt)
			if err != nil {
				return err
			}
			*code = res.Code
			if err := showDocument(c, res.Document); err != nil {
				return &campaign.ExitError{Code: campaign.NBFiles, Err: err}
			}
			return tell(c, fmt.Sprintf("\nreport: %s\n", res.Report))
		},
	}
	return m.command()
}

// nbOptions reads the flags and finds both programs.
func nbOptions(c *cli.Context) (campaign.NBOptions, error) {
	opt := campaign.NBOptions{Threshold: c.Float64("threshold"), Limit: c.Duration("timeout"), Resample: c.Bool("resample"), SaveDiff: c.Bool("save-diff"),
		Out: c.String("outdir"), Force: c.Bool("force"), Progress: progressOf(c)}
	var err error
	if opt.ROI, err = roiOf(c); err != nil {
		return opt, err
	}
	if !(opt.Threshold >= -1 && opt.Threshold <= 1) {
		return opt, fmt.Errorf("--threshold %g is no correlation", opt.Threshold)
	}
	if opt.Percentile, err = percentileOf(c, "png-scale"); err != nil {
		return opt, err
	}
	if opt.Profile, err = sim.ProfileByName(c.String("profile")); err != nil {
		return opt, fmt.Errorf("--profile: %w", err)
	}
	if opt.RefCommand, opt.RefFrom, err = program.FindReference(c.String("c-bin")); err != nil {
		return opt, err
	}
	if c.IsSet("profile") && !c.IsSet("got-bin") {
		opt.GotFrom = "--profile" // simtrace is asked for, whatever NB_PY_BIN says
	} else if opt.GotCommand, opt.GotFrom, err = program.FindPort(c.String("got-bin"), c.IsSet("got-bin")); err != nil {
		return opt, err
	}
	if c.IsSet("profile") && len(opt.GotCommand) > 0 {
		return opt, errors.New("--profile is simtrace's: it does not go with --got-bin")
	}
	return opt, nil
}
