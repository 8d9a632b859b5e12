package main

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/urfave/cli/v2"

	"simtrace/internal/campaign"
	"simtrace/internal/comparison"
	"simtrace/internal/program"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

func matrixCommand(code *int) *cli.Command {
	m := &mixed{
		name: "matrix", usage: "compare images, traced pixels and logs of many configurations", usageCode: exitTrouble,
		text: "tracecmp matrix CASES.yaml --out DIR [--c-bin PROGRAM] [--got-bin PROGRAM] [--shard I/N]\n   tracecmp matrix merge CASES.yaml --out DIR [the same options]\n   tracecmp matrix submit CASES.yaml --out DIR [the same options] [--parts N] [--dry-run] [-- SBATCH OPTIONS]\n   tracecmp matrix status DIR",
		about: `Runs every configuration of the file, with its thresholds, and writes matrix.md, matrix.json and
matrix.html. What was compared is kept in DIR/results by configuration and programs, so that a run
that was interrupted goes on where it was, and a run on another machine adds to it. Without --c-bin and --got-bin simtrace stands for the
reference and for the port, each in its profile.

The file lists cases as the port's parity_cases.yaml does, and may name pixels to be traced, images
that are at hand, and logs for which "bisect settings" is to find the settings:

   cases:
     - id: tilted                       # and description, for people
       base_args: -cell 70 80 90 75 85 95 -default_F 100 ...
       thresholds: {corr_min: 0.999, sum_ratio_min: 0.98, sum_ratio_max: 1.02,
                    max_abs_max: 5, trace_rel_max: 1e-6}
       pixels: [[12, 20]]               # slow, fast
       runs:
         - name: carry
           extra_args: -phi 0 -osc 1 -phisteps 3
           pixels: [[0, 3]]             # on top of the case's
     - id: frames                       # each * is a configuration
       images: {ref: c/*.img, got: port/*.img}    # and shape, roi, mask
     - id: logs
       base_args: -cell 70 80 90 75 85 95 -default_F 100 ...
       explain: c/*.log

A run's thresholds take the place of its case's. The traces of a pixel are compared and explained
as tracecmp does it with two logs, and a run whose trace diverges has diverged. A program is given
-trace_pixel, and but for the first pixel a -roi that makes the pixel come out as in the whole image.

With --shard, or in a Slurm job array, only that part is run and no table is written; "matrix
merge" makes the table from what the parts left in DIR, and runs nothing. "matrix submit" writes
DIR/submit.sh, a job array, and submits the parts that have something missing; "matrix status" says
what is done, running and failed (docs/cluster.md).

Exit codes: 0 all match or are explained, 1 some diverged, 2 trouble or a program failed, 3 refused or missing.`,
		arity: map[string]int{"out": 1, "c-bin": 1, "got-bin": 1, "profile": 1, "ref-profile": 1, "jobs": 1, "shard": 1, "tolerance": 1, "timeout": 1,
			"tolerances": 1, "schema": 1, "waivers": 1, "today": 1, "map": 1, "as": 1, "html": 1, "parts": 1},
		flags: append(judgingFlags(), []cli.Flag{
			&cli.StringFlag{Name: "out", Usage: "folder `DIR` for the results", TakesFile: true},
			&cli.StringFlag{Name: "c-bin", Usage: "`COMMAND` of the reference; no shell runs it", TakesFile: true},
			&cli.StringFlag{Name: "got-bin", Usage: "`COMMAND` of the port", TakesFile: true},
			&cli.StringFlag{Name: "ref-profile", Value: sim.ProfileNanoBragg.Name, Usage: "which program simtrace imitates when there is no --c-bin"},
			&cli.StringFlag{Name: "profile", Value: sim.ProfileSpec.Name, Usage: "which program simtrace imitates when there is no --got-bin"},
			&cli.IntFlag{Name: "jobs", Value: runtime.NumCPU(), Usage: "how many configurations at once"},
			&cli.StringFlag{Name: "shard", Usage: "`I/N`: the part I of N, counted from 1"},
			&cli.Float64Flag{Name: "tolerance", Value: imagecmp.DefaultTolerance, Usage: "largest relative difference of a pixel, where a case has no thresholds, and of a traced quantity, where it has no trace_rel_max"},
			&cli.DurationFlag{Name: "timeout", Value: program.DefaultTimeout, Usage: "how long a program may run"},
			&cli.BoolFlag{Name: "force", Usage: "overwrite tables that tracecmp did not write"},
			&cli.BoolFlag{Name: "quiet", Usage: "nothing on standard output"},
			&cli.StringFlag{Name: "html", Usage: "write the page to `FILE` as well", TakesFile: true},
			&cli.IntFlag{Name: "parts", Usage: "submit: `N` tasks (default: one a configuration, 1000 at most)"},
			&cli.BoolFlag{Name: "dry-run", Usage: "submit: print the script and the command, write and submit nothing"},
		}...),
		run: func(c *cli.Context, theirs []nanobragg.Arg) error {
			if len(theirs) > 0 {
				return fmt.Errorf("%s: flags of nanoBragg's stand in the file of cases", theirs[0].Name)
			}
			return runMatrix(c, code)
		},
	}
	return m.command()
}

func runMatrix(c *cli.Context, code *int) error {
	args := c.Args().Slice()
	what := ""
	if len(args) > 0 && slices.Contains([]string{"merge", "submit", "status"}, args[0]) {
		what, args = args[0], args[1:]
	}
	switch what {
	case "status":
		return matrixStatus(c, args, code)
	case "submit":
		return matrixSubmit(c, args)
	}
	for _, f := range []string{"parts", "dry-run"} {
		if c.IsSet(f) {
			return fmt.Errorf("--%s is for matrix submit", f)
		}
	}
	opt, err := matrixOptions(c, args)
	if err != nil {
		return err
	}
	switch opt.Merge = what == "merge"; {
	case opt.Merge:
	case c.IsSet("shard"):
		opt.Shard, err = campaign.ShardOf(c.String("shard"))
	default:
		opt.Array, err = campaign.SlurmArray()
	}
	if err != nil {
		return err
	}
	res, err := campaign.Matrix(c.Context, opt)
	if err != nil {
		return err
	}
	*code = res.Code()
	return showDocument(c, res.Document())
}

// matrixOptions reads the flags; args must be the file of cases alone.
func matrixOptions(c *cli.Context, args []string) (campaign.MatrixOptions, error) {
	if len(args) != 1 || c.String("out") == "" {
		return campaign.MatrixOptions{}, errors.New("a file of cases and --out DIR are needed: tracecmp matrix CASES.yaml --out DIR")
	}
	opt := campaign.MatrixOptions{Cases: args[0], HTML: c.String("html"), Out: c.String("out"), Tolerance: c.Float64("tolerance"), Jobs: c.Int("jobs"), Limit: c.Duration("timeout"),
		Force: c.Bool("force"), Progress: progressOf(c)}
	if opt.Jobs < 1 {
		return opt, fmt.Errorf("--jobs %d: at least 1 is needed", opt.Jobs)
	}
	var rules []comparison.RuleFile
	var err error
	if opt.Compare, rules, err = judging(c); err != nil {
		return opt, err
	}
	opt.Judged = campaign.Judged(rules, today(c), c.StringSlice("map"), c.String("as"))
	for _, s := range []struct {
		bin, profile string
		command      *[]string
		to           *sim.Profile
	}{{"c-bin", "ref-profile", &opt.RefCommand, &opt.RefProfile}, {"got-bin", "profile", &opt.GotCommand, &opt.GotProfile}} {
		if *s.to, err = sim.ProfileByName(c.String(s.profile)); err != nil {
			return opt, fmt.Errorf("--%s: %w", s.profile, err)
		}
		if !c.IsSet(s.bin) {
			continue
		}
		if c.IsSet(s.profile) {
			return opt, fmt.Errorf("--%s is simtrace's: it does not go with --%s", s.profile, s.bin)
		}
		if *s.command, err = program.Command(c.String(s.bin)); err != nil {
			return opt, fmt.Errorf("--%s: %w", s.bin, err)
		}
	}
	for _, f := range []string{"schema", "as"} {
		if c.IsSet(f) && (len(opt.RefCommand) == 0 || len(opt.GotCommand) == 0) {
			return opt, fmt.Errorf("--%s is about the logs of programs: --c-bin and --got-bin are needed", f)
		}
	}
	return opt, nil
}
