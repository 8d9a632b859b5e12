package imagecmp

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// odd is an image of several bands, with numbers of every kind in it, kept as
// float32 or as float64.
func odd(r *rand.Rand, s Shape, single bool) *Image {
	im := &Image{Name: "odd", Kind: Float64, Shape: s, Pix: make([]float64, s.Pixels())}
	for i := range im.Pix {
		im.Pix[i] = float64(float32(20 * r.NormFloat64()))
		switch r.IntN(10) {
		case 0:
			im.Pix[i] = []float64{0, math.Copysign(0, -1), 7, 7, -7, 1e-40, math.MaxFloat32, math.NaN(), math.Inf(1), math.Inf(-1)}[r.IntN(10)]
		case 1, 2, 3:
			im.Pix[i] = float64(r.IntN(5))
		}
	}
	if single {
		im.Kind, im.singles = Float32, make([]float32, len(im.Pix))
		for i, v := range im.Pix {
			im.singles[i] = float32(v)
		}
		im.Pix = nil
	}
	return im
}

// TestQuantileSorts: the number found from counts is the one that sorting finds.
func TestQuantileSorts(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := Shape{1 + r.IntN(60), 1 + r.IntN(40)}
		im := odd(r, s, seed%2 == 0)
		rep := &Report{Ref: im, Got: im}
		var all []float64
		for i := range im.Pixels() {
			if v := im.value(i); finite(v) {
				all = append(all, v)
			}
		}
		slices.Sort(all)
		for _, p := range []float64{0, 1e-9, 5, 50, 95, 99.5, 100} {
			got := rep.quantile(context.Background(), p, placeBits(im), func(w *rows, slow int, d *digits) { w.values(im, slow, false, d) })
			if len(all) == 0 {
				if !math.IsNaN(got) {
					t.Errorf("of nothing: %v", got)
				}
				continue
			}
			if want := stat.Quantile(p/100, stat.Empirical, all, nil); got != want {
				t.Errorf("seed %d: the %g percentile is %v, want %v", seed, p, got, want)
			}
		}
	}
}

// TestPeaksByLooking: peaks and pairs are those that looking at each pixel's
// neighbours, and at all pairs, finds; with a mask and a region.
func TestPeaksByLooking(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 2))
		s := Shape{1 + r.IntN(50), 1 + r.IntN(50)}
		a, b, mask := odd(r, s, true), odd(r, s, false), odd(r, s, false)
		for i := range mask.Pix {
			mask.Pix[i] = float64(r.IntN(8))
		}
		opt := DefaultOptions()
		opt.PeakPercentile = 60
		opt.Mask = mask
		opt.ROI = &ROI{0, s.Fast - 1, r.IntN(s.Slow), s.Slow - 1}
		rep := compare(a, b, opt)
		p := &rep.Peaks
		inA, inB := looked(rep, a, p.Above), looked(rep, b, p.AboveGot)
		if p.InRef != len(inA) || p.InGot != len(inB) || !reflect.DeepEqual(append([]Peak{}, rep.maxima(context.Background(), a, p.Above)...), inA) || !reflect.DeepEqual(append([]Peak{}, rep.maxima(context.Background(), b, p.AboveGot)...), inB) {
			t.Fatalf("seed %d: %d and %d peaks, want %d and %d", seed, p.InRef, p.InGot, len(inA), len(inB))
		}
		reached := withinGate(inA, inB, counted(len(inA)), counted(len(inB)))
		for i, x := range inA {
			var want []int32
			for j, y := range inB {
				if between(x, y) <= Gate {
					want = append(want, int32(j))
				}
			}
			if !slices.Equal(reached.of(int32(i)), want) {
				t.Fatalf("seed %d: peak %v reaches %v, want %v", seed, x, reached.of(int32(i)), want)
			}
		}
	}
}

func counted(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

func looked(r *Report, im *Image, above float64) []Peak {
	used := func(slow, fast int) bool {
		a := r.Options.ROI
		return slow >= a.SlowMin && slow <= a.SlowMax && fast >= a.FastMin && fast <= a.FastMax && r.Options.Mask.Value(At{slow, fast}) != 0
	}
	out := []Peak{}
	for i := range im.Pixels() {
		at, v := im.at(i), im.value(i)
		is := used(at.Slow, at.Fast) && finite(v) && v > above
		for j := range im.Pixels() {
			o, w := im.at(j), im.value(j)
			if j != i && closeBy(at, o, 2) && used(o.Slow, o.Fast) && (w > v || w == v && j < i) {
				is = false
			}
		}
		if is {
			out = append(out, Peak{at, v})
		}
	}
	return out
}

// TestThreadsDoNotShow: the report is the same for any number of threads, and its
// figures are those of all pixels at once.
func TestThreadsDoNotShow(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	r := rand.New(rand.NewPCG(5, 5))
	s := Shape{100, 37}
	a, b := odd(r, s, true), odd(r, s, true)
	var first string
	for threads := 1; threads <= 4; threads++ {
		runtime.GOMAXPROCS(threads)
		rep := compare(a, b, DefaultOptions())
		var text bytes.Buffer
		if err := rep.JSON(&text); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = text.String()
			var x, y []float64
			for i := range s.Pixels() {
				if v, w := a.value(i), b.value(i); finite(v) && finite(w) {
					x, y = append(x, v), append(y, w)
				}
			}
			if want := stat.Correlation(x, y, nil); math.Abs(rep.Correlation-want) > 1e-12 {
				t.Errorf("correlation %v, want %v", rep.Correlation, want)
			}
			continue
		}
		if text.String() != first {
			t.Errorf("with %d threads the report is another", threads)
		}
	}
}

// TestPairsOfAllAtOnce: pairs found in small groups are as many, and as near, as one
// assignment of all peaks finds; most peaks stay where they are.
func TestPairsOfAllAtOnce(t *testing.T) {
	moved := 0
	for seed := range uint64(80) {
		r := rand.New(rand.NewPCG(seed, 3))
		a := odd(r, Shape{1 + r.IntN(24), 1 + r.IntN(24)}, seed%2 == 0)
		b := FromFloat32("b", a.Shape, make([]float32, a.Pixels()))
		for i := range b.singles {
			b.singles[i] = float32(a.value(i))
			if r.IntN(12) == 0 {
				b.singles[i] += float32(20 * r.NormFloat64())
			}
		}
		rep := &Report{Ref: a, Got: b}
		inA, inB := rep.maxima(context.Background(), a, 1), rep.maxima(context.Background(), b, 1)
		var p Peaks
		p.match(inA, inB)
		cost := make([][]float64, len(inA))
		for i, x := range inA {
			for _, y := range inB {
				d := between(x, y)
				if d > Gate {
					d = math.Inf(1)
				}
				cost[i] = append(cost[i], d)
			}
		}
		pairs, sum := 0, 0.0
		if len(inB) > 0 {
			for i, j := range assign(cost) {
				if j >= 0 {
					pairs, sum = pairs+1, sum+cost[i][j]
				}
			}
		}
		got := 0.0
		for _, pair := range p.Pairs {
			got += pair.Distance()
		}
		if len(p.Pairs) != pairs || got != sum || len(p.Pairs)+len(p.LostRef) != len(inA) || len(p.Pairs)+len(p.LostGot) != len(inB) {
			t.Errorf("seed %d: %d pairs at %g, want %d at %g", seed, len(p.Pairs), got, pairs, sum)
		}
		moved += p.Moved
	}
	if moved < 50 {
		t.Errorf("only %d peaks moved", moved)
	}
}
