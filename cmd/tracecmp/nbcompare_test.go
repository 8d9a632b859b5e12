package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/campaign"
	"simtrace/pkg/sim"
)

// TestNBCompareSays: which program ran and why; and that what passes is not identical.
func TestNBCompareSays(t *testing.T) {
	dir := t.TempDir()
	image, near := filepath.Join(dir, "i.bin"), filepath.Join(dir, "near.bin")
	rendered(t, image, sim.ProfileSpec, smallCase)
	rendered(t, near, sim.ProfileSpec, smallCase+" -fluence 1.0001e29")
	good, other := stub(t, dir, "good", "cp "+image+" \"$last\""), stub(t, dir, "near", "cp "+near+" \"$last\"")
	t.Setenv("NB_C_BIN", good)
	t.Setenv("NB_PY_BIN", other)
	says := func(args []string, words ...string) {
		t.Helper()
		out := filepath.Join(t.TempDir(), "out")
		all := append(append([]string{"nb-compare", "--outdir", out}, args...), "--")
		code, text, errs := cmdline(t, append(all, strings.Fields(smallCase)...)...)
		if code != campaign.NBOK {
			t.Fatalf("%v: exit code %d: %s%s", args, code, text, errs)
		}
		summary, err := os.ReadFile(filepath.Join(out, "summary.md"))
		if err != nil {
			t.Fatal(err)
		}
		held(t, "nb-compare", filepath.Join(out, "summary.json"))
		for _, w := range words {
			if !strings.Contains(text, w) || !strings.Contains(string(summary), w) {
				t.Errorf("%v: no %q in\n%s\nor in\n%s", args, w, text, summary)
			}
		}
		if strings.Contains(text, "MATCH\n") && strings.Contains(text, "1024 of 1024 pixels differ") {
			t.Errorf("%v: a match that is none:\n%s", args, text)
		}
	}
	says(nil, "PASSES, NOT IDENTICAL", "Passes: correlation ", "0.99999", "≥ 0.95", "Not identical: ", other, "NB_PY_BIN", good, "NB_C_BIN")
	says([]string{"--got-bin", good, "--c-bin", good}, "MATCH", good, "--got-bin", "--c-bin")
	says([]string{"--profile", "spec"}, "MATCH", "simtrace, profile spec", "--profile")
}
