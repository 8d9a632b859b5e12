//go:build unix

package campaign

import (
	"errors"
	"syscall"
)

// processLives reports whether a process of this machine is there.
func processLives(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
