package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"simtrace/internal/bundle"
	"simtrace/internal/record"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// rendering is what render writes.
type rendering struct {
	builder    *nanobragg.Builder
	experiment *sim.Experiment
	float      *imageFile
	direct     bool // it is a pipe or a device
	image      []float32
	sums       sim.Sums
	png, npy   string
	percentile float64
}

// file is one of the files and what goes into it.
type file struct {
	path, what string
	write      func(w io.Writer) error
}

// files lists what is to be written. The images are nil as long as only the
// names count.
func (r *rendering) files(m *nanobragg.Images) []file {
	b, e, o := r.builder, r.experiment, &r.builder.Out
	list := []file{{b.FloatFile, "float32 image", nil}} // which is begun before the others
	if o.IntFile != "" {
		list = append(list, file{o.IntFile, "integer image", func(w io.Writer) error { return m.WriteInt(w, e) }})
	}
	if o.PGM() {
		list = append(list, file{o.PGMFile, "PGM preview", func(w io.Writer) error { return m.WritePGM(w, e) }})
	}
	if o.Noise() {
		list = append(list, file{o.NoiseFile, "noise image", func(w io.Writer) error { return m.WriteNoise(w, e) }})
	}
	if o.DumpFile != "" && b.HKLFile != "" {
		list = append(list, file{o.DumpFile, "structure factors", func(w io.Writer) error { return nanobragg.WriteFdump(w, e.Config.Crystal.F) }})
	}
	if r.png != "" {
		list = append(list, file{r.png, "PNG preview", func(w io.Writer) error {
			_, err := nanobragg.WritePNG(w, e, r.image, r.percentile)
			return err
		}})
	}
	if r.npy != "" {
		list = append(list, file{r.npy, "NumPy array", func(w io.Writer) error { return nanobragg.WriteNPY(w, e, r.image) }})
	}
	return list
}

// probe finds out before the work whether the files can be written, and
// refuses to write two into one, or one over an input. The dump of structure factors, which nobody
// asked for, is given up with a warning, as in the reference.
func (r *rendering) probe(inputs []string) error {
	seen := map[string]string{}
	for i, f := range r.files(nil) {
		if f.path == "" {
			return fmt.Errorf("the %s has no name: a file is needed", f.what)
		}
		if f.path == "/dev/null" {
			r.direct = r.direct || i == 0
			continue
		}
		id := bundle.Identity(f.path)
		if other, twice := seen[id]; twice {
			return fmt.Errorf("%s: both the %s and the %s would go there", f.path, other, f.what)
		}
		seen[id] = f.what
		for _, in := range inputs {
			if in != "" && bundle.Identity(in) == id && isFile(id) {
				return fmt.Errorf("%s is an input, and the %s would go there", f.path, f.what)
			}
		}
		probe, err := bundle.CreateAtomic(f.path)
		if err == nil {
			r.direct = r.direct || i == 0 && probe.Direct()
			err = probe.Abort()
		}
		b := r.builder
		if err != nil && b.Out.DumpFile == f.path {
			b.Warnings = append(b.Warnings, fmt.Sprintf("no structure factors are kept for the next run: %v", err))
			b.Out.DumpFile, err = "", nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// before prints what comes ahead of a rendering: the reference's banner in its
// profile, and the trace of -trace_pixel.
func (r *rendering) before(ctx context.Context, w io.Writer) error {
	e := r.experiment
	if r.builder.AsReference() {
		r.builder.WriteBanner(w, e)
	}
	p := r.builder.Out.TracePixel
	if p == nil || e.Check(*p) != nil {
		return nil
	}
	t := sim.NewTap(sim.Filter{})
	if _, err := e.Trace(ctx, *p, t); err != nil {
		return err
	}
	return emit(ctx, record.C, w, each(record.Setup(e)), each(record.Notes(e)), record.Each(record.C, *p, t))
}

// printout prints what the reference prints while it scans.
func (r *rendering) printout(ctx context.Context, w io.Writer, taps map[sim.Pixel]*sim.Tap) error {
	var notice *nanobragg.Notice
	if r.builder.AsReference() {
		var err error
		if notice, err = nanobragg.OutOfRange(ctx, r.experiment); err != nil {
			return err
		}
	}
	nanobragg.WritePrintout(w, r.experiment, taps, notice)
	return nil
}

// write writes all files beside their places, and moves them there once all
// are complete.
func (r *rendering) write(ctx context.Context, text io.Writer) error {
	m := r.builder.Out.Images(r.experiment, r.image, r.sums)
	list := r.files(m)
	open, err := writeAll(list[1:])
	defer func() { abort(open) }()
	m.Wait() // whatever becomes of the image's file from here on
	if err != nil {
		return err
	}
	if err := r.float.complete(r.image); err != nil {
		return err
	}
	open = append(open, r.float.file)
	if err := commit(ctx, open); err != nil {
		return err
	}
	r.report(text, m, list)
	return nil
}

// commit moves the files to their places, and no other run's between them: at once,
// since what stood there before takes its time to go.
func commit(ctx context.Context, open []*bundle.AtomicFile) error {
	return bundle.Together(ctx, open, func() error {
		errs := make([]error, len(open))
		var wg sync.WaitGroup
		for i, f := range open {
			wg.Go(func() { errs[i] = f.Commit() })
		}
		wg.Wait()
		return errors.Join(errs...)
	})
}

// writeAll writes files beside their places, at the same time. Those that were
// begun are returned even if one failed.
func writeAll(list []file) ([]*bundle.AtomicFile, error) {
	open := make([]*bundle.AtomicFile, len(list))
	errs := make([]error, len(list))
	var wg sync.WaitGroup
	for i, f := range list {
		wg.Go(func() {
			if open[i], errs[i] = bundle.CreateAtomic(f.path); errs[i] == nil {
				open[i].Unsynced()
				errs[i] = f.write(open[i])
			}
		})
	}
	wg.Wait()
	return open, errors.Join(errs...)
}

// abort gives up what was begun; after Commit it does nothing.
func abort(open []*bundle.AtomicFile) {
	for _, f := range open {
		if f != nil {
			_ = f.Abort()
		}
	}
}

// report prints the statistics in the reference's words, and the files: in its
// words too where its profile is followed.
func (r *rendering) report(w io.Writer, m *nanobragg.Images, list []file) {
	e, s, g := r.experiment, m.Statistics(), r.experiment.Geometry
	asReference := r.builder.AsReference()
	r.builder.WriteReport(w, e, m, asReference)
	for _, f := range list {
		switch {
		case asReference && f.path != r.png && f.path != r.npy:
		case f.path == r.builder.FloatFile:
			fmt.Fprintf(w, "wrote %s: %d x %d pixels (fast x slow), brightest %.9g at slow %d fast %d, sum %.9g\n",
				f.path, g.Fast, g.Slow, s.Max, s.MaxPixel.Slow, s.MaxPixel.Fast, s.SumOfPixels)
		default:
			fmt.Fprintf(w, "wrote %s: %s\n", f.path, f.what)
		}
	}
}
