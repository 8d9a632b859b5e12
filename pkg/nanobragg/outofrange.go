package nanobragg

import (
	"context"
	"strings"

	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

// Notice is a text that the reference prints in the middle of its scan, ahead
// of the figures of a pixel.
type Notice struct {
	At   sim.Pixel
	Text string
}

// OutOfRange is the warning that the reference prints at the first sample that
// leaves the range of interpolation, and switches it off; nil where none does.
// As there, it ends without a newline.
func OutOfRange(ctx context.Context, e *sim.Experiment) (*Notice, error) {
	if !e.Interpolate {
		return nil, nil
	}
	behind := sim.Pixel{Slow: e.ROI[3], Fast: e.ROI[1] + 1} // the last pixel counts too
	by, latched := e.LatchedBefore(ctx, behind)
	if !latched {
		return nil, ctx.Err()
	}
	t := sim.NewTap(sim.Filter{All: true, Stages: []schema.Stage{schema.Info(schema.HKLFrac).Stage, schema.Info(schema.FCell).Stage}})
	if _, err := e.Trace(ctx, by, t); err != nil {
		return nil, err
	}
	var hkl, near []float64
	for i := range t.Samples {
		switch s := &t.Samples[i]; s.Key {
		case schema.HKLFrac:
			hkl = s.Values
		case schema.HKLRounded:
			near = s.Values
		case schema.FCell:
			if i+1 < len(t.Samples) && t.Samples[i+1].Key == schema.FCellInterpolated || len(hkl) < 3 || len(near) < 3 {
				continue
			}
			var text strings.Builder
			printf(&text, "WARNING: out of range for three point interpolation: h,k,l,h0,k0,l0: %v,%v,%v,%d,%d,%d \n",
				hkl[0], hkl[1], hkl[2], int(near[0]), int(near[1]), int(near[2]))
			text.WriteString("WARNING: further warnings will not be printed! ")
			return &Notice{by, text.String()}, nil
		}
	}
	return nil, nil
}
