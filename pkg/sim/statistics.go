package sim

import (
	"context"
	"math"
	"runtime"

	"simtrace/pkg/sim/fast"
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
	omega := make(chan float64)
	go func() { omega <- e.OmegaSum() }()
	sqr := 0.0
	e.scan(func(slow, at int, row []float32) {
		m := e.Config.Sampling.Mask
		own, ownSqr, brightest := s.SumOfPixels, sqr, s.Max // in registers, for speed
		for i, v := range row {
			if m != nil && m[at+i] == 0 {
				continue
			}
			if v > brightest {
				brightest, s.MaxPixel = v, Pixel{slow, e.ROI[0] + i}
			}
			own += float64(v)
			ownSqr += float64(float32(v * v)) // squared in single precision
			s.Pixels++
		}
		s.SumOfPixels, sqr, s.Max = own, ownSqr, brightest
	}, image)
	if s.Max > 0 {
		s.MaxFast, s.MaxSlow = e.lastSubpixel(s.MaxPixel.Fast), e.lastSubpixel(s.MaxPixel.Slow)
	}
	s.Mean = s.SumOfPixels / math.Max(float64(s.Pixels), 1)
	s.RMS = math.Sqrt(sqr / (math.Max(float64(s.Pixels), 2) - 1))
	s.RMSD = e.deviation(image, s.Mean)
	s.OmegaSum = <-omega
	return s
}

// scan calls do for every row of the region of interest, in scan order, with
// its pixels and the index of their first in the image.
func (e *Experiment) scan(do func(slow, at int, row []float32), image []float32) {
	for slow := e.ROI[2]; slow <= e.ROI[3]; slow++ {
		at := slow*e.Geometry.Fast + e.ROI[0]
		do(slow, at, image[at:at+e.ROI[1]-e.ROI[0]+1])
	}
}

// lastSubpixel is the coordinate of a pixel's last subpixel along an axis.
func (e *Experiment) lastSubpixel(pixel int) float64 {
	return float64(e.subpixel*float64(pixel*e.Oversample+e.Oversample-1)) + float64(e.subpixel/2.0)
}

func (e *Experiment) deviation(image []float32, mean float64) float64 {
	sum, n := 0.0, 0
	e.scan(func(_, _ int, row []float32) {
		own := sum
		for _, v := range row {
			d := float64(v) - mean
			own += float64(d * d)
		}
		sum, n = own, n+len(row)
	}, image)
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
	const room = 1 << 17 // 1 MB, which stays in the cache between the two
	rows := max(room/perRow, 1)
	buf := make([]float64, min(rows, e.ROI[3]-e.ROI[2]+1)*perRow)
	blocks := make([]fast.Block, runtime.GOMAXPROCS(0))
	sum := 0.0
	for slow := e.ROI[2]; slow <= e.ROI[3]; slow += rows {
		last := min(slow+rows-1, e.ROI[3])
		// Nothing ends this early.
		workers := 0
		_ = withWorkers(context.Background(), len(blocks), slow, last, func() func(int) {
			b := &blocks[workers]
			workers++
			return func(row int) { e.omegas(b, row, stored, buf[(row-slow)*perRow:(row-slow+1)*perRow]) }
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
// where the pixel is masked. The fast engine's kernels do it with the bits of
// the exact one.
func (e *Experiment) omegas(b *fast.Block, slow, samples int, into []float64) {
	n := e.Oversample * e.Oversample
	solid, mask := e.solid(), e.Config.Sampling.Mask
	masked := func(i int) bool { return mask != nil && mask[i] == 0 }
	kernels := fast.All()[0]
	var row fast.Row
	for fast0 := e.ROI[0]; fast0 <= e.ROI[1]; fast0 += fast.Width {
		pixels := min(fast.Width, e.ROI[1]-fast0+1)
		for i := range samples {
			e.locate(b, kernels, fastSample{slow: slow, fast: fast0, n: lanes(pixels), layer: i / n, sub: i % n}, &row)
			kernels.SolidAngles(b, lanes(pixels), &solid)
			for j, omega := range b.Omega[:pixels] {
				if masked(slow*e.Geometry.Fast + fast0 + j) {
					omega = 0
				}
				into[j*samples+i] = omega
			}
		}
		into = into[pixels*samples:]
	}
}
