package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/sim"
)

func (p *program) renderCommand() *cli.Command {
	flags := append(experimentFlags(), engineFlags()...)
	flags = append(flags,
		&cli.StringFlag{Name: "engine", Value: sim.EngineAuto.String(), Usage: "auto, exact (every pixel as a trace has it) or fast (vectorised, checked by the exact one)"},
		&cli.StringFlag{Name: "arith", Value: sim.ArithOwn.String(), Usage: "arithmetic of the pixels: own (as --dtype says), or with --profile bl831-cuda that program's: bl831-df64 (-precision double) or bl831-single"},
		&cli.IntFlag{Name: "threads", Usage: "threads (default: one a processor)"},
		&cli.StringFlag{Name: "png", Usage: "preview `FILE`, 8-bit grey, white is zero"},
		&cli.Float64Flag{Name: "percentile", Value: 99.5, Usage: "of the pixels, which --png shows black"},
		&cli.StringFlag{Name: "npy", Usage: "NumPy `FILE`, float32, shape (slow, fast)"})
	return command("render", "render the image into -floatfile, and the other files that the flags name", flags, p.render)
}

func (p *program) render(c *cli.Context) error {
	engine, err := sim.EngineByName(c.String("engine"))
	if err != nil {
		return fmt.Errorf("--engine: %w", err)
	}
	arith, err := sim.ArithByName(c.String("arith"))
	if err != nil {
		return fmt.Errorf("--arith: %w", err)
	}
	if n := c.Int("threads"); n < 0 {
		return fmt.Errorf("--threads %d is negative", n)
	}
	if err := checkDevice(c, arith, engine); err != nil {
		return err
	}
	device := openDevice(c)
	if err := needFiles(c, "png", "npy"); err != nil {
		return err
	}
	if v := c.Float64("percentile"); !(v > 0 && v <= 100) {
		return fmt.Errorf("--percentile %g is not above 0 and at most 100", v)
	}
	b, e, err := p.experiment(c)
	if err != nil {
		return err
	}
	taps, err := b.Out.Taps(e)
	if err != nil {
		return err
	}
	if err := checkArith(arith, engine, e, taps); err != nil {
		return err
	}
	d, err := device()
	if err != nil {
		return err
	}
	r := &rendering{builder: b, experiment: e, png: c.String("png"), npy: c.String("npy"), percentile: c.Float64("percentile")}
	if err := r.probe(append(b.Inputs(), c.String("config"))); err != nil {
		return err
	}
	p.printWarnings(b)
	var text bytes.Buffer
	if err := r.before(c.Context, &text); err != nil {
		return err
	}
	if _, err := text.WriteTo(p.stdout); err != nil {
		return err
	}
	if r.float, err = createImage(b.FloatFile, r.direct); err != nil {
		return err
	}
	defer r.float.close()
	bar := p.progress(b)
	var run sim.Run
	options := sim.Options{
		Threads: c.Int("threads"), Progress: bar.update, Taps: taps, Engine: engine, Printed: b.Out.TracePixel != nil || len(taps) > 0, Run: &run,
		Device: d, Store: r.float.store(), Sums: &r.sums,
	}
	if arith == sim.ArithOwn {
		r.image, err = e.Render(c.Context, options)
	} else {
		run.Why = "the arithmetic is " + arith.String()
		r.image, err = e.RenderArith(c.Context, arith, options)
	}
	bar.finish()
	if err != nil {
		return err
	}
	if err := r.printout(c.Context, &text, taps); err != nil {
		return err
	}
	if err := r.write(c.Context, &text); err != nil {
		return err
	}
	p.printRun(&text, &run, b.AsReference())
	_, err = text.WriteTo(p.stdout)
	return err
}

// checkArith refuses what another program's arithmetic does not go with.
func checkArith(a sim.Arith, engine sim.Engine, e *sim.Experiment, taps map[sim.Pixel]*sim.Tap) error {
	switch {
	case a == sim.ArithOwn:
		return nil
	case engine == sim.EngineFast:
		return fmt.Errorf("--arith %s: the fast engine has its own arithmetic, leave out --engine", a)
	case e.Config.Dtype != sim.Float64:
		return fmt.Errorf("--arith %s: it says the precision, leave out --dtype", a)
	case len(taps) > 0:
		return fmt.Errorf("--arith %s: pixels are traced and printed in the own arithmetic alone", a)
	}
	return nil
}

// printRun says which engine ran and why: with the statistics, or, where these
// are the reference's words, on standard error.
func (p *program) printRun(statistics io.Writer, r *sim.Run, asReference bool) {
	if r.Check.Failed {
		fmt.Fprintf(p.stderr, "simtrace: warning: the fast engine's image was thrown away, the exact engine's stands: %s. "+
			"Please report this with the command and the output of simtrace config: it is a bug of simtrace\n", r.Check)
	}
	p.noteDevice(r.NotOnDevice)
	w, prefix := statistics, ""
	if asReference {
		w, prefix = p.stderr, "simtrace: "
	}
	if r.Engine == sim.EngineExact {
		fmt.Fprintf(w, "%sengine exact: %s\n", prefix, r.Why)
		return
	}
	fmt.Fprintf(w, "%sengine fast (%s): %s; %s\n", prefix, r.Kernels, r.Why, r.Check)
}
