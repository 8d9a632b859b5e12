package explain

import (
	"math"
	"testing"

	"simtrace/pkg/trace"
)

func TestOneRatio(t *testing.T) {
	for _, c := range []struct {
		ref, got []float64
		want     float64
		ok       bool
	}{
		{[]float64{1, 2, 3}, []float64{10, 20, 30}, 10, true},
		{[]float64{1, 2, 3}, []float64{-1, -2, -3}, -1, true},
		{[]float64{1, 0, 3}, []float64{2, 0, 6}, 2, true},
		{[]float64{1, 0, 3}, []float64{2, 0.1, 6}, 0, false},
		{[]float64{1, 2, 3}, []float64{10, 20, 31}, 0, false},
		{[]float64{0, 0, 0}, []float64{0, 0, 0}, 0, false},
		{[]float64{1}, []float64{0}, 0, false},
		{[]float64{1}, []float64{math.NaN()}, 0, false},
		{[]float64{math.Inf(1)}, []float64{1}, 0, false},
		{nil, nil, 0, false},
	} {
		got, ok := oneRatio(c.ref, c.got)
		if ok != c.ok || ok && !meets(got, c.want) {
			t.Errorf("oneRatio(%v, %v) = %g %v, want %g %v", c.ref, c.got, got, ok, c.want, c.ok)
		}
	}
}

func TestPowerOfTen(t *testing.T) {
	for _, c := range []struct {
		ratio float64
		n     int
		ok    bool
	}{{1e10, 10, true}, {1e-3, -3, true}, {1, 0, false}, {9.99, 0, false}, {-10, 0, false}, {0, 0, false}, {math.NaN(), 0, false}, {math.Inf(1), 0, false}} {
		if n, ok := powerOfTen(c.ratio); ok != c.ok || ok && n != c.n {
			t.Errorf("powerOfTen(%g) = %d %v", c.ratio, n, ok)
		}
	}
}

func TestEitherWay(t *testing.T) {
	if inv, ok := eitherWay(0.5, 2); !ok || !inv {
		t.Error("1/2 is the inverse of 2")
	}
	if inv, ok := eitherWay(2, 2); !ok || inv {
		t.Error("2 is 2")
	}
	for _, f := range []float64{1, 0, math.NaN()} {
		if _, ok := eitherWay(1, f); ok {
			t.Errorf("the factor %g can not be told", f)
		}
	}
}

func TestTransposed(t *testing.T) {
	a := []Vec{{1, 2, 3}, {4, 5, 6}, {7, 8, 10}}
	b := []Vec{{1, 4, 7}, {2, 5, 8}, {3, 6, 10}}
	symmetric := []Vec{{1, 2, 3}, {2, 5, 6}, {3, 6, 10}}
	if !transposed(a, b) || transposed(a, a) || transposed(symmetric, symmetric) {
		t.Error("transposes are not told from the same matrix")
	}
	b[2][1] += 1e-4
	if transposed(a, b) {
		t.Error("eight of nine numbers pass for a transpose")
	}
}

func TestFlipped(t *testing.T) {
	for _, c := range []struct {
		ref, got []float64
		ok       bool
	}{
		{[]float64{1, 2, 3}, []float64{-1, -2, -3}, true},
		{[]float64{1, 2, 3}, []float64{1, -2, 3}, true},
		{[]float64{0, 2, 0}, []float64{0, -2, 0}, true},
		{[]float64{1, 2, 3}, []float64{1, 2, 3}, false},
		{[]float64{1, 2, 3}, []float64{-1, -2, -3.1}, false},
		{[]float64{0}, []float64{0}, false},
		{[]float64{math.NaN()}, []float64{1}, false},
	} {
		if _, ok := flipped(c.ref, c.got); ok != c.ok {
			t.Errorf("flipped(%v, %v) = %v", c.ref, c.got, ok)
		}
	}
}

func value(v float64, text string) trace.Value { return trace.Value{Num: v, Text: text} }

func TestShorter(t *testing.T) {
	full := value(7.94079248018965e-30, "7.94079248018965e-30")
	for _, c := range []struct {
		got  trace.Value
		want bool
	}{
		{value(7.94e-30, "7.94e-30"), true},
		{value(7.9407e-30, "7.9407e-30"), true}, // cut off
		{value(7.9408e-30, "7.9408e-30"), true}, // rounded
		{value(7.95e-30, "7.95e-30"), false},
		{value(7.9e-30, "7.9e-30"), false}, // two digits are no fingerprint
		{full, false},
	} {
		if shorter(full, c.got) != c.want {
			t.Errorf("%s as a shorter %s: want %v", c.got.Text, full.Text, c.want)
		}
	}
	// Negative numbers are cut off towards zero.
	if !shorter(value(-0.123456, "-0.123456"), value(-0.1234, "-0.1234")) {
		t.Error("a negative number cut off is not recognised")
	}
}

func TestFloat32Share(t *testing.T) {
	pi := float64(float32(math.Pi))
	s, n := float32Share([]trace.Value{
		value(pi, "3.14159274101257"), value(math.Pi, "3.14159265358979"), value(0.5, "0.5"), value(math.NaN(), "nan"),
	})
	if s != 1 || n != 2 {
		t.Errorf("%d of %d are float32, want 1 of 2: short decimals tell nothing", s, n)
	}
}

// Turning forth and back is no turn; the reverse order is another one.
func TestTurn(t *testing.T) {
	v, a := Vec{0.3, -0.4, 0.8}, Vec{0.1, -0.7, 1.2}
	if got := untwist(turn(v, a, false), a); got.sub(v).norm() > 1e-15 {
		t.Errorf("there and back again: %v", got)
	}
	if turn(v, a, false).sub(turn(v, a, true)).norm() < 1e-3 {
		t.Error("both orders give the same vector")
	}
	if got := turn(Vec{1, 0, 0}, Vec{0, 0, math.Pi / 2}, false); got.sub(Vec{0, 1, 0}).norm() > 1e-15 {
		t.Errorf("x turned about z by 90 degrees: %v", got)
	}
}

// Both sides of the maximum are found, and give the fraction back.
func TestAttenuations(t *testing.T) {
	for _, layer := range []int{0, 1, 2, 5} {
		for _, y := range []float64{0.01, 0.2, 0.9, 3} {
			found := false
			for _, x := range attenuations(layer, taken(layer, y)) {
				if !meets(taken(layer, x), taken(layer, y)) {
					t.Errorf("layer %d: %g gives %g, want %g", layer, x, taken(layer, x), taken(layer, y))
				}
				found = found || meets(x, y)
			}
			if !found {
				t.Errorf("layer %d: y = %g is not found", layer, y)
			}
		}
	}
}

func TestRoundingRules(t *testing.T) {
	want := map[string][3]float64{ // of 2.5, -1.3, 0.7
		"ceil(x - 0.5)": {2, -1, 1}, "floor(x)": {2, -2, 0}, "trunc(x)": {2, -1, 0}, "ceil(x)": {3, -1, 1},
		"floor(x + 0.5)": {3, -1, 1}, "half to even": {2, -1, 1}, "half away from 0": {3, -1, 1},
	}
	for _, r := range roundingRules {
		if got := [3]float64{r.rule(2.5), r.rule(-1.3), r.rule(0.7)}; got != want[r.name] {
			t.Errorf("%s: %v, want %v", r.name, got, want[r.name])
		}
	}
}
