package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"simtrace/internal/bundle"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

func (p *program) renderCommand() *cli.Command {
	flags := append(experimentFlags(), engineFlags()...)
	flags = append(flags, &cli.IntFlag{Name: "threads", Usage: "threads (default: one a processor)"})
	return command("render", "render the image into -floatfile", flags, p.render)
}

func (p *program) render(c *cli.Context) error {
	if err := checkEngine(c); err != nil {
		return err
	}
	if n := c.Int("threads"); n < 0 {
		return fmt.Errorf("--threads %d is negative", n)
	}
	b, e, err := p.experiment(c)
	if err != nil {
		return err
	}
	p.printWarnings(b)
	bar := p.progress(b)
	image, err := e.Render(c.Context, sim.Options{Threads: c.Int("threads"), Progress: bar.update})
	bar.finish()
	if err != nil {
		return err
	}
	if err := writeImage(b.FloatFile, image); err != nil {
		return err
	}
	p.summarize(b.FloatFile, e, image)
	return nil
}

// writeImage writes the file whole or not at all.
func writeImage(path string, image []float32) error {
	f, err := bundle.CreateAtomic(path)
	if err != nil {
		return err
	}
	defer f.Abort()
	if err := nanobragg.WriteFloatImage(f, image); err != nil {
		return err
	}
	return f.Commit()
}

func (p *program) summarize(path string, e *sim.Experiment, image []float32) {
	brightest, sum := 0, 0.0
	for i, v := range image {
		sum += float64(v)
		if v > image[brightest] {
			brightest = i
		}
	}
	n := e.Geometry.Fast
	fmt.Fprintf(p.stdout, "wrote %s: %d x %d pixels (fast x slow), brightest %.9g at slow %d fast %d, sum %.9g\n",
		path, n, e.Geometry.Slow, image[brightest], brightest/n, brightest%n, sum)
}

// bar is a progress bar, or nothing where nobody would see it.
type bar struct {
	w    io.Writer // nil for no bar
	once sync.Once
	b    *progressbar.ProgressBar
}

func (p *program) progress(b *nanobragg.Builder) *bar {
	f, ok := p.stderr.(*os.File)
	if !ok || b.NoProgress || !term.IsTerminal(int(f.Fd())) {
		return &bar{}
	}
	return &bar{w: f}
}

// update may be called from many goroutines; the bar locks by itself.
func (b *bar) update(_, total int) {
	if b.w == nil {
		return
	}
	b.once.Do(func() {
		b.b = progressbar.NewOptions(total, progressbar.OptionSetWriter(b.w), progressbar.OptionSetDescription("rows"),
			progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetPredictTime(true))
	})
	_ = b.b.Add(1)
}

func (b *bar) finish() {
	if b.b != nil {
		_ = b.b.Exit()
		fmt.Fprintln(b.w)
	}
}
