package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// lockedBuffer may be read while the program writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *lockedBuffer) await(t *testing.T, text string) {
	t.Helper()
	for range 1000 {
		if strings.Contains(l.String(), text) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%q does not come:\n%s", text, l.String())
}

// watching runs "tracecmp watch" until end, which returns its exit code.
func watching(t *testing.T, args ...string) (*lockedBuffer, func() int) {
	t.Helper()
	var out, errs lockedBuffer
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan int, 1)
	go func() {
		oneAtATime.Lock()
		defer oneAtATime.Unlock()
		done <- run(ctx, append([]string{"tracecmp", "watch"}, args...), strings.NewReader(""), &out, &errs)
	}()
	var once sync.Once
	var code int
	end := func() { once.Do(func() { cancel(); code = <-done }) }
	t.Cleanup(end)
	return &out, func() int {
		end()
		if errs.String() != "" && code != exitTrouble {
			t.Errorf("standard error: %s", errs.String())
		}
		return code
	}
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// The recorded pair: the carry-over is mended, and is in the log again.
func TestWatch(t *testing.T) {
	carry, err := os.ReadFile("../../pkg/parity/testdata/carry.log")
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := os.ReadFile("../../pkg/parity/testdata/fresh.log")
	if err != nil {
		t.Fatal(err)
	}
	got := filepath.Join(t.TempDir(), "got.log")
	writeText(t, got, string(fresh))
	page := filepath.Join(t.TempDir(), "page.html")
	out, end := watching(t, "../../pkg/parity/testdata/carry.log", got, "--html", page)
	out.await(t, "run 1\nDIVERGED")
	writeText(t, got, string(carry))
	out.await(t, "since run 1:\n  verdict: DIVERGED before, MATCH now\n  mended: 14 rows: ")
	out.await(t, "  newly broken: none\n")
	out.await(t, "  causes gone: phi-carryover\n")
	out.await(t, "MATCH: ")
	if html, err := os.ReadFile(page); err != nil || !bytes.Contains(html, []byte("MATCH")) {
		t.Errorf("--html was not written again: %v", err)
	}
	writeText(t, got, string(fresh))
	out.await(t, "since run 2:\n  verdict: MATCH before, DIVERGED now\n  mended: none\n  newly broken: 14 rows: ")
	out.await(t, "  causes come: phi-carryover\n")
	if code := end(); code != exitDiverged {
		t.Errorf("exit code %d, want that of the last comparison", code)
	}
}

// A command runs again when the script changes that it names, and its sources; a
// failing one is told, and compared with the last good run afterwards.
func TestWatchCommand(t *testing.T) {
	dir := t.TempDir()
	ref, script, source := filepath.Join(dir, "ref.log"), filepath.Join(dir, "port.sh"), filepath.Join(dir, "value.txt")
	writeText(t, ref, "step=1 x=1.5\nstep=2 x=2.5\n")
	writeText(t, source, "2.4")
	writeText(t, script, "echo step=1 x=1.5; echo step=2 x=`cat "+source+"`")
	out, end := watching(t, "--ref", ref, "--got-cmd", "sh "+script, "--source", filepath.Join(dir, "*.txt"))
	out.await(t, "run 1\nDIVERGED, first at x[step=2]")
	writeText(t, source, "2.5")
	out.await(t, "run 2: value.txt changed\nsince run 1:\n  verdict: DIVERGED before, MATCH now\n  mended: 1 row: x[step=2]\n")
	writeText(t, script, "exit 7")
	out.await(t, "run 3: port.sh changed\nthe run failed: --got-cmd: sh: exit status 7\n")
	writeText(t, script, "echo step=1 x=1; echo step=2 x=2.5")
	out.await(t, "run 4: port.sh changed\nsince run 2:\n  verdict: MATCH before, DIVERGED now\n  mended: none\n  newly broken: 1 row: x[step=1]\n")
	if code := end(); code != exitDiverged {
		t.Errorf("exit code %d", code)
	}
}

// Ctrl-C ends a command on its way.
func TestWatchInterrupted(t *testing.T) {
	dir := t.TempDir()
	ref, began := filepath.Join(dir, "ref.log"), filepath.Join(dir, "began")
	writeText(t, ref, "step=1 x=1.5\n")
	_, end := watching(t, "--ref", ref, "--got-cmd", "sh -c 'echo >"+began+"; exec sleep 60'")
	for range 1000 {
		if _, err := os.Stat(began); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if code := end(); code != exitTrouble {
		t.Errorf("exit code %d of an interrupted first run", code)
	}
}

func TestWatchRefuses(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "a.log")
	writeText(t, log, "x 1\n")
	for _, c := range [][]string{
		{log, "-"}, {log}, {log, log, "--csv", "-"}, {log, log, "--source", dir + "/no*"}, {log, log, "--tolerance", "2"}, {log, log, "--quiet"}, {log, log, "--html", log},
	} {
		var errs bytes.Buffer
		code := run(t.Context(), append([]string{"tracecmp", "watch"}, c...), strings.NewReader("x 1\n"), io.Discard, &errs)
		if code != exitTrouble || strings.Count(errs.String(), "\n") != 1 {
			t.Errorf("%v: exit code %d, %q", c, code, errs.String())
		}
	}
}
