package bisect

import (
	"context"

	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
)

// ProbeHere runs the command in a folder as it stands and judges what it
// prints: the one step that "git bisect run" wants of a program. The error is
// the caller's cancellation.
func ProbeHere(ctx context.Context, dir string, c Command, ref *trace.Source, compare parity.Options) (CommitProbe, error) {
	r, err := c.run(ctx, dir)
	if err != nil {
		return CommitProbe{}, err
	}
	s := &commitSearch{opt: CommitOptions{Ref: ref, Compare: compare}}
	return s.judge("output", r), nil
}
