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

// Sums are those figures of an image that one pass in scan order gives. Statistics
// follow from them and a second pass.
type Sums struct {
	Max      float32
	MaxPixel Pixel
	Pixels   int
	Sum      float64
	Square   float64 // of the pixels squared in single precision
	Omega    float64 // see OmegaSum
}

// Sums returns those of an image that this experiment rendered. It panics where
// the image is of another size.
func (e *Experiment) Sums(image []float32) Sums {
	if len(image) != e.Geometry.Fast*e.Geometry.Slow {
		panic("sim: image of another size")
	}
	omega := make(chan float64)
	go func() { omega <- e.OmegaSum() }()
	var s Sums
	e.scan(func(slow, at int, row []float32) { s.row(e, slow, at, row) }, image)
	s.Omega = <-omega
	return s
}

// row adds a row of the region of interest, whose first pixel has the index at
// in the image.
func (s *Sums) row(e *Experiment, slow, at int, row []float32) {
	m := e.Config.Sampling.Mask
	sum, square, brightest := s.Sum, s.Square, s.Max // in registers, for speed
	for i, v := range row {
		if m != nil && m[at+i] == 0 {
			continue
		}
		if v > brightest {
			brightest, s.MaxPixel = v, Pixel{slow, e.ROI[0] + i}
		}
		sum += float64(v)
		square += float64(float32(v * v))
		s.Pixels++
	}
	s.Sum, s.Square, s.Max = sum, square, brightest
}

// rowWithOmegas is row, and adds the pixels' solid angles besides. An addition
// waits for the one before: three sums side by side take as long as one.
func (s *Sums) rowWithOmegas(e *Experiment, slow, at int, row []float32, omegas []float64) {
	times := e.samples()
	if e.Config.Sampling.Mask != nil {
		s.row(e, slow, at, row)
		s.Omega = e.addOmegas(s.Omega, omegas, times)
		return
	}
	sum, square, brightest, omega, where := s.Sum, s.Square, s.Max, s.Omega, -1
	omegas = omegas[:len(row)]
	for i, v := range row {
		if v > brightest {
			brightest, where = v, i
		}
		sum += float64(v)
		square += float64(float32(v * v))
		if times == 1 {
			omega += omegas[i] // without a loop inside, which takes as long as all else
			continue
		}
		for range times {
			omega += omegas[i]
		}
	}
	if where >= 0 {
		s.MaxPixel = Pixel{slow, e.ROI[0] + where}
	}
	s.Sum, s.Square, s.Max, s.Omega, s.Pixels = sum, square, brightest, omega, s.Pixels+len(row)
}

// Statistics returns the figures of an image that this experiment rendered. It
// panics where the image is of another size.
func (e *Experiment) Statistics(image []float32) Statistics {
	return e.StatisticsOf(image, e.Sums(image))
}

// StatisticsOf is Statistics where the sums are known.
func (e *Experiment) StatisticsOf(image []float32, s Sums) Statistics {
	out := Statistics{Max: s.Max, MaxPixel: s.MaxPixel, Pixels: s.Pixels, SumOfPixels: s.Sum, OmegaSum: s.Omega}
	if s.Max > 0 {
		out.MaxFast, out.MaxSlow = e.lastSubpixel(s.MaxPixel.Fast), e.lastSubpixel(s.MaxPixel.Slow)
	}
	out.Mean = s.Sum / math.Max(float64(s.Pixels), 1)
	out.RMS = math.Sqrt(s.Square / (math.Max(float64(s.Pixels), 2) - 1))
	out.RMSD = e.deviation(image, out.Mean)
	return out
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
	stored, repeat := 1, e.samples()
	if e.Config.Sampling.OversampleOmega || e.Config.Profile.OmegaKeep == KeepLast {
		stored, repeat = repeat, 1
	}
	parts := e.omegaParts(stored)
	const room = 1 << 17 // 1 MB, which stays in the cache between the two
	batch := min(max(room/(stored*parts[0].pixels()), 1), len(parts))
	if stored*parts[0].pixels() > room {
		batch = min(runtime.GOMAXPROCS(0), len(parts))
	}
	buf := make([]float64, batch*stored*parts[0].pixels())
	blocks := make([]omegaBlock, runtime.GOMAXPROCS(0))
	sum := 0.0
	for len(parts) > 0 {
		now := parts[:min(batch, len(parts))]
		into, used := make([][]float64, len(now)), 0
		for i, p := range now {
			into[i] = buf[used:][:stored*p.pixels()]
			used += len(into[i])
		}
		// Nothing ends this early.
		workers := 0
		_ = withWorkers(context.Background(), len(blocks), 0, len(now)-1, func() func(int) {
			b := &blocks[workers]
			workers++
			return func(i int) { e.omegas(b, now[i], stored, into[i]) }
		})
		sum = e.addOmegas(sum, buf[:used], repeat)
		parts = parts[len(now):]
	}
	return sum
}

// omegaPart is a row of the region of interest, or a part of one.
type omegaPart struct{ slow, first, last int }

func (p omegaPart) pixels() int { return p.last - p.first + 1 }

// omegaRoom bounds the samples of a part, to 32 MB: rows with more are cut.
var omegaRoom = 1 << 22

// omegaParts cuts the region of interest into parts, in scan order; none has more
// pixels than the first.
func (e *Experiment) omegaParts(stored int) []omegaPart {
	width := min(max(omegaRoom/stored, 1), e.ROI[1]-e.ROI[0]+1)
	var parts []omegaPart
	for slow := e.ROI[2]; slow <= e.ROI[3]; slow++ {
		for first := e.ROI[0]; first <= e.ROI[1]; first += width {
			parts = append(parts, omegaPart{slow, first, min(first+width-1, e.ROI[1])})
		}
	}
	return parts
}

// samples is the number of samples of a pixel that have a solid angle.
func (e *Experiment) samples() int { return e.Geometry.ThickSteps * e.Oversample * e.Oversample }

// addOmegas adds each of the solid angles so many times, one by one as the
// reference does.
func (e *Experiment) addOmegas(sum float64, omegas []float64, times int) float64 {
	for _, omega := range omegas {
		for range times {
			sum += omega
		}
	}
	return sum
}

// omegaBlock is what one goroutine computes solid angles in.
type omegaBlock struct {
	block fast.Block
	at    locator
}

// omegas computes the first samples' solid angles of every pixel of a part; zero
// where the pixel is masked. The fast engine's kernels do it with the bits of
// the exact one.
func (e *Experiment) omegas(ob *omegaBlock, p omegaPart, samples int, into []float64) {
	b := &ob.block
	n := e.Oversample * e.Oversample
	solid, mask := e.solid(), e.Config.Sampling.Mask
	masked := func(i int) bool { return mask != nil && mask[i] == 0 }
	kernels := fast.All()[0]
	for fast0 := p.first; fast0 <= p.last; fast0 += fast.Width {
		pixels := min(fast.Width, p.last-fast0+1)
		for i := range samples {
			e.locate(b, kernels, fastSample{slow: p.slow, fast: fast0, n: lanes(pixels), layer: i / n, sub: i % n}, &ob.at)
			kernels.SolidAngles(b, lanes(pixels), &solid)
			for j, omega := range b.Omega[:pixels] {
				if masked(p.slow*e.Geometry.Fast + fast0 + j) {
					omega = 0
				}
				into[j*samples+i] = omega
			}
		}
		into = into[pixels*samples:]
	}
}
