package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"simtrace/internal/record"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// singleLog is the preset's pixel in single precision, as a log of the dialect.
func singleLog(t *testing.T, profile sim.Profile, d record.Dialect) string {
	t.Helper()
	b := nanobragg.NewBuilder(profile)
	b.Config.Dtype = sim.Float32
	args, err := b.Configure("supervisor")
	if err == nil {
		err = b.Apply(args)
	}
	if err != nil {
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
	var text strings.Builder
	w := trace.NewC(&text)
	if d == record.Py {
		w = trace.NewPy(&text)
	}
	records := append(record.Setup(e), record.Notes(e)...)
	if d == record.Py {
		records = nil // the port prints no setup
	}
	for _, r := range append(records, record.Pixel(d, p, tap)...) {
		if err := w.Write(&r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), string(d)+".log")
	if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSinglePrecisionIsNamed: of the reference's recorded trace and the same
// pixel in single precision, the cause is single precision and nothing else;
// where the rotation at phi = 0 differs as well, it is both.
func TestSinglePrecisionIsNamed(t *testing.T) {
	const recorded = "../../testdata/supervisor/trace_685_1039.log"
	cause := regexp.MustCompile(`(?m)^  ([a-z0-9-]+): .*\((?:one check|\d+ checks) passed`)
	for _, c := range []struct {
		profile sim.Profile
		dialect record.Dialect
		want    string
	}{
		{sim.ProfileNanoBragg, record.C, "float32"},
		{sim.ProfileSpec, record.Py, "phi-carryover float32"},
	} {
		code, out, errs := cmdline(t, recorded, singleLog(t, c.profile, c.dialect))
		if code != exitDiverged || errs != "" {
			t.Errorf("%s: exit code %d, %s", c.dialect, code, errs)
		}
		var named []string
		for _, m := range cause.FindAllStringSubmatch(out, -1) {
			named = append(named, m[1])
		}
		if got := strings.Join(named, " "); got != c.want {
			t.Errorf("%s: causes %q, want %q\n%s", c.dialect, got, c.want, out)
		}
		if !strings.Contains(out, "--dialect c --dtype float32\n") {
			t.Errorf("%s: the way to reproduce it is not in\n%s", c.dialect, out)
		}
	}
}
