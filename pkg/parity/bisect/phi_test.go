package bisect

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"simtrace/internal/doc"
	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// scan prints phi rows whose k_frac is off by d(step); sub is how many samples
// a pixel has.
func scan(steps, sub int, d func(sub, step int) float64) string {
	var b strings.Builder
	b.WriteString("TRACE_CONFIG: tracing pixel (spixel=3, fpixel=4)\n")
	for s := range sub {
		fmt.Fprintf(&b, "TRACE_C: R_distance_meters %.15g\n", 0.25+float64(s)/1024)
		for i := range steps {
			fmt.Fprintf(&b, "TRACE_C_PHI phi_tic=%d phi_deg=%.15g k_frac=%.15g\n", i, float64(i)/100, 2.5+float64(i)/8192+d(s, i))
		}
	}
	return b.String()
}

func none(int, int) float64 { return 0 }

func phiOf(t *testing.T, ref, got string) *PhiReport {
	t.Helper()
	rep, err := Phi(t.Context(), trace.Text(ref, "ref"), trace.Text(got, "got"), withRules())
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func kFrac(t *testing.T, r *PhiReport) Series {
	t.Helper()
	for _, s := range r.Series {
		if s.Name == "k_frac" {
			return s
		}
	}
	t.Fatal("no k_frac")
	return Series{}
}

// Planted differences along phi are found where they are, and called what they
// are.
func TestPatterns(t *testing.T) {
	from := func(a, b int, d float64) func(int, int) float64 {
		return func(_, i int) float64 {
			if i >= a && i < b {
				return d
			}
			return 0
		}
	}
	for _, c := range []struct {
		name              string
		d                 func(int, int) float64
		shape             Shape
		first, back, outs int
		outliers          []int
	}{
		{"none", none, Agrees, -1, -1, 0, nil},
		{"outlier", from(0, 1, 0.01), Single, 0, 1, 1, []int{0}},
		{"outlier in the middle", from(7, 8, -0.01), Single, 7, 8, 1, []int{7}},
		{"outlier at the end", from(19, 20, 0.01), Single, 19, -1, 1, []int{19}},
		{"plateau", from(0, 20, 1e-3), Plateau, 0, -1, 20, nil},
		{"from here on", from(6, 20, 1e-3), Plateau, 6, -1, 14, nil},
		{"comes back", from(2, 13, 1e-3), Plateau, 2, 13, 11, nil},
		{"ramp", func(_, i int) float64 { return float64(i) * 1e-3 }, Ramp, 1, -1, 19, nil},
		{"outlier on a plateau", func(_, i int) float64 { return 1e-4 + from(0, 1, 0.02)(0, i) }, Plateau, 0, -1, 20, []int{0}},
		{"gaps", func(_, i int) float64 { return float64(i%2) * 1e-3 }, Varies, 1, -1, 10, nil},
		{"a gap at the end", func(_, i int) float64 { return float64((i+1)%2) * 1e-3 }, Varies, 0, 19, 10, nil},
	} {
		rep := phiOf(t, scan(20, 1, none), scan(20, 1, c.d))
		s := kFrac(t, rep)
		if len(s.Axes) != 1 || s.Axes[0].Axis != PhiAxis {
			t.Fatalf("%s: axes %+v", c.name, s.Axes)
		}
		p := s.Axes[0].Pattern
		if p.Shape != c.shape || p.First != c.first || p.Back != c.back || p.Out != c.outs || !slices.Equal(p.Outliers, c.outliers) || p.Steps != 20 {
			t.Errorf("%s: %+v", c.name, p)
		}
		if (rep.First == nil) != (c.first < 0) || rep.First != nil && int(rep.First.At[schema.Phi]) != c.first {
			t.Errorf("%s: first %+v", c.name, rep.First)
		}
		if rep.Parts() != (c.first >= 0) || rep.Refused() {
			t.Errorf("%s: parts %v, refused %v", c.name, rep.Parts(), rep.Refused())
		}
	}
}

// A sample that differs is told by its subpixel, in the order of the loops.
func TestSubpixel(t *testing.T) {
	d := func(sub, i int) float64 {
		if sub == 2 && i >= 3 || sub == 3 && i == 0 {
			return 1e-3
		}
		return 0
	}
	rep := phiOf(t, scan(5, 4, none), scan(5, 4, d))
	if f := rep.First; f == nil || f.At[schema.Sub] != 2 || f.At[schema.Phi] != 3 {
		t.Errorf("first %+v", f)
	}
	s := kFrac(t, rep)
	for _, a := range s.Axes {
		if want := map[Axis]int{PhiAxis: 0, SubAxis: 2}[a.Axis]; a.First != want {
			t.Errorf("along %s first %d, want %d", a.Axis, a.First, want)
		}
	}
	if len(s.Axes) != 2 || s.Out != 3 {
		t.Errorf("%+v", s)
	}
}

// Order does not matter, nor does length: a log in another order gives the same
// as the comparison of the whole does.
func TestAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 4 {
		d := func(sub, i int) float64 { return 0 }
		bad := map[[2]int]bool{}
		for range 5 {
			bad[[2]int{r.IntN(2), r.IntN(6000)}] = true
		}
		d = func(sub, i int) float64 {
			if bad[[2]int{sub, i}] {
				return 1e-3
			}
			return 0
		}
		ref, got := scan(6000, 1, none), scan(6000, 1, func(_, i int) float64 { return d(0, i) })
		lines := strings.Split(strings.TrimSpace(got), "\n")
		// Rows on their own belong to a new sample where phi_tic falls, so the
		// rows stay in order and other lines move between them.
		lines = append(lines[2:], lines[1])
		lines = append([]string{"TRACE_CONFIG: tracing pixel (spixel=3, fpixel=4)"}, lines...)
		moved := strings.Join(lines, "\n") + "\n"
		a, b := phiOf(t, ref, got), phiOf(t, ref, moved)
		want, all := len(bad), 1+2*6000
		for at := range bad {
			if at[0] > 0 {
				want-- // of a sample that is not there
			}
		}
		if a.Diverged != want || b.Diverged != want || a.Compared != b.Compared || a.Compared != all {
			t.Fatalf("%d and %d diverged of %d and %d, want %d of %d", a.Diverged, b.Diverged, a.Compared, b.Compared, want, all)
		}
		if len(bad) == 0 {
			t.Fatal("nothing planted")
		}
	}
}

// What is lost is no agreement, and neither is what is left of a log that is
// cut off.
func TestLost(t *testing.T) {
	rep := phiOf(t, scan(20, 1, none), scan(19, 1, none))
	if rep.Lost != 2 || !rep.Parts() || !strings.Contains(rep.LostFirst, "phi step 19") {
		t.Errorf("lost %d: %s", rep.Lost, rep.LostFirst)
	}
	full := scan(20, 1, none)
	if rep = phiOf(t, full, full[:len(full)/2]); !rep.Parts() || !rep.Cut {
		t.Errorf("cut %v, lost %d", rep.Cut, rep.Lost)
	}
	if rep = phiOf(t, full, ""); !rep.Refused() {
		t.Error("an empty log is not refused")
	}
	if rep = phiOf(t, full, "TRACE_C: something 1\n"); !rep.Refused() {
		t.Error("a log with nothing in common is not refused")
	}
}

// The recorded pair of logs: phi step 0 stands out, the others are off by a
// plateau.
func TestRecordedPhi(t *testing.T) {
	open := func(name string) *trace.Source {
		return trace.Text(testkit.File(t, testkit.Shared(t, "logs", "per-phi", name)), name)
	}
	rep, err := Phi(t.Context(), open("c.log"), open("py.log"), withRules())
	if err != nil {
		t.Fatal(err)
	}
	p := kFrac(t, rep).Axes[0].Pattern
	if p.Shape != Plateau || !slices.Equal(p.Outliers, []int{0}) || p.Steps != 10 || p.Back != -1 {
		t.Errorf("%+v", p)
	}
	if !strings.Contains(p.Text, "a plateau of -6.78e-06") {
		t.Error(p.Text)
	}
	if rep.First.GotPos != (trace.Pos{File: "py.log", Line: 1}) {
		t.Errorf("first at %v", rep.First.GotPos)
	}
}

func FuzzPhi(f *testing.F) {
	f.Add(scan(3, 2, none), scan(3, 1, none))
	f.Add("TRACE_C: R_distance_meters 0.25\n", "TRACE_PY: R_distance_meters nan\n")
	f.Fuzz(func(t *testing.T, ref, got string) {
		rep, err := Phi(t.Context(), trace.Text(ref, "ref"), trace.Text(got, "got"), withRules())
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, s := range rep.Series {
			n += s.Compared
		}
		if n != rep.Compared || rep.Lost > rep.Alone || rep.Diverged > rep.Compared {
			t.Errorf("%d of %d compared in series, %d lost of %d alone", n, rep.Compared, rep.Lost, rep.Alone)
		}
		var out bytes.Buffer
		if doc.Markdown(&out, rep.Document(false)) != nil || rep.JSON(&out) != nil || doc.Terminal(&out, rep.Document(true), doc.Screen{Width: 80}) != nil {
			t.Error("the report cannot be written")
		}
	})
}

// However many steps there are, what is kept of them is bounded, and the counts,
// the first step and the way a difference goes stay right.
func TestManySteps(t *testing.T) {
	var s stepsAlong
	const n = 10*maxSteps + 7
	for i := range n {
		e := s.at(i)
		e.n++
		if i >= n/2 {
			e.out++
			e.rel, e.abs = 0.5, 0.25
		}
		if len(s.group) > maxSteps {
			t.Fatalf("%d groups at step %d", len(s.group), i)
		}
	}
	seen, out := 0, 0
	for _, g := range s.sorted() {
		seen, out = seen+g.n, out+g.out
	}
	if seen != n || out != n-n/2 || s.width != 16 {
		t.Errorf("%d of %d steps, %d of %d out, by %d", seen, n, out, n-n/2, s.width)
	}
	if p := patternOf(s.sorted()); p.Shape != Plateau || p.First != n/2/s.width*s.width || p.Outliers != nil {
		t.Errorf("%+v", p)
	}
}

// withRules are the default options with nanoBragg's causes.
func withRules() parity.Options {
	opt := parity.DefaultOptions()
	opt.Rules = causes.Rules()
	return opt
}
