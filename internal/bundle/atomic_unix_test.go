//go:build unix

package bundle

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What is no regular file is written to; renaming a file over /dev/null would
// break the machine. The test uses a pipe of its own: were the code wrong,
// trying it on a real device as root would do just that.
func TestAtomicPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	// Open for both, so that neither end waits for the other.
	r, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Skip("no reading end:", err)
	}
	defer r.Close()
	if err := WriteFileAtomic(path, []byte("through"), 0o666); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(path)
	if err != nil || info.Mode().Type() != fs.ModeNamedPipe {
		t.Fatalf("the pipe is %v now, %v", info.Mode(), err)
	}
	buf := make([]byte, 16)
	if n, err := r.Read(buf); err != nil || string(buf[:n]) != "through" {
		t.Errorf("read %q, %v", buf[:n], err)
	}
}

func TestIsStream(t *testing.T) {
	for path, want := range map[string]bool{
		"/dev/stdout": true, "/dev//stderr": true, "/dev/fd/3": true, "/proc/self/fd/1": true,
		"/dev/shm/x": false, "stdout": false, "/tmp/dev/stdout": false,
	} {
		if got := isStream(path); got != want {
			t.Errorf("isStream(%q) = %v", path, got)
		}
	}
}
