package program

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"simtrace/internal/interrupt"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// Tracer traces pixels with a program.
type Tracer struct {
	Command    []string // the program and what words it needs first
	Args       []string // nanoBragg's flags
	Experiment *sim.Experiment
	Limit      time.Duration     // of a run
	Tick       func(percent int) // of the run's own progress; may be nil
}

// Trace is a pixel that a program traced.
type Trace struct {
	Log   []byte  // all that it printed
	Value float64 // of the float image that it wrote
	How   string  // the program, and the region that it computed
}

// Trace traces a pixel whose value in the whole image is known.
//
// The program computes but the few pixels that decide what is carried over to
// this one, see sim.Window: a roi of the pixel alone would make it another.
// Whether the region was right is seen from the pixel that comes out; where it
// is not that of the image, the whole image is computed after all.
func (r *Tracer) Trace(ctx context.Context, p sim.Pixel, want float64) (*Trace, error) {
	roi, err := r.Experiment.Window(ctx, p)
	if ctx.Err() != nil {
		return nil, interrupt.Err
	}
	if err != nil {
		return nil, err
	}
	name := strings.Join(r.Command, " ")
	if whole := r.Experiment.ROI; roi != whole {
		flag := ROIFlags(roi)
		out, err := r.run(ctx, p, flag)
		if err != nil && !errors.Is(err, ErrFailed) { // it may not know -roi
			return nil, err
		}
		if err == nil && Same(out.Value, want) {
			out.How = name + " " + strings.Join(flag, " ")
			return out, nil
		}
	}
	out, err := r.run(ctx, p, nil)
	if err != nil {
		return nil, err
	}
	out.How = name + ", the whole image"
	return out, nil
}

// TraceFlags tell a program to trace a pixel.
func TraceFlags(p sim.Pixel) []string {
	return []string{"-trace_pixel", strconv.Itoa(p.Slow), strconv.Itoa(p.Fast)}
}

// ROIFlags have a program compute a region alone: fast min, fast max, slow min, slow max.
func ROIFlags(roi [4]int) []string {
	flag := []string{"-roi"}
	for _, v := range roi {
		flag = append(flag, strconv.Itoa(v))
	}
	return flag
}

func (r *Tracer) run(ctx context.Context, p sim.Pixel, more []string) (*Trace, error) {
	args := slices.Concat(r.Args, more, TraceFlags(p))
	c, err := Run(ctx, r.Command, args, r.Limit, r.Tick)
	if err != nil {
		return nil, err
	}
	g := r.Experiment.Geometry
	im, err := imagecmp.Decode(c.Image, imagecmp.Shape{Slow: g.Slow, Fast: g.Fast})
	if err != nil {
		return nil, fmt.Errorf("%s: its float image: %w", c.Program, err)
	}
	return &Trace{Log: c.Stdout, Value: im.Value(imagecmp.At{Slow: p.Slow, Fast: p.Fast})}, nil
}

// Same reports whether a traced intensity is the image's pixel.
func Same(traced, pixel float64) bool {
	return float32(traced) == float32(pixel) || math.IsNaN(traced) && math.IsNaN(pixel)
}
