//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package bundle

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks a folder. The error is errLocked where somebody else has the lock;
// a folder that cannot be opened, or a file system without locks, is none.
func tryLock(dir string) (unlock func(), err error) {
	d, err := os.Open(dir)
	if err != nil {
		return func() {}, nil
	}
	for {
		err = syscall.Flock(int(d.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		_ = d.Close()
		return nil, errLocked
	}
	// Closing gives the lock back.
	return func() { _ = d.Close() }, nil
}
