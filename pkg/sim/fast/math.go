package fast

import "math"

// The constants of the kernels. pi is PiHi + PiLo to about 107 bits.
const (
	PiHi  = 0x1.921fb54442d18p+1
	PiLo  = 0x1.1a62633145c07p-53
	InvPi = 0x1.45f306dc9c883p-2
	Ln2Hi = 0x1.62e42fefa39efp-1
	Ln2Lo = 0x1.abc9e3b39803fp-56
	Log2E = 0x1.71547652b82fep+0
)

// SinC are the coefficients of sin(r) = r + r^3 P(r^2) for |r| <= pi/2: the
// polynomial of least largest relative error (Remez's exchange, at 60 digits),
// rounded to float64. That error is 1.5e-16.
var SinC = [7]float64{
	-0.16666666666666186, 0.008333333333285542, -0.0001984126982505642,
	2.75573166005697e-06, -2.505188027473269e-08, 1.6048095426283407e-10,
	-7.373344734058185e-13,
}

// CosC are those of cos(r) = 1 - r^2/2 + r^4 P(r^2); the error is 6e-18.
var CosC = [7]float64{
	0.04166666666666583, -0.001388888888883005, 2.4801587285783876e-05,
	-2.755731706850259e-07, 2.087659259188775e-09, -1.1463635417518561e-11,
	4.616134808792219e-14,
}

// ExpC are those of exp(r) = 1 + r + r^2 P(r) for |r| <= ln(2)/2; the error is
// 3e-16.
var ExpC = [9]float64{
	0.5000000000000016, 0.16666666666610327, 0.041666666666480716,
	0.008333333371416228, 0.0013888888957644407, 0.0001984118451211408,
	2.4801478198159207e-05, 2.763528784008978e-06, 2.763558089294297e-07,
}

// fma is x y + z with one rounding, as the assembly has it.
func fma(x, y, z float64) float64 {
	return math.FMA(x, y, z) //fma:wanted the kernels fuse the same operations on every platform
}

// reduce returns x - m pi for a whole number m near x/pi. m PiHi is subtracted
// without an error; what remains is half a unit in the last place of the result
// and 1e-32 m.
func reduce(x, m float64) float64 {
	return fma(-m, PiLo, fma(-m, PiHi, x))
}

// sinReduced is sin(r) for |r| <= pi/2, within 4 units in the last place.
func sinReduced(r float64) float64 {
	t := float64(r * r)
	rt := float64(r * t)
	p := math.FMA(SinC[6], t, SinC[5]) //fma:wanted as fma, without which this function is not inlined
	p = math.FMA(p, t, SinC[4])        //fma:wanted Horner's rule
	p = math.FMA(p, t, SinC[3])        //fma:wanted Horner's rule
	p = math.FMA(p, t, SinC[2])        //fma:wanted Horner's rule
	p = math.FMA(p, t, SinC[1])        //fma:wanted Horner's rule
	p = math.FMA(p, t, SinC[0])        //fma:wanted Horner's rule
	return math.FMA(rt, p, r)          //fma:wanted Horner's rule
}

// cosReduced is cos(r) for |r| <= pi/2, within 2.5e-16.
func cosReduced(r float64) float64 {
	t := float64(r * r)
	p := fma(CosC[6], t, CosC[5])
	p = fma(p, t, CosC[4])
	p = fma(p, t, CosC[3])
	p = fma(p, t, CosC[2])
	p = fma(p, t, CosC[1])
	p = fma(p, t, CosC[0])
	return fma(float64(t*t), p, fma(-0.5, t, 1))
}

// Exp is exp(x) for -708 <= x <= 708, within 5 units in the last place; x
// outside counts as the nearer bound.
func Exp(x float64) float64 {
	if !(x > -708) {
		x = -708
	}
	if !(x < 708) {
		x = 708
	}
	m := math.RoundToEven(float64(x * Log2E))
	r := fma(-m, Ln2Lo, fma(-m, Ln2Hi, x))
	p := fma(ExpC[8], r, ExpC[7])
	p = fma(p, r, ExpC[6])
	p = fma(p, r, ExpC[5])
	p = fma(p, r, ExpC[4])
	p = fma(p, r, ExpC[3])
	p = fma(p, r, ExpC[2])
	p = fma(p, r, ExpC[1])
	p = fma(p, r, ExpC[0])
	p = fma(float64(r*r), p, r) + 1
	return p * math.Float64frombits(uint64(int64(m)+1023)<<52)
}

func exps(x []float64) {
	for i, v := range x {
		x[i] = Exp(v)
	}
}

// nearest is the exact engine's rounding to a Miller index: halves go down.
func nearest(x float64) float64 { return math.Ceil(x - 0.5) }
