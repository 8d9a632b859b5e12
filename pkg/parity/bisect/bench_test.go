package bisect

import (
	"context"
	"testing"

	"simtrace/pkg/sim"
)

// BenchmarkProbe is one probe of a search over settings: trace one pixel and
// hold it against the log.
func BenchmarkProbe(b *testing.B) {
	ref := recorded(b, "golden", "supervisor", "full", "trace_685_1039.log")
	s := &settingsSearch{opt: SettingsOptions{Build: builder("supervisor"), Profile: sim.ProfileSpec, Tolerance: 1e-6}}
	hold(b, s, ref)
	if err := s.start(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.probe(context.Background(), "half-pixel=out"); err != nil {
			b.Fatal(err)
		}
	}
}
