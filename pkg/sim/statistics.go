package sim

import (
	"context"
	"math"
)

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
//
// The samples are computed in parallel and summed one by one.
func (e *Experiment) OmegaSum() float64 {
	all := e.Geometry.ThickSteps * e.Oversample * e.Oversample // samples of a pixel
	stored, repeat := 1, all
	if e.Config.Sampling.OversampleOmega || e.Config.Profile.OmegaKeep == KeepLast {
		stored, repeat = all, 1
	}
	perRow := stored * (e.ROI[1] - e.ROI[0] + 1)
	const room = 1 << 20
	rows := max(room/perRow, 1)
	buf := make([]float64, min(rows, e.ROI[3]-e.ROI[2]+1)*perRow)
	sum := 0.0
	for slow := e.ROI[2]; slow <= e.ROI[3]; slow += rows {
		last := min(slow+rows-1, e.ROI[3])
		// Nothing ends this early.
		_ = inParallel(context.Background(), 0, slow, last, func(row int) {
			e.omegas(row, stored, buf[(row-slow)*perRow:(row-slow+1)*perRow])
		})
		for _, omega := range buf[:(last-slow+1)*perRow] {
			for range repeat {
				sum += omega // 0 for a masked pixel
			}
		}
	}
	return sum
}

// omegas computes the first samples' solid angles of every pixel of a row; zero
// where the pixel is masked.
func (e *Experiment) omegas(slow, samples int, into []float64) {
	n := e.Oversample * e.Oversample
	for fast := e.ROI[0]; fast <= e.ROI[1]; fast++ {
		wanted := e.Wanted(slow, fast)
		for i := range samples {
			if into[0] = 0; wanted {
				into[0] = e.omega(Pixel{slow, fast}, i/n, i%n)
			}
			into = into[1:]
		}
	}
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
