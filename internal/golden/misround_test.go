package golden

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"testing"

	"simtrace/pkg/sim"
	"simtrace/pkg/sim/crmath"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Where a recorded trace and ours differ in a last digit, the cause is one sine
// that the C library did not round correctly. That is not taken on trust: for
// each such line the sine is named, its true value computed in high precision,
// and the line printed once more with that sine rounded to the other side.

// leastDoubt is how far a sine must lie from the float64 next to it, in units in
// the last place, for the C library to take the one on the other side: that one
// is then at most 0.55 units away, the bound that glibc's sine is built for.
const leastDoubt = 0.45

// misrounding is a sine rounded the other way, and what comes of it.
type misrounding struct {
	value float64
	why   string // "" where nothing was rounded the other way
}

// explained explains the lines in which two traces of a pixel differ, a text for
// each; values without an explanation are trouble.
func explained(t *testing.T, e *sim.Experiment, p sim.Pixel, want, got *trace.Log) (lines, trouble []string) {
	t.Helper()
	tap := sim.NewTap(sim.Filter{All: true})
	if _, err := e.Trace(context.Background(), p, tap); err != nil {
		t.Fatal(err)
	}
	var last trace.Pos // of an explained line
	for i := range want.Records {
		w, g := &want.Records[i], &got.Records[i]
		for j := range w.Values {
			a, b := w.Values[j], g.Values[j]
			if a.Text == b.Text {
				continue
			}
			line := fmt.Sprintf("%s: %s is %s, of simtrace %s", w.Pos(), w.Key, a.Text, b.Text)
			why := ""
			if math.Abs(a.Num-b.Num) < 1.5*lastDigit(a.Num) {
				why = otherSide(e, tap, w.Key, a.Text, b.Text)
			}
			switch {
			case why == "":
				trouble = append(trouble, line)
			case w.Pos() == last:
				lines[len(lines)-1] += "; " + line + ": " + why
			default:
				lines = append(lines, line+": "+why)
			}
			last = w.Pos()
		}
	}
	return lines, trouble
}

// lastDigit is a unit in the 15th digit.
func lastDigit(v float64) float64 { return math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-14) }

// otherSide looks for the sine that, rounded to the other side, turns our
// number into the reference's.
func otherSide(e *sim.Experiment, tap *sim.Tap, k schema.Key, want, got string) string {
	axis := map[schema.Key]int{schema.FLattA: 0, schema.FLattB: 1, schema.FLattC: 2, schema.PhiFLattB: 1}
	for _, s := range tap.Samples {
		if s.Key != schema.HKLFrac {
			continue
		}
		var factors [3][]misrounding
		for i, h := range s.Values {
			factors[i] = gratings(h, e.Crystal.Cells[i])
		}
		choices := factors[axis[k]]
		if k == schema.FLatt || k == schema.PhiFLatt {
			choices = products(factors)
		} else if _, ok := axis[k]; !ok {
			return ""
		}
		if trace.FormatFloat(choices[0].value) != got {
			continue
		}
		for _, c := range choices[1:] {
			if trace.FormatFloat(c.value) == want {
				return c.why
			}
		}
	}
	return ""
}

// gratings returns sin(pi n h)/sin(pi h), first as it is, then with sines
// rounded the other way that are in doubt.
func gratings(h, n float64) []misrounding {
	if n <= 1 {
		return []misrounding{{1, ""}}
	}
	x := math.Pi * h
	if x == 0 {
		return []misrounding{{n, ""}}
	}
	var out []misrounding
	for _, above := range sines(x * n) {
		for _, below := range sines(x) {
			why := above.why
			if why != "" && below.why != "" {
				why += ", and "
			}
			out = append(out, misrounding{above.value / below.value, why + below.why})
		}
	}
	return out
}

// sines returns the sine of x, and its neighbour where that is in doubt.
func sines(x float64) []misrounding {
	v := crmath.Sin(x)
	out := []misrounding{{v, ""}}
	rest, _ := new(big.Float).Sub(bigSin(x), big.NewFloat(v)).Float64()
	other := math.Nextafter(v, v+math.Copysign(math.Inf(1), rest))
	if off := math.Abs(rest / (other - v)); off >= leastDoubt {
		out = append(out, misrounding{other, fmt.Sprintf(
			"sin(%.17g) lies %.4f units in the last place from the nearest float64; the C library took the one %.4f units away", x, off, 1-off)})
	}
	return out
}

// products returns the products of three factors, the one without a wrong
// rounding first.
func products(f [3][]misrounding) []misrounding {
	var out []misrounding
	for _, a := range f[0] {
		for _, b := range f[1] {
			for _, c := range f[2] {
				p := misrounding{1, ""}
				for _, m := range []misrounding{a, b, c} {
					p.value *= m.value
					if m.why != "" && p.why != "" {
						p.why += ", and "
					}
					p.why += m.why
				}
				out = append(out, p)
			}
		}
	}
	return out
}

// TestNotExplained: a last digit that no sine can have moved, two digits at
// once, and another key are not explained.
func TestNotExplained(t *testing.T) {
	cases, err := Cases(folders[0])
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	c := cases[0]
	e, err := c.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	p := sim.Pixel{Slow: 31, Fast: 33}
	text, err := Trace(e, p)
	if err != nil {
		t.Fatal(err)
	}
	got := read(t, text, "simtrace")
	for _, key := range []string{"F_latt_a", "F_latt", "omega_pixel", "R_distance_meters", "I_pixel_final"} {
		for _, change := range []float64{1, 3} {
			want := read(t, text, "reference")
			for i := range want.Records {
				if r := &want.Records[i]; r.Name == key && r.Stream == trace.PixelStream {
					v := &r.Values[0]
					v.Num += change * lastDigit(v.Num)
					v.Text = trace.FormatFloat(v.Num)
				}
			}
			if lines, trouble := explained(t, e, p, want, got); len(lines) > 0 || len(trouble) == 0 {
				t.Errorf("%s moved by %g digits: %d lines are explained, %d are trouble", key, change, len(lines), len(trouble))
			}
		}
	}
}

// pi to 100 digits.
const pi = "3.141592653589793238462643383279502884197169399375105820974944592307816406286208998628034825342117068"

// bigSin is the sine by its series, to about 2^-250.
func bigSin(x float64) *big.Float {
	const prec = 320
	full, _, _ := big.ParseFloat(pi, 10, prec, big.ToNearestEven)
	full.Mul(full, big.NewFloat(2))
	v := new(big.Float).SetPrec(prec).SetFloat64(x)
	turns, _ := new(big.Float).Quo(v, full).Float64()
	v.Sub(v, new(big.Float).SetPrec(prec).Mul(full, big.NewFloat(math.Round(turns))))
	sum, term := new(big.Float).SetPrec(prec).Set(v), new(big.Float).SetPrec(prec).Set(v)
	square := new(big.Float).SetPrec(prec).Mul(v, v)
	for i := int64(2); i < 120; i += 2 {
		term.Mul(term, square)
		term.Quo(term, new(big.Float).SetInt64(-i*(i+1)))
		sum.Add(sum, term)
	}
	return sum
}

// TestBigSin: the judge agrees with itself along another way, and with known
// values.
func TestBigSin(t *testing.T) {
	if got, want := bigSin(1).Text('f', 60), "0.841470984807896506652502321630298999622563060798371065672752"; got != want {
		t.Errorf("sin(1) is %s, want %s", got, want)
	}
	for x := 0.25; x < 300; x += 7.37 {
		// sin 3x = 3 sin x - 4 sin^3 x, of an x whose triple is a float64.
		x := float64(float32(x))
		s := bigSin(x)
		cube := new(big.Float).Mul(new(big.Float).Mul(s, s), s)
		want := new(big.Float).Sub(new(big.Float).Mul(s, big.NewFloat(3)), new(big.Float).Mul(cube, big.NewFloat(4)))
		d, _ := new(big.Float).Sub(bigSin(3*x), want).Float64()
		if math.Abs(d) > 0x1p-240 {
			t.Errorf("sin(3 x) at %g is off by %g", x, d)
		}
	}
}
