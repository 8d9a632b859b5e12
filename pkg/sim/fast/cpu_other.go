//go:build !amd64 || purego

package fast

func assembled() []Kernels { return nil }
