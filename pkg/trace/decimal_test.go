package trace

import (
	"math"
	"math/rand"
	"strconv"
	"strings"
	"testing"
)

// checkDecimal holds plainDecimal against strconv: what it reads is a whole
// token, and the same bits. It tells whether anything was read.
func checkDecimal(t *testing.T, s string) bool {
	t.Helper()
	v, n := plainDecimal(s)
	if n == 0 {
		return false
	}
	if n > len(s) || n < len(s) && !endsToken[s[n]] || n != tokenLen(s) {
		t.Fatalf("%q: %d bytes are no token", s, n)
	}
	want, err := strconv.ParseFloat(s[:n], 64)
	if err != nil || math.Float64bits(v) != math.Float64bits(want) {
		t.Fatalf("%q: %v, strconv reads %v (%v)", s[:n], v, want, err)
	}
	return true
}

func TestPlainDecimal(t *testing.T) {
	for _, s := range []string{"0", "-0", "+0", "0.0", "-0e5", "1.", ".5", "-.5", "007", "1e22", "1e-22", "9007199254740991", "9007199254740991e22",
		"1E+05", "1e005", "00000000.00000001", "1234567.8", "12345678", "123456789.", "0.000000000000000001", "0e22"} {
		if !checkDecimal(t, s) {
			t.Errorf("%q is not read", s)
		}
	}
	// Left to strconv, or no numbers at all.
	for _, s := range []string{"", "-", "+", ".", "-.", "e5", "1e", "1e+", "1e23", "1e-23", "1e0005", "9007199254740993", "1_0", "0x10", "1.2.3", "1e5e5",
		"1f", "--1", "1-", "nan", "inf", "00000000000000000001", "18446744073709551616", "99999999999999999999", "1:2", "5%", "19\x00", "１"} {
		if v, n := plainDecimal(s); n != 0 {
			t.Errorf("%q is read as %v", s, v)
		}
	}
	for _, s := range []string{"1.5 2", "1.5,2", "1.5]", "1.5;", "12345678\t", "0.5)"} {
		if !checkDecimal(t, s) {
			t.Errorf("%q is not read", s)
		}
	}
}

// TestPlainDecimalOfPrints: what %.15g prints of numbers of ordinary size is
// read here, and not left to strconv, else the reader would be slow again.
func TestPlainDecimalOfPrints(t *testing.T) {
	rng := rand.New(rand.NewSource(3))
	for range 200000 {
		v := (rng.Float64() - 0.5) * math.Pow(10, float64(rng.Intn(14)-6))
		// Smaller ones have 15 digits and a power of ten beyond 22.
		if s := FormatFloat(v); !checkDecimal(t, s) && math.Abs(v) >= 1e-7 {
			t.Fatalf("%s is left to strconv", s)
		}
		checkDecimal(t, strconv.FormatFloat(v, 'g', rng.Intn(17)+1, 64))
		checkDecimal(t, strconv.FormatFloat(v, 'e', -1, 64))
		checkDecimal(t, strconv.FormatFloat(v, 'f', rng.Intn(20), 64))
		checkDecimal(t, strconv.FormatUint(rng.Uint64()>>rng.Intn(64), 10))
	}
}

// TestPlainDecimalOfGarbage draws strings of what numbers are made of.
func TestPlainDecimalOfGarbage(t *testing.T) {
	rng := rand.New(rand.NewSource(4))
	read := 0
	for range 300000 {
		var b strings.Builder
		for range rng.Intn(24) {
			b.WriteByte("00112233445566778899999..eE+- ,]x_:/"[rng.Intn(36)])
		}
		if checkDecimal(t, b.String()) {
			read++
		}
	}
	if read < 10000 {
		t.Errorf("only %d numbers among them", read)
	}
}

func FuzzPlainDecimal(f *testing.F) {
	for _, s := range []string{"-6.8795206024501 ", "1e+24", "7.94079248018965e-30", "12345678901234567890", "0.1e-1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkDecimal(t, s) })
}
