package probe

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"simtrace/internal/bundle"
	"simtrace/internal/interrupt"
	"simtrace/internal/program"
	"simtrace/internal/yamlfile"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

// ReadFile reads a probes file, and the schema that it names; pixel stands in place of the
// file's own, nil for that.
func ReadFile(path string, pixel *Pixel) (*Spec, error) {
	data, err := yamlfile.ReadSmall(path)
	if err != nil {
		return nil, err
	}
	return Read(bytes.NewReader(data), path, pixel, schema.ReadFile)
}

// Log is Run with a log that is whole: an error shows only in the end, and half a log is none.
func Log(ctx context.Context, s *Spec, w io.Writer, opt Options) (*Result, error) {
	dir, remove, err := bundle.TempDir("tracecmp-probe-")
	if err != nil {
		return nil, err
	}
	defer remove()
	spool, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer spool.Close()
	result, err := Run(ctx, s, spool, opt)
	if err != nil {
		return nil, err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	_, err = io.Copy(w, spool)
	return result, err
}

// ArgsOf are the program's arguments with, where the file asks for it, the -roi with which
// nanoBragg computes but the pixels that decide what the probed one is: a condition that fails
// costs a third of a millisecond, each pixel.
func (s *Spec) ArgsOf(ctx context.Context, args []string) ([]string, error) {
	if !s.Program.ROI {
		return args, nil
	}
	e, err := experiment(slices.Concat(s.Program.Args, args))
	if err != nil {
		return nil, fmt.Errorf("roi: auto: the program's arguments are not nanoBragg's: %w", err)
	}
	roi, err := e.Window(ctx, sim.Pixel{Slow: s.Pixel.Slow, Fast: s.Pixel.Fast})
	if ctx.Err() != nil {
		return nil, interrupt.Err
	}
	if err != nil {
		return nil, err
	}
	return slices.Concat(args, program.ROIFlags(roi)), nil
}

// experiment is what nanoBragg's flags describe, as the C program takes them.
func experiment(args []string) (*sim.Experiment, error) {
	_, theirs, err := nanobragg.Split(args, nil)
	if err != nil {
		return nil, err
	}
	b := nanobragg.NewBuilder(sim.ProfileNanoBragg)
	if err := b.Apply(theirs); err != nil {
		return nil, err
	}
	return b.Prepare()
}
