//go:build unix

package interrupt

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"simtrace/internal/bundle"
)

// childDir names the folder in which the child process of the tests works.
const childDir = "INTERRUPT_TEST_CHILD_DIR"

// stuck is a program that does not look at its context, with every kind of
// temporary file begun.
func stuck(context.Context) int {
	dir := os.Getenv(childDir)
	fail := func(err error) {
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	f, err := bundle.CreateAtomic(filepath.Join(dir, "file"))
	fail(err)
	_, err = f.Write(make([]byte, 1<<17))
	fail(err)
	_, _, err = bundle.TempDir("interrupt-test-")
	fail(err)
	b, err := bundle.Create(filepath.Join(dir, "made", "too", "report"), false)
	fail(err)
	fail(b.WriteFile("a", []byte("text")))
	_, err = bundle.MakeFolder(filepath.Join(dir, "empty", "folder"))
	fail(err)
	fmt.Println("ready")
	select {}
}

// TestStuckChild is the process that the other tests send signals to.
func TestStuckChild(t *testing.T) {
	if os.Getenv(childDir) == "" {
		t.Skip("runs within the other tests")
	}
	os.Exit(Run(stuck, func() int { return 42 }))
}

// start starts the child, through a shell that runs first, and waits until it is stuck.
func start(t *testing.T, first string) (cmd *exec.Cmd, dir, temp string) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts processes")
	}
	dir, temp = t.TempDir(), t.TempDir()
	cmd = exec.Command("/bin/sh", "-c", first+` exec "$0" -test.run '^TestStuckChild$'`, os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, "TMPDIR="+temp)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the child says %q", line)
	}
	return cmd, dir, temp
}

// A program that is stuck ends after a signal, however many more come, and leaves
// none of the files that it had begun.
func TestStuckProgramEnds(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if signal.Ignored(s) { // as SIGHUP under nohup: a child would wait for ever
			t.Logf("%v is ignored here, and not tried", s)
			continue
		}
		cmd, dir, temp := start(t, "")
		for range 3 {
			if err := cmd.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
			time.Sleep(20 * time.Millisecond)
		}
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != 42 {
			t.Errorf("%v: exit code %d, want 42", s, code)
		}
		for _, d := range []string{dir, temp} {
			if left, _ := os.ReadDir(d); len(left) > 0 {
				t.Errorf("%v leaves %v in %s", s, left, d)
			}
		}
	}
}

// What the program was started to ignore, it ignores.
func TestIgnoredSignals(t *testing.T) {
	cmd, _, _ := start(t, `trap "" HUP INT;`)
	for _, s := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT} {
		if err := cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	select {
	case <-ended:
		t.Fatal("an ignored signal ended the program")
	case <-time.After(2 * Grace):
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ended
}

// A program that returns by itself has its own exit code.
func TestReturns(t *testing.T) {
	if code := Run(func(context.Context) int { return 7 }, nil); code != 7 {
		t.Errorf("code %d, want 7", code)
	}
}
