package nanobragg

import (
	"math"

	"simtrace/pkg/sim"
)

// inRegion calls do for the index of every pixel in the region of interest, in
// scan order, masked pixels too. Pixels outside stay zero in every image.
func inRegion(e *sim.Experiment, do func(i int)) {
	for slow := e.ROI[2]; slow <= e.ROI[3]; slow++ {
		for fast := e.ROI[0]; fast <= e.ROI[1]; fast++ {
			do(slow*e.Geometry.Fast + fast)
		}
	}
}

// byRows calls do for the pixels of each row in the region of interest, from one
// index up to another.
func byRows(e *sim.Experiment, do func(from, to int)) {
	for slow := e.ROI[2]; slow <= e.ROI[3]; slow++ {
		at := slow * e.Geometry.Fast
		do(at+e.ROI[0], at+e.ROI[1]+1)
	}
}

// IntScale is the scale of the integer image: the one asked for where it is
// positive, else what makes the brightest pixel 55000, or 1 where there is
// none.
func IntScale(asked float64, brightest float32) float64 {
	switch {
	case asked > 0:
		return asked
	case brightest > 0:
		return 55000.0 / float64(brightest)
	}
	return 1
}

// PGMScale is the scale of the preview: the one asked for where it is positive,
// else what makes five times the rms deviation 250, or the integer image's
// where all pixels are equal.
func PGMScale(asked, intScale float64, s *sim.Statistics) float64 {
	switch {
	case asked > 0:
		return asked
	case s.RMSD > 0:
		return 250.0 / (5.0 * s.RMSD)
	}
	return intScale
}

// pgmPixels scales pixels to bytes, cut at 255, fractions dropped.
func pgmPixels(out []uint8, image []float32, scale float64) {
	for i, v := range image {
		v := float64(float64(v) * scale)
		if v > 255.0 {
			v = 255.0
		}
		if v >= 0 {
			out[i] = uint8(int32(v))
		} else {
			out[i] = uint8(cut(v))
		}
	}
}

// streamRows makes an integer image some rows at a time and writes them: a whole
// image in memory costs more than all its arithmetic, because the memory is new.
func streamRows[T uint8 | uint16](e *sim.Experiment, write func([]T) error, convert func(out []T, from, to int)) error {
	const rows = 32
	g := e.Geometry
	buf := make([]T, rows*g.Fast)
	for first := 0; first < g.Slow; first += rows {
		part := buf[:(min(first+rows, g.Slow)-first)*g.Fast]
		clear(part)
		for slow := max(first, e.ROI[2]); slow <= min(first+rows-1, e.ROI[3]); slow++ {
			at := (slow-first)*g.Fast + e.ROI[0]
			convert(part[at:at+e.ROI[1]-e.ROI[0]+1], slow*g.Fast+e.ROI[0], slow*g.Fast+e.ROI[1]+1)
		}
		if err := write(part); err != nil {
			return err
		}
	}
	return nil
}

// NoiseImage draws a photon count for every pixel and adds the offset. photons
// is the sum of the counts; overloads are the pixels cut to 65535.
func NoiseImage(e *sim.Experiment, image []float32, seed int64, adc float64) (pixels []uint16, photons float64, overloads int) {
	pixels = make([]uint16, len(image))
	noise := e.NewNoise(seed)
	counts := make([]float32, e.Geometry.Fast)
	byRows(e, func(from, to int) {
		row := counts[:to-from]
		noise.Counts(row, image[from:to])
		for i, count := range row {
			v := float64(count)
			photons += v
			if v += adc; v > 65535.0 {
				v = 65535.0
				overloads++
			}
			pixels[from+i] = cut(v)
		}
	})
	return pixels, photons, overloads
}

// cut is C's conversion to an unsigned 16-bit integer on the reference's
// machine: the fraction goes, what is negative wraps, what is no 32-bit integer
// becomes 0.
func cut(v float64) uint16 {
	if !(v > math.MinInt32-1 && v < math.MaxInt32+1) {
		return 0
	}
	return uint16(int32(v))
}
