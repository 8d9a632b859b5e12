package trace

import (
	"fmt"
	"strings"
	"testing"

	"simtrace/pkg/trace/schema"
)

func TestSamplesAreCounted(t *testing.T) {
	log := mustRead(t, sharedPath(t, "golden", "cases", "oversample-all", "trace_31_33.log"))
	// -oversample 2 -detector_thicksteps 3: 4 subpixels of 3 layers each.
	const samples = 12
	next := map[schema.Key]int{}
	for _, r := range log.Records {
		if r.Stream != PixelStream && r.Stream != PhiStream {
			continue
		}
		scope := schema.Info(r.Key).Scope
		switch {
		case scope == schema.PerPixel:
			if r.At != (Where{31, 33, -1, -1, -1, -1, -1}) {
				t.Errorf("%v %s at %+v", r.Pos, r.Name, r.At)
			}
		case r.At[schema.Sub] != next[r.Key] || r.At[schema.Layer] != -1 || r.At[schema.Source] != 0:
			t.Errorf("%v %s at %+v, want sample %d", r.Pos, r.Name, r.At, next[r.Key])
		default:
			next[r.Key]++
		}
		if r.Occur != 0 {
			t.Errorf("%v %s occurs again: %d", r.Pos, r.Name, r.Occur)
		}
	}
	for _, k := range []schema.Key{schema.Pix0Vector, schema.HKLFrac, schema.FCell, schema.PhiKFrac} {
		if next[k] != samples {
			t.Errorf("%v: %d samples, want %d", k, next[k], samples)
		}
	}
}

func TestRowsBelongToTheirSample(t *testing.T) {
	log := mustRead(t, sharedPath(t, "golden", "cases", "mosaic-phi", "trace_31_33.log"))
	n := 0
	for _, r := range log.Records {
		if r.Key != schema.PhiKFrac {
			continue
		}
		if want := (Where{31, 33, -1, n / 3, 0, 0, n % 3}); r.At != want || r.Occur != 0 {
			t.Errorf("%v: %+v occur %d, want %+v", r.Pos, r.At, r.Occur, want)
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
	for _, file := range sharedGlob(t, "golden", "*", "*", "trace_*.log") {
		checkUnique(t, mustRead(t, file))
	}
	for _, file := range sharedGlob(t, "logs", "*", "*.log") {
		checkUnique(t, mustRead(t, file))
	}
}

func checkUnique(t testing.TB, log *Log) {
	t.Helper()
	type id struct {
		s     Stream
		name  string
		at    Where
		occur int
	}
	seen := map[id]Pos{}
	for _, r := range log.Records {
		k := id{r.Stream, r.Name, r.At, r.Occur}
		if before, ok := seen[k]; ok {
			t.Errorf("%v and %v are both %+v", before, r.Pos, k)
		}
		seen[k] = r.Pos
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

func places(log *Log, key schema.Key) (out []Where) {
	for _, r := range log.Records {
		if r.Key == key {
			out = append(out, r.At)
		}
	}
	return out
}

func equalWheres(a, b []Where) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		name, in string
		key      schema.Key
		want     []Where
	}{
		{"pixel of the reference", "TRACE_CONFIG: tracing pixel (spixel=5, fpixel=6)\nTRACE_C: steps 1\n",
			schema.Steps, []Where{{5, 6, -1, -1, -1, -1, -1}}},
		{"pixel of a port", "# Tracing pixel (slow=5, fast=6)\nTRACE_PY: steps 1\n",
			schema.Steps, []Where{{5, 6, -1, -1, -1, -1, -1}}},
		{"pixel of a script", "=== TRACE: Pixel (5, 6) [slow, fast] ===\nTRACE_PY: steps 1\n",
			schema.Steps, []Where{{5, 6, -1, -1, -1, -1, -1}}},
		{"the other order", "Pixel (6, 5) [fast, slow]\nTRACE_PY: steps 1\n",
			schema.Steps, []Where{{5, 6, -1, -1, -1, -1, -1}}},
		{"pixel of unknown order", "=== PyTorch Trace for Pixel (5, 6) ===\nBrightest pixel: (1, 2) [fast, slow]\nTRACE_PY: steps 1\n",
			schema.Steps, []Where{{-1, -1, -1, -1, -1, -1, -1}}},
		{"source code", "print(f\"Tracing pixel (slow={s}, fast={f})\")\nTRACE_PY: steps 1\n",
			schema.Steps, []Where{{-1, -1, -1, -1, -1, -1, -1}}},
		{"two pixels", "TRACE_CONFIG: tracing pixel (spixel=5, fpixel=6)\nTRACE_C: fdet_vec 0 0 1\nTRACE_C: fdet_vec 0 0 1\n" +
			"TRACE_CONFIG: tracing pixel (spixel=7, fpixel=8)\nTRACE_C: fdet_vec 0 0 1\n",
			schema.FdetVec, []Where{{5, 6, -1, 0, 0, -1, -1}, {5, 6, -1, 1, 0, -1, -1}, {7, 8, -1, 0, 0, -1, -1}}},
		{"rows alone", "TRACE_C_PHI phi_tic=0 phi_deg=0\nTRACE_C_PHI phi_tic=1 phi_deg=1\nTRACE_C_PHI phi_tic=0 phi_deg=0\nTRACE_C_PHI phi_tic=2 phi_deg=0\n",
			schema.PhiDeg, []Where{{-1, -1, -1, 0, 0, 0, 0}, {-1, -1, -1, 0, 0, 0, 1}, {-1, -1, -1, 1, 0, 0, 0}, {-1, -1, -1, 1, 0, 0, 2}}},
		{"rows behind the block", "TRACE_PY: fdet_vec 0 0 1\nTRACE_PY: fdet_vec 0 0 1\nTRACE_PY: steps 1\nTRACE_PY_PHI phi_tic=0 phi_deg=0\n",
			schema.PhiDeg, []Where{{-1, -1, -1, 0, 0, 0, 0}}},
		{"step quantity", "TRACE_C: fdet_vec 0 0 1\nTRACE_C: F_cell 5\nTRACE_C: fdet_vec 0 0 1\nTRACE_C: F_cell 6\n",
			schema.FCell, []Where{{-1, -1, -1, 0, 0, 0, 0}, {-1, -1, -1, 1, 0, 0, 0}}},
		{"source within a sample", "TRACE_C: fdet_vec 0 0 1\nTRACE_C_SOURCE2: polar 1\n",
			schema.SourcePolar, []Where{{-1, -1, -1, 0, 2, -1, -1}}},
		{"source behind the block", "TRACE_C: fdet_vec 0 0 1\nTRACE_C: steps 2\nTRACE_PY_SOURCE 1: polar 1\n",
			schema.SourcePolar, []Where{{-1, -1, -1, -1, 1, -1, -1}}},
		{"setup has no place", "TRACE_CONFIG: tracing pixel (spixel=5, fpixel=6)\nTRACE_PY: ratio 1\n",
			schema.Ratio, []Where{Nowhere}},
		{"JSON says it", `{"stream":"pixel","key":"F_cell","pixel":[5,6],"layer":1,"sub":2,"source":3,"domain":4,"phi":5,"values":[1]}` + "\n",
			schema.FCell, []Where{{5, 6, 1, 2, 3, 4, 5}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := readString(t, c.in)
			if got := places(log, c.key); !equalWheres(got, c.want) || len(log.Problems) != 0 {
				t.Errorf("got  %v\nwant %v %v", got, c.want, log.Problems)
			}
		})
	}
}

// TestPixelTracedTwice: two runs in one file are the same pixel twice, not one
// pixel that overwrites itself.
func TestPixelTracedTwice(t *testing.T) {
	once := readFileString(t, "testdata/supervisor.log")
	log := readString(t, once+strings.ReplaceAll(once, "spixel=685", "spixel=1")+once)
	checkUnique(t, log)
	var occur []int
	for _, r := range log.Records {
		if r.Key == schema.IPixelFinal && r.At[schema.Slow] == 685 {
			occur = append(occur, r.Occur)
		}
	}
	if len(occur) != 2 || occur[0] != 0 || occur[1] != 1 {
		t.Errorf("I_pixel_final of the pixel occurs as %v, want [0 1]", occur)
	}
}

// TestManyPixelsTwice: records stay apart when a log comes back to more pixels
// than are remembered one by one; those that are remembered count exactly.
func TestManyPixelsTwice(t *testing.T) {
	var b strings.Builder
	const pixels = maxKept + 100
	for range 2 {
		for i := range pixels {
			fmt.Fprintf(&b, "TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=1)\nTRACE_C: steps 1\nTRACE_C: steps 1\n", i)
		}
	}
	log := readString(t, b.String())
	checkUnique(t, log)
	if len(log.Records) != 4*pixels {
		t.Fatalf("%d records", len(log.Records))
	}
	for i, r := range log.Records {
		if want := i/(2*pixels)*2 + i%2; r.Occur != want {
			t.Fatalf("%v: occurs as %d, want %d", r.Pos, r.Occur, want)
		}
	}
}
