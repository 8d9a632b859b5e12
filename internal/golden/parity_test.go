package golden

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// folders are where recorded configurations lie: a few of them with the
// sources, the whole set beside a developer's checkout.
var folders = []string{"testdata/cases", "../../../shared/golden/cases", "../../../shared/golden/supervisor"}

// The bounds. Values and images come out of the same arithmetic; what is left
// is the last bit of sin, cos, exp and atan2, which grows where a factor is
// near zero.
const (
	maxValue    = 1e-9 // relative, vectors by norm
	maxOfPeak   = 1e-6 // of the image's maximum
	minWithin   = 0.99 // share of pixels within 2e-7 relative
	pixelsEqual = 2e-7
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
		var table strings.Builder
		fmt.Fprintf(&table, "\n%-20s %17s %14s %22s %10s\n", "case", "trace lines same", "worst value", "pixels same", "worst ulp")
		var lines Lines
		var pixels Pixels
		for _, c := range cases {
			t.Run(filepath.Base(dir)+"/"+c.Name, func(t *testing.T) {
				l, p := parity(t, c, &table)
				lines.Total, lines.Same = lines.Total+l.Total, lines.Same+l.Same
				pixels.Total, pixels.Same = pixels.Total+p.Total, pixels.Same+p.Same
			})
		}
		fmt.Fprintf(&table, "%-20s %.4f %% of %d trace lines and %.4f %% of %d pixels are the same\n", "all",
			100*float64(lines.Same)/float64(max(lines.Total, 1)), lines.Total, 100*float64(pixels.Same)/float64(max(pixels.Total, 1)), pixels.Total)
		t.Log(table.String())
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
		sum.Total, sum.Same = sum.Total+l.Total, sum.Same+l.Same
		if l.First != "" {
			t.Logf("%s: %s", filepath.Base(r.Path), l.First)
		}
		d, where := WorstValue(read(t, string(want), r.Path), read(t, got, "simtrace"))
		if worst = max(worst, d); d > maxValue {
			t.Errorf("%s deviates by %g, at most %g is allowed", where, d, maxValue)
		}
	}
	return sum, worst
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
	if p.WorstOfMax > maxOfPeak {
		t.Errorf("image differs by %g of its maximum, at most %g is allowed", p.WorstOfMax, maxOfPeak)
	}
	if share := float64(p.Within) / float64(p.Total); share < minWithin {
		t.Errorf("%.4f of the pixels agree within %g, at least %g is wanted", share, pixelsEqual, minWithin)
	}
	return p
}
