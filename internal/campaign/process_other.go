//go:build !unix

package campaign

// processLives reports whether a process of this machine is there; here nobody can tell.
func processLives(int) bool { return true }
