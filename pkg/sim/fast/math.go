package fast

import "math"

// The constants of the kernels. pi is piHi + piLo to about 107 bits.
const (
	piHi  = 0x1.921fb54442d18p+1
	piLo  = 0x1.1a62633145c07p-53
	invPi = 0x1.45f306dc9c883p-2
	ln2Hi = 0x1.62e42fefa39efp-1
	ln2Lo = 0x1.abc9e3b39803fp-56
	log2E = 0x1.71547652b82fep+0
)

// sinC are the coefficients of sin(r) = r + r^3 P(r^2) for |r| <= pi/2: the
// polynomial of least largest relative error (Remez's exchange, at 60 digits),
// rounded to float64. That error is 1.5e-16.
var sinC = [7]float64{
	-0.16666666666666186, 0.008333333333285542, -0.0001984126982505642,
	2.75573166005697e-06, -2.505188027473269e-08, 1.6048095426283407e-10,
	-7.373344734058185e-13,
}

// cosC are those of cos(r) = 1 - r^2/2 + r^4 P(r^2); the error is 6e-18.
var cosC = [7]float64{
	0.04166666666666583, -0.001388888888883005, 2.4801587285783876e-05,
	-2.755731706850259e-07, 2.087659259188775e-09, -1.1463635417518561e-11,
	4.616134808792219e-14,
}

// expC are those of exp(r) = 1 + r + r^2 P(r) for |r| <= ln(2)/2; the error is
// 3e-16.
var expC = [9]float64{
	0.5000000000000016, 0.16666666666610327, 0.041666666666480716,
	0.008333333371416228, 0.0013888888957644407, 0.0001984118451211408,
	2.4801478198159207e-05, 2.763528784008978e-06, 2.763558089294297e-07,
}

// reduce returns x - m pi for a whole number m near x/pi, with an error of half
// a unit in its last place: m piHi is subtracted without one.
func reduce(x, m float64) float64 {
	return math.FMA(-m, piLo, math.FMA(-m, piHi, x))
}

// sinReduced is sin(r) for |r| <= pi/2, within 1.2 units in the last place.
func sinReduced(r float64) float64 {
	t := float64(r * r)
	p := sinC[6]
	for i := 5; i >= 0; i-- {
		p = math.FMA(p, t, sinC[i])
	}
	return math.FMA(float64(r*t), p, r)
}

// cosReduced is cos(r) for |r| <= pi/2, within 2e-16.
func cosReduced(r float64) float64 {
	t := float64(r * r)
	p := cosC[6]
	for i := 5; i >= 0; i-- {
		p = math.FMA(p, t, cosC[i])
	}
	return math.FMA(float64(t*t), p, math.FMA(-0.5, t, 1))
}

// Exp is exp(x) for -708 <= x <= 708, within 1.5 units in the last place; x
// outside counts as the nearer bound.
func Exp(x float64) float64 {
	if !(x > -708) {
		x = -708
	}
	if !(x < 708) {
		x = 708
	}
	m := math.RoundToEven(float64(x * log2E))
	r := math.FMA(-m, ln2Lo, math.FMA(-m, ln2Hi, x))
	p := expC[8]
	for i := 7; i >= 0; i-- {
		p = math.FMA(p, r, expC[i])
	}
	p = math.FMA(float64(r*r), p, r) + 1
	return p * math.Float64frombits(uint64(int64(m)+1023)<<52)
}

// nearest is the exact engine's rounding to a Miller index: halves go down.
func nearest(x float64) float64 { return math.Ceil(x - 0.5) }
