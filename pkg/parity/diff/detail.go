package diff

import (
	"cmp"
	"context"
	"slices"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Detail is a job with all its rows and records.
type Detail struct {
	Job      int
	At       [2]schema.Coord
	Setup    bool  // it is what stands before any pixel of a run
	Rows     []Row // of many, the first and then those that speak against a match
	Total    int   // rows that the job has
	Records  [2][]trace.Record
	Settings [2]trace.Settings
	// Cut is set where the job is so long that only its beginning is here.
	Cut bool
}

// Detail reads jobs once more, after Run, and keeps what they hold: of each at
// most so many rows, and as many again that speak against a match. Of a job that
// is too long it takes the beginning.
func (e *Engine) Detail(ctx context.Context, jobs []int, most int) ([]Detail, error) {
	w := e.newWorker()
	for _, r := range w.reader {
		r.Keep = true
	}
	var out []Detail
	for _, job := range jobs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d, err := e.detail(ctx, w, job, most)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func (e *Engine) detail(ctx context.Context, w *worker, job, most int) (Detail, error) {
	d := Detail{Job: job}
	var l [2]lines
	for side := range l {
		spans := w.spansOf(side, job, nil)
		for i := range spans {
			if s := &spans[i]; s.to-s.from > e.opt.Sizes.Long {
				if err := e.headOf(ctx, side, s); err != nil {
					return d, err
				}
				d.Cut = true
			}
		}
		var err error
		if l[side], err = w.load(side, spans); err != nil {
			return d, err
		}
		b := w.read(side, l[side])
		trace.Number(b.Records)
		d.Records[side], d.Settings[side], d.At[side] = b.Records, b.Settings, l[side].at
	}
	w.dec.pair(d.Records, &w.pairs)
	j := w.newJob(job, d.At[0], d.At[1], d.Records)
	broken := 0
	w.makeRows(d.Records, [2]bool{len(l[0].pieces) > 0, len(l[1].pieces) > 0}, func(row *Row) {
		d.Total++
		if row.Broken() {
			broken++
		}
		if len(d.Rows) < most || row.Broken() && broken <= most {
			d.Rows = append(d.Rows, *row)
		}
	})
	e.Sort(d.Rows)
	if d.Cut {
		// What lacks a partner in the beginning may have it behind.
		d.Rows = withoutGaps(d.Rows)
	}
	d.Setup = j.Setup && d.At[0][schema.Slow] < 0 && d.At[1][schema.Slow] < 0
	return d, nil
}

func withoutGaps(rows []Row) []Row {
	out := rows[:0]
	for _, r := range rows {
		if r.Gap == NoGap {
			out = append(out, r)
		}
	}
	return out
}

// Order compares two rows as reports list them: where the outermost index is
// sequential, its steps first; then by quantity in causal order, then by place.
func (e *Engine) Order(x, y *Row) int {
	if e.sequential() {
		if c := e.compareSteps(x.At[0], y.At[0]); c != 0 {
			return c
		}
	}
	if e.opt.Names.Schema.Free && !e.opt.Names.Schema.Related() {
		// What is computed from what, nobody said: the order of printing tells.
		return cmp.Or(cmp.Compare(position(x), position(y)), slices.Compare(x.At[:], y.At[:]))
	}
	rank := func(r *Row) int { return e.dec.of(e.dec.refSymbol(r.Symbol())).rank }
	return compareRows(x, y, rank(x), rank(y))
}

// sequential tells whether one block follows from those before.
func (e *Engine) sequential() bool {
	index := e.opt.Names.Schema.Index
	return len(index) > 0 && index[0].Order == schema.Sequential
}

// compareSteps orders two values of an index key; what belongs to no step stands
// last, since it is made of them.
func (e *Engine) compareSteps(a, b int32) int {
	switch {
	case a == b:
		return 0
	case a < 0:
		return 1
	case b < 0:
		return -1
	}
	return e.opt.Names.CompareCoords(a, b)
}

// IsResult reports whether the row is of a quantity that the calculation is for.
func (e *Engine) IsResult(r *Row) bool { return e.dec.of(e.dec.refSymbol(r.Symbol())).result }

// Tells reports whether the row can carry a verdict: it is of a quantity that is
// computed, and that follows from more than a setting or two.
func (e *Engine) Tells(r *Row) bool {
	how := e.dec.of(e.dec.refSymbol(r.Symbol()))
	return (r.Info != nil || e.opt.Names.Schema.Free) && !how.config && !how.minor && !r.CrossStream()
}

// Rank is the place of a row's quantity in the order of rows.
func (e *Engine) Rank(r *Row) int { return e.dec.of(e.dec.refSymbol(r.Symbol())).rank }

// Sequential reports whether one block follows from those before.
func (e *Engine) Sequential() bool { return e.sequential() }

// Shifted tells whether all blocks of the two logs would belong together if the
// outermost index of got were larger by a constant.
func (e *Engine) Shifted() (key string, by int, ok bool) {
	if e.isNanoBragg() || len(e.opt.Names.Schema.Index) == 0 {
		return "", 0, false
	}
	var steps [2][]int32
	for side := range steps {
		c := e.index[side].Cursor()
		for i := range e.index[side].Len() {
			if at := c.At(i).At[0]; at >= 0 {
				steps[side] = append(steps[side], at)
			}
		}
		slices.Sort(steps[side])
		steps[side] = slices.Compact(steps[side])
	}
	if len(steps[0]) == 0 || len(steps[0]) != len(steps[1]) || steps[0][0] == steps[1][0] {
		return "", 0, false
	}
	d := steps[0][0] - steps[1][0]
	for i, s := range steps[1] {
		if s+d != steps[0][i] {
			return "", 0, false
		}
	}
	return e.opt.Names.Schema.Index[0].Name, int(d), true
}

// Sort puts rows of any jobs into causal order; Occur then counts those that are
// alike in all else.
func (e *Engine) Sort(rows []Row) {
	order := make([]int32, len(rows)) // rows are large: their numbers are sorted
	sorted := true
	for i := range rows {
		order[i] = int32(i)
		sorted = sorted && (i == 0 || e.Order(&rows[i-1], &rows[i]) <= 0)
	}
	if !sorted {
		slices.SortFunc(order, func(x, y int32) int { return cmp.Or(e.Order(&rows[x], &rows[y]), cmp.Compare(x, y)) })
		out := make([]Row, len(rows))
		for i, k := range order {
			out[i] = rows[k]
		}
		copy(rows, out)
	}
	for i := 1; i < len(rows); i++ {
		if a, b := &rows[i-1], &rows[i]; a.At == b.At && a.Key == b.Key && a.Stream == b.Stream && a.Name() == b.Name() {
			b.Occur = a.Occur + 1
		}
	}
}
