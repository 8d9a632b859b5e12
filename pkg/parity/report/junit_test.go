package report

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"simtrace/pkg/parity"
)

func TestJUnitCounts(t *testing.T) {
	for name, r := range reports(t) {
		var b bytes.Buffer
		if err := JUnit(&b, r, [2]string{}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String()[:120], JUnitMarker) {
			t.Errorf("%s: no marker", name)
		}
		var s junitSuite
		if err := xml.Unmarshal(b.Bytes(), &s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		failed, errs, placed := 0, 0, 0
		seen := map[string]bool{}
		for _, c := range s.Cases {
			if seen[c.Class+" "+c.Name] {
				t.Errorf("%s: %s %s stands twice", name, c.Class, c.Name)
			}
			seen[c.Class+" "+c.Name] = true
			if c.Failure != nil {
				failed++
				if c.Line > 0 && c.File != "" {
					placed++
				}
			}
			if c.Error != nil {
				errs++
			}
		}
		if s.Tests != len(s.Cases) || s.Failures != failed || s.Errors != errs {
			t.Errorf("%s: %d tests, %d failures, %d errors; %d, %d, %d stand there", name, s.Tests, s.Failures, s.Errors, len(s.Cases), failed, errs)
		}
		// A file in which all passed must mean a match, and the other way round.
		if (failed+errs == 0) != (r.Verdict == parity.Match) {
			t.Errorf("%s: %s with %d failures and %d errors", name, r.Verdict, failed, errs)
		}
		if r.Verdict == parity.Diverged && placed != failed-1 {
			t.Errorf("%s: %d of %d failures besides the verdict have file and line", name, placed, failed-1)
		}
	}
}
