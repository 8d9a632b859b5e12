package imagecmp

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"math"
)

// Thumbnail returns a small PNG of both images and of their difference, side by side, each at
// most so many pixels on its longer side: what a table of many comparisons shows. A pixel of
// it is the brightest of those that it stands for, and of the differences the largest. Nil
// where nothing was compared.
func (r *Report) Thumbnail(ctx context.Context, side int, percentile float64) ([]byte, error) {
	if r.Counts.Compared == 0 {
		return nil, nil
	}
	s := r.Scale(ctx, percentile)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	block := (max(r.Ref.Slow, r.Ref.Fast) + side - 1) / side
	small := Shape{Slow: (r.Ref.Slow + block - 1) / block, Fast: (r.Ref.Fast + block - 1) / block}
	var panels [3][]float64 // reference, got, difference
	for i := range panels {
		panels[i] = make([]float64, small.Pixels())
	}
	w := r.newRows()
	for slow := range r.Ref.Slow {
		from, to, mask := w.chosen(slow)
		ref, got := r.Ref.row(slow, w.ref), r.Got.row(slow, w.got)
		for i := range ref {
			at := slow/block*small.Fast + i/block
			brighter(&panels[0][at], ref[i])
			brighter(&panels[1][at], got[i])
			if i >= from && i < to && (mask == nil || mask[i] != 0) && ref[i] != got[i] {
				brighter(&panels[2][at], got[i]-ref[i])
			}
		}
	}
	return encodePanels(panels, small, s)
}

// brighter keeps the larger magnitude of two; what is not finite is larger than all.
func brighter(kept *float64, v float64) {
	if finite(*kept) && !(math.Abs(v) <= math.Abs(*kept)) {
		*kept = v
	}
}

// thumbGap is how far the panels of a thumbnail are apart, in pixels.
const thumbGap = 2

func encodePanels(panels [3][]float64, small Shape, s Scale) ([]byte, error) {
	out := image.NewPaletted(image.Rect(0, 0, 3*small.Fast+2*thumbGap, small.Slow), thumbColours())
	draw.Draw(out, out.Bounds(), image.Transparent, image.Point{}, draw.Src)
	for p, values := range panels {
		full := s.Black
		if p == 2 {
			full = s.Diff
		}
		for i, v := range values {
			shade := uint8(thumbBad)
			if finite(v) {
				t := 0.0
				if full > 0 {
					t = max(-1, min(v/full, 1))
				}
				if p < 2 {
					shade = uint8(math.Round(thumbGreys * max(t, 0)))
				} else {
					shade = uint8(thumbMiddle + math.Round(thumbSteps*t))
				}
			}
			out.Pix[i/small.Fast*out.Stride+p*(small.Fast+thumbGap)+i%small.Fast] = shade
		}
	}
	var png bytes.Buffer
	err := encode(&png, out)
	return png.Bytes(), err
}

// The colours of a thumbnail, by index: greys from white to black, the difference map's from
// blue over grey to yellow, what is no number, and nothing.
const (
	thumbGreys  = 120
	thumbSteps  = 60
	thumbMiddle = thumbGreys + 1 + thumbSteps
	thumbBad    = thumbMiddle + thumbSteps + 1
)

func thumbColours() color.Palette {
	pal := make(color.Palette, thumbBad+2)
	for i := range thumbGreys + 1 {
		v := uint8(255 - math.Round(float64(i)*255/thumbGreys))
		pal[i] = color.RGBA{v, v, v, 255}
	}
	for i := -thumbSteps; i <= thumbSteps; i++ {
		pal[thumbMiddle+i] = diffColour(float64(i) / thumbSteps)
	}
	pal[thumbBad], pal[thumbBad+1] = notANumber, color.RGBA{}
	return pal
}
