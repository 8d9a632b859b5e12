package sim

import "context"

// Window finds a small region of interest in whose run the pixel comes out as
// in the whole run, to be given to a program that would else compute the whole
// image for one pixel.
//
// A pixel alone is not enough where a scan carries something to it. At phi = 0
// the vectors are those of the last phi step of the pixel before, whichever
// that was, and interpolation is off behind the first pixel out of range. So
// the window holds an earlier pixel that gets as far as the phi loop, or that
// leaves the range, where there is one in the whole run, and none where there is
// not. The bounds are fast min, fast max, slow min, slow max, inclusive.
//
// The error is Check's, or the context's.
func (e *Experiment) Window(ctx context.Context, p Pixel) ([4]int, error) {
	if err := e.Check(p); err != nil {
		return e.ROI, err
	}
	by, latched := e.LatchedBefore(ctx, p)
	for _, roi := range e.windows(p, by, latched) {
		c := e.Config
		c.Sampling.ROI = roi
		w, err := Prepare(c)
		if err != nil {
			continue
		}
		_, off := w.LatchedBefore(ctx, p)
		if off == latched && w.isFirst(p) == e.isFirst(p) {
			return roi, ctx.Err()
		}
	}
	return e.ROI, ctx.Err()
}

// isFirst reports whether the run's first sweep of phi is the pixel's, where
// that matters.
func (e *Experiment) isFirst(p Pixel) bool { return e.first == p.Slow*e.Geometry.Fast+p.Fast }

// windows lists regions to be tried, the small ones first: the pixel alone, with
// pixels before it in its row, with pixels above it, and as far as the pixels
// that decide in the whole run.
func (e *Experiment) windows(p, by Pixel, latched bool) [][4]int {
	out := [][4]int{{p.Fast, p.Fast, p.Slow, p.Slow}}
	for d := 1; d <= p.Fast-e.ROI[0]; d *= 2 {
		out = append(out, [4]int{p.Fast - d, p.Fast, p.Slow, p.Slow})
	}
	for d := 1; d <= p.Slow-e.ROI[2]; d *= 2 {
		out = append(out, [4]int{p.Fast, p.Fast, p.Slow - d, p.Slow})
	}
	if latched {
		out = append(out, span(by, p))
	}
	if e.first >= 0 {
		out = append(out, span(Pixel{e.first / e.Geometry.Fast, e.first % e.Geometry.Fast}, p))
	}
	return append(out, [4]int{e.ROI[0], e.ROI[1], e.ROI[2], p.Slow})
}

func span(a, b Pixel) [4]int {
	return [4]int{min(a.Fast, b.Fast), max(a.Fast, b.Fast), min(a.Slow, b.Slow), max(a.Slow, b.Slow)}
}
