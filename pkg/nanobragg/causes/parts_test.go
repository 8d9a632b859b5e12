package causes

import (
	"math"
	"math/rand/v2"
	"testing"

	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// What attenuations finds makes the fraction that it was asked for.
func TestAttenuations(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		layer, y := r.IntN(6), 0.01+2*r.Float64()
		want := taken(layer, y)
		found := false
		for _, x := range attenuations(layer, want) {
			if math.Abs(taken(layer, x)-want) > 1e-12 {
				t.Errorf("layer %d at %g: %g makes %g, want %g", layer, y, x, taken(layer, x), want)
			}
			found = found || math.Abs(x-y) < 1e-6
		}
		if !found {
			t.Errorf("layer %d: %g is not among %v", layer, y, attenuations(layer, want))
		}
	}
}

// The fractions of a sensor's layers add up to what the whole sensor takes.
func TestTakenAddsUp(t *testing.T) {
	sum := 0.0
	for i := range 7 {
		sum += taken(i, 0.3)
	}
	if want := 1 - math.Exp(-7*0.3); math.Abs(sum-want) > 1e-15 {
		t.Errorf("7 layers take %g, want %g", sum, want)
	}
}

// sideWith is a log of one number and nothing else.
func sideWith(k schema.Key, v ...float64) *Side {
	r := &trace.Record{Kind: &trace.Kind{Key: k, Name: k.String()}, At: schema.Nowhere}
	for _, x := range v {
		r.Values = append(r.Values, trace.Value{Num: x})
	}
	return explain.NewSide(schema.NanoBragg(), "got", []*trace.Record{r}, nil)
}

// A layer's fraction is known again, whichever layer and step it is of, and a number
// that is none of them is not.
func TestLayerOf(t *testing.T) {
	of := func(v float64) layer {
		s := sideWith(schema.CaptureFraction, v)
		return layers{thick: 450e-6, n: 4, mu: 2000, paths: map[*Side][]float64{s: {0.97}}}.of(s)
	}
	for name, step := range map[string]float64{"thick/(n-1)": 450e-6 / 3, "thick/n": 450e-6 / 4} {
		for i := range 4 {
			v := taken(i, step*2000/0.97)
			got := of(v)
			if got.step != name || got.layer != i || got.fraction != v {
				t.Errorf("layer %d of %s is taken for %+v", i, name, got)
			}
		}
	}
	if got := of(0.5); got.step != "" {
		t.Errorf("0.5 is taken for %+v", got)
	}
}

func TestFlipped(t *testing.T) {
	for _, v := range []struct {
		ref, got []float64
		want     string
	}{
		{[]float64{1, 2, 3}, []float64{-1, -2, -3}, "negated"},
		{[]float64{1, 0, 3}, []float64{-1, 0, -3}, "negated"},
		{[]float64{1, 2, 3}, []float64{1, -2, 3}, "component y has the other sign"},
		{[]float64{1, 2, 3}, []float64{-1, -2, 3}, "2 components have the other sign"},
		{[]float64{4}, []float64{-4}, "negated"},
		{[]float64{1, 2, 3}, []float64{1, 2, 3}, ""},
		{[]float64{1, 2, 3}, []float64{1, -2.001, 3}, ""},
		{[]float64{0, 0, 0}, []float64{0, 0, 0}, ""},
		{[]float64{1, 2, math.NaN()}, []float64{1, -2, 3}, ""},
		{[]float64{1, 2, 3}, []float64{-1, -2}, ""},
	} {
		if got, ok := flipped(v.ref, v.got); got != v.want || ok != (v.want != "") {
			t.Errorf("%v against %v: %q, %v", v.got, v.ref, got, ok)
		}
	}
}

func TestIsMiddle(t *testing.T) {
	for _, v := range []struct {
		at   [2]float64
		want bool
	}{
		{[2]float64{64, 50}, true},        // half the size
		{[2]float64{64.5, 50.5}, true},    // the convention's half pixel
		{[2]float64{65, 51}, true},        // MOSFLM has both
		{[2]float64{64, 51}, false},       // one axis alone
		{[2]float64{64.5, 50}, false},     // different halves
		{[2]float64{64.01, 50.01}, false}, // near is not in
	} {
		if isMiddle(v.at, 128, 100) != v.want {
			t.Errorf("%v of 128 x 100 pixels: middle %v", v.at, !v.want)
		}
	}
}

// A difference of half a pixel is one along the fast axis, the slow axis or both.
func TestHalves(t *testing.T) {
	const px = 1e-4
	for _, v := range []struct {
		d    Vec
		want bool
	}{
		{Vec{px / 2, px / 2, 0}, true}, {Vec{-px / 2, 0, 0}, true}, {Vec{0, px / 2, 0}, true},
		{Vec{0, 0, 0}, false}, {Vec{px, 0, 0}, false}, {Vec{px / 2, px / 2, px / 10}, false}, {Vec{0.49 * px, 0, 0}, false},
	} {
		if halves(v.d, px) != v.want {
			t.Errorf("%v of a pixel of %g: %v", v.d, px, !v.want)
		}
	}
}

// The sine ratio is N at a whole index, the same in size a whole index away, and even.
func TestSincg(t *testing.T) {
	for _, n := range []int{2, 5, 8, 17} {
		for _, h := range []float64{0, 0.1, 0.37, -1.21} {
			a := sincg(n, h)
			for _, other := range []float64{sincg(n, h+1), sincg(n, -h)} {
				if math.Abs(math.Abs(a)-math.Abs(other)) > 1e-9*float64(n) {
					t.Errorf("N %d at %g: %g and %g", n, h, a, other)
				}
			}
		}
		if v := sincg(n, 0); v != float64(n) {
			t.Errorf("N %d at 0: %g", n, v)
		}
	}
}

// Unpolarised light has the factor (1 + cos^2)/2, and of full polarisation the mean over
// the two perpendicular axes is that as well.
func TestPolarOf(t *testing.T) {
	in, out := Vec{1, 0, 0}, Vec{0.9, 0.3, math.Sqrt(1 - 0.81 - 0.09)}
	c := in.dot(out)
	want := (1 + c*c) / 2
	if got := polarOf(in, out, Vec{0, 0, 1}, 0, c); math.Abs(got-want) > 1e-15 {
		t.Errorf("unpolarised: %g, want %g", got, want)
	}
	if mean := (polarOf(in, out, Vec{0, 0, 1}, 1, c) + polarOf(in, out, Vec{0, 1, 0}, 1, c)) / 2; math.Abs(mean-want) > 1e-12 {
		t.Errorf("the mean over two axes is %g, want %g", mean, want)
	}
}
