package bisect

import (
	"errors"
	"io"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// joinID tells which records of two logs belong together.
type joinID struct {
	stream                           trace.Stream
	key                              schema.Key
	name                             string // where the key does not say it
	slow, fast                       int
	layer, sub, source, domain, step int
	occur                            int
}

func idOf(r *trace.Record) joinID {
	w := r.At
	id := joinID{
		stream: r.Stream, key: r.Key, slow: w.Slow, fast: w.Fast,
		layer: max(w.Layer, 0), sub: max(w.Sub, 0), source: max(w.Source, 0), domain: max(w.Domain, 0), step: max(w.Phi, 0),
		occur: r.Occur,
	}
	if r.Key == schema.None {
		id.name = r.Name
	}
	return id
}

// chunk is how many pairs are measured at a time. It bounds the memory; the
// digits that a log prints are told from that many.
const chunk = 4096

// joiner reads two logs side by side, once, and pairs their records. It holds
// the records whose partner is still to come, so that logs in the same order
// take no memory to speak of.
type joiner struct {
	tolerance float64
	rows      func([]diff.Row)
	pending   [2]map[joinID]trace.Record
	order     [2][]joinID // of pending, as read; partners that came are left in
	pairs     [2]trace.Log
	read      [2]int
}

func newJoiner(refName, gotName string, tolerance float64, rows func([]diff.Row)) *joiner {
	return &joiner{
		tolerance: tolerance, rows: rows,
		pending: [2]map[joinID]trace.Record{{}, {}},
		pairs:   [2]trace.Log{{Name: refName}, {Name: gotName}},
	}
}

// run reads both logs to their ends. What has no partner by its place goes
// through the comparison as a whole: it knows of quantities that stand in for
// each other, and of logs that do not name their pixel.
func (j *joiner) run(ref, got *trace.Reader) (pixels diff.PixelMatch, err error) {
	open := [2]*trace.Reader{ref, got}
	for open[0] != nil || open[1] != nil {
		for side := range open {
			if open[side] == nil {
				continue
			}
			rec, err := open[side].Next()
			if errors.Is(err, io.EOF) {
				open[side] = nil
				continue
			}
			if err != nil {
				return 0, err
			}
			j.take(side, rec)
		}
	}
	j.flush()
	rest := [2]trace.Log{{Name: j.pairs[0].Name}, {Name: j.pairs[1].Name}}
	for side := range rest {
		for _, id := range j.order[side] {
			if rec, ok := j.pending[side][id]; ok {
				rest[side].Records = append(rest[side].Records, rec)
			}
		}
	}
	res := diff.Compare(&rest[0], &rest[1], j.tolerance)
	j.rows(res.Rows)
	return res.Pixels, nil
}

func (j *joiner) take(side int, rec trace.Record) {
	j.read[side]++
	id := idOf(&rec)
	other := 1 - side
	partner, ok := j.pending[other][id]
	if !ok {
		j.pending[side][id] = rec
		j.order[side] = append(j.order[side], id)
		j.tidy(side)
		return
	}
	delete(j.pending[other], id)
	j.pairs[side].Records = append(j.pairs[side].Records, rec)
	j.pairs[other].Records = append(j.pairs[other].Records, partner)
	if len(j.pairs[0].Records) == chunk {
		j.flush()
	}
}

// tidy drops the places of records whose partner came.
func (j *joiner) tidy(side int) {
	if len(j.order[side]) < chunk || len(j.order[side]) < 2*len(j.pending[side]) {
		return
	}
	kept := j.order[side][:0]
	for _, id := range j.order[side] {
		if _, ok := j.pending[side][id]; ok {
			kept = append(kept, id)
		}
	}
	j.order[side] = kept
}

func (j *joiner) flush() {
	if len(j.pairs[0].Records) == 0 {
		return
	}
	j.rows(diff.Compare(&j.pairs[0], &j.pairs[1], j.tolerance).Rows)
	j.pairs[0].Records, j.pairs[1].Records = nil, nil
}
