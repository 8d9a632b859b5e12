package input

import (
	"errors"
	"os"
	"os/exec"
)

// DependsOn lists the files whose change gives another log.
func (s *Source) DependsOn() []string {
	if s.Argv == nil {
		return []string{s.Path}
	}
	var out []string
	if s.Probe != nil {
		out = append(append(out, s.Path), s.Probe.Program.Sources...)
	}
	if path, err := exec.LookPath(s.Argv[0]); err == nil || errors.Is(err, exec.ErrDot) {
		out = append(out, path)
	}
	for _, word := range s.Argv[1:] {
		if regular(word) {
			return append(out, word)
		}
	}
	return out
}

// regular reports whether a path is that of a regular file.
func regular(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular()
}
