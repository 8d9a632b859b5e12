package bundle

import "path/filepath"

// Identity is a path by which two names of one file are known to be the same, be
// the file there already or not: absolute, with links resolved as far as they lead
// somewhere.
func Identity(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	// What is missing comes back behind what is there.
	dir, name := filepath.Split(abs)
	if dir = filepath.Clean(dir); dir == abs {
		return abs
	}
	return filepath.Join(Identity(dir), name)
}
