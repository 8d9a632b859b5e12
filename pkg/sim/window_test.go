package sim

import (
	"context"
	"math/rand/v2"
	"testing"
)

// A pixel of the window's image is that of the whole image, bit for bit, where
// vectors are carried over, where interpolation is switched off on the way, and
// under masks and resolution cuts.
func TestWindow(t *testing.T) {
	small, alone, fresh, latched := 0, 0, 0, 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		c := base()
		c.Profile = ProfileNanoBragg
		c.Rotation.PhiDeg = []float64{0, 0, 1, -0.5}[r.IntN(4)]
		if seed%2 == 0 {
			outOfSomeRange(&c)
			c.Detector.DistanceMM = 20 + 60*r.Float64()
		}
		if seed%3 == 0 {
			c.Crystal.DminA = 1 + 2*r.Float64()
		}
		if seed%5 == 0 {
			c.Sampling.Mask = make([]uint16, c.Detector.PixelsFast*c.Detector.PixelsSlow)
			for i := range c.Sampling.Mask {
				c.Sampling.Mask[i] = uint16(r.IntN(2))
			}
		}
		e := mustPrepare(t, c)
		whole := render(t, e, Options{})
		for range 12 {
			p := Pixel{r.IntN(e.Geometry.Slow), r.IntN(e.Geometry.Fast)}
			if e.Check(p) != nil {
				continue
			}
			roi, err := e.Window(context.Background(), p)
			if err != nil {
				t.Fatal(err)
			}
			c := e.Config
			c.Sampling.ROI = roi
			i := p.Slow*e.Geometry.Fast + p.Fast
			if got := render(t, mustPrepare(t, c), Options{})[i]; got != whole[i] {
				t.Errorf("seed %d, pixel %v: %v in the window %v, %v in the whole", seed, p, got, roi, whole[i])
			}
			n := (roi[1] - roi[0] + 1) * (roi[3] - roi[2] + 1)
			if n <= 8 {
				small++
			}
			if n == 1 {
				alone++
			}
			if e.isFirst(p) {
				fresh++
			}
			if _, off := e.LatchedBefore(context.Background(), p); off {
				latched++
			}
		}
	}
	t.Logf("%d windows of up to 8 pixels, %d of one; %d first pixels, %d behind a latch", small, alone, fresh, latched)
	if small < 300 || alone == small || latched < 30 {
		t.Error("the cases do not try what they should")
	}
}
