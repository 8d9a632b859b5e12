package bundle

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Verify holds the files of a folder against its sha256.txt. It returns the names
// that the list has, or nil where there is no list. The error is one line that
// names the file: one that was changed or is missing, one that lies outside of the
// folder and is linked to, or a list that cannot be read.
func Verify(dir string) (listed map[string]bool, err error) {
	if _, err := os.Lstat(filepath.Join(dir, sumsName)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	unlock, err := lockDir(context.Background(), dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	sums, err := strictSums(dir)
	if err != nil {
		return nil, err
	}
	listed = map[string]bool{}
	for _, s := range sums {
		listed[s.name] = true
		got, err := sumWithin(dir, s.name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s is missing, but listed in %s", filepath.Join(dir, filepath.FromSlash(s.name)), filepath.Join(dir, sumsName))
		case err != nil:
			return nil, err
		case got != s.sum:
			return nil, fmt.Errorf("%s is not the file that %s lists: its checksum differs", filepath.Join(dir, filepath.FromSlash(s.name)), filepath.Join(dir, sumsName))
		}
	}
	return listed, nil
}

// strictSums is readSums for a list that has to be readable to its last line.
func strictSums(dir string) ([]sumOf, error) {
	path := filepath.Join(dir, sumsName)
	f, err := openWithin(dir, sumsName)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []sumOf
	in := bufio.NewScanner(f)
	for n := 1; in.Scan(); n++ {
		m := sumLine().FindStringSubmatch(in.Text())
		if m == nil || checkName(m[2]) != nil {
			return nil, fmt.Errorf("%s:%d: no line of a checksum and a name in the folder", path, n)
		}
		out = append(out, sumOf{m[1], m[2]})
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return out, nil
}

// openWithin opens a regular file of the folder. A link is followed as long as it
// does not lead out of the folder.
func openWithin(dir, name string) (*os.File, error) {
	local := filepath.FromSlash(name)
	path := filepath.Join(dir, local)
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	home, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	if rel, err := filepath.Rel(home, target); err != nil || !filepath.IsLocal(rel) {
		return nil, fmt.Errorf("%s is a link to %s, out of the folder: its checksum says nothing of what stands there", path, target)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if info, err := root.Stat(local); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	return root.Open(local)
}

// sumWithin is the checksum of a file that openWithin opens.
func sumWithin(dir, name string) (string, error) {
	f, err := openWithin(dir, name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("%s: %w", filepath.Join(dir, filepath.FromSlash(name)), err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
