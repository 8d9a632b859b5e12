package fast

import "golang.org/x/sys/cpu"

// Slow reports whether a fused multiply-add takes a call of software here.
func Slow() bool { return !cpu.X86.HasFMA }

func assembled() []Kernels { return nil }
