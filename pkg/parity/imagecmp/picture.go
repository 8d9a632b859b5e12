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
	positive := func(v float64) bool { return v > 0 }
	s := Scale{Percentile: p}
	both := append(r.values(r.Ref, positive), r.values(r.Got, positive)...)
	if len(both) > 0 {
		s.Black = percentile(ctx, both, p)
	}
	var d []float64
	for i, used := range r.used {
		if v := math.Abs(r.Got.Pix[i] - r.Ref.Pix[i]); used && finite(v) && v > 0 {
			d = append(d, v)
		}
	}
	if len(d) > 0 {
		s.Diff = percentile(ctx, d, p)
	}
	return s
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
	for i, v := range im.Pix {
		switch {
		case !finite(v):
			out.Pix[i] = 255
		case v > 0 && s.Black > 0:
			out.Pix[i] = uint8(math.Round(254 * math.Min(v/s.Black, 1)))
		}
	}
	return png.Encode(w, out)
}

// The ends and the middle of the difference map. Lightness rises from one end
// to the other, so that the sign is seen without colour as well.
var diffEnds = [3]color.RGBA{{8, 29, 88, 255}, {128, 128, 128, 255}, {255, 247, 188, 255}}

// WriteDiff writes got - ref as PNG: no difference is middle grey, got above
// the reference turns to light yellow, below it to dark blue, in full from
// s.Diff on. What is out of tolerance but too small to be seen is two steps off
// grey at least. Pixels that are not compared are grey; red is not a number.
func (r *Report) WriteDiff(w io.Writer, s Scale) error {
	const middle = 126
	pal := make(color.Palette, 254)
	for i := range 2*middle + 1 {
		t := float64(i-middle) / middle
		from, to := diffEnds[1], diffEnds[2]
		if t < 0 {
			to = diffEnds[0]
		}
		mix := func(a, b uint8) uint8 {
			return uint8(math.Round(float64(a) + math.Abs(t)*(float64(b)-float64(a))))
		}
		pal[i] = color.RGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), 255}
	}
	pal[2*middle+1] = notANumber
	out := image.NewPaletted(image.Rect(0, 0, r.Ref.Fast, r.Ref.Slow), pal)
	for i := range out.Pix {
		out.Pix[i] = middle
		d := r.Got.Pix[i] - r.Ref.Pix[i]
		switch {
		case !r.used[i] || !r.beyond[i] && d == 0:
		case !finite(d):
			if r.beyond[i] {
				out.Pix[i] = 2*middle + 1
			}
		default:
			n := math.Round(middle * math.Min(math.Abs(d)/s.Diff, 1))
			if r.beyond[i] {
				n = math.Max(n, 2)
			}
			out.Pix[i] = uint8(middle + math.Copysign(n, d))
		}
	}
	return png.Encode(w, out)
}
