package testkit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// ended is a test that keeps how it ended.
type ended struct {
	testing.TB
	how string
}

func (e *ended) Skipf(format string, args ...any) { e.end(fmt.Sprintf(format, args...)) }
func (e *ended) Fatalf(string, ...any)            { e.end("failed") }
func (e *ended) Fatal(...any)                     { e.end("failed") }

func (e *ended) end(how string) {
	e.how = how
	runtime.Goexit()
}

// howEnds runs f as a test and says how it ended; "" where it came to its end.
func howEnds(t *testing.T, f func(testing.TB)) string {
	e, done := &ended{TB: t}, make(chan bool)
	go func() {
		defer close(done)
		f(e)
	}()
	<-done
	return e.how
}

// beside makes a repository with a folder shared beside it and goes into a folder
// of the repository; it returns shared's path.
func beside(t *testing.T) string {
	t.Helper()
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	shared, in := filepath.Join(top, "shared"), filepath.Join(top, "repository", "pkg", "deep")
	err = errors.Join(os.MkdirAll(filepath.Join(shared, "logs"), 0o777), os.MkdirAll(in, 0o777),
		os.WriteFile(filepath.Join(top, "repository", "go.mod"), nil, 0o666),
		os.WriteFile(filepath.Join(shared, "logs", "a.log"), []byte("a\n"), 0o666),
		os.WriteFile(filepath.Join(shared, "logs", "b.log"), nil, 0o666))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(in)
	return shared
}

func TestShared(t *testing.T) {
	shared := beside(t)
	a, b := filepath.Join(shared, "logs", "a.log"), filepath.Join(shared, "logs", "b.log")
	if SharedPath() != shared || SharedPath("logs", "a.log") != a || SharedPath("logs", "c.log") != "" {
		t.Errorf("%q, %q, %q", SharedPath(), SharedPath("logs", "a.log"), SharedPath("logs", "c.log"))
	}
	if got := SharedGlob(t, "logs", "*.log"); !slices.Equal(got, []string{a, b}) {
		t.Errorf("found %q", got)
	}
	if got := File(t, Shared(t, "logs", "a.log")); got != "a\n" {
		t.Errorf("read %q", got)
	}
	for name, c := range map[string]struct {
		f    func(testing.TB)
		want string
	}{
		"a file that is not there":       {func(t testing.TB) { Shared(t, "logs", "c.log") }, "SKIPPED, NOT TESTED: "},
		"a pattern in no folder":         {func(t testing.TB) { SharedGlob(t, "golden", "*.log") }, "SKIPPED, NOT TESTED: "},
		"a pattern that matches nothing": {func(t testing.TB) { SharedGlob(t, "logs", "*.yaml") }, "failed"},
		"a file to be read":              {func(t testing.TB) { File(t, filepath.Join(shared, "c.log")) }, "failed"},
	} {
		if how := howEnds(t, c.f); how == "" || !strings.HasPrefix(how, c.want) {
			t.Errorf("%s: %q, want %q", name, how, c.want)
		}
	}
}

func TestLong(t *testing.T) {
	for value, want := range map[string]bool{"": false, "1": true} {
		t.Setenv("SIMTRACE_LONG", value)
		if Long() != want {
			t.Errorf("%q: %v", value, Long())
		}
	}
}

func TestFullDisk(t *testing.T) {
	d := &FullDisk{Left: 3}
	for i, want := range []error{nil, syscall.ENOSPC, syscall.ENOSPC} {
		n, err := d.Write([]byte("ab"))
		if !errors.Is(err, want) || (n == 2) != (want == nil) {
			t.Errorf("write %d: %d, %v, want %v", i, n, err, want)
		}
	}
}
