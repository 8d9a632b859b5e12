package imagecmp

import (
	"context"
	"math"
	"slices"
)

// percentile returns the value that p percent of the values do not exceed, the
// empirical quantile: of n sorted values number ceil(n p/100), counted from 1. NaN
// for none, or when ctx ends. It changes the order of the values.
func percentile(ctx context.Context, values []float64, p float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	k := int(math.Ceil(p/100*float64(len(values)))) - 1
	return kth(ctx, values, min(max(k, 0), len(values)-1))
}

// kth returns the k-th smallest of finite values, counted from 0, by parting them
// again and again around one of them (Hoare 1961). Sorting the millions of an image
// for one of them would take twenty times as long.
func kth(ctx context.Context, v []float64, k int) float64 {
	const few, most = 64, 100
	for round := 0; len(v) > few && round < most; round++ {
		if ctx.Err() != nil {
			return math.NaN()
		}
		pivot := ninther(v)
		i, j := 0, len(v)-1
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i, j = i+1, j-1
			}
		}
		// Now all up to j are at most the pivot, all from i at least, and what is
		// between is the pivot.
		switch {
		case k <= j:
			v = v[:j+1]
		case k >= i:
			v, k = v[i:], k-i
		default:
			return pivot
		}
	}
	// A hundred rounds on millions do not happen but to values made for it.
	slices.Sort(v)
	return v[k]
}

// ninther is the median of three medians of three, spread over the values.
func ninther(v []float64) float64 {
	step := (len(v) - 1) / 8
	var m [3]float64
	for i := range m {
		m[i] = median(v[3*i*step], v[(3*i+1)*step], v[min((3*i+2)*step, len(v)-1)])
	}
	return median(m[0], m[1], m[2])
}

func median(a, b, c float64) float64 {
	return max(min(a, b), min(max(a, b), c))
}
