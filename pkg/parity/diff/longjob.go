package diff

import (
	"bytes"
	"context"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// longJob compares a job that is too long to be held in memory. Both logs are
// read side by side in stretches; a record waits for its partner as long as it
// takes, so that logs in the same order need little memory.
func (w *worker) longJob(ctx context.Context, n int, spans [2][]jobSpan) error {
	var r [2]stretches
	for side := range r {
		r[side] = stretches{w: w, side: side, spans: spans[side], reader: w.reader[side]}
		r[side].reader.Begin(w.atOf(spans[side]))
	}
	has := [2]bool{len(spans[0]) > 0, len(spans[1]) > 0}
	total := w.newJob(n, w.atOf(spans[0]), w.atOf(spans[1]), [2][]trace.Record{})
	total.Has = has
	var wait waiting
	var state [2]blockState // of all that was read
	number := 0
	for {
		var done [2]bool
		for side := range r {
			records, end, err := r[side].next()
			if err != nil {
				return err
			}
			done[side] = end
			if len(wait.records[side]) == 0 {
				wait.records[side] = records // the reader's own, good until the next stretch
			} else {
				wait.records[side] = append(wait.records[side], records...)
			}
			state[side].add(records)
			total.Records[side] += len(records)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		last := done[0] && done[1]
		list := wait.records
		rest := wait
		w.pairs.whole, w.pairs.ended = false, done[0] || done[1]
		w.dec.pair(list, &w.pairs)
		// Where one log is at its end, or has nothing here, nothing of the
		// other waits any longer.
		rest.keep(list, &w.pairs, [2]bool{done[1], done[0]})
		part := w.newJob(n, total.At[0], total.At[1], list)
		total.Begun = total.Begun || part.Begun
		w.state, state = state, w.state
		w.makeRows(list, has, func(row *Row) {
			w.result(row, &total)
			w.keepBroken(n, row)
			w.sink.Row(row, 1, At{n, number})
			number++
		})
		w.state, state = state, w.state
		w.pairs.whole, w.pairs.ended = true, false
		wait = rest
		if last {
			break
		}
	}
	for side := range r {
		w.take(side, &trace.Block{Problems: r[side].reader.Block().Problems, Unlisted: r[side].reader.Block().Unlisted, TraceLines: r[side].reader.Block().TraceLines, Varied: r[side].reader.Block().Varied})
	}
	total.Setup = total.Setup && !total.Begun
	w.sink.Job(total)
	return nil
}

// keptBroken is how many rows of a long job that speak against a match are kept for
// Detail, which reads the beginning of the job alone.
const keptBroken = 5000

func (w *worker) keepBroken(job int, row *Row) {
	if w.e.opt.Names.Schema.Free && row.Broken() && len(w.broken[job]) < keptBroken {
		w.broken[job] = append(w.broken[job], *row.Clone())
	}
}

// atOf is where a job stands in a log: where its last part does that is not a run's
// setup.
func (w *worker) atOf(spans []jobSpan) schema.Coord {
	at := schema.Nowhere
	for i, s := range spans {
		if c := s.at.Coord(w.e.opt.Names.Schema); i == 0 || !s.at.Setup() {
			at = c
		}
	}
	return at
}

// waiting are the records of a long job whose partner is still to come.
type waiting struct{ records [2][]trace.Record }

// keep leaves what has no partner yet, but of a log whose other is at its end.
func (q *waiting) keep(list [2][]trace.Record, p *pairs, ended [2]bool) {
	for side := range list {
		if ended[side] {
			q.records[side] = nil
			continue
		}
		rest := make([]trace.Record, 0, len(p.alone[side]))
		for _, i := range p.alone[side] {
			rest = append(rest, *list[side][i].Clone())
		}
		q.records[side], p.alone[side] = rest, p.alone[side][:0]
	}
}

// stretches read the lines of a long job in one log.
type stretches struct {
	w      *worker
	side   int
	spans  []jobSpan
	reader *trace.Reader
	at     int64 // within the first span
	lines  int   // of it
	number trace.Numbering
}

// next reads some more lines; end tells that there are no more.
func (s *stretches) next() (records []trace.Record, end bool, err error) {
	if len(s.spans) == 0 {
		return nil, true, nil
	}
	span := &s.spans[0]
	from := span.from + s.at
	step := s.w.e.opt.Sizes.Stretch
	to := min(span.to, from+step)
	buf, err := s.w.e.opt.Sources[s.side].ReadSpan(nil, from, to)
	if err != nil {
		return nil, false, err
	}
	for to < span.to && bytes.LastIndexByte(buf, '\n') < 0 {
		// One line is longer than a stretch.
		to = min(span.to, to+step)
		if buf, err = s.w.e.opt.Sources[s.side].ReadSpan(buf, from, to); err != nil {
			return nil, false, err
		}
	}
	if to < span.to {
		buf = buf[:bytes.LastIndexByte(buf, '\n')+1]
	}
	behind := span.line + s.lines
	s.at += int64(len(buf))
	s.lines += bytes.Count(buf, []byte{'\n'})
	done := span.from+s.at == span.to
	records = s.reader.ReadMore(string(buf), behind, done && span.last)
	records = s.w.chosen(s.side, records)
	s.number.Next(records)
	s.w.inv[s.side].add(records)
	s.w.records[s.side] += len(records)
	if done {
		s.spans, s.at, s.lines = s.spans[1:], 0, 0
	}
	return records, len(s.spans) == 0, nil
}

// headOf narrows a span to its beginning, up to a whole line.
func (e *Engine) headOf(ctx context.Context, side int, s *jobSpan) error {
	buf, err := e.opt.Sources[side].ReadSpan(nil, s.from, min(s.to, s.from+e.opt.Sizes.Stretch))
	if err != nil {
		return err
	}
	if i := bytes.LastIndexByte(buf, '\n'); i >= 0 {
		buf = buf[:i+1]
	}
	s.to, s.last = s.from+int64(len(buf)), false
	return ctx.Err()
}
