package bisect

import (
	"bytes"
	"context"

	"simtrace/internal/record"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// simulatedBy traces one pixel through a tap and returns the trace as the dialect prints
// it: the setup lines of the C reference, then the pixel.
func simulatedBy(ctx context.Context, e *sim.Experiment, p sim.Pixel, d record.Dialect, tap *sim.Tap) ([]byte, error) {
	if _, err := e.Trace(ctx, p, tap); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := trace.NewC(&out)
	if d == record.Py {
		w = trace.NewPy(&out)
	}
	rest, rows := record.Pixel(d, p, tap), []trace.Record(nil)
	groups := [][]trace.Record{record.Setup(e), record.Notes(e), rest}
	if d == record.Py {
		rest, rows = record.Split(rest)
		groups = [][]trace.Record{rest, rows}
	}
	for _, g := range groups {
		for i := range g {
			if err := w.Write(&g[i]); err != nil {
				return nil, err
			}
		}
	}
	err := w.Flush()
	return out.Bytes(), err
}
