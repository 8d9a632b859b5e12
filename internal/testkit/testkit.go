// Package testkit is what the tests of several packages need: files beside the
// repository, files as text, a full disk. Only tests import it, and it imports
// nothing of this module, so that the tests inside of any package can.
package testkit

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// root is the folder of go.mod, at or above the one that the test runs in; ""
// where there is none.
func root() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// SharedPath is the path of a file or folder below ../shared, beside the
// repository: recorded figures and real logs, which are no part of it. It is ""
// where there is none.
func SharedPath(parts ...string) string {
	dir := root()
	if dir == "" {
		return ""
	}
	path := filepath.Join(append([]string{dir, "..", "shared"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// Shared is SharedPath for a test that cannot do without: it is skipped where
// the file is not there.
func Shared(t testing.TB, parts ...string) string {
	t.Helper()
	path := SharedPath(parts...)
	if path == "" {
		if root() == "" {
			t.Fatal("no go.mod above the test")
		}
		t.Skipf("SKIPPED, NOT TESTED: %s is not there; it is no part of the repository", filepath.Join(append([]string{"..", "shared"}, parts...)...))
	}
	return path
}

// SharedGlob returns the files that match a pattern below ../shared, whose first
// part is a name. The test is skipped where that is not there, and fails where it
// is there and nothing in it matches.
func SharedGlob(t testing.TB, parts ...string) []string {
	t.Helper()
	Shared(t, parts[0])
	files, err := filepath.Glob(filepath.Join(append([]string{Shared(t)}, parts...)...))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files match %v: %v", parts, err)
	}
	return files
}

// File returns the text of a file.
func File(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Long: SIMTRACE_LONG in the environment asks the tests on random input to take
// much more of it, for minutes.
func Long() bool { return os.Getenv("SIMTRACE_LONG") != "" }

// UnderRace tells whether the race detector watches, which takes ten times as long.
func UnderRace() bool { return race }

// NotUnderRace skips a test that has one thread and much work, or that of other
// programs, where the race detector has nothing to find and takes ten times as long.
func NotUnderRace(t testing.TB) {
	t.Helper()
	if race {
		t.Skip("SKIPPED under the race detector: one thread, much work")
	}
}

// FullDisk takes Left bytes. The first write that does not fit fails, and so does
// whatever comes after it.
type FullDisk struct{ Left int }

func (f *FullDisk) Write(p []byte) (int, error) {
	if f.Left -= len(p); f.Left < 0 {
		return 0, syscall.ENOSPC
	}
	return len(p), nil
}
