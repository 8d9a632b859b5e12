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
	Rows     []Row // of many, the first, those that speak against a match, and those of no sample but the first
	Total    int   // rows that the job has
	Records  [2][]trace.Record
	Settings [2]trace.Settings
	// Cut is set where the job is so long that only its beginning is here.
	Cut bool
}

// Place is where the job is, as far as either log tells.
func (d *Detail) Place() schema.Coord { return d.At[0].Joined(d.At[1]) }

// Occur is how often the quantity of a row of the job came before, see Row.
func (d *Detail) Occur(row *Row) int {
	side, rec := 0, row.Ref
	if rec == nil {
		side, rec = 1, row.Got
	}
	for i := range d.Records[side] {
		if r := &d.Records[side][i]; r.SameLine(rec) && r.Symbol == rec.Symbol {
			return r.Occur
		}
	}
	return row.Occur
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
	var read surveyed
	if job < len(e.surveyed) {
		read = e.surveyed[job]
	} else if err := w.readAgain(ctx, job, &read, &d.Cut); err != nil {
		return d, err
	}
	l := read.lines
	for side, b := range read.blocks {
		trace.Number(b.Records)
		d.Records[side], d.Settings[side], d.At[side] = b.Records, b.Settings, l[side].at
	}
	if job < len(e.surveyed) {
		w.pairs = read.pairs
	} else {
		w.dec.pair(d.Records, &w.pairs)
		w.pairs.broken = len(w.pairs.both) // any may be
	}
	j := w.newJob(job, d.At[0], d.At[1], d.Records)
	d.Total = len(w.pairs.both) + len(w.pairs.alone[0]) + len(w.pairs.alone[1])
	broken, first := 0, 0
	keep := func(row *Row) {
		if row.Broken() {
			broken++
		}
		once := row.Once() && e.isNanoBragg()
		if once {
			first++
		}
		if len(d.Rows) < most || row.Broken() && broken <= most || once && first <= most {
			d.Rows = append(d.Rows, *row)
		}
	}
	w.pairedRows(d.Records, func(n int, ref *trace.Record) bool {
		return len(d.Rows) < most || broken <= most && n < w.pairs.broken || e.isNanoBragg() && ref.At[schema.Sub] <= 0
	}, keep)
	w.aloneRows(d.Records, [2]bool{len(l[0].pieces) > 0, len(l[1].pieces) > 0}, keep)
	e.Sort(d.Rows)
	if d.Cut {
		// What lacks a partner in the beginning may have it behind.
		d.Rows = withoutGaps(d.Rows)
		if rows := e.broken[job]; len(rows) > 0 {
			d.Rows = slices.DeleteFunc(d.Rows, func(r Row) bool { return r.Broken() })
			for i := range rows[:min(most, len(rows))] {
				d.Rows = append(d.Rows, *rows[i].Clone()) // whoever reads details may change them
			}
			e.Sort(d.Rows)
		}
	}
	d.Setup = j.Setup && d.At[0][schema.Slow] < 0 && d.At[1][schema.Slow] < 0
	return d, nil
}

// readAgain reads the records of a job, of a long one the beginning: cut is set
// then.
func (w *worker) readAgain(ctx context.Context, job int, out *surveyed, cut *bool) error {
	for side := range out.lines {
		spans := w.spansOf(side, job, nil)
		for i := range spans {
			if s := &spans[i]; s.to-s.from > w.e.opt.Sizes.Long {
				if err := w.e.headOf(ctx, side, s); err != nil {
					return err
				}
				*cut = true
			}
		}
		l, err := w.load(side, spans)
		if err != nil {
			return err
		}
		b := w.readBlock(side, l)
		b.Records = w.chosen(side, b.Records)
		out.lines[side], out.blocks[side] = l, b
	}
	return nil
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

// IsResult reports whether the row is of a quantity that the calculation is for.
func (e *Engine) IsResult(r *Row) bool { return e.dec.of(e.dec.refSymbol(r.Symbol())).result }

// Tells reports whether the row can carry a verdict: it is of a quantity that is
// computed, and that follows from more than a setting or two.
func (e *Engine) Tells(r *Row) bool {
	how := e.dec.of(e.dec.refSymbol(r.Symbol()))
	return (r.Info != nil || e.opt.Names.Schema.Free) && !how.config && !how.minor && !r.CrossStream()
}

// Rank is the place of a quantity in the order of rows.
func (e *Engine) Rank(s *trace.Symbol) int { return e.dec.of(e.dec.refSymbol(s)).rank }

// Shifted tells whether all blocks of the two logs would belong together if the
// outermost index of got were larger by a constant.
func (e *Engine) Shifted() (key string, by int, ok bool) {
	if e.isNanoBragg() || len(e.opt.Names.Schema.Index) == 0 || e.jobs.straight() {
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

// Sort puts rows of any jobs into causal order.
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
}
