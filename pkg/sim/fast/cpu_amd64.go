//go:build !purego

package fast

import "golang.org/x/sys/cpu"

// assembled lists the kernels in assembly that this processor has the
// instructions for.
func assembled() []Kernels {
	var out []Kernels
	if c := &cpu.X86; c.HasAVX512F && c.HasAVX512DQ && c.HasAVX512VL && c.HasFMA {
		out = append(out, Kernels{
			Name: "avx512", Positions: positionsAVX512, SolidAngles: solidAnglesAVX512, Normalize: normalizeAVX512,
			Polarize: polarizeAVX512, Square: sweepSquareAVX512, Round: sweepRoundAVX512, Gauss: sweepGaussAVX512, Tophat: sweepTophatAVX512,
			Finish: finishAVX512, Bend: bendAVX512, Absorb: absorbAVX512, Nearest: nearestAVX512, load: loadAVX512, interpolate: interpolateAVX512,
			Integers: wholeVectors(integersAVX512), Exp: wholeExps(expsAVX512),
			GeneralPlain: generalPlainAVX512, GeneralSquare: generalSquareAVX512, GeneralRound: generalRoundAVX512,
			GeneralGauss: generalGaussAVX512, GeneralTophat: generalTophatAVX512,
			Square32: square32AVX512, Round32: round32AVX512, Gauss32: gauss32AVX512, Tophat32: tophat32AVX512,
		})
	}
	if c := &cpu.X86; c.HasAVX2 && c.HasFMA {
		out = append(out, Kernels{
			Name: "avx2", Positions: positionsAVX2, SolidAngles: solidAnglesAVX2, Normalize: normalizeAVX2,
			Polarize: polarizeAVX2, Square: sweepSquareAVX2, Round: sweepRoundAVX2, Gauss: sweepGaussAVX2, Tophat: sweepTophatAVX2,
			Finish: finishAVX2, Bend: bendAVX2, Absorb: absorbAVX2, Nearest: nearestAVX2, load: loadAVX2, interpolate: interpolateAVX2,
			Integers: wholeVectors(integersAVX2), Exp: wholeExps(expsAVX2),
			GeneralPlain: generalPlainAVX2, GeneralSquare: generalSquareAVX2, GeneralRound: generalRoundAVX2,
			GeneralGauss: generalGaussAVX2, GeneralTophat: generalTophatAVX2,
			Square32: square32AVX2, Round32: round32AVX2, Gauss32: gauss32AVX2, Tophat32: tophat32AVX2,
		})
	}
	return out
}

// wholeVectors leaves what is less than a vector to the code in plain Go.
func wholeVectors(integers func(out *uint16, image *float32, n int, scale, offset float64)) func(out []uint16, image []float32, scale, offset float64) {
	return func(out []uint16, image []float32, scale, offset float64) {
		out = out[:len(image)]
		n := len(image) / Lanes * Lanes
		if n > 0 {
			integers(&out[0], &image[0], n, scale, offset)
		}
		plain.Integers(out[n:], image[n:], scale, offset)
	}
}

func wholeExps(exps func(x *float64, n int)) func(x []float64) {
	return func(x []float64) {
		n := len(x) / Lanes * Lanes
		if n > 0 {
			exps(&x[0], n)
		}
		plain.Exp(x[n:])
	}
}
