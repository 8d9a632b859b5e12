package sim

import "math"

// Statistics are the figures of a float image that the reference prints. They
// are summed in scan order, whatever the number of threads that rendered it.
type Statistics struct {
	Max         float32 // photons; 0 where no pixel is brighter than 0
	MaxPixel    Pixel
	MaxFast     float64 // metres along the axes, at the last subpixel of MaxPixel
	MaxSlow     float64
	Mean        float64 // over the pixels that were computed
	RMS         float64
	RMSD        float64 // from Mean, over the region of interest, masked pixels too
	OmegaSum    float64 // steradian; see OmegaSum
	Pixels      int     // computed: inside the region of interest and not masked
	SumOfPixels float64 // photons
}

// Statistics returns the figures of an image that this experiment rendered. It
// panics where the image is of another size.
func (e *Experiment) Statistics(image []float32) Statistics {
	g := e.Geometry
	if len(image) != g.Fast*g.Slow {
		panic("sim: image of another size")
	}
	var s Statistics
	sqr := 0.0
	e.scan(func(p Pixel, i int) {
		if !e.Wanted(p.Slow, p.Fast) {
			return
		}
		v := image[i]
		if v > s.Max {
			s.Max, s.MaxPixel = v, p
		}
		s.SumOfPixels += float64(v)
		sqr += float64(float32(v * v)) // squared in single precision
		s.Pixels++
	})
	if s.Max > 0 {
		s.MaxFast, s.MaxSlow = e.lastSubpixel(s.MaxPixel.Fast), e.lastSubpixel(s.MaxPixel.Slow)
	}
	s.Mean = s.SumOfPixels / math.Max(float64(s.Pixels), 1)
	s.RMS = math.Sqrt(sqr / (math.Max(float64(s.Pixels), 2) - 1))
	s.RMSD = e.deviation(image, s.Mean)
	s.OmegaSum = e.OmegaSum()
	return s
}

// scan calls do for every pixel of the region of interest, in scan order, with
// its index in the image.
func (e *Experiment) scan(do func(p Pixel, i int)) {
	for slow := e.ROI[2]; slow <= e.ROI[3]; slow++ {
		for fast := e.ROI[0]; fast <= e.ROI[1]; fast++ {
			do(Pixel{slow, fast}, slow*e.Geometry.Fast+fast)
		}
	}
}

// lastSubpixel is the coordinate of a pixel's last subpixel along an axis.
func (e *Experiment) lastSubpixel(pixel int) float64 {
	return float64(e.subpixel*float64(pixel*e.Oversample+e.Oversample-1)) + float64(e.subpixel/2.0)
}

func (e *Experiment) deviation(image []float32, mean float64) float64 {
	sum, n := 0.0, 0
	e.scan(func(_ Pixel, i int) {
		d := float64(image[i]) - mean
		sum += float64(d * d)
		n++
	})
	return math.Sqrt(sum / (math.Max(float64(n), 2) - 1))
}

// OmegaSum is the sum of the solid angles of all samples of the computed pixels,
// in steradian. Over the number of steps it is what the reference prints as
// subtended by the detector: true where there is one source, one domain, one
// phi step and one layer; for each more it counts too little, and for layers
// too much.
func (e *Experiment) OmegaSum() float64 {
	sum := 0.0
	n := e.Oversample * e.Oversample
	every := e.Config.Sampling.OversampleOmega || e.Config.Profile.OmegaKeep != KeepFirst
	e.scan(func(p Pixel, _ int) {
		if !e.Wanted(p.Slow, p.Fast) {
			return
		}
		omega := 0.0
		for layer := range e.Geometry.ThickSteps {
			for sub := range n {
				if omega == 0 || every {
					omega = e.omega(p, layer, sub)
				}
				sum += omega
			}
		}
	})
	return sum
}

// omega is the solid angle of one sample.
func (e *Experiment) omega(p Pixel, layer, sub int) float64 {
	g := e.Geometry
	_, r := unit(e.position(p.Slow, p.Fast, layer, sub/e.Oversample, sub%e.Oversample))
	if g.PointPixel {
		return 1.0 / r / r
	}
	return g.PixelSize * g.PixelSize / r / r * g.Close / r
}
