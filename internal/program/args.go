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
		name := a.Name
		if f := nanobragg.Lookup(a.Name); f != nil {
			name = f.Name
		}
		values := append([]string{}, a.Values...)
		switch name {
		case "-floatfile":
			continue
		case "-mat", "-hkl", "-sourcefile", "-mask", "-img", "-stol", "-4stol", "-Q":
			for i, v := range values {
				abs, err := filepath.Abs(v)
				if err != nil {
					return nil, err
				}
				if _, err := os.Stat(abs); err != nil {
					return nil, fmt.Errorf("%s: %w", a.Name, err)
				}
				values[i] = abs
			}
		case "-intfile", "-pgmfile", "-noisefile":
			for i, v := range values {
				values[i] = filepath.Base(v)
			}
		}
		out = append(append(out, a.Name), values...)
	}
	return out, nil
}
