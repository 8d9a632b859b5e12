package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"simtrace/internal/bundle"
	"simtrace/internal/interrupt"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// Experiment prepares the experiment of a configuration and nanoBragg's flags under a
// profile; config is a preset's name, a file, or empty.
func Experiment(profile sim.Profile, config string, theirs []nanobragg.Arg) (*sim.Experiment, error) {
	b := nanobragg.NewBuilder(profile)
	args, err := b.Configure(config)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	if err := b.Apply(append(args, theirs...)); err != nil {
		return nil, err
	}
	return b.Prepare()
}

// pictures writes the previews and the difference map into the report folder
// under the given names, and returns their captions.
func pictures(ctx context.Context, b *bundle.Bundle, r *imagecmp.Report, percentile float64, ref, got, diff string) ([]imagecmp.Picture, imagecmp.Scale, error) {
	s := r.Scale(ctx, percentile)
	files := []struct {
		name  string
		write func(io.Writer) error
	}{
		{ref, func(w io.Writer) error { return imagecmp.WritePreview(w, r.Ref, s) }},
		{got, func(w io.Writer) error { return imagecmp.WritePreview(w, r.Got, s) }},
		{diff, func(w io.Writer) error { return r.WriteDiff(w, s) }},
	}
	errs := make([]error, len(files))
	var wg sync.WaitGroup
	for i, p := range files {
		wg.Go(func() {
			w, err := b.Writer(p.name)
			if err == nil {
				err = p.write(untilEnded{ctx, w})
			}
			errs[i] = err
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, s, interrupt.Err
	}
	if err := errors.Join(errs...); err != nil {
		return nil, s, err
	}
	names := r.Names()
	grey := fmt.Sprintf("white is 0, black is %.4g and above (percentile %g of both)", s.Black, percentile)
	return []imagecmp.Picture{
		{File: ref, Caption: names[0] + ": " + grey},
		{File: got, Caption: names[1] + ": " + grey},
		{File: diff, Caption: fmt.Sprintf("Difference, %s less %s: grey is none, light yellow above, dark blue below, in full from %.4g on (percentile %g)", names[1], names[0], s.Diff, percentile)},
	}, s, nil
}

// untilEnded fails to write once its context has ended: a picture of millions of
// pixels takes a second to pack.
type untilEnded struct {
	ctx context.Context
	w   io.Writer
}

func (u untilEnded) Write(p []byte) (int, error) {
	if u.ctx.Err() != nil {
		return 0, interrupt.Err
	}
	return u.w.Write(p)
}

// writeEnv puts what makes a folder ours into it.
func writeEnv(b *bundle.Bundle) error {
	data, err := json.MarshalIndent(bundle.Env(), "", "  ")
	if err != nil {
		return err
	}
	return b.WriteFile("env.json", append(data, '\n'))
}

// folder begins a report folder.
func folder(dir string, force bool) (*bundle.Bundle, error) {
	if dir == "" {
		return nil, errors.New("--out: a folder is needed")
	}
	b, err := bundle.Create(dir, force)
	if errors.Is(err, bundle.ErrHoldsReports) {
		return nil, fmt.Errorf("%w: --force replaces them", err)
	}
	return b, err
}
