package schema

import "math"

// formulas recompute what nanoBragg prints from what stands in the same log.
// The inputs are those of one evaluation; lengths are in metres, cell vectors in
// angstroms, and the scattering vector in 1/m whatever its name says.
//
// With settings that the program prints: the lattice factors (cell counts). Under
// a condition: I_before_scaling, where one source, domain, phi step, subpixel and
// layer make one term. Not at all: orientations, structure factors and what
// comes of several samples; those have the rule of the nearest ancestors.
var formulas = map[Key]*Formula{
	RDistance:     {Inputs: []Key{PixelPos}, Eval: func(in [][]float64, _, out []float64) ([]float64, bool) { return append(out, norm(in[0])), true }},
	Obliquity:     {Inputs: []Key{CloseDistance, RDistance}, Eval: func(in [][]float64, _, out []float64) ([]float64, bool) { return append(out, in[0][0]/in[1][0]), true }},
	DiffractedVec: {Inputs: []Key{PixelPos}, Eval: unit},
	LambdaAngstroms: {Inputs: []Key{LambdaMeters}, Eval: func(in [][]float64, _, out []float64) ([]float64, bool) {
		return append(out, in[0][0]*1e10), true
	}},
	ScatteringVec: {Inputs: []Key{DiffractedVec, IncidentVec, LambdaMeters}, Eval: scattering, Scale: func(in [][]float64) float64 {
		return (norm(in[0]) + norm(in[1])) / math.Abs(in[2][0])
	}},
	HKLFrac:    {Inputs: []Key{ScatteringVec, RotA, RotB, RotC}, Eval: miller, Scale: millerScale},
	HKLRounded: {Inputs: []Key{HKLFrac}, Eval: nearest},
	FLatt:      {Inputs: []Key{FLattA, FLattB, FLattC}, Eval: product},
	FLattA:     {Inputs: []Key{HKLFrac}, Settings: []string{"Na"}, Eval: grating(0)},
	FLattB:     {Inputs: []Key{HKLFrac}, Settings: []string{"Nb"}, Eval: grating(1)},
	FLattC:     {Inputs: []Key{HKLFrac}, Settings: []string{"Nc"}, Eval: grating(2)},
	PhiFLattB:  {Inputs: []Key{PhiKFrac}, Settings: []string{"Nb"}, Eval: grating(0)},

	Pix0BeforeRotation: {Inputs: []Key{TermFastBeforeRot, TermSlowBeforeRot, TermCloseBeforeRot}, Eval: sum},
	TermFastBeforeRot:  {Inputs: []Key{Fclose, InitialFdet}, Eval: times(-1)},
	TermSlowBeforeRot:  {Inputs: []Key{Sclose, InitialSdet}, Eval: times(-1)},
	TermCloseBeforeRot: {Inputs: []Key{CloseDistanceSetup, InitialOdet}, Eval: times(1)},
	TermFast:           {Inputs: []Key{Fbeam, FdetAfterTwotheta}, Eval: times(-1)},
	TermSlow:           {Inputs: []Key{Sbeam, SdetAfterTwotheta}, Eval: times(-1)},
	Pix0Setup:          {Inputs: []Key{TermFast, TermSlow, TermBeam}, Eval: sum},
	FdetVec:            {Inputs: []Key{FdetAfterTwotheta}, Eval: same},
	SdetVec:            {Inputs: []Key{SdetAfterTwotheta}, Eval: same},

	Cos2Theta: {Inputs: []Key{IncidentVec, DiffractedVec}, Eval: func(in [][]float64, _, out []float64) ([]float64, bool) {
		return append(out, dot(in[0], in[1])/norm(in[0])/norm(in[1])), true
	}, Scale: one},
	IBeforeScalingPostPolar: {Inputs: []Key{IBeforeScalingPrePolar, Polar}, Eval: product},
	REMeters: {Inputs: []Key{RESqr}, Eval: func(in [][]float64, _, out []float64) ([]float64, bool) {
		return append(out, math.Sqrt(in[0][0])), in[0][0] >= 0
	}},
	IPixelFinal: {Inputs: []Key{IBeforeScaling, RESqr, Fluence, Steps, OversampleThick, OversamplePolar, OversampleOmega, CaptureFraction, Polar, OmegaPixel}, Eval: intensity},
	FloatImage: {Inputs: []Key{IPixelFinal}, Eval: func(in [][]float64, _, out []float64) ([]float64, bool) {
		return append(out, float64(float32(in[0][0]))), true
	}},

	SourceFCellSqr: {Inputs: []Key{SourceFCell}, Eval: square},
	SourceFLattSqr: {Inputs: []Key{SourceFLatt}, Eval: square},
}

func dot(a, b []float64) float64 {
	return float64(a[0]*b[0]) + float64(a[1]*b[1]) + float64(a[2]*b[2])
}

func norm(v []float64) float64 { return math.Sqrt(dot(v, v)) }

func one([][]float64) float64 { return 1 }

func unit(in [][]float64, _, out []float64) ([]float64, bool) {
	n := norm(in[0])
	for _, x := range in[0] {
		out = append(out, x/n)
	}
	return out, n > 0
}

func scattering(in [][]float64, _, out []float64) ([]float64, bool) {
	for i := range 3 {
		out = append(out, (in[0][i]-in[1][i])/in[2][0])
	}
	return out, in[2][0] != 0
}

// miller is a.S, b.S, c.S; the vectors are in angstroms and S is in 1/m.
func miller(in [][]float64, _, out []float64) ([]float64, bool) {
	for _, v := range in[1:] {
		out = append(out, dot(v, in[0])*1e-10)
	}
	return out, true
}

// millerScale is the size of the terms that cancel in the scalar products.
func millerScale(in [][]float64) float64 {
	most := 0.0
	for _, v := range in[1:] {
		most = math.Max(most, norm(v))
	}
	return most * norm(in[0]) * 1e-10
}

func nearest(in [][]float64, _, out []float64) ([]float64, bool) {
	for _, x := range in[0] {
		out = append(out, math.Ceil(x-0.5))
	}
	return out, true
}

func product(in [][]float64, _, out []float64) ([]float64, bool) {
	p := 1.0
	for _, v := range in {
		p *= v[0]
	}
	return append(out, p), true
}

func square(in [][]float64, _, out []float64) ([]float64, bool) {
	return append(out, in[0][0]*in[0][0]), true
}

func sum(in [][]float64, _, out []float64) ([]float64, bool) {
	for i := range in[0] {
		s := 0.0
		for _, v := range in {
			s += v[i]
		}
		out = append(out, s)
	}
	return out, true
}

func same(in [][]float64, _, out []float64) ([]float64, bool) { return append(out, in[0]...), true }

// times is a number times a vector.
func times(sign float64) func([][]float64, []float64, []float64) ([]float64, bool) {
	return func(in [][]float64, _, out []float64) ([]float64, bool) {
		for _, x := range in[1] {
			out = append(out, sign*in[0][0]*x)
		}
		return out, true
	}
}

// grating is the interference function sin(pi N x)/sin(pi x) of component i, N
// where x is an integer.
func grating(i int) func([][]float64, []float64, []float64) ([]float64, bool) {
	return func(in [][]float64, settings, out []float64) ([]float64, bool) {
		x, n := in[0][i], settings[0]
		if x == math.Trunc(x) {
			return append(out, n), true
		}
		return append(out, math.Sin(math.Pi*n*x)/math.Sin(math.Pi*x)), true
	}
}

// intensity is r_e^2 fluence I/steps, with the factors that are not already in
// the sum.
func intensity(in [][]float64, _, out []float64) ([]float64, bool) {
	v := in[1][0] * in[2][0] * in[0][0] / in[3][0]
	for i, f := range in[7:] {
		if in[4+i][0] == 0 {
			v *= f[0]
		}
	}
	return append(out, v), in[3][0] != 0
}
