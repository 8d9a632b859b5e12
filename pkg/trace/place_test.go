package trace

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

// coord is a place in the first run of a log.
func coord(slow, fast, layer, sub, source, domain, phi int32) schema.Coord {
	return schema.Coord{0, slow, fast, layer, sub, source, domain, phi}
}

func TestSamplesAreCounted(t *testing.T) {
	log := mustRead(t, testkit.Shared(t, "golden", "cases", "oversample-all", "trace_31_33.log"))
	// -oversample 2 -detector_thicksteps 3: 4 subpixels of 3 layers each.
	const samples int32 = 12
	next := map[schema.Key]int32{}
	for _, r := range log.Records {
		if r.Stream != PixelStream && r.Stream != PhiStream {
			continue
		}
		scope := schema.Info(r.Key).Scope
		switch {
		case scope == schema.PerPixel:
			if r.At != coord(31, 33, -1, -1, -1, -1, -1) {
				t.Errorf("%v %s at %+v", r.Pos(), r.Name, r.At)
			}
		case r.At[schema.Sub] != next[r.Key] || r.At[schema.Layer] != -1 || r.At[schema.Source] != 0:
			t.Errorf("%v %s at %+v, want sample %d", r.Pos(), r.Name, r.At, next[r.Key])
		default:
			next[r.Key]++
		}
		if r.Occur != 0 {
			t.Errorf("%v %s occurs again: %d", r.Pos(), r.Name, r.Occur)
		}
	}
	for _, k := range []schema.Key{schema.Pix0Vector, schema.HKLFrac, schema.FCell, schema.PhiKFrac} {
		if next[k] != samples {
			t.Errorf("%v: %d samples, want %d", k, next[k], samples)
		}
	}
}

func TestRowsBelongToTheirSample(t *testing.T) {
	log := mustRead(t, testkit.Shared(t, "golden", "cases", "mosaic-phi", "trace_31_33.log"))
	n := int32(0)
	for _, r := range log.Records {
		if r.Key != schema.PhiKFrac {
			continue
		}
		if want := coord(31, 33, -1, n/3, 0, 0, n%3); r.At != want || r.Occur != 0 {
			t.Errorf("%v: %+v occur %d, want %+v", r.Pos(), r.At, r.Occur, want)
		}
		n++
	}
	if n != 16*3 {
		t.Errorf("%d rows, want 48", n)
	}
}

// TestKeysAreUnique: no two records of a log have the same stream, name, place
// and occurrence; and occurrences are consecutive within one block.
func TestKeysAreUnique(t *testing.T) {
	for _, file := range testkit.SharedGlob(t, "golden", "*", "*", "trace_*.log") {
		checkUnique(t, mustRead(t, file).Records)
	}
	for _, file := range testkit.SharedGlob(t, "logs", "*", "*.log") {
		checkUnique(t, mustRead(t, file).Records)
	}
}

func checkUnique(t testing.TB, records []Record) {
	t.Helper()
	type id struct {
		symbol *Symbol
		at     schema.Coord
		occur  int
	}
	seen := map[id]Pos{}
	for _, r := range records {
		k := id{r.Symbol, r.At, r.Occur}
		if before, ok := seen[k]; ok {
			t.Errorf("%v and %v are both %+v", before, r.Pos(), k)
		}
		seen[k] = r.Pos()
	}
}

func TestAxesPrintedTwice(t *testing.T) {
	log := mustRead(t, "testdata/tilt.log")
	occur := []int{}
	for _, r := range log.Records {
		if r.Key == schema.FdetAfterRotz {
			occur = append(occur, r.Occur)
		}
	}
	if len(occur) != 2 || occur[0] != 0 || occur[1] != 1 {
		t.Errorf("fdet_after_rotz occurs as %v, want [0 1]", occur)
	}
}

func places(log *Log, key schema.Key) (out []schema.Coord) {
	for _, r := range log.Records {
		if r.Key == key {
			out = append(out, r.At)
		}
	}
	return out
}

func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		name, in string
		key      schema.Key
		want     []schema.Coord
	}{
		{"pixel of the reference", "TRACE_CONFIG: tracing pixel (spixel=5, fpixel=6)\nTRACE_C: steps 1\n",
			schema.Steps, []schema.Coord{coord(5, 6, -1, -1, -1, -1, -1)}},
		{"pixel of a port", "# Tracing pixel (slow=5, fast=6)\nTRACE_PY: steps 1\n",
			schema.Steps, []schema.Coord{coord(5, 6, -1, -1, -1, -1, -1)}},
		{"pixel of a script", "=== TRACE: Pixel (5, 6) [slow, fast] ===\nTRACE_PY: steps 1\n",
			schema.Steps, []schema.Coord{coord(5, 6, -1, -1, -1, -1, -1)}},
		{"the other order", "Pixel (6, 5) [fast, slow]\nTRACE_PY: steps 1\n",
			schema.Steps, []schema.Coord{coord(5, 6, -1, -1, -1, -1, -1)}},
		{"pixel of unknown order", "=== PyTorch Trace for Pixel (5, 6) ===\nBrightest pixel: (1, 2) [fast, slow]\nTRACE_PY: steps 1\n",
			schema.Steps, []schema.Coord{coord(-1, -1, -1, -1, -1, -1, -1)}},
		{"source code", "print(f\"Tracing pixel (slow={s}, fast={f})\")\nTRACE_PY: steps 1\n",
			schema.Steps, []schema.Coord{coord(-1, -1, -1, -1, -1, -1, -1)}},
		{"two pixels", "TRACE_CONFIG: tracing pixel (spixel=5, fpixel=6)\nTRACE_C: fdet_vec 0 0 1\nTRACE_C: fdet_vec 0 0 1\n" +
			"TRACE_CONFIG: tracing pixel (spixel=7, fpixel=8)\nTRACE_C: fdet_vec 0 0 1\n",
			schema.FdetVec, []schema.Coord{coord(5, 6, -1, 0, 0, -1, -1), coord(5, 6, -1, 1, 0, -1, -1), coord(7, 8, -1, 0, 0, -1, -1)}},
		{"rows alone", "TRACE_C_PHI phi_tic=0 phi_deg=0\nTRACE_C_PHI phi_tic=1 phi_deg=1\nTRACE_C_PHI phi_tic=0 phi_deg=0\nTRACE_C_PHI phi_tic=2 phi_deg=0\n",
			schema.PhiDeg, []schema.Coord{coord(-1, -1, -1, 0, 0, 0, 0), coord(-1, -1, -1, 0, 0, 0, 1), coord(-1, -1, -1, 1, 0, 0, 0), coord(-1, -1, -1, 1, 0, 0, 2)}},
		{"rows behind the block", "TRACE_PY: fdet_vec 0 0 1\nTRACE_PY: fdet_vec 0 0 1\nTRACE_PY: steps 1\nTRACE_PY_PHI phi_tic=0 phi_deg=0\n",
			schema.PhiDeg, []schema.Coord{coord(-1, -1, -1, 0, 0, 0, 0)}},
		{"step quantity", "TRACE_C: fdet_vec 0 0 1\nTRACE_C: F_cell 5\nTRACE_C: fdet_vec 0 0 1\nTRACE_C: F_cell 6\n",
			schema.FCell, []schema.Coord{coord(-1, -1, -1, 0, 0, 0, 0), coord(-1, -1, -1, 1, 0, 0, 0)}},
		{"source within a sample", "TRACE_C: fdet_vec 0 0 1\nTRACE_C_SOURCE2: polar 1\n",
			schema.SourcePolar, []schema.Coord{coord(-1, -1, -1, 0, 2, -1, -1)}},
		{"source behind the block", "TRACE_C: fdet_vec 0 0 1\nTRACE_C: steps 2\nTRACE_PY_SOURCE 1: polar 1\n",
			schema.SourcePolar, []schema.Coord{coord(-1, -1, -1, -1, 1, -1, -1)}},
		{"setup has no place", "TRACE_CONFIG: tracing pixel (spixel=5, fpixel=6)\nTRACE_PY: ratio 1\n",
			schema.Ratio, []schema.Coord{coord(-1, -1, -1, -1, -1, -1, -1)}},
		{"JSON says it", `{"stream":"pixel","key":"F_cell","pixel":[5,6],"layer":1,"sub":2,"source":3,"domain":4,"phi":5,"values":[1]}` + "\n",
			schema.FCell, []schema.Coord{coord(5, 6, 1, 2, 3, 4, 5)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := readString(t, c.in)
			if diff := cmp.Diff(c.want, places(log, c.key)); diff != "" || len(log.Problems) != 0 {
				t.Errorf("%s\n%v", diff, log.Problems)
			}
		})
	}
}

// TestPixelTracedTwice: runs behind one another in a file are runs, not one
// pixel that overwrites itself.
func TestPixelTracedTwice(t *testing.T) {
	once := testkit.File(t, "testdata/supervisor.log")
	log := readString(t, once+strings.ReplaceAll(once, "spixel=685", "spixel=1")+once)
	checkUnique(t, log.Records)
	want := []schema.Coord{{0, 685, 1039, -1, -1, -1, -1, -1}, {1, 1, 1039, -1, -1, -1, -1, -1}, {2, 685, 1039, -1, -1, -1, -1, -1}}
	if diff := cmp.Diff(want, places(log, schema.IPixelFinal)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]schema.Coord{{0, -1, -1, -1, -1, -1, -1, -1}, {1, -1, -1, -1, -1, -1, -1, -1}, {2, -1, -1, -1, -1, -1, -1, -1}}, places(log, schema.Ratio)); diff != "" {
		t.Error(diff)
	}
}
