package crmath

import (
	"math"
	"math/big"
)

// The judge: fixed-point arithmetic with 300 fractional bits on big.Int. Sines
// by Taylor's series of an argument 2^-8 as large, and eight doublings.

const frac = 256

var fixedOne = new(big.Int).Lsh(big.NewInt(1), frac)

func fmul(a, b *big.Int) *big.Int {
	z := new(big.Int).Mul(a, b)
	return z.Rsh(z, frac)
}

func toFixed(x float64) *big.Int {
	f := new(big.Float).SetPrec(2000).SetFloat64(x)
	z, _ := f.SetMantExp(f, frac).Int(nil)
	return z
}

// fixedPi is pi by Machin's formula, as a big.Float and in fixed point.
var fixedPi, piInt = func() (*big.Float, *big.Int) {
	arc := func(n int64) *big.Int {
		sum, term, square := new(big.Int), new(big.Int).Quo(new(big.Int).Lsh(fixedOne, 64), big.NewInt(n)), big.NewInt(n*n)
		for i := int64(0); term.Sign() != 0; i++ {
			t := new(big.Int).Quo(term, big.NewInt(2*i+1))
			if i%2 == 0 {
				sum.Add(sum, t)
			} else {
				sum.Sub(sum, t)
			}
			term.Quo(term, square)
		}
		return sum
	}
	pi := new(big.Int).Sub(new(big.Int).Lsh(arc(5), 4), new(big.Int).Lsh(arc(239), 2))
	pi.Rsh(pi, 64)
	f := new(big.Float).SetPrec(frac).SetInt(pi)
	return f.SetMantExp(f, -frac), pi
}()

// bigSinCos returns sine and cosine, good to about 2^-280.
func bigSinCos(x float64) (s, c *big.Float) {
	v := toFixed(x)
	// v - n pi/2, |v| <= pi/4
	half := new(big.Int).Rsh(piInt, 1)
	n := new(big.Int).Div(new(big.Int).Add(v, new(big.Int).Rsh(piInt, 2)), half)
	v.Sub(v, new(big.Int).Mul(n, half))
	v.Rsh(v, 8)
	si, ci := new(big.Int), new(big.Int)
	term := new(big.Int).Set(fixedOne)
	for i := int64(0); term.Sign() != 0; i++ {
		into := ci
		if i%2 == 1 {
			into = si
		}
		if i%4 < 2 {
			into.Add(into, term)
		} else {
			into.Sub(into, term)
		}
		term = fmul(term, v)
		term.Quo(term, big.NewInt(i+1))
	}
	for range 8 {
		sc, ss, cc := fmul(si, ci), fmul(si, si), fmul(ci, ci)
		si, ci = sc.Lsh(sc, 1), cc.Sub(cc, ss)
	}
	for range new(big.Int).And(n, big.NewInt(3)).Int64() {
		si, ci = ci, new(big.Int).Neg(si)
	}
	return fromFixed(si), fromFixed(ci)
}

func fromFixed(v *big.Int) *big.Float {
	f := new(big.Float).SetPrec(frac).SetInt(v)
	return f.SetMantExp(f, -frac)
}

// bigExp returns e^x: e^(x/1024) by its series, squared ten times, in floating
// point, since the result spans 2000 binary orders.
func bigExp(x float64) *big.Float {
	v := toFixed(x / 1024)
	sum, term := new(big.Int), new(big.Int).Set(fixedOne)
	for i := int64(1); term.Sign() != 0 && i < 400; i++ {
		sum.Add(sum, term)
		term = fmul(term, v)
		term.Quo(term, big.NewInt(i))
	}
	f := fromFixed(sum)
	for range 10 {
		f.Mul(f, f)
	}
	return f
}

// atanError is the distance of got from the angle of (x, y), in ulp of got:
// what is left of the angle after turning the point back by got.
func atanError(y, x, got float64) float64 {
	s, c := bigSinCos(got)
	m := func(a *big.Float, b float64) *big.Float {
		return new(big.Float).SetPrec(frac).Mul(a, new(big.Float).SetFloat64(b))
	}
	num := new(big.Float).SetPrec(frac).Sub(m(c, y), m(s, x))
	den := new(big.Float).SetPrec(frac).Add(m(c, x), m(s, y))
	d, _ := num.Quo(num, den).Float64()
	return math.Abs(d) / ulp(got)
}

// ulps is |got - want| in units in the last place of want.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	d, _ := new(big.Float).SetPrec(frac).Sub(new(big.Float).SetFloat64(got), want).Float64()
	return math.Abs(d) / ulp(w)
}

func ulp(x float64) float64 {
	x = math.Abs(x)
	_, e := math.Frexp(x)
	return math.Ldexp(1, e-53)
}
