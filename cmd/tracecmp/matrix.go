package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/urfave/cli/v2"

	"simtrace/internal/campaign"
	"simtrace/internal/program"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

func matrixCommand(code *int) *cli.Command {
	m := &mixed{
		name: "matrix", usage: "compare images and traced pixels of many configurations", usageCode: exitTrouble,
		text: "tracecmp matrix CASES.yaml --out DIR [--c-bin PROGRAM] [--got-bin PROGRAM] [--shard I/N]\n   tracecmp matrix merge CASES.yaml --out DIR [the same options]",
		about: `Runs every configuration of the file, with its thresholds, and writes matrix.md, matrix.json and
matrix.html. What was compared is kept in DIR/runs by configuration and programs, so that a run
that was interrupted goes on where it was. Without --c-bin and --got-bin simtrace stands for the
reference and for the port, each in its profile.

The file lists cases as the port's parity_cases.yaml does, and may name pixels to be traced:

   cases:
     - id: tilted                       # and description, for people
       base_args: -cell 70 80 90 75 85 95 -default_F 100 ...
       thresholds: {corr_min: 0.999, sum_ratio_min: 0.98, sum_ratio_max: 1.02, max_abs_max: 5, trace_rel_max: 1e-6}
       pixels: [[12, 20]]               # slow, fast
       runs:
         - name: carry
           extra_args: -phi 0 -osc 1 -phisteps 3
           pixels: [[0, 3]]             # on top of the case's

A run's thresholds take the place of its case's. The traces of a pixel are compared and explained
as tracecmp does it with two logs, and a run whose trace diverges has diverged. A program is given
-trace_pixel, and but for the first pixel a -roi that makes the pixel come out as in the whole image.

With --shard, or in a Slurm job array, only that part is run and no table is written; "matrix
merge" makes the table from what the parts left in DIR, and runs nothing.

Exit codes: 0 all match, 1 some diverged, 2 trouble or a program failed, 3 refused or missing.`,
		arity: map[string]int{"out": 1, "c-bin": 1, "got-bin": 1, "profile": 1, "ref-profile": 1, "jobs": 1, "shard": 1, "tolerance": 1, "timeout": 1},
		flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Usage: "folder `DIR` for the results", TakesFile: true},
			&cli.StringFlag{Name: "c-bin", Usage: "`COMMAND` of the reference; no shell runs it", TakesFile: true},
			&cli.StringFlag{Name: "got-bin", Usage: "`COMMAND` of the port", TakesFile: true},
			&cli.StringFlag{Name: "ref-profile", Value: sim.ProfileNanoBragg.Name, Usage: "without --c-bin: whose habits the reference has"},
			&cli.StringFlag{Name: "profile", Value: sim.ProfileSpec.Name, Usage: "without --got-bin: whose habits the port has"},
			&cli.IntFlag{Name: "jobs", Value: runtime.NumCPU(), Usage: "how many configurations at once"},
			&cli.StringFlag{Name: "shard", Usage: "`I/N`: the part I of N, counted from 1"},
			&cli.Float64Flag{Name: "tolerance", Value: imagecmp.DefaultTolerance, Usage: "largest relative difference of a pixel, where a case has no thresholds, and of a traced quantity, where it has no trace_rel_max"},
			&cli.DurationFlag{Name: "timeout", Value: program.DefaultTimeout, Usage: "how long a program may run"},
			&cli.BoolFlag{Name: "force", Usage: "overwrite tables that tracecmp did not write"},
			&cli.BoolFlag{Name: "quiet", Usage: "nothing on standard output"},
		},
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
	args, merge := c.Args().Slice(), false
	if len(args) == 2 && args[0] == "merge" {
		args, merge = args[1:], true
	}
	if len(args) != 1 || c.String("out") == "" {
		return errors.New("a file of cases and --out DIR are needed: tracecmp matrix CASES.yaml --out DIR")
	}
	opt, err := matrixOptions(c)
	if err != nil {
		return err
	}
	opt.Cases, opt.Merge = args[0], merge
	switch {
	case merge:
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
	*code = matrixCode(res.Rows)
	if c.Bool("quiet") {
		return nil
	}
	_, err = io.WriteString(c.App.Writer, res.Text())
	return err
}

func matrixOptions(c *cli.Context) (campaign.MatrixOptions, error) {
	opt := campaign.MatrixOptions{Out: c.String("out"), Tolerance: c.Float64("tolerance"), Jobs: c.Int("jobs"), Limit: c.Duration("timeout"),
		Force: c.Bool("force"), Progress: progressOf(c)}
	if opt.Jobs < 1 {
		return opt, fmt.Errorf("--jobs %d: at least 1 is needed", opt.Jobs)
	}
	err := checkTolerance(opt.Tolerance)
	if err != nil {
		return opt, err
	}
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
	return opt, nil
}

// matrixCode is the exit code: a failure first, since it says nothing of the
// images, then what diverged, then what nobody knows.
func matrixCode(rows []campaign.MatrixRow) int {
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.State] = true
	}
	switch {
	case seen[campaign.Failed]:
		return exitTrouble
	case seen[string(imagecmp.Diverged)]:
		return exitDiverged
	case seen[string(imagecmp.Refused)] || seen[campaign.Missing] || len(rows) == 0:
		return exitRefused
	}
	return exitMatch
}
