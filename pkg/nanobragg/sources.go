package nanobragg

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"simtrace/pkg/sim"
)

// ReadSources reads a list of X-ray sources, one a line: direction X Y Z from
// the crystal, weight, wavelength in metres; blanks, commas, semicolons, colons
// or exclamation marks between them. Columns may be missing from the right.
//
// Where comments count, a line that starts with # is a source too and words are
// zeros, as the reference has it; else such lines are skipped. Errors carry
// file and line.
func ReadSources(path string, commentsCount bool) ([]sim.Source, error) {
	var out []sim.Source
	err := eachLine(path, func(i int, line []byte) (bool, error) {
		words := bytes.FieldsFunc(line, func(r rune) bool { return bytes.ContainsRune([]byte(" \t\r,;:!"), r) })
		if len(words) == 0 {
			return true, nil
		}
		comment := words[0][0] == '#'
		if comment && !commentsCount {
			return true, nil
		}
		if len(out) == sim.MaxSources {
			return false, fmt.Errorf("%s:%d: more than %d sources", path, i, sim.MaxSources)
		}
		s, err := parseSource(words, comment)
		if err != nil {
			return false, fmt.Errorf("%s:%d: %w", path, i, err)
		}
		out = append(out, s)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no sources", path)
	}
	return out, nil
}

// parseSource reads the columns of a source; in a comment words are zeros.
func parseSource(words [][]byte, comment bool) (sim.Source, error) {
	var col [5]float64
	for j := range col {
		var err error
		if col[j] = math.NaN(); j < len(words) {
			if col[j], err = strconv.ParseFloat(string(words[j]), 64); comment && err != nil {
				col[j], err = 0, nil
			}
		}
		if err != nil || math.IsInf(col[j], 0) {
			return sim.Source{}, fmt.Errorf("%q is not a finite number", shorten(words[j]))
		}
	}
	return sim.Source{Direction: sim.Vec3{col[0], col[1], col[2]}, Weight: col[3], LambdaM: col[4]}, nil
}
