package parity

import (
	"context"
	"errors"
	"strings"
)

// InParts compares two logs pixel by pixel, however small they are. why says
// why that cannot be.
func InParts(ref, got string, opt Options) (r *Report, why string, err error) {
	r, err = compareInParts(context.Background(), textSource("c.log", ref), textSource("py.log", got), opt)
	var not notInParts
	if errors.As(err, &not) {
		return nil, not.why, nil
	}
	return r, "", err
}

// Batch sets how many bytes are compared at a time, and returns a function that
// sets it back.
func Batch(n int64) func() {
	old := batch
	batch = n
	return func() { batch = old }
}

func textSource(name, text string) *Source {
	return &Source{ReaderAt: strings.NewReader(text), Size: int64(len(text)), Name: name}
}
