package nanobragg

import (
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"slices"

	"simtrace/internal/npy"
	"simtrace/pkg/sim"
)

// WritePNG writes a preview in 256 greys, zero photons white and the given
// percentile (0 to 100) of the pixels in the region of interest black, so that
// a few bright spots do not hide the rest. Where the percentile is zero, the
// brightest pixel takes its place. It returns the number of photons that is
// black.
func WritePNG(w io.Writer, e *sim.Experiment, pixels []float32, percentile float64) (black float64, err error) {
	black = float64(percentileOf(e, pixels, percentile))
	g := e.Geometry
	img := image.NewGray(image.Rect(0, 0, g.Fast, g.Slow))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	inRegion(e, func(i int) {
		if v := float64(pixels[i]); v > 0 && black > 0 {
			img.SetGray(i%g.Fast, i/g.Fast, color.Gray{Y: uint8(255 - math.Round(255*math.Min(v/black, 1)))})
		}
	})
	return black, png.Encode(w, img)
}

// percentileOf is the value that the share of the pixels does not exceed; the
// maximum where that is zero. NaN counts as zero.
func percentileOf(e *sim.Experiment, pixels []float32, percentile float64) float32 {
	var all []float32
	inRegion(e, func(i int) {
		v := pixels[i]
		if v != v || math.IsInf(float64(v), 0) {
			v = 0
		}
		all = append(all, v)
	})
	slices.Sort(all)
	last := len(all) - 1
	if v := all[int(math.Ceil(float64(last)*percentile/100))]; v > 0 {
		return v
	}
	return all[last]
}

// WriteNPY writes a float image as a NumPy array of shape (slow, fast), type
// float32, row by row.
func WriteNPY(w io.Writer, e *sim.Experiment, pixels []float32) error {
	if _, err := w.Write(npy.Header("'<f4'", e.Geometry.Slow, e.Geometry.Fast)); err != nil {
		return err
	}
	return WriteFloatImage(w, pixels)
}
