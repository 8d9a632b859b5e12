package golden

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// folders are where recorded configurations lie: a few of them with the
// sources, the whole set beside a developer's checkout. Each has its name, to say that
// it is not here, even where nothing is.
var folders = []string{
	"testdata/cases",
	filepath.Join(testkit.SharedPath(), "golden", "cases"),
	filepath.Join(testkit.SharedPath(), "golden", "supervisor"),
}

// The bounds. Values and images come out of the same arithmetic; what is left
// is the last bit of sin, cos, exp and atan2, which grows where a factor is
// near zero.
const (
	maxValue    = 1e-9  // relative, vectors by norm
	linesEqual  = 0.995 // share of the trace lines
	pixelsEqual = 0.999 // share of the pixels
	maxULP      = 1     // of float32, of the other pixels
)

func TestParity(t *testing.T) {
	for _, dir := range folders {
		cases, err := Cases(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(cases) == 0 {
			t.Logf("SKIPPED: %s is not here", dir)
			continue
		}
		overall.begin(dir)
		var table strings.Builder
		fmt.Fprintf(&table, "\n%-20s %17s %14s %22s %10s\n", "case", "trace lines same", "worst value", "pixels same", "worst ulp")
		var lines Lines
		var pixels Pixels
		for _, c := range cases {
			t.Run(filepath.Base(dir)+"/"+c.Name, func(t *testing.T) {
				l, p := parity(t, c, &table)
				lines.add(l)
				pixels.add(p)
			})
		}
		fmt.Fprintf(&table, "%-20s %.4f %% of %d trace lines and %.4f %% of %d pixels are the same\n", "all",
			100*float64(lines.Same)/float64(max(lines.Total, 1)), lines.Total, 100*float64(pixels.Same)/float64(max(pixels.Total, 1)), pixels.Total)
		t.Log(table.String())
		overall.add(lines, pixels)
	}
	if lines := overall.lines; float64(lines.Same) < linesEqual*float64(lines.Total) {
		t.Errorf("%d of %d trace lines are the same, fewer than %g", lines.Same, lines.Total, linesEqual)
	}
	if pixels := overall.pixels; float64(pixels.Same) < pixelsEqual*float64(pixels.Total) {
		t.Errorf("%d of %d pixels are the same, fewer than %g", pixels.Same, pixels.Total, pixelsEqual)
	}
}

func parity(t *testing.T, c Case, table *strings.Builder) (Lines, Pixels) {
	e, err := c.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	lines, worst := tracesAgree(t, c, e)
	pixels := imageAgrees(t, c, e)
	image := "not recorded"
	if pixels.Total > 0 {
		image = fmt.Sprintf("%d of %d %10d", pixels.Same, pixels.Total, pixels.WorstULP)
	}
	fmt.Fprintf(table, "%-20s %9d of %4d %14.2g %33s\n", c.Name, lines.Same, lines.Total, worst, image)
	return lines, pixels
}

func tracesAgree(t *testing.T, c Case, e *sim.Experiment) (sum Lines, worst float64) {
	recorded, err := c.Traces()
	if err != nil {
		t.Fatal(err)
	}
	if len(recorded) == 0 {
		t.Fatal("no recorded trace")
	}
	for _, r := range recorded {
		want, err := os.ReadFile(r.Path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Trace(e, r.Pixel)
		if err != nil {
			t.Fatal(err)
		}
		l := CompareLines(string(want), got)
		sum.add(l)
		w, g := read(t, string(want), filepath.Join(c.Name, filepath.Base(r.Path))), read(t, got, "simtrace")
		d, where := WorstValue(w, g)
		if worst = max(worst, d); d > maxValue {
			t.Errorf("%s deviates by %g, at most %g is allowed", where, d, maxValue)
			continue
		}
		if l.Same < l.Total {
			unlikeLines(t, e, r.Pixel, w, g)
		}
	}
	return sum, worst
}

// unlikeLines demands an explanation of every line that differs.
func unlikeLines(t *testing.T, e *sim.Experiment, p sim.Pixel, want, got *trace.Log) {
	t.Helper()
	lines, trouble := explained(t, e, p, want, got)
	for _, line := range lines {
		t.Log(line)
	}
	for _, line := range trouble {
		t.Errorf("%s, unexplained", line)
	}
	if len(lines)+len(trouble) == 0 {
		t.Errorf("%s: lines differ and no number does", want.Records[0].File)
	}
	overall.unlike = append(overall.unlike, lines...)
}

func read(t *testing.T, text, name string) *trace.Log {
	l, err := trace.Read(strings.NewReader(text), name)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range l.Problems {
		t.Errorf("%s: %s", p.Pos, p.Why)
	}
	return l
}

func imageAgrees(t *testing.T, c Case, e *sim.Experiment) Pixels {
	want, err := c.Image()
	if err != nil {
		t.Fatal(err)
	}
	if want == nil {
		return Pixels{}
	}
	got, err := e.Render(context.Background(), sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("%d pixels, the reference has %d", len(got), len(want))
	}
	p := ComparePixels(want, got)
	if p.WorstULP > maxULP {
		t.Errorf("a pixel differs by %d ulp, at most %d are allowed", p.WorstULP, maxULP)
	}
	return p
}
