package explain

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// The reference's own traces follow from their own numbers, in every recorded
// case: a formula that fails on one of them is wrong.
func TestRecordedTracesFollowFromThemselves(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..", "shared", "golden")
	if _, err := os.Stat(root); err != nil {
		t.Skip("SKIPPED: ../shared/golden is not there; these figures are recorded outside of the repository")
	}
	held := map[schema.Key]int{}
	traces := 0
	for _, glob := range []string{"cases/*/trace_*.log", "supervisor/*/trace_*.log"} {
		paths, err := filepath.Glob(filepath.Join(root, glob))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			text, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			l, err := trace.Read(strings.NewReader(string(text)), p)
			if err != nil {
				t.Fatal(err)
			}
			var records []*trace.Record
			for i := range l.Records {
				records = append(records, &l.Records[i])
			}
			side := NewSide("the reference", records)
			traces++
			for _, f := range formulas() {
				o, ok := f.of(side)
				if !ok {
					continue
				}
				if f.key == schema.IBeforeScaling && strings.Contains(p, "water") {
					continue // the background is not printed
				}
				if held[f.key]++; o.rel > fingerprintTolerance {
					t.Errorf("%s: %s, off by %.2g", p, o.text(side), o.rel)
				}
			}
		}
	}
	t.Logf("%d traces: %v", traces, held)
	for _, k := range []schema.Key{schema.RDistance, schema.DiffractedVec, schema.ScatteringVec, schema.HKLFrac, schema.FLatt, schema.IBeforeScaling, schema.IPixelFinal} {
		if held[k] < 20 {
			t.Errorf("%s was recomputed in %d traces only", k, held[k])
		}
	}
}
