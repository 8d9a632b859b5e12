package bisect

import (
	"context"

	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
)

// compared compares two logs that are at hand. Memory does not fail: what error
// there is, is one of a reference that cannot be read any more, or ctx's.
func compared(ctx context.Context, ref, got *trace.Source, tolerance float64) (*parity.Report, error) {
	opt := parity.DefaultOptions()
	opt.Tolerance, opt.Threads = tolerance, 1
	return parity.Sources(ctx, ref, got, opt)
}
