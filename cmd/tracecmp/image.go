package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/campaign"
	"simtrace/internal/cliargs"
	"simtrace/internal/input"
	"simtrace/internal/program"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

func imageCommand(code *int) *cli.Command {
	m := &mixed{
		name: "image", usage: "compare two images pixel by pixel, and trace the pixels that say most", usageCode: exitTrouble,
		text: "tracecmp image REF GOT [--shape SLOW FAST] [--mask FILE] [--roi FASTMIN FASTMAX SLOWMIN SLOWMAX] [--out DIR]\n   tracecmp image REF GOT --drill N [--config CONFIG] [--c-bin PROGRAM] [nanoBragg flags]",
		about: `Reads raw little-endian float32, SMV (unsigned short) and NumPy (.npy) images, told apart by how
they begin. A pixel passes when it differs by no more than --tolerance times the larger of the
two values, or by no more than --abs-tolerance. A threshold (--corr-min and so on) decides in
their stead. With --out, writes summary.md, summary.json, ref.png, got.png, diff.png, and summary.html, a page with
both images and their difference side by side.

With --drill, the N pixels that say most are traced by simtrace, under the flags that made the
images, and the traces are compared and explained.

Exit codes: 0 match, 1 diverged, 2 trouble, 3 refused: shapes that differ, empty or constant images.`,
		arity: map[string]int{"shape": 2, "roi": 4, "mask": 1, "nan": 1, "out": 1, "html": 1, "tolerance": 1, "abs-tolerance": 1, "corr-min": 1, "sum-ratio-min": 1,
			"sum-ratio-max": 1, "max-abs-max": 1, "peak-percentile": 1, "png-scale": 1, "names": 1, "drill": 1, "config": 1, "profile": 1, "ref-profile": 1, "c-bin": 1, "timeout": 1,
			"tolerances": 1, "waivers": 1, "today": 1, "map": 1},
		flags: append([]cli.Flag{
			&cli.StringFlag{Name: "shape", Usage: "`SLOW FAST` of raw images (default: square)"},
			&cli.StringFlag{Name: "roi", Usage: "`FASTMIN FASTMAX SLOWMIN SLOWMAX`, ends included, as nanoBragg's -roi"},
			&cli.StringFlag{Name: "mask", Usage: "image `FILE`: pixels that are 0 in it are left out", TakesFile: true},
			&cli.StringFlag{Name: "nan", Value: "differs", Usage: "pixels that are nan or infinite on both sides: `equal|differs`"},
			&cli.StringFlag{Name: "out", Usage: "write the report into the folder `DIR`", TakesFile: true},
			&cli.StringFlag{Name: "html", Usage: "write the page alone, as one `FILE` that opens anywhere", TakesFile: true},
			&cli.BoolFlag{Name: "force", Usage: "replace a report that the folder holds, or a file that tracecmp did not write"},
			&cli.BoolFlag{Name: "quiet", Usage: "nothing on standard output"},
			namesFlag(),
			&cli.Float64Flag{Name: "tolerance", Value: imagecmp.DefaultTolerance, Usage: "largest relative difference of a pixel that passes"},
			&cli.Float64Flag{Name: "abs-tolerance", Usage: "largest absolute difference of a pixel that passes anyway"},
			&cli.Float64Flag{Name: "corr-min", Usage: "threshold: smallest correlation"},
			&cli.Float64Flag{Name: "sum-ratio-min", Usage: "threshold: smallest ratio of the sums, GOT over REF"},
			&cli.Float64Flag{Name: "sum-ratio-max", Usage: "threshold: largest ratio of the sums"},
			&cli.Float64Flag{Name: "max-abs-max", Usage: "threshold: largest absolute difference of a pixel"},
			&cli.Float64Flag{Name: "peak-percentile", Value: imagecmp.DefaultPeakPercentile, Usage: "of an image's pixels, which a peak in it exceeds"},
			&cli.Float64Flag{Name: "png-scale", Value: imagecmp.DefaultPNGPercentile, Usage: "percentile that the pictures show in full"},
		}, drillFlags()...),
		run: func(c *cli.Context, theirs []nanobragg.Arg) error { return runImage(c, theirs, code) },
	}
	return m.command()
}

func drillFlags() []cli.Flag {
	return append(cliargs.Only(compareFlags(), drillRules...), []cli.Flag{
		&cli.IntFlag{Name: "drill", Usage: "trace the `N` pixels that say most"},
		&cli.StringFlag{Name: "config", Usage: "--drill: `CONFIG` that made the images, a preset or a file"},
		&cli.StringFlag{Name: "profile", Value: sim.ProfileSpec.Name, Usage: "--drill: which program simtrace imitates for GOT"},
		&cli.StringFlag{Name: "ref-profile", Value: sim.ProfileNanoBragg.Name, Usage: "--drill: which program simtrace imitates for REF"},
		&cli.StringFlag{Name: "c-bin", Usage: "--drill: reference `PROGRAM` that traces the pixels, too", TakesFile: true},
		&cli.DurationFlag{Name: "timeout", Value: program.DefaultTimeout, Usage: "how long a run of a program may take"},
	}...)
}

// drillRules are the flags of a comparison that go for the traces of --drill. Their
// schema and format are nanoBragg's.
var drillRules = []string{"tolerances", "waivers", "today", "map"}

// imageOptions reads what decides about pixels.
func imageOptions(c *cli.Context) (imagecmp.Options, error) {
	opt := imagecmp.DefaultOptions()
	var err error
	if opt.ROI, err = roiOf(c); err != nil {
		return opt, err
	}
	if opt.PeakPercentile, err = percentileOf(c, "peak-percentile"); err != nil {
		return opt, err
	}
	if opt.NaNEqual, err = nanEqual(c); err != nil {
		return opt, err
	}
	t := &opt.Thresholds
	for _, f := range []struct {
		name  string
		to    *float64
		least float64
	}{
		{"tolerance", &opt.Tolerance, 0}, {"abs-tolerance", &opt.Abs, 0}, {"corr-min", &t.CorrMin, -1},
		{"sum-ratio-min", &t.SumRatioMin, math.Inf(-1)}, {"sum-ratio-max", &t.SumRatioMax, math.Inf(-1)}, {"max-abs-max", &t.MaxAbsMax, 0},
	} {
		if !c.IsSet(f.name) {
			continue
		}
		v := c.Float64(f.name)
		if math.IsNaN(v) || math.IsInf(v, 0) || v < f.least {
			return opt, fmt.Errorf("--%s %g is out of range", f.name, v)
		}
		*f.to = v
	}
	return opt, nil
}

func runImage(c *cli.Context, theirs []nanobragg.Arg, code *int) error {
	if c.NArg() != 2 {
		return errors.New("two images are needed: tracecmp image REF GOT")
	}
	opt, err := imageOptions(c)
	if err != nil {
		return err
	}
	percentile, err := percentileOf(c, "png-scale")
	if err != nil {
		return err
	}
	var shape imagecmp.Shape
	if v, err := cliargs.Numbers(c, "shape", 2); err != nil {
		return err
	} else if v != nil {
		if shape = (imagecmp.Shape{Slow: v[0], Fast: v[1]}); shape.Slow < 1 || shape.Fast < 1 {
			return fmt.Errorf("--shape %d %d: both are at least 1", v[0], v[1])
		}
	}
	job := campaign.ImageJob{Ref: c.Args().Get(0), Got: c.Args().Get(1), Mask: c.String("mask"), Shape: shape, Options: opt, Percentile: percentile, Again: imageAgain(c), Force: c.Bool("force")}
	if job.Names, err = sideNames(c, input.ShortNames(job.Ref, job.Got)); err != nil {
		return err
	}
	if job.Drill, err = drill(c, theirs); err != nil {
		return err
	}
	for flag, to := range map[string]**string{"out": &job.Out, "html": &job.Page} {
		if c.IsSet(flag) {
			path := c.String(flag)
			*to = &path
		}
	}
	rep, err := campaign.Images(c.Context, job)
	if err != nil {
		return err
	}
	*code = exitCode(parity.Verdict(rep.Verdict))
	if err := showDocument(c, rep.Document(nil, job.Drill.Blocks()...)); err != nil || !c.IsSet("out") {
		return err
	}
	return tell(c, fmt.Sprintf("\nreport: %s/summary.md\n", c.String("out")))
}

// imageAgain are the words that compare the images again.
func imageAgain(c *cli.Context) []string {
	words := append([]string{"tracecmp", "image"}, c.Args().Slice()...)
	for _, f := range []string{"shape", "roi"} {
		if c.IsSet(f) {
			words = append(append(words, "--"+f), strings.Split(c.String(f), ",")...)
		}
	}
	return append(words, cliargs.Words(c, "mask", "nan", "names", "tolerance", "abs-tolerance", "corr-min", "sum-ratio-min", "sum-ratio-max", "max-abs-max", "drill", "config", "profile", "ref-profile", "c-bin")...)
}

// drill reads --drill; nil without it.
func drill(c *cli.Context, theirs []nanobragg.Arg) (*campaign.Drill, error) {
	if !c.IsSet("drill") {
		for _, f := range append([]string{"config", "profile", "ref-profile", "c-bin"}, drillRules...) {
			if c.IsSet(f) {
				return nil, fmt.Errorf("--%s is for --drill", f)
			}
		}
		if len(theirs) > 0 {
			return nil, fmt.Errorf("%s: one dash is for nanoBragg's flags, which go with --drill", theirs[0].Name)
		}
		return nil, nil
	}
	opt := campaign.DrillOptions{N: c.Int("drill"), Config: c.String("config"), Flags: theirs, Limit: c.Duration("timeout"), Progress: progressOf(c), Compare: parity.DefaultOptions()}
	opt.Compare.Rules = causes.Rules()
	if _, err := judgedBy(c, &opt.Compare); err != nil {
		return nil, err
	}
	switch {
	case opt.N < 1:
		return nil, fmt.Errorf("--drill %d: at least one pixel", opt.N)
	case !c.IsSet("config") && len(theirs) == 0:
		return nil, errors.New("--drill: give the flags that made the images, as in --drill 3 -cell … -distance …, or --config FILE")
	case c.IsSet("config") && c.IsSet("c-bin"):
		return nil, errors.New("--c-bin: the program takes flags, not --config; give the flags")
	}
	var err error
	for _, side := range []struct {
		flag string
		to   *sim.Profile
	}{{"ref-profile", &opt.RefProfile}, {"profile", &opt.GotProfile}} {
		if *side.to, err = sim.ProfileByName(c.String(side.flag)); err != nil {
			return nil, fmt.Errorf("--%s: %w", side.flag, err)
		}
	}
	if c.IsSet("c-bin") {
		if opt.RefCommand, err = program.Look(c.String("c-bin")); err != nil {
			return nil, fmt.Errorf("--c-bin: %w", err)
		}
	}
	return campaign.NewDrill(opt)
}
