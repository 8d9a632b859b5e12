package schema_test

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// TestInputsAreAncestors: what a formula reads comes before what it computes,
// else a root would be looked for behind its consequences.
func TestInputsAreAncestors(t *testing.T) {
	s := schema.NanoBragg()
	n := 0
	for _, q := range s.All() {
		if q.Formula == nil {
			continue
		}
		n++
		if len(q.Formula.Inputs) == 0 {
			t.Errorf("%s is computed from nothing", q.Name)
		}
		for _, k := range q.Formula.Inputs {
			if !slices.Contains(s.Ancestors(q.Key), k) {
				t.Errorf("%s is computed from %s, which is no ancestor of it", q.Name, k)
			}
		}
	}
	if n < 25 {
		t.Errorf("only %d formulas", n)
	}
}

// recorded are logs of one pixel each, and how many quantities can be recomputed
// from what they print. The second and third have several samples; the third has
// the squares of a source's factors.
var recorded = []struct {
	shared  bool // the file is below ../shared
	file    string
	least   int // formulas that apply
	cells   bool
	phiRows int
}{
	{false, "../../../testdata/supervisor/trace_685_1039.log", 18, false, 0},
	{false, "../testdata/tilt.log", 16, false, 0},
	{false, "../testdata/sources.log", 17, false, 0},
	{true, "logs/seed-pair/c.log", 22, true, 10},
	{true, "logs/per-phi/c.log", 22, true, 10},
}

// TestFormulasRecompute holds each formula against what the programs printed:
// it agrees within what the printed digits allow, and not within less than the
// digits that are there.
func TestFormulasRecompute(t *testing.T) {
	for _, c := range recorded {
		t.Run(filepath.Base(filepath.Dir(c.file))+"/"+filepath.Base(c.file), func(t *testing.T) {
			path := c.file
			if c.shared {
				path = testkit.Shared(t, path)
			}
			log, err := trace.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, cells := log.Settings["Nb"]
			if cells != c.cells {
				t.Fatalf("settings %v", log.Settings)
			}
			done, rows := map[schema.Key]bool{}, 0
			for i := range log.Records {
				r := &log.Records[i]
				if r.Key == schema.None || r.Symbol.Info.Formula == nil || len(r.Values) == 0 {
					continue
				}
				if recompute(t, log, r) {
					done[r.Key] = true
					if r.Key == schema.PhiFLattB {
						rows++
					}
				}
			}
			if len(done) < c.least || rows != c.phiRows {
				t.Errorf("%d quantities and %d rows were recomputed, want %d and %d: %v", len(done), rows, c.least, c.phiRows, done)
			}
		})
	}
}

// recompute holds one record against its formula; false where the log lacks an
// input, or the formula's condition does not hold.
func recompute(t *testing.T, log *trace.Log, r *trace.Record) bool {
	t.Helper()
	f := r.Symbol.Info.Formula
	var in [][]float64
	for _, k := range f.Inputs {
		v := input(log, r, k)
		if v == nil {
			return false
		}
		in = append(in, v)
	}
	var settings []float64
	for _, name := range f.Settings {
		v, ok := log.Settings[name]
		if !ok {
			return false
		}
		settings = append(settings, v.Num)
	}
	out, ok := f.Eval(in, settings, nil)
	if !ok && r.Symbol.Info.Stage == schema.Sum {
		return false // it has several terms
	}
	if !ok || len(out) != len(r.Values) {
		t.Errorf("%v %s: %v, %v of %d components", r.Pos(), r.Name, ok, out, len(r.Values))
		return false
	}
	slack := propagated(f, in, settings, out)
	for i, v := range out {
		scale := math.Abs(r.Values[i].Num)
		if f.Scale != nil {
			scale = math.Max(scale, f.Scale(in))
		}
		// floatimage_accumulated is printed with all 15 digits of a float32.
		if off := math.Abs(v - r.Values[i].Num); off > slack[i]+2e-14*scale {
			t.Errorf("%v %s[%d]: %.17g where %s is printed, off by %.2g", r.Pos(), r.Name, i, v, r.Values[i].Text, off)
		}
		if slack[i] > 1e-9*scale {
			t.Errorf("%v %s[%d]: the digits of its inputs leave %.2g, which shows nothing", r.Pos(), r.Name, i, slack[i])
		}
	}
	return true
}

// propagated is how far the result may move where each input does by a unit of
// its 15th digit.
func propagated(f *schema.Formula, in [][]float64, settings, out []float64) []float64 {
	slack := make([]float64, len(out))
	for i := range in {
		for k, v := range in[i] {
			in[i][k] = v * (1 + 1e-14)
			if moved, ok := f.Eval(in, settings, nil); ok {
				for c := range out {
					slack[c] += math.Abs(moved[c] - out[c])
				}
			}
			in[i][k] = v
		}
	}
	return slack
}

// input finds a quantity at the evaluation of r: coordinates that both have are
// equal. What several samples feed is not recomputed from one of them.
func input(log *trace.Log, r *trace.Record, k schema.Key) (v []float64) {
	var found *trace.Record
	for i := range log.Records {
		o := &log.Records[i]
		if o.Key != k || len(o.Values) == 0 || !together(o.At, r.At) {
			continue
		}
		if found != nil && found.At != o.At {
			return nil
		}
		found = o
	}
	if found != nil {
		for _, x := range found.Values {
			v = append(v, x.Num)
		}
	}
	return v
}

func together(a, b schema.Coord) bool {
	for i := range a {
		if a[i] >= 0 && b[i] >= 0 && a[i] != b[i] {
			return false
		}
	}
	return true
}

// TestFormulasRefuse: where a formula cannot be computed it says so, and does
// not answer with an infinity.
func TestFormulasRefuse(t *testing.T) {
	zero3 := []float64{0, 0, 0}
	for k, in := range map[schema.Key][][]float64{
		schema.DiffractedVec: {zero3},
		schema.ScatteringVec: {zero3, zero3, {0}},
		schema.REMeters:      {{-1}},
		schema.IPixelFinal:   {{1}, {1}, {1}, {0}, {0}, {0}, {0}, {1}, {1}, {1}},
	} {
		if out, ok := schema.Info(k).Formula.Eval(in, nil, nil); ok {
			t.Errorf("%s of %v is %v", k, in, out)
		}
	}
	// The limit of the interference function at an integer is the cell count.
	out, ok := schema.Info(schema.FLattB).Formula.Eval([][]float64{{0.5, 3, 0.25}}, []float64{47}, nil)
	if !ok || out[0] != 47 {
		t.Errorf("F_latt_b at k = 3 is %v", out)
	}
	// Factors that are in the sum already are not taken twice.
	final := schema.Info(schema.IPixelFinal).Formula
	in := [][]float64{{100}, {2}, {3}, {5}, {0}, {1}, {0}, {0.5}, {7}, {11}}
	if out, _ := final.Eval(in, nil, nil); out[0] != 100.0*2*3/5*0.5*11 {
		t.Errorf("I_pixel_final is %v", out)
	}
}
