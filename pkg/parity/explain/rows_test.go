package explain

import (
	"testing"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// TestNothingFollowsFromZero: that the intensities of both sides are 0 does not say that a
// factor of theirs is the same.
func TestNothingFollowsFromZero(t *testing.T) {
	record := func(v float64) *trace.Record {
		return &trace.Record{Kind: &trace.Kind{Stream: trace.PixelStream}, Values: []trace.Value{{Num: v}}}
	}
	for _, c := range []struct {
		ref, got    float64
		told, agree bool
	}{{2.5, 2.5, true, true}, {2.5, 3.5, true, false}, {0, 0, false, true}, {0, 2.5, true, false}} {
		row := &diff.Row{Key: schema.IPixelFinal, Ref: record(c.ref), Got: record(c.got)}
		if c.ref != c.got {
			row.Status = diff.Critical
		}
		ctx := &Context{Schema: schema.NanoBragg(), Rows: []*diff.Row{row}}
		if rows, agree := ctx.Downstream(schema.OmegaPixel); (len(rows) > 0) != c.told || agree != c.agree {
			t.Errorf("I_pixel_final %g and %g: %d rows, agree %v", c.ref, c.got, len(rows), agree)
		}
	}
}
