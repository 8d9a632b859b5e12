//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A command that takes too long ends together with what it started.
func TestTimeoutEndsTheGroup(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"tracecmp", "--ref", "../../pkg/parity/testdata/carry.log",
		"--got-cmd", `sh -c 'sleep 300 & echo $! >` + pid + `; wait'`, "--timeout", "2s"}, nil, &out, &errs)
	if code != exitTrouble || !strings.Contains(errs.String(), "--timeout") {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	text, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	// The signal is sent; it takes the system a moment to clear away.
	for range 200 {
		if errors.Is(syscall.Kill(n, 0), syscall.ESRCH) || isDefunct(n) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	syscall.Kill(n, syscall.SIGKILL)
	t.Errorf("process %d outlives the command that started it", n)
}

// isDefunct tells a process that is over and that nobody waited for.
func isDefunct(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(rest, "Z")
}
