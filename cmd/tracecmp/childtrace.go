package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// tracer traces pixels with a program.
type tracer struct {
	bin   []string // the program and what words it needs first
	args  []string // nanoBragg's flags
	e     *sim.Experiment
	limit time.Duration
	tick  func(percent int) // of the run's own progress; may be nil
}

// programTrace is a pixel that a program traced.
type programTrace struct {
	log   []byte
	value float64 // of the float image that it wrote
	how   string  // the program, and the region that it computed
}

// trace traces a pixel whose value in the whole image is known.
//
// The program computes but the few pixels that decide what is carried over to
// this one, see sim.Window: a roi of the pixel alone would make it another.
// Whether the region was right is seen from the pixel that comes out; where it
// is not that of the image, the whole image is computed after all.
func (r *tracer) trace(ctx context.Context, p sim.Pixel, want float64) (*programTrace, error) {
	roi, err := r.e.Window(ctx, p)
	if ctx.Err() != nil {
		return nil, errInterrupted
	}
	if err != nil {
		return nil, err
	}
	name := strings.Join(r.bin, " ")
	if whole := r.e.ROI; roi != whole {
		flag := []string{"-roi"}
		for _, v := range roi {
			flag = append(flag, strconv.Itoa(v))
		}
		out, err := r.run(ctx, p, flag)
		if err != nil && !errors.Is(err, errChild) { // it may not know -roi
			return nil, err
		}
		if err == nil && same(out.value, want) {
			out.how = name + " " + strings.Join(flag, " ")
			return out, nil
		}
	}
	out, err := r.run(ctx, p, nil)
	if err != nil {
		return nil, err
	}
	out.how = name + ", the whole image"
	return out, nil
}

// traceFlags tell a program to trace a pixel.
func traceFlags(p sim.Pixel) []string {
	return []string{"-trace_pixel", strconv.Itoa(p.Slow), strconv.Itoa(p.Fast)}
}

func (r *tracer) run(ctx context.Context, p sim.Pixel, more []string) (*programTrace, error) {
	args := slices.Concat(r.args, more, traceFlags(p))
	c, err := runChild(ctx, r.bin, args, r.limit, r.tick)
	if err != nil {
		return nil, err
	}
	g := r.e.Geometry
	im, err := imagecmp.Decode(c.image, imagecmp.Shape{Slow: g.Slow, Fast: g.Fast})
	if err != nil {
		return nil, fmt.Errorf("%s: its float image: %w", c.program, err)
	}
	return &programTrace{log: c.stdout, value: im.Value(imagecmp.At{Slow: p.Slow, Fast: p.Fast})}, nil
}
