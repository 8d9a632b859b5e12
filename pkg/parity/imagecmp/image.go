package imagecmp

import (
	"fmt"
	"math"
)

// Kind is what a pixel is in the file.
type Kind string

// The kinds.
const (
	Float32 Kind = "float32"
	Float64 Kind = "float64"
	Uint16  Kind = "uint16"
)

// Shape is the size of an image in pixels.
type Shape struct {
	Slow int `json:"slow"`
	Fast int `json:"fast"`
}

// String is "slow x fast".
func (s Shape) String() string { return fmt.Sprintf("%d x %d", s.Slow, s.Fast) }

// Pixels is the number of pixels.
func (s Shape) Pixels() int { return s.Slow * s.Fast }

// At is a pixel's position, counted from 0.
type At struct {
	Slow int `json:"slow"`
	Fast int `json:"fast"`
}

// Image is a picture in memory.
type Image struct {
	Name string // what reports call it
	Path string // of its file, "" for none
	Form string // of the file: "raw", "SMV" or "npy"
	Kind Kind
	Shape
	// Pix are Slow*Fast values, fast axis first; every Kind fits exactly. It is nil
	// where an image keeps its pixels in their own kind, as those from files do.
	Pix []float64

	singles  []float32
	integers []uint16
}

// FromFloat32 makes an image of pixels in memory, fast axis first, which it keeps.
// It panics where their number is not the shape's.
func FromFloat32(name string, s Shape, pix []float32) *Image {
	if len(pix) != s.Pixels() {
		panic(fmt.Sprintf("imagecmp: %d pixels for a shape of %v", len(pix), s))
	}
	return &Image{Name: name, Form: "raw", Kind: Float32, Shape: s, singles: pix}
}

// at is the position of an index.
func (im *Image) at(i int) At { return At{i / im.Fast, i % im.Fast} }

// Value returns a pixel.
func (im *Image) Value(p At) float64 { return im.value(p.Slow*im.Fast + p.Fast) }

// value is the pixel of an index.
func (im *Image) value(i int) float64 {
	switch {
	case im.singles != nil:
		return float64(im.singles[i])
	case im.integers != nil:
		return float64(im.integers[i])
	}
	return im.Pix[i]
}

// row returns a row of pixels, in a buffer of at least its length or where they
// are.
func (im *Image) row(slow int, buf []float64) []float64 {
	from, to := slow*im.Fast, (slow+1)*im.Fast
	if im.singles == nil && im.integers == nil {
		return im.Pix[from:to]
	}
	copyPixels(buf, im, from, to)
	return buf[:im.Fast]
}

// copyPixels copies those of the indices from and up to.
func copyPixels[T float32 | float64](into []T, im *Image, from, to int) {
	into = into[:to-from]
	switch {
	case im.singles != nil:
		for i, v := range im.singles[from:to] {
			into[i] = T(v)
		}
	case im.integers != nil:
		for i, v := range im.integers[from:to] {
			into[i] = T(v)
		}
	default:
		for i, v := range im.Pix[from:to] {
			into[i] = T(v)
		}
	}
}

// Resample returns the image in another shape: each pixel is the one whose
// centre is nearest. What it makes is a picture to look at; pixels of two
// sampling grids do not agree to the last digit.
func (im *Image) Resample(s Shape) *Image {
	out := &Image{Name: im.Name, Form: im.Form, Kind: im.Kind, Shape: s, Pix: make([]float64, s.Pixels())}
	nearest := func(i, to, from int) int {
		return min(int((float64(i)+0.5)*float64(from)/float64(to)), from-1)
	}
	for y := range s.Slow {
		for x := range s.Fast {
			out.Pix[y*s.Fast+x] = im.value(nearest(y, s.Slow, im.Slow)*im.Fast + nearest(x, s.Fast, im.Fast))
		}
	}
	return out
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
