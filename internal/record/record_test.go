package record

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

func traced(t *testing.T, args ...string) (*sim.Experiment, sim.Pixel, *sim.Tap) {
	t.Helper()
	b := nanobragg.NewBuilder(sim.ProfileSpec)
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
	p, tap := sim.Pixel{Slow: 685, Fast: 1039}, sim.NewTap(sim.Filter{})
	if _, err := e.Trace(context.Background(), p, tap); err != nil {
		t.Fatal(err)
	}
	return e, p, tap
}

func text(t *testing.T, rs []trace.Record) string {
	t.Helper()
	var out strings.Builder
	w := trace.NewPy(&out)
	for i := range rs {
		if err := w.Write(&rs[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// words are the first words of the lines: tag and key.
func words(log string) []string {
	var keys []string
	for _, line := range strings.Split(strings.TrimSpace(log), "\n") {
		f := strings.Fields(strings.SplitN(line, "=", 2)[0])
		if len(f) > 2 {
			f = f[:2]
		}
		if f[0] != "TRACE_CONFIG:" {
			keys = append(keys, strings.Join(f, " "))
		}
	}
	return keys
}

// TestPortsOrder: the py dialect has the port's keys in the port's order, the
// neighbourhood of an interpolation included. The port's own log tells it.
func TestPortsOrder(t *testing.T) {
	port := testkit.File(t, testkit.Shared(t, "logs", "seed-pair", "py.log"))
	_, p, tap := traced(t, "-interpolate", "-roi", "1039", "1039", "685", "685")
	rest, _ := Split(Pixel(Py, p, tap))
	got, want := words(text(t, rest)), words(port)
	// The port prints the coordinates as words of their own.
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] && !strings.Contains(want[i], "COORDS") {
			t.Fatalf("line %d: %q, the port has %q", i+1, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d lines, the port has %d", len(got), len(want))
	}
}

// TestRows: the JSON rows are the phi stream's.
func TestRows(t *testing.T) {
	e, p, tap := traced(t)
	records := Pixel(C, p, tap)
	rows := Rows(records)
	if len(rows) != e.Rotation.Steps {
		t.Fatalf("%d rows for %d phi steps", len(rows), e.Rotation.Steps)
	}
	_, phi := Split(records)
	if len(phi) != 4*len(rows) {
		t.Errorf("%d records in %d rows of 4 columns", len(phi), len(rows))
	}
	for i, r := range rows {
		want := Row{i, phi[4*i].Values[0].Num, phi[4*i+1].Values[0].Num, phi[4*i+2].Values[0].Num, phi[4*i+3].Values[0].Num}
		if diff := cmp.Diff(want, r); diff != "" || phi[4*i].At[schema.Phi] != int32(i) {
			t.Errorf("row %d (-stream +row):\n%s", i, diff)
		}
	}
}
