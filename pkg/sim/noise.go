package sim

import (
	"math"

	"simtrace/pkg/sim/crmath"
	"simtrace/pkg/sim/fast"
)

// Noise draws photon counts, number for number as the reference does: the
// rejection method of Press et al. (Numerical Recipes, "poidev", "gammln",
// "gasdev") on the generator of random.go. Every value that the reference holds
// in single precision is rounded to it. That has its price: ln(n!) loses its
// fraction on the way to a mean of 1e6, below which the variance comes out a
// fifth too large.
//
// A Noise is for one goroutine, and its draws come in scan order.
type Noise struct {
	r random

	power float64 // e^-mean of the pixel, near enough; 0 where it is not known
	mean  float32 // the one that limit, root, log and norm are for
	// For a mean below 12, norm is e^-mean; else, with root = sqrt(2 mean) and
	// log = ln(mean), it is mean log - ln(mean!).
	norm, root, log float32

	spare    float32 // a Gaussian deviate that is left over
	hasSpare bool
}

// NewNoise starts the generator with a seed as -seed takes it. A seed that is
// not positive goes on with the table that the run's earlier draws left, of
// misset and mosaic domains, as in the reference.
func (e *Experiment) NewNoise(seed int64) *Noise {
	c := &e.Config.Crystal
	s := &shuffle{}
	if c.MissetRandom {
		(&random{shared: s, seed: -c.MissetSeed}).skip(drawsPerRotation)
	}
	(&random{shared: s, seed: -c.MosaicSeed}).skip(drawsPerRotation * e.Domains)
	return &Noise{r: random{shared: s, seed: -seed}, mean: -1}
}

// drawsPerRotation is how many deviates randomRotation takes.
const drawsPerRotation = 3

func (r *random) skip(n int) {
	for range n {
		r.uniform()
	}
}

// Counts draws a count for each of the means, in their order.
func (n *Noise) Counts(counts, means []float32) {
	var powers [256]float64 // e^-mean, for many at once
	k := fast.All()[0]
	for len(means) > 0 {
		some := means[:min(len(powers), len(means))]
		for i, v := range some {
			powers[i] = -float64(v)
		}
		k.Exp(powers[:len(some)])
		for i, v := range some {
			n.power = powers[i]
			counts[i] = n.Poisson(v)
		}
		counts, means = counts[len(some):], means[len(some):]
	}
	n.power = 0
}

// Poisson draws a count for a mean number of photons. The result is a whole
// number but for means above 1e6, where it is Gaussian.
func (n *Noise) Poisson(mean float32) float32 {
	switch {
	case mean > 1e6:
		return float32(float64(mean) + float64(math.Sqrt(float64(mean))*float64(n.gauss())))
	case mean < 12:
		return n.direct(mean)
	}
	return n.rejection(mean)
}

// direct counts the uniform deviates whose product stays above e^-mean.
func (n *Noise) direct(mean float32) float32 {
	if mean != n.mean {
		n.mean = mean
		n.norm = roundedExp(float64(-mean), n.power)
	}
	count, product := float32(0), n.r.uniform()
	for product > n.norm {
		count++
		product = float32(product * n.r.uniform())
	}
	return count
}

// roundedExp is exp rounded to single precision. near is what the kernels make of it,
// within 5 units in the last place, or 0: where that leaves the rounding in
// doubt, the other one decides.
func roundedExp(x, near float64) float32 {
	const off = 2e-15
	if near > 0 && math.Abs(x) < 700 && float32(float64(near*(1-off))) == float32(float64(near*(1+off))) {
		return float32(near)
	}
	return float32(exp(x))
}

func (n *Noise) rejection(mean float32) float32 {
	if mean != n.mean {
		n.mean = mean
		n.root = float32(math.Sqrt(2.0 * float64(mean)))
		n.log = float32(crmath.Log(float64(mean)))
		n.norm = float32(mean*n.log) - gammln(float32(float64(mean)+1.0))
	}
	for {
		// A Lorentzian deviate is the comparison function.
		y := float32(crmath.Tan(math.Pi * float64(n.r.uniform())))
		count := float32(n.root*y) + mean
		if count < 0 {
			continue
		}
		count = float32(math.Floor(float64(count)))
		ratio := float32(float32(count*n.log)-gammln(float32(float64(count)+1.0))) - n.norm
		t := float32(0.9 * (1.0 + float64(float32(y*y))) * exp(float64(ratio)))
		if !(n.r.uniform() > t) {
			return count
		}
	}
}

// gauss draws a deviate of mean 0 and rms 1, two at a time.
func (n *Noise) gauss() float32 {
	if n.hasSpare {
		n.hasSpare = false
		return n.spare
	}
	for {
		u := float32(float64(2.0*float64(n.r.uniform())) - 1.0)
		v := float32(float64(2.0*float64(n.r.uniform())) - 1.0)
		sqr := float32(u*u) + float32(v*v)
		if sqr >= 1 || sqr == 0 {
			continue
		}
		f := float32(math.Sqrt(-2.0 * crmath.Log(float64(sqr)) / float64(sqr)))
		n.spare, n.hasSpare = float32(u*f), true
		return float32(v * f)
	}
}

// gammln is ln of the gamma function (Lanczos 1964, SIAM J. Numer. Anal. 1,
// 86), to single precision.
func gammln(x32 float32) float32 {
	x := float64(x32)
	series := 1.000000000190015
	for i, c := range [6]float64{
		76.18009172947146, -86.50532032941677, 24.01409824083091,
		-1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5,
	} {
		series += c / (x + float64(i+1))
	}
	t := x + 5.5
	t -= float64((x + 0.5) * crmath.Log(t))
	return float32(-t + crmath.Log(2.5066282746310005*series/x))
}
