//go:build !linux

package hugepage

// Make is make([]T, n).
func Make[T any](n int) []T { return make([]T, n) }
