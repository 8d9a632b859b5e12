package program

import (
	"errors"
	"os/exec"
	"path/filepath"
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
