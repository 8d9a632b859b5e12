package trace

import (
	"bufio"
	"math"
	"math/rand"
	"strconv"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

// TestFormatFloat holds every line of a table that a C program printed with
// glibc's "%.15g": the bits of a double, and its text.
func TestFormatFloat(t *testing.T) {
	sc := bufio.NewScanner(strings.NewReader(testkit.File(t, "testdata/printf15g.txt")))
	n := 0
	for sc.Scan() {
		hex, want, _ := strings.Cut(sc.Text(), " ")
		bits, err := strconv.ParseUint(hex, 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		if got := FormatFloat(math.Float64frombits(bits)); got != want {
			t.Errorf("%s: %q, C prints %q", hex, got, want)
		}
		n++
	}
	if n < 500 {
		t.Errorf("only %d lines", n)
	}
}

// TestFormatFloatKeepsDigits: 15 digits are the nearest decimal to the value,
// so they lie within half a unit of the 15th place.
func TestFormatFloatKeepsDigits(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 200000 {
		v := math.Float64frombits(rng.Uint64())
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		s := FormatFloat(v)
		back, ok := parseFloat(s)
		if !ok {
			t.Fatalf("%q does not read back", s)
		}
		// Half of the 15th digit is 5e-15 of a leading digit 1, plus what
		// rounding to a double adds; the smallest numbers have fewer bits.
		if math.Abs(back-v) > 5.2e-15*math.Abs(v)+5e-324 {
			t.Errorf("%v printed as %s reads back as %v", v, s, back)
		}
		if FormatFloat(back) != s && math.Abs(v) > 1e-300 {
			t.Errorf("%s reads back as %v and prints as %s", s, back, FormatFloat(back))
		}
		digits := strings.TrimLeft(strings.ReplaceAll(strings.SplitN(s, "e", 2)[0], ".", ""), "-0")
		if len(digits) > 15 {
			t.Errorf("%s has %d digits", s, len(digits))
		}
	}
}

func TestPythonFloat(t *testing.T) {
	// As printed by Python's repr.
	for v, want := range map[float64]string{
		-8: "-8.0", 0: "0.0", 1.5: "1.5", 1e15: "1000000000000000.0", 1e16: "1e+16", 123456789.25: "123456789.25",
		0.0001: "0.0001", 0.00001: "1e-05", 1e-300: "1e-300", math.Inf(-1): "-inf", 1e22: "1e+22", 0.1: "0.1",
	} {
		if got := pythonFloat(v); got != want {
			t.Errorf("pythonFloat(%g) = %q, want %q", v, got, want)
		}
	}
	if got := pythonFloat(math.Copysign(0, -1)); got != "-0.0" {
		t.Errorf("pythonFloat(-0) = %q", got)
	}
}
