package planted

import (
	"bytes"
	"context"
	"math"
	"strings"
	"sync"
	"testing"

	"simtrace/internal/record"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// setting is a configuration of the benchmark.
type setting struct {
	name   string
	config sim.Config
	pixel  sim.Pixel
}

// settings are the configurations that faults are planted in. The profile is
// the reference's; phi starts off zero, so that nothing is carried over.
func settings(t testing.TB) []setting {
	return []setting{
		{"cubic", cubic(), sim.Pixel{Slow: 40, Fast: 21}},
		{"triclinic", triclinic(), sim.Pixel{Slow: 12, Fast: 47}},
		{"tilted", tilted(), sim.Pixel{Slow: 45, Fast: 13}},
		{"mosaic", mosaic(), sim.Pixel{Slow: 22, Fast: 51}},
		{"oversampled", oversampled(), sim.Pixel{Slow: 50, Fast: 9}},
		{"interpolated", interpolated(), sim.Pixel{Slow: 39, Fast: 17}},
		{"supervisor", supervisor(t), sim.Pixel{Slow: 685, Fast: 1039}},
	}
}

func base() sim.Config {
	c := sim.DefaultConfig()
	c.Profile = sim.ProfileNanoBragg
	c.Crystal.F, c.Crystal.DefaultF = factors(), 1
	c.Crystal.Interpolate = sim.InterpolateOff
	c.Crystal.Misset = &[3]float64{11, 23, 37}
	c.Beam.LambdaA, c.Beam.Fluence = 1.2, 1e24
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 64, 64
	c.Detector.PixelMM, c.Detector.DistanceMM = 0.4, 60
	c.Detector.Xbeam, c.Detector.Ybeam = 12.2, 13.4
	c.Rotation.PhiDeg, c.Rotation.OscDeg, c.Rotation.Phisteps = 0.3, 0.8, 4
	c.Sampling.Oversample = 1
	return c
}

// factors is a table of structure factors that differ from one to the next. It
// is made once: nobody writes into it.
var factors = sync.OnceValue(makeFactors)

func makeFactors() *sim.FGrid {
	const n = 40
	g, err := sim.NewFGrid([3]int{-n, -n, -n}, [3]int{n, n, n}, 0)
	if err != nil {
		panic(err)
	}
	seed := uint32(1)
	for h := -n; h <= n; h++ {
		for k := -n; k <= n; k++ {
			for l := -n; l <= n; l++ {
				seed = seed*1664525 + 1013904223
				g.Set(h, k, l, math.Round(20+200*float64(seed>>8)/(1<<24)*100)/100)
			}
		}
	}
	g.Count = (2*n + 1) * (2*n + 1) * (2*n + 1)
	return g
}

// otherFactors is the table read by other axes.
var otherFactors = sync.OnceValue(func() *sim.FGrid {
	const n = 40
	g, err := sim.NewFGrid([3]int{-n, -n, -n}, [3]int{n, n, n}, 0)
	if err != nil {
		panic(err)
	}
	for h := -n; h <= n; h++ {
		for k := -n; k <= n; k++ {
			for l := -n; l <= n; l++ {
				g.Set(h, k, l, factors().At(l, h, k))
			}
		}
	}
	g.Count = factors().Count
	return g
})

func cubic() sim.Config {
	c := base()
	c.Crystal.Cell, c.Crystal.Cells = &[6]float64{83.7, 83.7, 83.7, 90, 90, 90}, [3]float64{5, 7, 6}
	return c
}

func triclinic() sim.Config {
	c := base()
	c.Crystal.Cell, c.Crystal.Cells = &[6]float64{70, 80, 90, 75, 85, 95}, [3]float64{9, 6, 11}
	return c
}

// tilted has the SAMPLE pivot, a beam off the axes and a detector turned about
// three axes.
func tilted() sim.Config {
	c := base()
	c.Crystal.Cell, c.Crystal.Cells = &[6]float64{61, 75, 92, 90, 97, 90}, [3]float64{8, 10, 7}
	d := &c.Detector
	d.Convention, d.Pivot = sim.Custom, sim.PivotSample
	d.Beam, d.Fdet, d.Sdet, d.Odet = sim.Vec3{1, 0.02, 0.01}, sim.Vec3{0, 0, 1}, sim.Vec3{0, -1, 0}, sim.Vec3{1, 0, 0}
	d.RotDeg, d.TwothetaDeg, d.TwothetaAxis = [3]float64{4, -3, 6}, 0, sim.Vec3{0, 0, -1}
	return c
}

func mosaic() sim.Config {
	c := cubic()
	c.Crystal.MosaicDeg, c.Crystal.Domains = 0.8, 5
	c.Rotation.Phisteps = 2
	return c
}

func oversampled() sim.Config {
	c := triclinic()
	c.Sampling.Oversample = 2
	c.Detector.ThickUM, c.Detector.AbsorbUM, c.Detector.ThickSteps = 400, 300, 3
	return c
}

func interpolated() sim.Config {
	c := cubic()
	c.Crystal.Cells, c.Crystal.Interpolate = [3]float64{6, 8, 5}, sim.InterpolateOn
	c.Rotation.Phisteps = 1
	return c
}

func supervisor(t testing.TB) sim.Config {
	t.Helper()
	b := nanobragg.NewBuilder(sim.ProfileNanoBragg)
	args, err := b.Configure("supervisor")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(args); err != nil {
		t.Fatal(err)
	}
	if err := b.Load(); err != nil {
		t.Fatal(err)
	}
	b.Config.Rotation.PhiDeg = 0.01
	// The preset's window of structure factors holds those of the one pixel;
	// faults reach for others.
	b.Config.Crystal.F = factors()
	return b.Config
}

// run is one traced pixel: everything that the kernel passed through.
type run struct {
	e       *sim.Experiment
	pixel   sim.Pixel
	samples []sim.Sample
}

func trace1(t testing.TB, c sim.Config, p sim.Pixel) run {
	t.Helper()
	e, err := sim.Prepare(c)
	if err != nil {
		t.Fatal(err)
	}
	tap := sim.NewTap(sim.Filter{All: true})
	if _, err := e.Trace(context.Background(), p, tap); err != nil {
		t.Fatal(err)
	}
	return run{e, p, tap.Samples}
}

// printed says what of a run stands in the log.
type printed struct {
	dialect record.Dialect
	setup   bool                  // the setup and note lines as well
	label   map[schema.Key]label  // changes a printed value, and nothing else
	edit    func(s string) string // changes the lines
}

type label func(v []float64)

// log prints the run.
func (r run) log(t testing.TB, o printed) string {
	t.Helper()
	var all []trace.Record
	if o.setup {
		all = append(record.Setup(r.e), record.Notes(r.e)...)
	}
	tap := &sim.Tap{}
	for _, s := range r.samples {
		if shown(s) {
			tap.Samples = append(tap.Samples, s)
		}
	}
	all = append(all, record.Pixel(o.dialect, r.pixel, tap)...)
	var b bytes.Buffer
	w := trace.NewC(&b)
	if o.dialect == record.Py {
		w = trace.NewPy(&b)
	}
	for i := range all {
		if f := o.label[all[i].Key]; f != nil {
			relabel(&all[i], f)
		}
		if err := w.Write(&all[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if o.edit != nil {
		return o.edit(b.String())
	}
	return b.String()
}

func relabel(r *trace.Record, f label) {
	v := make([]float64, len(r.Values))
	for i := range v {
		v[i] = r.Values[i].Num
	}
	f(v)
	for i := range v {
		r.Values[i].Num = v[i]
	}
}

// shown is what the reference traces: source 0, domain 0, and of the quantities
// of one orientation those of phi step 0.
func shown(s sim.Sample) bool {
	scope := schema.Info(s.Key).Scope
	switch {
	case scope == schema.PerSource:
		return false
	case s.At.Domain > 0 || s.At.Source > 0:
		return false
	}
	return scope != schema.PerStep || s.At.Phi <= 0
}

// exactly is the tolerance of compareLogs that lets only equal numbers pass; 0 is the
// default one.
const exactly = -1

// compareLogs compares as the command does; a tolerance of 0 is the default one.
func compareLogs(t testing.TB, ref, got string, tolerance float64) *parity.Report {
	t.Helper()
	opt := parity.DefaultOptions()
	opt.Rules = causes.Rules()
	opt.RefPath, opt.GotPath, opt.Threads = "ref.log", "got.log", 1
	switch {
	case tolerance > 0:
		opt.Tolerance = tolerance
	case tolerance == exactly:
		opt.Tolerance = 0
	}
	r, err := parity.Readers(t.Context(), strings.NewReader(ref), strings.NewReader(got), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
