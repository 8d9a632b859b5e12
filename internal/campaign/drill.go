package campaign

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"simtrace/internal/interrupt"
	"simtrace/internal/program"
	"simtrace/internal/progress"
	"simtrace/internal/record"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/bisect"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// DrillOptions say which pixels of two images are traced, and by what.
type DrillOptions struct {
	N                      int             // pixels, at least 1
	Config                 string          // a preset's name or a file; "" for the flags alone
	Flags                  []nanobragg.Arg // that made the images, on top of Config
	RefProfile, GotProfile sim.Profile     // whose habits the images have
	RefCommand             string          // the reference's program, absolute; "" for simtrace
	Limit                  time.Duration   // of a run of it
	Compare                parity.Options  // of the traces
	Progress               *progress.Line
}

// Drill traces the pixels that say most and explains them. Nil is none.
type Drill struct {
	DrillOptions
	ref, got *traced
	refArgs  []string
	pixels   []*drilled
	names    [2]string // of the images
}

// traced is a simulator in this process that stands for a program.
type traced struct {
	profile string
	e       *sim.Experiment
}

// drilled is one pixel's result.
type drilled struct {
	imagecmp.Telling
	from      string // what the reference's trace was made by
	ref, got  []byte // logs
	rep       *parity.Report
	refValue  float64 // what the traces say the pixel is
	gotValue  float64
	refStands bool // the trace's value is the image's pixel, to the last bit of a float32
	gotStands bool
}

// NewDrill prepares both simulators, so that flags that do not fit are told before
// any work.
func NewDrill(opt DrillOptions) (*Drill, error) {
	d := &Drill{DrillOptions: opt}
	for _, side := range []struct {
		profile sim.Profile
		to      **traced
	}{{d.RefProfile, &d.ref}, {d.GotProfile, &d.got}} {
		e, err := Experiment(side.profile, d.Config, d.Flags)
		if err != nil {
			return nil, err
		}
		*side.to = &traced{side.profile.Name, e}
	}
	if d.RefCommand == "" {
		return d, nil
	}
	var err error
	d.refArgs, err = program.Args(d.Flags)
	return d, err
}

// shape is the detector's, which the images have.
func (d *Drill) shape() imagecmp.Shape {
	return imagecmp.Shape{Slow: d.ref.e.Geometry.Slow, Fast: d.ref.e.Geometry.Fast}
}

// Trace traces the pixels of the report that say most.
func (d *Drill) Trace(ctx context.Context, r *imagecmp.Report) error {
	d.names = r.Names()
	if r.Verdict == imagecmp.Refused {
		return nil
	}
	if g := d.ref.e.Geometry; g.Slow != r.Ref.Slow || g.Fast != r.Ref.Fast {
		return fmt.Errorf("--drill: the flags describe %d x %d pixels (slow x fast), the images have %v", g.Slow, g.Fast, r.Ref.Shape)
	}
	telling := r.Telling(ctx, d.N)
	found := make([]*drilled, len(telling))
	search := bisect.Engine[*drilled]{Jobs: runtime.NumCPU(), Probe: func(ctx context.Context, point string) (*drilled, error) {
		i, err := strconv.Atoi(point)
		if err != nil {
			return nil, err
		}
		found[i], err = d.one(ctx, telling[i])
		return found[i], err
	}}
	done := 0
	search.Done = func(_ string, p *drilled) {
		done++
		d.Progress.Step(done, len(telling)-done, "pixels traced")
	}
	points := make([]string, len(telling))
	for i := range points {
		points[i] = strconv.Itoa(i)
	}
	err := search.Run(ctx, points...)
	d.Progress.Clear()
	if ctx.Err() != nil {
		return interrupt.Err
	}
	if err != nil {
		return err
	}
	d.pixels = found
	return nil
}

func (d *Drill) one(ctx context.Context, t imagecmp.Telling) (*drilled, error) {
	p := sim.Pixel{Slow: t.Slow, Fast: t.Fast}
	out := &drilled{Telling: t, from: "simtrace as " + d.ref.profile}
	var err error
	if out.got, out.gotValue, err = Trace(ctx, d.got.e, p); err != nil {
		return nil, err
	}
	if d.RefCommand != "" {
		by := program.Tracer{Command: []string{d.RefCommand}, Args: d.refArgs, Experiment: d.ref.e, Limit: d.Limit}
		c, err := by.Trace(ctx, p, t.Ref)
		if err != nil {
			return nil, err
		}
		out.ref, out.refValue, out.from = c.Log, c.Value, c.How
	} else if out.ref, out.refValue, err = Trace(ctx, d.ref.e, p); err != nil {
		return nil, err
	}
	out.refStands, out.gotStands = program.Same(out.refValue, t.Ref), program.Same(out.gotValue, t.Got)
	name := "trace_" + strconv.Itoa(p.Slow) + "_" + strconv.Itoa(p.Fast)
	ref, got := trace.Text(string(out.ref), name+"_ref.log"), trace.Text(string(out.got), name+"_got.log")
	out.rep, err = parity.Sources(ctx, ref, got, d.Compare)
	return out, err
}

// Trace traces a pixel and returns the log in the reference's dialect, and the
// intensity.
func Trace(ctx context.Context, e *sim.Experiment, p sim.Pixel) ([]byte, float64, error) {
	tap := sim.NewTap(sim.Filter{})
	v, err := e.Trace(ctx, p, tap)
	if err != nil {
		return nil, 0, err
	}
	var out bytes.Buffer
	w := trace.NewC(&out)
	for _, g := range [][]trace.Record{record.Setup(e), record.Notes(e), record.Pixel(record.C, p, tap)} {
		for i := range g {
			if err := w.Write(&g[i]); err != nil {
				return nil, 0, err
			}
		}
	}
	err = w.Flush()
	return out.Bytes(), v, err
}
