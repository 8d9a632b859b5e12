package trace

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

// The counts were taken from the files with grep and wc, not from the reader.
var realLogs = []struct {
	file                        string
	records, lines, traces      int
	unparsed, cut, crashes      int
	slow, fast                  int32 // of the pixel records
	setup, pixel, phi, src, tri int
}{
	{"seed-pair/c.log", 160, 342, 131, 0, 0, 0, 685, 1039, 24, 40, 40, 0, 0},
	{"seed-pair/py.log", 112, 114, 114, 0, 0, 0, -1, -1, 0, 45, 0, 0, 67},
	{"per-phi/c.log", 160, 342, 131, 0, 0, 0, 685, 1039, 24, 40, 40, 0, 0},
	{"per-phi/py.log", 110, 10, 10, 0, 0, 0, -1, -1, 0, 0, 110, 0, 0},
	{"phi-rows-only/c.log", 40, 10, 10, 0, 0, 0, -1, -1, 0, 0, 40, 0, 0},
	{"phi-rows-only/py.log", 40, 10, 10, 0, 0, 0, -1, -1, 0, 0, 40, 0, 0},
	{"close-distance/c.log", 160, 342, 131, 0, 0, 0, 685, 1039, 24, 40, 40, 0, 0},
	{"close-distance/py.log", 43, 43, 43, 0, 0, 0, -1, -1, 0, 43, 0, 0, 0},
	{"transpose/c.log", 40, 40, 40, 0, 0, 0, -1, -1, 0, 40, 0, 0, 0},
	{"transpose/py.log", 45, 49, 45, 0, 0, 0, -1, -1, 0, 40, 0, 0, 0},
	{"nothing-in-common/c.log", 25, 25, 25, 0, 0, 0, -1, -1, 25, 0, 0, 0, 0},
	{"nothing-in-common/py.log", 45, 49, 45, 0, 0, 0, -1, -1, 0, 40, 0, 0, 0},
	{"not-extracted/c.log", 160, 342, 131, 0, 0, 0, 685, 1039, 24, 40, 40, 0, 0},
	{"not-extracted/py.log", 11, 11, 11, 0, 0, 0, -1, -1, 0, 11, 0, 0, 0},
	{"swapped-pixel/c.log", 55, 55, 55, 0, 0, 0, -1, -1, 25, 30, 0, 0, 0},
	{"swapped-pixel/py.log", 23, 41, 23, 0, 0, 1, 64, 128, 0, 10, 0, 0, 0},
	{"control/c.log", 71, 271, 71, 0, 0, 0, -1, -1, 25, 0, 0, 0, 0},
	{"control/py.log", 25, 25, 25, 0, 0, 0, -1, -1, 25, 0, 0, 0, 0},
	{"sources/c.log", 141, 335, 139, 0, 0, 0, 158, 147, 32, 40, 4, 9, 0},
	{"sources/py.log", 130, 163, 132, 0, 0, 0, 158, 147, 0, 45, 0, 14, 67},
	{"truncated.log", 67, 91, 68, 0, 1, 0, -1, -1, 32, 0, 0, 0, 0},
}

func TestRealLogs(t *testing.T) {
	for _, want := range realLogs {
		t.Run(want.file, func(t *testing.T) {
			path := testkit.Shared(t, "logs", filepath.FromSlash(want.file))
			log := mustRead(t, path)
			if len(log.Records) != want.records || log.Lines != want.lines || log.TraceLines != want.traces {
				t.Errorf("records, lines, trace lines = %d, %d, %d; want %d, %d, %d",
					len(log.Records), log.Lines, log.TraceLines, want.records, want.lines, want.traces)
			}
			if info, err := os.Stat(path); err != nil || log.Bytes != info.Size() {
				t.Errorf("Bytes = %d, file %v %v", log.Bytes, info, err)
			}
			var kinds [3]int
			for _, p := range log.Problems {
				kinds[p.Kind]++
			}
			if kinds != [3]int{want.unparsed, want.cut, want.crashes} {
				t.Errorf("problems = %v: %v", kinds, log.Problems)
			}
			var streams [len(streamNames)]int
			for _, r := range log.Records {
				streams[r.Stream]++
				nowhere := r.At[schema.Slow] == -1 && r.At[schema.Fast] == -1
				there := r.At[schema.Slow] == want.slow && r.At[schema.Fast] == want.fast
				if r.At[schema.Run] != 0 || r.Stream == SetupStream && !nowhere || r.Stream != SetupStream && !there && !(r.Stream == NoteStream && nowhere) {
					t.Errorf("%v %s: at %+v", r.Pos(), r.Name, r.At)
				}
			}
			got := [...]int{streams[SetupStream], streams[PixelStream], streams[PhiStream], streams[SourceStream], streams[TricubicStream]}
			if got != [...]int{want.setup, want.pixel, want.phi, want.src, want.tri} {
				t.Errorf("streams = %v", got)
			}
		})
	}
}

// single returns the one record of a line that has the name.
func single(t *testing.T, log *Log, line int, name string) Record {
	t.Helper()
	for _, r := range at(log, line) {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("%s:%d: no %s", log.Name, line, name)
	return Record{}
}

func TestSeedPair(t *testing.T) {
	c := mustRead(t, testkit.Shared(t, "logs", "seed-pair", "c.log"))
	py := mustRead(t, testkit.Shared(t, "logs", "seed-pair", "py.log"))
	for _, want := range []struct {
		log   *Log
		line  int
		name  string
		key   schema.Key
		index int
		num   float64
		text  string
		phi   int32
	}{
		{c, 271, "hkl_frac", schema.HKLFrac, 1, -0.607255839576692, "-0.607255839576692", 0},
		{py, 23, "hkl_frac", schema.HKLFrac, 1, -0.589174403552437, "-0.589174403552437", 0},
		{py, 15, "rot_b_angstroms", schema.RotB, 1, 0.717320030990266, "0.717320030990266", 0},
		{c, 266, "rot_b_angstroms", schema.RotB, 1, 0.671588233999813, "0.671588233999813", 0},
		{py, 29, "F_cell_interpolated", schema.FCellInterpolated, 0, 155.169701219281, "155.169701219281", 0},
		{py, 30, "F_cell_nearest", schema.FCellNearest, 0, 190.27, "190.27", 0},
		{c, 277, "k_frac", schema.PhiKFrac, 0, -0.607255839576692, "-0.607255839576692", 0},
		{c, 279, "k_frac", schema.PhiKFrac, 0, -0.591177727127411, "-0.591177727127411", 1},
		{c, 287, "F_latt", schema.PhiFLatt, 0, -2.38319665299058, "-2.38319665299058", 9},
		{c, 278, "F_cell", schema.FCell, 0, 190.27, "190.27", 0},
		{c, 288, "I_before_scaling", schema.IBeforeScaling, 0, 943654.80923755, "943654.80923755", -1},
		{py, 53, "tricubic_F[1,1,1]", schema.TricubicF, 0, 190.27, "190.27", 0},
		{py, 95, "tricubic_F[3,3,3]", schema.TricubicF, 0, 219.5, "219.5", 0},
		{py, 97, "tricubic_h", schema.TricubicH, 3, -5, "-5.0", 0},
	} {
		r := single(t, want.log, want.line, want.name)
		v := r.Values[want.index]
		if r.Key != want.key || v.Num != want.num || v.Text != want.text || r.At[schema.Phi] != want.phi {
			t.Errorf("%v: %v %+v at %+v; want %+v", r.Pos(), r.Key, v, r.At, want)
		}
	}
	cells := 0
	for _, r := range py.Records {
		if r.Key == schema.TricubicF {
			cells++
		}
	}
	if cells != 64 {
		t.Errorf("%d tricubic values, want 64", cells)
	}
}

func TestNotExtracted(t *testing.T) {
	log := mustRead(t, testkit.Shared(t, "logs", "not-extracted", "py.log"))
	r := single(t, log, 1, "I_before_scaling")
	if r.Text != "NOT_EXTRACTED" || len(r.Values) != 0 || r.Key != schema.IBeforeScaling {
		t.Errorf("%+v", r)
	}
}

func TestInfinitiesAndNaN(t *testing.T) {
	log := mustRead(t, testkit.Shared(t, "logs", "sources", "c.log"))
	s := single(t, log, 279, "scattering_vec_A_inv").Values
	if !math.IsInf(s[0].Num, 1) || !math.IsInf(s[1].Num, -1) || !math.IsInf(s[2].Num, 1) {
		t.Errorf("inf -inf inf read as %v", s)
	}
	h := single(t, log, 286, "hkl_frac").Values
	if !math.IsNaN(h[0].Num) || !math.Signbit(h[0].Num) || h[0].Text != "-nan" || !math.IsInf(h[1].Num, -1) {
		t.Errorf("-nan -inf -nan read as %v", h)
	}
	if zero := single(t, log, 276, "incident_vec").Values[0].Num; !math.Signbit(zero) {
		t.Error("the sign of -0 is lost")
	}
}

func TestTruncatedLog(t *testing.T) {
	log := mustRead(t, testkit.Shared(t, "logs", "truncated.log"))
	if len(log.Problems) != 1 {
		t.Fatalf("problems: %v", log.Problems)
	}
	p := log.Problems[0]
	if p.Kind != Truncated || p.Pos.Line != 91 || !strings.HasSuffix(p.Text, "6.12323") {
		t.Errorf("%+v", p)
	}
	if r := at(log, 91); len(r) != 0 {
		t.Errorf("the cut vector was taken for whole: %+v", r)
	}
}

func TestTracebackNamesTheException(t *testing.T) {
	log := mustRead(t, testkit.Shared(t, "logs", "swapped-pixel", "py.log"))
	p := log.Problems[0]
	if p.Kind != Traceback || p.Pos.Line != 32 || p.Why != "IndexError: too many indices for tensor of dimension 0" {
		t.Errorf("%+v", p)
	}
}

// TestNaiveCount holds the reader against another way of counting: a regular
// expression for each grammar.
func TestNaiveCount(t *testing.T) {
	line := regexp.MustCompile(`(?m)^TRACE(_C(_SOURCE\d+)?)?:.*$`)
	column := regexp.MustCompile(`(?m)^TRACE_C_PHI phi_tic=.*$`)
	for _, file := range testkit.SharedGlob(t, "golden", "*", "*", "trace_*.log") {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := len(line.FindAll(raw, -1))
		for _, row := range column.FindAll(raw, -1) {
			want += strings.Count(string(row), "=") - 1
		}
		log := mustRead(t, file)
		if len(log.Records) != want || len(log.Problems) != 0 {
			t.Errorf("%s: %d records, want %d; problems %v", file, len(log.Records), want, log.Problems)
		}
		for _, r := range log.Records {
			known := r.Stream == SetupStream || r.Stream == PixelStream || r.Stream == PhiStream
			if known && r.Key == schema.None {
				t.Errorf("%v: the schema does not know %s", r.Pos(), r.Name)
			}
		}
	}
}

func TestTwoThreads(t *testing.T) {
	log := mustRead(t, testkit.Shared(t, "golden", "supervisor", "stdout_2threads.log"))
	whole := mustRead(t, testkit.Shared(t, "golden", "supervisor", "full", "trace_685_1039.log"))
	if len(log.Records) != len(whole.Records) || len(log.Problems) != 0 {
		t.Errorf("%d records, want %d; problems %v", len(log.Records), len(whole.Records), log.Problems)
	}
}
