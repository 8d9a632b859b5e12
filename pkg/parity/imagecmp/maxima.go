package imagecmp

import (
	"context"
	"math"
	"slices"

	"simtrace/internal/hugepage"
)

// maxima finds the peaks among the compared pixels. A noisy image has so many that
// until all are counted only their indices are kept.
func (r *Report) maxima(ctx context.Context, im *Image, above float64) []Peak {
	indices := make([][]int32, r.bandCount())
	take := func(band int, found []int32) { indices[band] = slices.Clone(found) }
	if placeBits(im) == 32 {
		maximaInBands(ctx, r, im, float32(above), take)
	} else {
		maximaInBands(ctx, r, im, above, take)
	}
	starts := make([]int, len(indices)+1)
	for i, list := range indices {
		starts[i+1] = starts[i] + len(list)
	}
	if ctx.Err() != nil {
		return nil
	}
	out := hugepage.Make[Peak](starts[len(indices)])
	r.bands(ctx, func() func(band, from, to int) {
		return func(band, _, _ int) {
			for k, i := range indices[band] {
				out[starts[band]+k] = Peak{im.at(int(i)), im.value(int(i))}
			}
		}
	})
	return out
}

// maximaInBands calls take with the indices of each band's peaks, from many
// goroutines. It looks at the pixels as T, which holds those of the image exactly.
func maximaInBands[T float32 | float64](ctx context.Context, r *Report, im *Image, above T, take func(band int, found []int32)) {
	r.bands(ctx, func() func(band, from, to int) {
		w := r.newRows()
		// The rows of a band and those about it, a pixel of nothing at their ends.
		width := im.Fast + 2
		buf := make([]T, (bandRows+2)*width)
		var found []int32
		return func(band, from, to int) {
			for slow := from - 1; slow <= to; slow++ {
				comparable(w, im, slow, buf[(slow-from+1)*width:][:width])
			}
			found = found[:0]
			for slow := from; slow < to; slow++ {
				found = appendMaxima(found, slow*im.Fast, above, buf[(slow-from)*width:][:3*width])
			}
			take(band, found)
		}
	})
}

// comparable copies a row of an image, with NaN in place of what is not compared,
// beside the row, and of a row that there is not.
func comparable[T float32 | float64](w *rows, im *Image, slow int, into []T) {
	nan, from, to, mask := T(math.NaN()), 0, 0, []float64(nil)
	if slow >= 0 && slow < im.Slow {
		from, to, mask = w.chosen(slow)
		copyPixels(into[1+from:], im, slow*im.Fast+from, slow*im.Fast+to)
	}
	for i := range 1 + from {
		into[i] = nan
	}
	for i := 1 + to; i < len(into); i++ {
		into[i] = nan
	}
	for i, m := range mask {
		if m == 0 {
			into[1+i] = nan
		}
	}
}

// appendMaxima appends the indices of the peaks of the middle of three rows, whose
// first pixel has the index start. They are finite: of nine pixels the brightest,
// and the first of equals.
func appendMaxima[T float32 | float64](found []int32, start int, above T, buf []T) []int32 {
	width := len(buf) / 3
	up, row, down := buf[:width], buf[width:2*width], buf[2*width:]
	for i := 1; i < width-1; i++ {
		v := row[i]
		if !(v > above) || row[i-1] >= v || row[i+1] > v || !finite(float64(v)) {
			continue
		}
		if up[i-1] >= v || up[i] >= v || up[i+1] >= v || down[i-1] > v || down[i] > v || down[i+1] > v {
			continue
		}
		found = append(found, int32(start+i-1))
	}
	return found
}
