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
	Form string // of the file: "raw", "SMV" or "npy"
	Kind Kind
	Shape
	Pix []float64 // Slow*Fast values, fast axis first; every Kind fits exactly
}

// FromFloat32 makes an image of pixels in memory, fast axis first. It panics
// where the number of pixels is not the shape's.
func FromFloat32(name string, s Shape, pix []float32) *Image {
	if len(pix) != s.Pixels() {
		panic(fmt.Sprintf("imagecmp: %d pixels for a shape of %v", len(pix), s))
	}
	im := &Image{Name: name, Form: "raw", Kind: Float32, Shape: s, Pix: make([]float64, len(pix))}
	for i, v := range pix {
		im.Pix[i] = float64(v)
	}
	return im
}

// at is the position of an index.
func (im *Image) at(i int) At { return At{i / im.Fast, i % im.Fast} }

// Value returns a pixel.
func (im *Image) Value(p At) float64 { return im.Pix[p.Slow*im.Fast+p.Fast] }

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
			out.Pix[y*s.Fast+x] = im.Pix[nearest(y, s.Slow, im.Slow)*im.Fast+nearest(x, s.Fast, im.Fast)]
		}
	}
	return out
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
