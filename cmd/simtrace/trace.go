package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"simtrace/internal/bundle"
	"simtrace/internal/record"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

func (p *program) traceCommand() *cli.Command {
	flags := append(experimentFlags(), engineFlags()...)
	flags = append(flags,
		&cli.StringSliceFlag{Name: "pixel", Usage: "pixel to trace: slow fast (repeatable)"},
		&cli.StringSliceFlag{Name: "roi", Usage: "region to trace: fast min, fast max, slow min, slow max, inclusive (repeatable)"},
		&cli.StringFlag{Name: "pixels", Usage: "`FILE` of pixels to trace, slow and fast in each line"},
		&cli.StringSliceFlag{Name: "dialect", Value: cli.NewStringSlice("py"), Usage: "py (TRACE_PY), c (TRACE_C) or jsonl; several with commas"},
		&cli.StringSliceFlag{Name: "stages", Usage: "record these stages only, such as orientation,miller,lattice"},
		&cli.StringSliceFlag{Name: "phi", Usage: "record these phi steps only, such as 0,3,7-9"},
		&cli.StringSliceFlag{Name: "domains", Usage: "record these mosaic domains, such as 0,3,7-9 (jsonl or npy; default: the first)"},
		&cli.StringSliceFlag{Name: "sources", Usage: "record these sources (jsonl or npy; default: the first)"},
		&cli.StringFlag{Name: "format", Value: "log", Usage: "log, or npy: columns for NumPy in the folder of --out, one array for pixels, samples and orientations each"},
		&cli.BoolFlag{Name: "emit-rot-stars", Usage: "with --dialect py: the port's TRACE_PY_ROTSTAR rows, y components of the rotated cell vectors of each phi step"},
		&cli.StringFlag{Name: "out", Usage: "folder for the reports; <timestamp> in it becomes the UTC time (default: standard output)"},
		&cli.BoolFlag{Name: "force", Usage: "replace reports that the folder holds"},
	)
	return command("trace", "trace the intermediate quantities of a pixel", flags, p.trace)
}

// job is one run of the trace command.
type job struct {
	*program
	builder    *nanobragg.Builder
	experiment *sim.Experiment
	config     string
	device     string
	pixels     []sim.Pixel
	dialects   []record.Dialect
	filter     sim.Filter
	taps       map[sim.Pixel]*sim.Tap
	selected   selection // all pixels, those of regions and of a file too
	many       bool      // there are such
	npy        bool
	rotStars   bool
	rotTaps    map[sim.Pixel]*sim.Tap // of the rotated vectors at all phi steps
}

func (p *program) trace(c *cli.Context) error {
	if err := needFiles(c, "out"); err != nil {
		return err
	}
	device := openDevice(c)
	j, err := p.newJob(c)
	if err != nil {
		return err
	}
	d, err := device()
	if err != nil {
		return err
	}
	if err := j.run(c); err != nil || d == nil {
		return err
	}
	return j.hold(c.Context, d)
}

// run traces the pixels and writes what was asked for.
func (j *job) run(c *cli.Context) error {
	p, dir := j.program, c.String("out")
	if j.many || j.npy || dir == "" && !j.rotStars {
		return j.traceMany(c, dir)
	}
	if dir == "" {
		if err := j.compute(c); err != nil {
			return err
		}
		p.printWarnings(j.builder)
		err := j.print(c.Context, p.stdout)
		if err != nil && c.Context.Err() != nil {
			return errCut
		}
		return err
	}
	dir = bundle.ExpandTimestamp(dir, time.Now())
	b, err := bundle.Create(dir, c.Bool("force"))
	if errors.Is(err, bundle.ErrHoldsReports) {
		return fmt.Errorf("%w: --force replaces them", err)
	}
	if err != nil {
		return err
	}
	defer b.Abort()
	runErr := j.compute(c)
	if ctxErr := c.Context.Err(); ctxErr != nil {
		return ctxErr
	}
	if err := j.write(c.Context, b, dir); err != nil {
		return err
	}
	p.printWarnings(j.builder)
	if runErr != nil {
		if err := b.Block(runErr, j.captured()); err != nil {
			return err
		}
		return fmt.Errorf("%w (what was captured is in %s)", runErr, dir)
	}
	return b.Commit()
}

func (p *program) newJob(c *cli.Context) (*job, error) {
	j := &job{program: p, config: c.String("config"), device: c.String("device"), taps: map[sim.Pixel]*sim.Tap{}, rotStars: c.Bool("emit-rot-stars"), rotTaps: map[sim.Pixel]*sim.Tap{}}
	var err error
	if j.pixels, err = parsePixels(c.StringSlice("pixel")); err != nil {
		return nil, err
	}
	if j.many = c.IsSet("roi") || c.IsSet("pixels"); len(j.pixels) == 0 && !j.many {
		return nil, fmt.Errorf("no pixel to trace: give --pixel SLOW FAST")
	}
	if j.dialects, err = parseDialects(c.StringSlice("dialect")); err != nil {
		return nil, err
	}
	if j.filter.Stages, err = parseStages(c.StringSlice("stages")); err != nil {
		return nil, err
	}
	if j.builder, j.experiment, err = p.experiment(c); err != nil {
		return nil, err
	}
	if j.filter.Phi, err = parsePhi(c.StringSlice("phi"), j.experiment.Rotation.Steps); err != nil {
		return nil, err
	}
	if err := j.choices(c); err != nil {
		return nil, err
	}
	j.builder.WarnNoImage()
	for _, px := range j.pixels {
		if err := j.experiment.Check(px); err != nil {
			return nil, err
		}
		j.warnOfLatch(c, px)
		j.selected.pixel(px)
	}
	if err := j.selected.addRegions(c.StringSlice("roi"), j.experiment); err != nil {
		return nil, err
	}
	if c.IsSet("pixels") {
		if err := j.selected.addFile(c.String("pixels"), j.experiment); err != nil {
			return nil, err
		}
	}
	if out := j.selected.leftOut(j.experiment); out > 0 {
		if out == j.selected.count() {
			return nil, fmt.Errorf("none of the pixels to trace is in the run's region of interest and outside of its mask")
		}
		j.builder.Warnings = append(j.builder.Warnings, fmt.Sprintf("%d of %d pixels are left out: they are masked or outside the run's region of interest", out, j.selected.count()))
	}
	return j, strict(c, j.builder)
}

// warnOfLatch says when the lookup is not the one that was asked for, because
// an earlier pixel of the scan switched interpolation off.
func (j *job) warnOfLatch(c *cli.Context, px sim.Pixel) {
	if !j.experiment.Interpolate {
		return
	}
	if by, latched := j.experiment.LatchedBefore(c.Context, px); latched {
		j.builder.Warnings = append(j.builder.Warnings, fmt.Sprintf(
			"interpolation is off at pixel %d %d: pixel %d %d, earlier in the scan, left its range and switched it off (-roi %d %d %d %d keeps it on)",
			px.Slow, px.Fast, by.Slow, by.Fast, px.Fast, px.Fast, px.Slow, px.Slow))
	}
}

// choices reads which domains and sources are recorded, and the format.
func (j *job) choices(c *cli.Context) error {
	switch f := c.String("format"); f {
	case "log":
	case "npy":
		if j.npy = true; c.String("out") == "" {
			return fmt.Errorf("--format npy: give a folder for the arrays, --out DIR")
		}
	default:
		return fmt.Errorf("--format %s: unknown (known: log, npy)", f)
	}
	e := j.experiment
	for _, index := range []struct {
		flag  string
		into  *[]int
		count int
	}{{"domains", &j.filter.Domains, e.Domains}, {"sources", &j.filter.Sources, len(e.Beam.Sources)}} {
		if !c.IsSet(index.flag) {
			continue
		}
		var err error
		if *index.into, err = parseList(index.flag, c.StringSlice(index.flag), index.count); err != nil {
			return err
		}
		if !j.npy && !(len(j.dialects) == 1 && j.dialects[0] == record.JSONL) {
			return fmt.Errorf("--%s: the text dialects do not say which one a line is of: give --dialect jsonl or --format npy", index.flag)
		}
	}
	if j.npy && j.filter.Phi == nil {
		for phi := range e.Rotation.Steps {
			j.filter.Phi = append(j.filter.Phi, phi)
		}
	}
	if (j.many || j.npy) && j.rotStars {
		return fmt.Errorf("--emit-rot-stars goes with --pixel and --format log alone")
	}
	return nil
}

func parseDialects(words []string) ([]record.Dialect, error) {
	var out []record.Dialect
	seen := map[string]bool{}
	for _, w := range words {
		switch d := record.Dialect(w); d {
		case record.C, record.Py, record.JSONL:
			if !seen[w] {
				out = append(out, d)
			}
			seen[w] = true
		default:
			return nil, fmt.Errorf("--dialect %s: unknown (known: py, c, jsonl)", w)
		}
	}
	return out, nil
}

// compute traces the pixels in the order given.
func (j *job) compute(c *cli.Context) error {
	trace := j.experiment.Trace
	if len(j.pixels) > 1 || j.rotStars {
		tracer, err := j.experiment.Tracer(c.Context)
		if err != nil {
			return err
		}
		trace = tracer.Trace
	}
	for _, px := range j.pixels {
		t := sim.NewTap(j.filter)
		j.taps[px] = t
		if _, err := trace(c.Context, px, t); err != nil {
			return fmt.Errorf("pixel %d %d: %w", px.Slow, px.Fast, err)
		}
		if !j.rotStars {
			continue
		}
		all := sim.NewTap(sim.Filter{All: true, Phi: j.filter.Phi, Stages: []schema.Stage{schema.Info(schema.RotA).Stage}})
		j.rotTaps[px] = all
		if _, err := trace(c.Context, px, all); err != nil {
			return fmt.Errorf("pixel %d %d: %w", px.Slow, px.Fast, err)
		}
	}
	return nil
}

// captured says how far a failed run came.
func (j *job) captured() string {
	var lines []string
	for _, px := range j.pixels {
		t, ok := j.taps[px]
		switch {
		case !ok:
			lines = append(lines, fmt.Sprintf("- pixel %d %d: not begun", px.Slow, px.Fast))
		default:
			lines = append(lines, fmt.Sprintf("- pixel %d %d: %d values", px.Slow, px.Fast, len(t.Samples)))
		}
	}
	return strings.Join(lines, "\n")
}
