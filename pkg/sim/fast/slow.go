package fast

import (
	"runtime"

	"golang.org/x/sys/cpu"
)

// Slow reports whether a fused multiply-add takes a call of software here: the
// kernels in plain Go then are slower than the exact engine.
func Slow() bool {
	switch runtime.GOARCH {
	case "amd64":
		return !cpu.X86.HasFMA
	case "arm64", "loong64", "ppc64", "ppc64le", "riscv64", "s390x":
		return false
	}
	return true
}
