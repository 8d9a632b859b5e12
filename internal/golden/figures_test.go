package golden

import (
	"context"
	"math"
	"os"
	"strings"
	"testing"

	"simtrace/internal/record"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// investigated is the pixel that the investigation was stuck on.
var investigated = sim.Pixel{Slow: 685, Fast: 1039}

// supervisor prepares the embedded preset.
func supervisor(t *testing.T, p sim.Profile, args ...string) *sim.Experiment {
	t.Helper()
	b := nanobragg.NewBuilder(p)
	conf, err := b.Configure("supervisor")
	if err != nil {
		t.Fatal(err)
	}
	_, more, err := nanobragg.Split(args, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(append(conf, more...)); err != nil {
		t.Fatal(err)
	}
	e, err := b.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func records(t *testing.T, e *sim.Experiment) []trace.Record {
	t.Helper()
	tap := sim.NewTap(sim.Filter{})
	if _, err := e.Trace(context.Background(), investigated, tap); err != nil {
		t.Fatal(err)
	}
	return record.Pixel(record.C, investigated, tap)
}

// value finds a key's value at a phi step (-1: any).
func value(t *testing.T, rs []trace.Record, k schema.Key, phi, component int) float64 {
	t.Helper()
	for _, r := range rs {
		if r.Key == k && (phi < 0 || int(r.At[schema.Phi]) == phi) {
			return r.Values[component].Num
		}
	}
	t.Fatalf("no %s", k)
	return 0
}

func near(t *testing.T, name string, got, want, rel float64) {
	t.Helper()
	if !(math.Abs(got-want) <= rel*math.Abs(want)) {
		t.Errorf("%s = %.15g, recorded %.15g, relative difference %.2g", name, got, want, math.Abs(got-want)/math.Abs(want))
	}
}

// TestReferenceFigures: what the reference recorded for the pixel, in its own
// profile, from the embedded preset alone.
func TestReferenceFigures(t *testing.T) {
	e := supervisor(t, sim.ProfileNanoBragg)
	const path = "../../testdata/supervisor/trace_685_1039.log"
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Trace(e, investigated)
	if err != nil {
		t.Fatal(err)
	}
	if l := CompareLines(string(want), got); l.Same != l.Total {
		t.Errorf("%d of %d lines are the same; first: %s", l.Same, l.Total, l.First)
	}
	rs := records(t, e)
	near(t, "k_frac at step 0", value(t, rs, schema.PhiKFrac, 0, 0), -0.607255839576692, 1e-12)
	near(t, "F_latt at step 0", value(t, rs, schema.FLatt, 0, 0), -2.38319665299058, 1e-12)
	near(t, "I_before_scaling", value(t, rs, schema.IBeforeScaling, -1, 0), 943654.80923755, 1e-12)
	near(t, "I_pixel_final", value(t, rs, schema.IPixelFinal, -1, 0), 2.88139542684698e-07, 1e-12)
}

// TestFreshRotation: the default profile turns the cell afresh at phi = 0 and
// differs there alone.
func TestFreshRotation(t *testing.T) {
	fresh := records(t, supervisor(t, sim.ProfileSpec))
	near(t, "rot_b y at step 0", value(t, fresh, schema.RotB, 0, 1), 0.717320030990266, 1e-12)
	near(t, "k_frac at step 0", value(t, fresh, schema.PhiKFrac, 0, 0), -0.589168, 0.5e-6/0.589168) // 6 digits
	near(t, "I_before_scaling", value(t, fresh, schema.IBeforeScaling, -1, 0), 807189.8, 0.05/807189.8)

	carried := records(t, supervisor(t, sim.ProfileNanoBragg))
	for phi := 1; phi < 10; phi++ {
		for _, k := range []schema.Key{schema.PhiKFrac, schema.PhiFLattB, schema.PhiFLatt} {
			if a, b := value(t, fresh, k, phi, 0), value(t, carried, k, phi, 0); a != b {
				t.Errorf("%s at step %d: %v fresh, %v carried", k, phi, a, b)
			}
		}
	}
	if value(t, carried, schema.PhiKFrac, 0, 0) != value(t, carried, schema.PhiKFrac, 9, 0) {
		t.Error("the carried step 0 does not repeat step 9")
	}
}

// TestWindowIsHonest: the preset's window of structure factors never passes a
// missing one off as zero.
func TestWindowIsHonest(t *testing.T) {
	e := supervisor(t, sim.ProfileSpec)
	for _, p := range []sim.Pixel{{Slow: 1264, Fast: 1231}, {Slow: 100, Fast: 2000}, {Slow: 0, Fast: 0}} {
		_, err := e.Trace(context.Background(), p, nil)
		if err == nil || !strings.Contains(err.Error(), "-hkl") {
			t.Errorf("pixel %v: error %v does not name -hkl", p, err)
		}
	}
}

// TestInterpolatedLookup: -interpolate reaches the lookup, and the trace tells
// which one was used. 155.17 is what the port logged for the fresh orientation.
func TestInterpolatedLookup(t *testing.T) {
	trace := func(args ...string) map[schema.Key][]float64 {
		tap := sim.NewTap(sim.Filter{Phi: []int{0}})
		if _, err := supervisor(t, sim.ProfileSpec, args...).Trace(context.Background(), investigated, tap); err != nil {
			t.Fatal(err)
		}
		out := map[schema.Key][]float64{}
		for _, s := range tap.Samples {
			out[s.Key] = s.Values
		}
		return out
	}
	on := trace("-interpolate", "-roi", "1039", "1039", "685", "685")
	near(t, "F_cell_interpolated", on[schema.FCellInterpolated][0], 155.17, 2e-4) // the port's hkl differ by 6e-6
	near(t, "F_cell_nearest", on[schema.FCellNearest][0], 190.27, 0)
	if len(on[schema.TricubicF]) != 64 || on[schema.TricubicH][0] != -8 {
		t.Errorf("neighbourhood: %v %v", on[schema.TricubicH], on[schema.TricubicF])
	}
	// On the whole detector the first pixel is out of range, and interpolation
	// stays off from there.
	for _, args := range [][]string{nil, {"-interpolate"}} {
		off := trace(args...)
		if _, ok := off[schema.FCellInterpolated]; ok || off[schema.FCellNearest][0] != 190.27 {
			t.Errorf("%v: %v %v", args, off[schema.FCellInterpolated], off[schema.FCellNearest])
		}
	}
	by, latched := supervisor(t, sim.ProfileSpec, "-interpolate").LatchedBefore(context.Background(), investigated)
	if !latched || by != (sim.Pixel{}) {
		t.Errorf("latched %v by %v, want pixel 0 0", latched, by)
	}
}
