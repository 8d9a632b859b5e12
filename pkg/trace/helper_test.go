package trace

import (
	"os"
	"path/filepath"
	"testing"
)

// sharedPath finds a file beside the repository; the recorded figures and real
// logs there are no part of it, so their tests are skipped elsewhere.
func sharedPath(t testing.TB, parts ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(append([]string{dir, "..", "shared"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED, NOT TESTED: %v", err)
	}
	return path
}

// sharedGlob returns the files that match a pattern below ../shared.
func sharedGlob(t testing.TB, parts ...string) []string {
	t.Helper()
	sharedPath(t, parts[0])
	files, err := filepath.Glob(sharedPath(t) + string(filepath.Separator) + filepath.Join(parts...))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files match %v: %v", parts, err)
	}
	return files
}

func mustRead(t testing.TB, path string) *Log {
	t.Helper()
	log, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// at returns the records of one line.
func at(log *Log, line int) []Record {
	var out []Record
	for _, r := range log.Records {
		if r.Pos.Line == line {
			out = append(out, r)
		}
	}
	return out
}
