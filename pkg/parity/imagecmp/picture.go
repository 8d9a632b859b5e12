package imagecmp

import (
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
)

// Scale is what the pictures' greys and colours stand for.
type Scale struct {
	Percentile float64
	Black      float64 // value that a preview shows black, both images alike
	Diff       float64 // |got - ref| that the difference map shows in full
}

// Scale returns the scale of the pictures: the percentile (0 to 100) of the
// positive pixels of both images together, and of the differences that are not
// zero. Zero where there are none.
func (r *Report) Scale(ctx context.Context, p float64) Scale {
	orZero := func(v float64) float64 {
		if math.IsNaN(v) {
			return 0
		}
		return v
	}
	return Scale{
		Percentile: p,
		Black: orZero(r.quantile(ctx, p, placeBits(r.Ref, r.Got), func(w *rows, slow int, d *digits) {
			w.values(r.Ref, slow, true, d)
			w.values(r.Got, slow, true, d)
		})),
		Diff: orZero(r.quantile(ctx, p, 64, func(w *rows, slow int, d *digits) { w.differences(slow, d) })),
	}
}

// notANumber is the colour of pixels that are not finite.
var notANumber = color.RGBA{214, 39, 40, 255}

// WritePreview writes an image as PNG, zero white and s.Black black; what is
// not a finite number is red.
func WritePreview(w io.Writer, im *Image, s Scale) error {
	pal := make(color.Palette, 256)
	for i := range 255 {
		v := uint8(255 - math.Round(float64(i)*255/254))
		pal[i] = color.RGBA{v, v, v, 255}
	}
	pal[255] = notANumber
	out := image.NewPaletted(image.Rect(0, 0, im.Fast, im.Slow), pal)
	inBands(context.Background(), im.Slow, func() func(band, from, to int) {
		buf := make([]float64, im.Fast)
		return func(_, from, to int) {
			for slow := from; slow < to; slow++ {
				shades := out.Pix[slow*out.Stride:]
				for i, v := range im.row(slow, buf) {
					switch {
					case !finite(v):
						shades[i] = 255
					case v > 0 && s.Black > 0:
						shades[i] = nearest(254 * min(v/s.Black, 1))
					}
				}
			}
		}
	})
	return encode(w, out)
}

// nearest rounds a number from 0 to 255, halves up, as math.Round does in more time.
func nearest(v float64) uint8 {
	n := int(v)
	if v-float64(n) >= 0.5 {
		n++
	}
	return uint8(n)
}

// encode writes a PNG of any size within a second or so: the best compression
// would take ten times as long for a tenth less.
func encode(w io.Writer, im image.Image) error {
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, im)
}

// The ends and the middle of the difference map. Lightness rises from one end
// to the other, so that the sign is seen without colour as well.
var diffEnds = [3]color.RGBA{{8, 29, 88, 255}, {128, 128, 128, 255}, {255, 247, 188, 255}}

// diffColour is the difference map's colour of t, from -1 to 1.
func diffColour(t float64) color.RGBA {
	from, to := diffEnds[1], diffEnds[2]
	if t < 0 {
		to = diffEnds[0]
	}
	mix := func(a, b uint8) uint8 {
		return uint8(math.Round(float64(a) + math.Abs(t)*(float64(b)-float64(a))))
	}
	return color.RGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), 255}
}

// WriteDiff writes got - ref as PNG: no difference is middle grey, got above
// the reference turns to light yellow, below it to dark blue, in full from
// s.Diff on. What is out of tolerance but too small to be seen is two steps off
// grey at least. Pixels that are not compared are grey; red is not a number.
func (r *Report) WriteDiff(w io.Writer, s Scale) error {
	const middle = 126
	pal := make(color.Palette, 254)
	for i := range 2*middle + 1 {
		pal[i] = diffColour(float64(i-middle) / middle)
	}
	pal[2*middle+1] = notANumber
	out := image.NewPaletted(image.Rect(0, 0, r.Ref.Fast, r.Ref.Slow), pal)
	for i := range out.Pix {
		out.Pix[i] = middle
	}
	r.bands(context.Background(), func() func(band, from, to int) {
		rows := r.newRows()
		return func(_, from, to int) {
			for slow := from; slow < to; slow++ {
				r.shadeRow(rows, slow, s.Diff, middle, out.Pix[slow*out.Stride:])
			}
		}
	})
	return encode(w, out)
}

// shadeRow colours the compared pixels of a row of the difference map.
func (r *Report) shadeRow(w *rows, slow int, full float64, middle uint8, shades []uint8) {
	from, to, mask := w.chosen(slow)
	ref, got := r.Ref.row(slow, w.ref), r.Got.row(slow, w.got)
	for i := from; i < to; i++ {
		if mask != nil && mask[i] == 0 || ref[i] == got[i] {
			continue
		}
		d := got[i] - ref[i]
		if !finite(d) {
			if r.beyond(ref[i], got[i]) {
				shades[i] = 2*middle + 1
			}
			continue
		}
		n := nearest(float64(middle) * min(math.Abs(d)/full, 1))
		if n < 2 && r.beyond(ref[i], got[i]) {
			n = 2
		}
		if d < 0 {
			shades[i] = middle - n
		} else {
			shades[i] = middle + n
		}
	}
}
