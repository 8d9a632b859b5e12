package program

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"

	"simtrace/internal/shell"
)

// Look finds a program, by path or on PATH, and makes its path absolute:
// it will run in another folder.
func Look(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return "", err
	}
	return filepath.Abs(path)
}

// LookCommand finds a program that may need words before the flags, such as
// "python -m port". Words that name files become absolute.
func LookCommand(s string) ([]string, error) {
	if path, err := Look(s); err == nil {
		return []string{path}, nil
	}
	words, err := shell.Split(s)
	if err != nil {
		return nil, err
	}
	if words[0], err = Look(words[0]); err != nil {
		return nil, err
	}
	for i, w := range words[1:] {
		if st, err := os.Stat(w); err == nil && st.Mode().IsRegular() {
			if words[i+1], err = filepath.Abs(w); err != nil {
				return nil, err
			}
		}
	}
	return words, nil
}
