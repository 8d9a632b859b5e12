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
			Finish: finishAVX512,
		})
	}
	if c := &cpu.X86; c.HasAVX2 && c.HasFMA {
		out = append(out, Kernels{
			Name: "avx2", Positions: positionsAVX2, SolidAngles: solidAnglesAVX2, Normalize: normalizeAVX2,
			Polarize: polarizeAVX2, Square: sweepSquareAVX2, Round: sweepRoundAVX2, Gauss: sweepGaussAVX2, Tophat: sweepTophatAVX2,
			Finish: finishAVX2,
		})
	}
	return out
}
