package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
)

// TestCommittedExample: the report under reports/example is what the program
// makes of the recorded trace and the committed one. "make example" writes it
// anew.
func TestCommittedExample(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	dir := t.TempDir()
	var out, errs bytes.Buffer
	args := []string{"tracecmp", "--ref", "testdata/supervisor/trace_685_1039.log", "--got", "reports/example/got.log",
		"--names", "C,simtrace", "--config", "supervisor", "--out", filepath.Join(dir, "summary.md"), "--quiet"}
	if code := run(context.Background(), args, nil, &out, &errs); code != exitDiverged {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	for _, name := range []string{"summary.md", "summary.html", "metrics.json", "per_phi.svg"} {
		want, err := os.ReadFile(filepath.Join("reports", "example", name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("reports/example/%s is not what tracecmp writes now: run make example and look at the difference", name)
		}
	}
}
