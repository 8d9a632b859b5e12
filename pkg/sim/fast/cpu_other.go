//go:build !amd64

package fast

// Slow reports whether a fused multiply-add takes a call of software here.
func Slow() bool { return false }

func assembled() []Kernels { return nil }
