// Package outfile writes the files that tracecmp leaves outside of report folders:
// it knows which files of a name are the program's own and may be replaced, and puts
// new ones in place together.
//
//  1. Each writer of a kind of file gives its mark to [Mark] when the program starts.
//  2. A command calls [MayWrite] and [Spare] before it reads anything, so that a place
//     that cannot be written to is told at once.
//  3. [Place] puts the rendered files where they belong.
package outfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"simtrace/internal/bundle"
)

// marks are what files of this program hold near their beginning.
var marks []string

// Mark makes files known that hold one of the texts in their first 256 bytes: they are the
// program's own. It is for init functions.
func Mark(texts ...string) { marks = append(marks, texts...) }

// MayWrite refuses to touch a file that this program did not write.
func MayWrite(path string, force bool) error {
	if ok, err := ours(path); err != nil {
		return err
	} else if !ok && !force {
		return fmt.Errorf("%s exists and was not written by tracecmp; --force overwrites it", path)
	}
	return nil
}

// CheckFile looks at the place of a flag's file: no folder or device, and nothing that this
// program did not write.
func CheckFile(flag, path string, force bool) error {
	if st, err := os.Stat(path); err == nil && !st.Mode().IsRegular() {
		return fmt.Errorf("--%s: %s is no regular file", flag, path)
	}
	if err := MayWrite(path, force); err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	return nil
}

// ours reports whether there is no such file, or one of this program's.
func ours(path string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 256)
	n, _ := f.Read(head)
	for _, m := range marks {
		if bytes.Contains(head[:n], []byte(m)) {
			return true, nil
		}
	}
	return false, nil
}

// Spare makes sure that no output is written twice, and none over an input.
func Spare(outputs, inputs []string) error {
	seen := map[string]bool{}
	for _, p := range outputs {
		id := bundle.Identity(p)
		if seen[id] {
			return fmt.Errorf("%s would be written twice", p)
		}
		seen[id] = true
		st, err := os.Stat(p)
		if err != nil {
			continue
		}
		for _, path := range inputs {
			if in, err := os.Stat(path); err == nil && os.SameFile(st, in) {
				return fmt.Errorf("%s is an input, and would be overwritten", p)
			}
		}
	}
	return nil
}
