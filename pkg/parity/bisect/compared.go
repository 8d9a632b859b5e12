package bisect

import (
	"cmp"
	"context"
	"slices"

	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
)

// compared compares two logs that are at hand. Memory does not fail: what error
// there is, is one of a reference that cannot be read any more, or ctx's.
func compared(ctx context.Context, ref, got *trace.Source, tolerance float64) (*parity.Report, error) {
	opt := parity.DefaultOptions()
	opt.Rules = causes.Rules()
	opt.Tolerance, opt.Threads = tolerance, 1
	return parity.Sources(ctx, ref, got, opt)
}

// compared compares what a commit printed with another log, as the options say. A name
// that is to be mapped may come and go with the commits, so that it is mapped where it
// is; a waiver that one commit has no use for is none against it.
func (s *commitSearch) compared(ref, got *trace.Source, opt parity.Options) (*parity.Report, error) {
	ctx := context.Background() // the logs are in memory
	opt.Rules, opt.Threads = causes.Rules(), 1
	var err error
	opt.Map = slices.DeleteFunc(slices.Clone(opt.Map), func(m parity.Rename) bool {
		has, e := got.Contains(ctx, m.Old)
		err = cmp.Or(err, e)
		return e == nil && !has
	})
	if err != nil {
		return nil, err
	}
	rep, err := parity.Sources(ctx, ref, got, opt)
	if err == nil && rep.Verdict == parity.Diverged && rep.Counts.Diverged+rep.Counts.Lost == 0 {
		rep.Verdict = parity.Match // but for waivers that have nothing to do
	}
	return rep, err
}
