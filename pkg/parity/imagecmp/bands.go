package imagecmp

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// bandRows is how many rows one goroutine takes at a time. What is added up of
// each such band is added in their order, so that threads do not show.
const bandRows = 16

// bands calls do for each band of rows, from as many goroutines as there are
// processors; each has a worker of its own. When ctx ends it leaves out the rest:
// whoever reads what came of it looks at ctx first.
func (r *Report) bands(ctx context.Context, worker func() func(band, from, to int)) {
	inBands(ctx, r.Ref.Slow, worker)
}

func inBands(ctx context.Context, rows int, worker func() func(band, from, to int)) {
	n := (rows + bandRows - 1) / bandRows
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			do := worker()
			for band := int(next.Add(1)) - 1; band < n && ctx.Err() == nil; band = int(next.Add(1)) - 1 {
				do(band, band*bandRows, min((band+1)*bandRows, rows))
			}
		})
	}
	wg.Wait()
}

func (r *Report) bandCount() int { return (r.Ref.Slow + bandRows - 1) / bandRows }

// rows decodes rows of both images and tells which of their pixels are compared.
type rows struct {
	r              *Report
	ref, got, mask []float64 // buffers
	packed         pairs     // those of a row of which not all are compared
}

func (r *Report) newRows() *rows {
	w := &rows{r: r, ref: make([]float64, r.Ref.Fast), got: make([]float64, r.Ref.Fast)}
	if r.Options.Mask != nil {
		w.mask = make([]float64, r.Ref.Fast)
	}
	return w
}

// chosen returns which columns of a row may be compared, from and up to, and the
// mask's row, nil for none: a pixel is left out where that is zero.
func (w *rows) chosen(slow int) (from, to int, mask []float64) {
	to = w.r.Ref.Fast
	if a := w.r.Options.ROI; a != nil {
		if from, to = a.FastMin, a.FastMax+1; slow < a.SlowMin || slow > a.SlowMax {
			return 0, 0, nil
		}
	}
	if m := w.r.Options.Mask; m != nil {
		mask = m.row(slow, w.mask)
	}
	return from, to, mask
}

// pairs are the pixels of a row that are compared and finite in both images.
type pairs struct {
	ref, got []float64
	from     int   // the first one's column, where the others follow it
	columns  []int // of each, where they do not; else empty
	compared int   // with those that are not finite
}

// column is that of a pair.
func (p *pairs) column(i int) int {
	if len(p.columns) > 0 {
		return p.columns[i]
	}
	return p.from + i
}

// pairs returns those of a row, which last until the next.
func (w *rows) pairs(slow int) pairs {
	from, to, mask := w.chosen(slow)
	ref, got := w.r.Ref.row(slow, w.ref)[from:to], w.r.Got.row(slow, w.got)[from:to]
	if mask == nil && allFinite(ref, got) {
		return pairs{ref: ref, got: got, from: from, compared: len(ref)}
	}
	p := &w.packed
	p.ref, p.got, p.columns, p.compared = p.ref[:0], p.got[:0], p.columns[:0], 0
	for i, a := range ref {
		if mask != nil && mask[from+i] == 0 {
			continue
		}
		p.compared++
		if b := got[i]; finite(a) && finite(b) {
			p.ref, p.got, p.columns = append(p.ref, a), append(p.got, b), append(p.columns, from+i)
		}
	}
	return *p
}

// allFinite reports whether all numbers of two rows are finite; where a difference
// overflows, it may say no.
func allFinite(x, y []float64) bool {
	y = y[:len(x)]
	for i, a := range x {
		if d := a - y[i]; d-d != 0 {
			return false
		}
	}
	return true
}
