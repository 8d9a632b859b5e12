package input

import "path/filepath"

// ShortNames names the logs in positions: by their last path element, with as
// many folders before it as it takes to tell them apart.
func ShortNames(a, b string) [2]string {
	if filepath.Clean(a) == filepath.Clean(b) {
		return [2]string{filepath.Base(a), filepath.Base(b)}
	}
	x, y := filepath.ToSlash(filepath.Clean(a)), filepath.ToSlash(filepath.Clean(b))
	for n := 1; ; n++ {
		p, q := tail(x, n), tail(y, n)
		if p != q || p == x && q == y {
			return [2]string{p, q}
		}
	}
}

// tail returns the last n elements of a path with slashes.
func tail(path string, n int) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '/' {
			if n--; n == 0 {
				return path[i+1:]
			}
		}
	}
	return path
}
