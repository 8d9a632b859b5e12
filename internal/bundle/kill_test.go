//go:build unix

package bundle

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// childDir names the folder that the child process of TestKill writes.
const childDir = "BUNDLE_TEST_CHILD_DIR"

// generation is the content of the n-th bundle: five files that say the same.
func generation(env string, n int) map[string]string {
	text := strings.Repeat(fmt.Sprintln("generation", n), 1000)
	m := map[string]string{envName: env}
	for _, name := range []string{"a", "b", "c", "d", fmt.Sprint("only-", n%3)} {
		m[name] = text
	}
	return m
}

// TestKillChild is the process that TestKill kills: it replaces a bundle
// again and again.
func TestKillChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("runs within TestKill")
	}
	env := envText(t)
	for n := 0; ; n++ {
		b, err := Create(dir, true)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range generation(env, n) {
			if err := b.WriteFile(name, []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
	}
}

// A process that is killed at any moment leaves a folder in which every file
// is whole, and which the next run brings to the state of one bundle.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	parent := t.TempDir()
	dir := filepath.Join(parent, "r")
	for i := range 12 {
		killAfter(t, dir, time.Duration(1+7*i)*time.Millisecond)
		for name, text := range content(t, dir) {
			if strings.HasPrefix(name, hidden) || name == sumsName || name == envName {
				continue
			}
			if first, _, _ := strings.Cut(text, "\n"); text != strings.Repeat(first+"\n", 1000) {
				t.Errorf("%s is not whole: %d bytes", name, len(text))
			}
		}
		b, err := Create(dir, true)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Abort(); err != nil {
			t.Fatal(err)
		}
		oneGeneration(t, dir)
	}
}

// killAfter runs the child and kills it some time after its first bundle.
func killAfter(t *testing.T, dir string, d time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKillChild$")
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	old, _ := os.Stat(filepath.Join(dir, "a"))
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(time.Millisecond) {
		if a, err := os.Stat(filepath.Join(dir, "a")); err == nil && !os.SameFile(a, old) {
			break
		}
	}
	time.Sleep(d)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// It ends by our signal, and only so.
	if err := cmd.Wait(); cmd.ProcessState.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

// oneGeneration checks that the files, stages left by killed processes apart,
// are those of one bundle.
func oneGeneration(t *testing.T, dir string) {
	t.Helper()
	checkSums(t, dir)
	got := content(t, dir)
	count := 0
	for name, text := range got {
		if strings.HasPrefix(name, stagePrefix) || name == sumsName || name == envName {
			continue
		}
		count++
		if text != got["a"] {
			t.Errorf("%s and a are of two bundles", name)
		}
	}
	if count != 5 {
		t.Errorf("%d files, want 5", count)
	}
}
