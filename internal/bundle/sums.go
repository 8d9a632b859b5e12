package bundle

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
)

// sumOf is one line of sha256.txt.
type sumOf struct{ sum, name string }

// sumLine is the form that sha256sum writes, for text and binary mode.
var sumLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9a-f]{64}) [ *](.+)$`) })

// readSums reads a list of checksums; a missing file is an empty list. Lines
// of another form, and names that lead out of the folder, are passed over:
// the list only serves to tell which files are ours, and those are not.
func readSums(path string) ([]sumOf, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []sumOf
	in := bufio.NewScanner(f)
	for in.Scan() {
		if m := sumLine().FindStringSubmatch(in.Text()); m != nil && checkName(m[2]) == nil {
			out = append(out, sumOf{m[1], m[2]})
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return out, nil
}

// openRegular opens a regular file in the folder; links do not lead out of it.
func openRegular(dir, name string) (*os.File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	local := filepath.FromSlash(name)
	if info, err := root.Lstat(local); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	return root.Open(local)
}

// isReport tells whether a list of checksums was written by this package: it
// has an env.json, unchanged, that names this module. Somebody else's list
// must not lead to anything being removed.
func isReport(dir string, sums []sumOf) bool {
	for _, s := range sums {
		if s.name != envName {
			continue
		}
		if got, err := sumFile(dir, envName); err != nil || got != s.sum {
			return false
		}
		f, err := openRegular(dir, envName)
		if err != nil {
			return false
		}
		defer f.Close()
		var env struct{ Module string }
		return json.NewDecoder(f).Decode(&env) == nil && env.Module == module
	}
	return false
}

// isBlocked tells whether the folder's blocked.md is one of ours.
func isBlocked(dir string) bool {
	f, err := openRegular(dir, blockedName)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, len(blockedHead))
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == blockedHead
}

// sumFile returns the checksum of a regular file in the folder. A name that
// goes through a link out of the folder is an error.
func sumFile(dir, name string) (string, error) {
	f, err := openRegular(dir, name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
