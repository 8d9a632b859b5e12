package record

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// several is an experiment with sources, mosaic domains and subpixels.
func several(t *testing.T) *sim.Experiment {
	t.Helper()
	c := sim.DefaultConfig()
	c.Crystal.Cell = &[6]float64{70, 80, 90, 75, 85, 95}
	c.Crystal.Cells, c.Crystal.DefaultF = [3]float64{5, 5, 5}, 100
	c.Crystal.MosaicDeg, c.Crystal.Domains = 0.3, 2
	c.Rotation = sim.RotationConfig{OscDeg: 1, PhistepDeg: -1, Phisteps: 3}
	c.Beam.HDivergence = sim.SweepConfig{Range: 2, Step: -1, Steps: 3}
	c.Detector.PixelsFast, c.Detector.PixelsSlow, c.Sampling.Oversample = 16, 16, 2
	e, err := sim.Prepare(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestSinkWritesPixel: what a sink writes as it comes is what Pixel lists.
func TestSinkWritesPixel(t *testing.T) {
	e := several(t)
	writers := map[Dialect]func(b *bytes.Buffer) trace.Writer{
		C:  func(b *bytes.Buffer) trace.Writer { return trace.NewC(b) },
		Py: func(b *bytes.Buffer) trace.Writer { return trace.NewPy(b) }, JSONL: func(b *bytes.Buffer) trace.Writer { return trace.NewJSONL(b) },
	}
	for d, writer := range writers {
		var got, want bytes.Buffer
		sink, w := NewSink(d, writer(&got)), writer(&want)
		tap := sim.NewTap(sim.Filter{Phi: []int{0, 2}}, sink)
		for _, p := range []sim.Pixel{{Slow: 3, Fast: 4}, {Slow: 9, Fast: 1}} {
			own := sim.NewTap(sim.Filter{Phi: []int{0, 2}})
			for _, tap := range []*sim.Tap{tap, own} {
				if _, err := e.Trace(context.Background(), p, tap); err != nil {
					t.Fatal(err)
				}
			}
			if err := sink.End(); err != nil {
				t.Fatal(err)
			}
			records := Pixel(d, p, own)
			if rest, rows := Split(records); d == Py {
				records = append(rest, rows...)
			}
			for i := range records {
				if err := w.Write(&records[i]); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		if got.Len() == 0 || !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%s: %d bytes, want %d", d, got.Len(), want.Len())
		}
	}
}

// TestColumns: each quantity that is tapped has its number in a row of its place.
func TestColumns(t *testing.T) {
	e, p := several(t), sim.Pixel{Slow: 3, Fast: 4}
	columns, tap := NewColumns(nil), sim.NewTap(sim.Filter{All: true})
	f := sim.Filter{All: true}
	if _, err := e.Trace(context.Background(), p, tap); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Trace(context.Background(), p, sim.NewTap(f, columns)); err != nil {
		t.Fatal(err)
	}
	if err := columns.End(); err != nil {
		t.Fatal(err)
	}
	for _, s := range tap.Samples {
		if !slices.Contains(sim.Tapped(), s.Key) {
			t.Errorf("%s is tapped, and not in the list", s.Key)
		}
	}
	samples := 4 * len(e.Beam.Sources)
	for table, want := range map[Table]int{PixelTable: 1, SampleTable: samples, StepTable: samples * 3 * 2} {
		if _, n := columns.Rows(table); n != want {
			t.Errorf("%d rows of the %s table, want %d", n, table, want)
		}
	}
}

// TestColumnsInNumPy: NumPy reads what is written, number for number.
func TestColumnsInNumPy(t *testing.T) {
	python := "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import numpy").Run(); err != nil {
		t.Skipf("SKIPPED: no numpy for %s", python)
	}
	e, p := several(t), sim.Pixel{Slow: 3, Fast: 4}
	columns, tap := NewColumns(nil), sim.NewTap(sim.Filter{All: true})
	if _, err := e.Trace(context.Background(), p, tap); err != nil {
		t.Fatal(err)
	}
	for _, s := range tap.Samples {
		columns.Take(&s)
	}
	if err := columns.End(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "step.npy")
	var file bytes.Buffer
	data, n := columns.Rows(StepTable)
	if err := columns.WriteHeader(&file, StepTable, n); err != nil {
		t.Fatal(err)
	}
	file.Write(data)
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	script := "import numpy,sys\na=numpy.load(sys.argv[1])\nfor r in a: print(*(r[n] for n in ('sub','source','domain','phi')), r['hkl_frac_k'].view('i8'), r['F_latt'].view('i8'))"
	out, err := exec.Command(python, "-c", script, path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var want strings.Builder
	var k float64
	for _, s := range tap.Samples {
		switch s.Key {
		case schema.HKLFrac:
			k = s.Values[1]
		case schema.FLatt:
			fmt.Fprintf(&want, "%d %d %d %d %d %d\n", s.At.Sub, s.At.Source, s.At.Domain, s.At.Phi, int64(math.Float64bits(k)), int64(math.Float64bits(s.Values[0])))
		}
	}
	if want.Len() == 0 || string(out) != want.String() {
		t.Errorf("NumPy reads\n%.300s\nwant\n%.300s", out, want.String())
	}
}
