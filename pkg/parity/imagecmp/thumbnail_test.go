package imagecmp

import (
	"bytes"
	"context"
	"image/color"
	"image/png"
	"math"
	"testing"
)

// A thumbnail keeps the brightest of the pixels that one of it stands for, in each image, and
// the largest difference of those that are compared, with its sign.
func TestThumbnail(t *testing.T) {
	shape := Shape{Slow: 90, Fast: 100}
	ref, got := make([]float32, shape.Pixels()), make([]float32, shape.Pixels())
	put := func(pix []float32, slow, fast int, v float32) { pix[slow*shape.Fast+fast] = v }
	put(ref, 11, 35, 100) // the first image alone: a dark difference
	put(got, 72, 80, 100) // the second alone: a light one
	put(ref, 50, 50, 100) // both
	put(got, 50, 50, 100)
	put(got, 5, 95, 100) // outside the region: no difference is shown
	put(got, 81, 9, float32(math.NaN()))
	opt := DefaultOptions()
	opt.ROI = &ROI{FastMax: 90, SlowMax: 89}
	rep, err := Compare(context.Background(), FromFloat32("a", shape, ref), FromFloat32("b", shape, got), opt)
	if err != nil {
		t.Fatal(err)
	}
	data, err := rep.Thumbnail(context.Background(), 10, 100)
	if err != nil {
		t.Fatal(err)
	}
	im, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if b := im.Bounds(); b.Dx() != 34 || b.Dy() != 9 {
		t.Fatalf("%v", b)
	}
	black, white := color.RGBA{A: 255}, color.RGBA{255, 255, 255, 255}
	for at, want := range map[[3]int]color.RGBA{ // panel, slow, fast
		{0, 1, 3}: black, {1, 1, 3}: white, {2, 1, 3}: diffEnds[0],
		{0, 7, 8}: white, {1, 7, 8}: black, {2, 7, 8}: diffEnds[2],
		{0, 5, 5}: black, {1, 5, 5}: black, {2, 5, 5}: diffEnds[1],
		{1, 0, 9}: black, {2, 0, 9}: diffEnds[1],
		{0, 8, 0}: white, {1, 8, 0}: notANumber, {2, 8, 0}: notANumber,
	} {
		if have := color.RGBAModel.Convert(im.At(at[0]*12+at[2], at[1])); have != want {
			t.Errorf("panel %d, slow %d fast %d: %v, want %v", at[0], at[1], at[2], have, want)
		}
	}
	if none, err := (&Report{}).Thumbnail(context.Background(), 10, 100); none != nil || err != nil {
		t.Error("a picture of nothing")
	}
}
