//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package bundle

import (
	"errors"
	"os"
	"syscall"
)

// lockDir keeps other processes from changing the reports in the folder until
// the returned function is called. Where the file system has no locks, or the
// folder cannot be opened, it does nothing: files are still whole then, but
// two runs that force their way into one folder at the same time may mix.
func lockDir(dir string) (unlock func()) {
	d, err := os.Open(dir)
	if err != nil {
		return func() {}
	}
	for {
		err = syscall.Flock(int(d.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	// Closing gives the lock back.
	return func() { _ = d.Close() }
}
