package sim

import "math"

// The sines and exponentials of bl831's kernel in float32: those of the C library of
// GNU/Linux since 2018, which computed the recorded images. They are polynomials in
// double precision, fused, whose error of a few hundredths of a float32's last place
// decides how one result in some ten is rounded. A GPU has others.

// sin32 is the sine, for arguments below 120 as the library has it, and correctly
// rounded beyond.
func sin32(x float32) float32 { return sinCos32(x, 0, sin[float64]) }

// cos32 is the cosine likewise.
func cos32(x float32) float32 { return sinCos32(x, 1, cos[float64]) }

// sinCos32 is the sine, ahead by a quarter of a turn where asked, else beyond.
func sinCos32(x float32, ahead int, beyond func(float64) float64) float32 {
	const (
		quarter = 0x1.921FB54442D18p0
		inverse = 0x1.45F306DC9C883p+23 // 2^24 by a quarter of a turn
	)
	v, size := float64(x), math.Abs(float64(x))
	switch {
	case size >= 120 || x != x:
		return float32(beyond(v))
	case size < 0x1p-12 && ahead == 0:
		return x
	case size < 0x1p-12:
		return 1
	}
	n := ahead
	if math.Float32bits(x)>>20&0x7ff >= math.Float32bits(math.Pi/4)>>20 {
		turns := (int(int32(float64(v*inverse))) + 0x800000) >> 24
		v = math.FMA(-float64(turns), quarter, v) //fma:wanted the library's
		n = turns + ahead
	}
	y := sinCosPolynomial(v, n&1 != 0)
	if n&2 != 0 {
		y = -y
	}
	return float32(y)
}

// sinCosPolynomial is the sine of at most pi/4, or the cosine.
func sinCosPolynomial(x float64, cosine bool) float64 {
	x2 := float64(x * x)
	if cosine {
		x4 := float64(x2 * x2)
		x6 := float64(x4 * x2)
		high := math.FMA(x2, 0x1.99343027bf8c3p-16, -0x1.6c087e89a359dp-10) //fma:wanted the library's
		low := math.FMA(x2, -0x1.ffffffd0c621cp-2, 1)                       //fma:wanted the library's
		low = math.FMA(x4, 0x1.55553e1068f19p-5, low)                       //fma:wanted the library's
		return math.FMA(x6, high, low)                                      //fma:wanted the library's
	}
	x3 := float64(x * x2)
	x5 := float64(x3 * x2)
	high := math.FMA(x2, -0x1.994eb3774cf24p-13, 0x1.1107605230bc4p-7) //fma:wanted the library's
	low := math.FMA(x3, -0x1.555545995a603p-3, x)                      //fma:wanted the library's
	return math.FMA(x5, high, low)                                     //fma:wanted the library's
}

// exp32 is the exponential, for arguments above -80 as the library has it.
func exp32(x float32) float32 {
	const perLog2 = 0x1.71547652b82fep+0 * 32
	if !(x > -80 && x < 80) {
		return float32(exp(float64(x)))
	}
	e := float64(float64(x) * perLog2)
	n := math.RoundToEven(e)
	r := e - n
	r2 := float64(r * r)
	high := math.FMA(powfExpPoly[0]/32/32/32, r, powfExpPoly[1]/32/32) //fma:wanted the library's
	low := math.FMA(powfExpPoly[2]/32, r, 1)                           //fma:wanted the library's
	y := math.FMA(high, r2, low)                                       //fma:wanted the library's
	return float32(math.Ldexp(float64(y*powfExp2[int(n)&31]), int(math.Floor(n/32))))
}

// atan2of32 is the angle of the point x, y, in float32 all the way, as the library had
// it until 2.40 (after fdlibm, Sun Microsystems 1993).
func atan2of32(y, x float32) float32 {
	const pi, piLow = float32(3.1415927410e+00), float32(-8.7422776573e-08)
	if x == 0 || y == 0 || x != x || y != y || math.IsInf(float64(x), 0) || math.IsInf(float64(y), 0) {
		return float32(math.Atan2(float64(y), float64(x)))
	}
	var z float32
	switch k := int(math.Float32bits(y)&0x7fffffff>>23) - int(math.Float32bits(x)&0x7fffffff>>23); {
	case k > 60:
		z = pi/2 + float32(0.5*piLow)
	case x < 0 && k < -60:
		z = 0
	default:
		z = atanOf32(abs32(y / x))
	}
	if x < 0 {
		z = pi - (z - piLow)
	}
	if y < 0 {
		return -z
	}
	return z
}

func abs32(x float32) float32 { return float32(math.Abs(float64(x))) }

// atanOf32 is the arc tangent of a number above 0.
func atanOf32(x float32) float32 {
	high := [4]float32{4.6364760399e-01, 7.8539812565e-01, 9.8279368877e-01, 1.5707962513e+00}
	low := [4]float32{5.0121582440e-09, 3.7748947079e-08, 3.4473217170e-08, 7.5497894159e-08}
	a := [11]float32{3.3333334327e-01, -2.0000000298e-01, 1.4285714924e-01, -1.1111110449e-01, 9.0908870101e-02,
		-7.6918758452e-02, 6.6610731184e-02, -5.8335702866e-02, 4.9768779427e-02, -3.6531571299e-02, 1.6285819933e-02}
	near := -1 // the table's angle that x is near
	switch {
	case x < 0x1p-29:
		return x
	case x < 0.4375:
	case x < 0.6875:
		near, x = 0, (float32(2*x)-1)/(2+x)
	case x < 1.1875:
		near, x = 1, (x-1)/(x+1)
	case x < 2.4375:
		near, x = 2, (x-1.5)/(1+float32(1.5*x))
	default:
		near, x = 3, -1/x
	}
	z := float32(x * x)
	w := float32(z * z)
	even, odd := a[10], a[9]
	for i := 8; i >= 0; i -= 2 {
		even = a[i] + float32(w*even)
	}
	for i := 7; i > 0; i -= 2 {
		odd = a[i] + float32(w*odd)
	}
	sum := float32(x * (float32(z*even) + float32(w*odd)))
	if near < 0 {
		return x - sum
	}
	return high[near] - ((sum - low[near]) - x)
}
