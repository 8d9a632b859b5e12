package sim

import "math"

// pair is a number as the unevaluated sum of two float32: about 48 bits of precision.
// The operations below are those of double-float arithmetic (Dekker 1971, Numer. Math.
// 18, 224; Knuth, The Art of Computer Programming 2, 4.2.2), each step rounded to
// float32 as a GPU rounds it.
type pair struct{ hi, lo float32 }

// pairOf splits a float64; what the second float32 cannot hold is lost.
func pairOf(v float64) pair {
	hi := float32(v)
	return pair{hi, float32(v - float64(hi))}
}

// fma32 is a*b + c with one rounding to float32. The product is exact in float64; the
// sum is rounded to odd there, so that rounding it again is not twice.
func fma32(a, b, c float32) float32 {
	p, q := float64(float64(a)*float64(b)), float64(c)
	s := p + q
	t := s - p
	rest := (p - (s - t)) + (q - t)
	if rest != 0 && math.Float64bits(s)&1 == 0 {
		if (rest > 0) == (s > 0) {
			s = math.Float64frombits(math.Float64bits(s) + 1)
		} else {
			s = math.Float64frombits(math.Float64bits(s) - 1)
		}
	}
	return float32(s)
}

// twoSum is a + b exactly.
func twoSum(a, b float32) pair {
	s := a + b
	bb := s - a
	return pair{s, (a - (s - bb)) + (b - bb)}
}

// twoProduct is a*b exactly.
func twoProduct(a, b float32) pair {
	p := float32(a * b)
	return pair{p, fma32(a, b, -p)}
}

// quickTwoSum is a + b exactly where |a| >= |b|.
func quickTwoSum(a, b float32) pair {
	s := a + b
	return pair{s, b - (s - a)}
}

func (a pair) add(b pair) pair {
	s, t := twoSum(a.hi, b.hi), twoSum(a.lo, b.lo)
	r := quickTwoSum(s.hi, s.lo+t.hi)
	return quickTwoSum(r.hi, r.lo+t.lo)
}

func (a pair) sub(b pair) pair { return a.add(pair{-b.hi, -b.lo}) }

func (a pair) addSingle(b float32) pair {
	s := twoSum(a.hi, b)
	return quickTwoSum(s.hi, s.lo+a.lo)
}

func (a pair) mul(b pair) pair {
	p := twoProduct(a.hi, b.hi)
	return quickTwoSum(p.hi, fma32(a.hi, b.lo, fma32(a.lo, b.hi, p.lo)))
}

func (a pair) mulSingle(b float32) pair {
	p := twoProduct(a.hi, b)
	return quickTwoSum(p.hi, fma32(a.lo, b, p.lo))
}

// div corrects a float32 quotient once.
func (a pair) div(b pair) pair {
	q := a.hi / b.hi
	rest := a.sub(b.mulSingle(q))
	return pair{q, 0}.addSingle(rest.hi / b.hi)
}

// sqrt corrects a float32 root once.
func (a pair) sqrt() pair {
	if a.hi == 0 {
		return pair{}
	}
	inverse := 1 / sqrt32(a.hi)
	root := float32(a.hi * inverse)
	rest := a.sub(twoProduct(root, root))
	return pair{root, 0}.addSingle(float32(rest.hi * float32(inverse*0.5)))
}

// single is the nearest float32 of a sum that is not normalised.
func (a pair) single() float32 { return a.hi + a.lo }

func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// dotPairs leaves normalising to the end.
func dotPairs(a, b *[3]pair) pair {
	var sum pair
	for i := range a {
		p := twoProduct(a[i].hi, b[i].hi)
		lo := fma32(a[i].hi, b[i].lo, fma32(a[i].lo, b[i].hi, p.lo))
		s := twoSum(sum.hi, p.hi)
		sum = pair{s.hi, sum.lo + (s.lo + lo)}
	}
	return quickTwoSum(sum.hi, sum.lo)
}

// sinCos rebuilds sine and cosine in pairs: the argument less a multiple of pi/2, then
// the Taylor series to the ninth power.
func (a pair) sinCos() (s, c pair) {
	halfPi := pair{1.570796371e+00, -4.371138829e-08}
	k := float32(math.RoundToEven(float64(float32(a.hi * 6.366197467e-01))))
	r := a.sub(halfPi.mulSingle(k))
	r2 := r.mul(r)
	s = pair{2.755731884e-06, 3.793571224e-14}
	for _, v := range [3]pair{{-1.984127011e-04, 2.725596875e-12}, {8.333333768e-03, -4.346172033e-10}, {-1.666666716e-01, 4.967053879e-09}} {
		s = s.mul(r2).add(v)
	}
	s = r.mul(s.mul(r2).addSingle(1))
	c = pair{2.480158764e-05, -3.406996094e-13}
	for _, v := range [3]pair{{-1.388888923e-03, 3.363109444e-11}, {4.166666791e-02, -1.241763470e-09}, {-0.5, 0}} {
		c = c.mul(r2).add(v)
	}
	c = c.mul(r2).addSingle(1)
	minus := func(v pair) pair { return pair{-v.hi, -v.lo} }
	switch int(k) & 3 {
	case 1:
		return c, minus(s)
	case 2:
		return minus(s), minus(c)
	case 3:
		return minus(c), s
	}
	return s, c
}
