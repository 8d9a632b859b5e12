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

func textSource(name, text string) *Source {
	return &Source{ReaderAt: strings.NewReader(text), Size: int64(len(text)), Name: name}
}
