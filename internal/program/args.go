package program

import (
	"fmt"
	"os"
	"path/filepath"

	"simtrace/pkg/nanobragg"
)

// Args turns nanoBragg's flags back into words that mean the same in
// another folder: inputs become absolute, outputs stay in the child's folder,
// and the float image's name is ours to give.
func Args(theirs []nanobragg.Arg) ([]string, error) {
	var out []string
	for _, a := range theirs {
		f := a.Flag()
		if f != nil && f.Name == "-floatfile" {
			continue
		}
		values := append([]string{}, a.Values...)
		if f != nil && f.Unit == "file" {
			for i, v := range values {
				var err error
				if values[i], err = elsewhere(f, v); err != nil {
					return nil, fmt.Errorf("%s: %w", a.Name, err)
				}
			}
		}
		out = append(append(out, a.Name), values...)
	}
	return out, nil
}

// elsewhere names the file of a flag for a program that runs in another folder.
func elsewhere(f *nanobragg.Flag, path string) (string, error) {
	if !f.Input {
		return filepath.Base(path), nil
	}
	abs, err := filepath.Abs(path)
	if err == nil {
		_, err = os.Stat(abs)
	}
	return abs, err
}

// Inputs lists the files that the flags have a program read.
func Inputs(theirs []nanobragg.Arg) []string {
	var out []string
	for _, a := range theirs {
		if f := a.Flag(); f != nil && f.Input {
			out = append(out, a.Values...)
		}
	}
	return out
}
