package bundle

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestBlock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	b := begin(t, dir, false, map[string]string{"trace.log": "first\nsec"})
	if err := b.Block(errors.New("first line\nsecond line"), "while tracing pixel (685, 1039)"); err != nil {
		t.Fatal(err)
	}
	const want = `# Blocked

This run ended before it was complete.

## Error

    first line
    second line

while tracing pixel (685, 1039)

## Captured before the error

- ` + "`trace.log`" + `, 9 bytes

The files end where the run ended; their last lines may be incomplete.
`
	wantFiles(t, dir, map[string]string{"trace.log": "first\nsec", blockedName: want})
}

func TestBlockWithNothingCaptured(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	if err := begin(t, dir, false, nil).Block(nil, ""); err != nil {
		t.Fatal(err)
	}
	text := content(t, dir)[blockedName]
	if !strings.Contains(text, "Nothing.") || !strings.Contains(text, "no error was given") {
		t.Errorf("blocked.md:\n%s", text)
	}
}

// A run that fails replaces the report before it, so that nobody takes the
// old results for those of this run; a run that succeeds takes blocked.md
// away, even one that the user wrote into.
func TestBlockedAndComplete(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	env := envText(t)
	commit(t, dir, false, map[string]string{envName: env, "x": "good", "y": "good"})
	b := begin(t, dir, true, map[string]string{envName: env, "x": "half"})
	if err := b.Block(errors.New("e"), ""); err != nil {
		t.Fatal(err)
	}
	text := content(t, dir)[blockedName]
	wantFiles(t, dir, map[string]string{envName: env, "x": "half", blockedName: text})

	write(t, filepath.Join(dir, blockedName), text+"\nmy note\n")
	commit(t, dir, true, map[string]string{envName: env, "x": "good"})
	wantFiles(t, dir, map[string]string{envName: env, "x": "good"})

	// One that is not ours stays.
	write(t, filepath.Join(dir, blockedName), "# Blocked roads\n")
	commit(t, dir, true, map[string]string{envName: env, "x": "good"})
	if got := content(t, dir)[blockedName]; got != "# Blocked roads\n" {
		t.Errorf("a foreign blocked.md: %q", got)
	}
}

// fullDisk makes the next bytes of a staged file go to a device that is
// always full.
func fullDisk(t *testing.T, b *Bundle, name string) {
	t.Helper()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here:", err)
	}
	f := b.files[name]
	if err := f.buf.Flush(); err != nil {
		t.Fatal(err)
	}
	old := f.file
	t.Cleanup(func() { old.Close() })
	f.file = full
}

func TestFullDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	b := begin(t, dir, false, map[string]string{"whole": "whole"})
	w, err := b.Writer("cut")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("came through")); err != nil {
		t.Fatal(err)
	}
	fullDisk(t, b, "cut")
	// The error comes late, from the buffer, and must not get lost.
	if _, err := w.Write([]byte(", did not")); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "cut") {
		t.Fatalf("Commit on a full disk: %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Fatal("the folder has appeared")
	}
	// Commit again is no way around it.
	if err := b.Commit(); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("a second Commit: %v", err)
	}
	if err := b.Block(syscall.ENOSPC, ""); err != nil {
		t.Fatal(err)
	}
	got := content(t, dir)
	if got["whole"] != "whole" || got["cut"] != "came through" {
		t.Errorf("captured: %v", got)
	}
	if !strings.Contains(got[blockedName], "- `cut`, 12 bytes, cut: ") {
		t.Errorf("blocked.md does not say which file is cut:\n%s", got[blockedName])
	}
	checkSums(t, dir)
}
