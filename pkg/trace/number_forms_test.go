package trace

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/pkg/trace/schema"
)

// TestParseFloat: numbers as programs print them.
func TestParseFloat(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for s, want := range map[string]float64{
		"1.5": 1.5, "-0": math.Copysign(0, -1), "+1": 1, ".5": 0.5, "7.": 7, "1e5": 1e5, "1E+05": 1e5, "007": 7,
		// Fortran: D and Q exponents, no letter where the exponent has three digits.
		"1.5D-01": 0.15, "1.5d+2": 150, "-0.25D0": -0.25, "1.5Q-01": 0.15, ".14-270": .14e-270, "-1.25+123": -1.25e123, "0.1000000000-307": 0.1e-307,
		// Fields that overflowed.
		"****": nan, "***": nan, "***************": nan,
		// C99's hexadecimal floats.
		"0x1p-3": 0.125, "-0x1.8p+1": -3, "0x1.fffffffffffffp+1023": math.MaxFloat64,
		// Words for what is no number.
		"nan": nan, "NaN": nan, "-nan": math.Copysign(nan, -1), "+nan": nan, "inf": inf, "-inf": -inf, "+inf": inf, "Infinity": inf, "-Infinity": -inf, "INF": inf,
		"1.#IND": nan, "-1.#IND": nan, "1.#INF": inf, "-1.#INF": -inf, "1.#QNAN": nan, "1.#SNAN": nan, "-1.#IND00": nan, "1.#INF00": inf,
		// Beyond a double: not finite, and so a finding.
		"1e999": inf, "-1e999": -inf, "1d999": inf, "1e-999": 0,
		"9007199254740993": 9007199254740992,
	} {
		got, ok := parseFloat(s)
		if !ok || got != want && !(math.IsNaN(got) && math.IsNaN(want)) || math.Signbit(got) != math.Signbit(want) {
			t.Errorf("%s is %v, %v; want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "-", ".", "e5", "d5", "1d", "-d5", "1.5-1", "1.5-1000", "1-270", "1..2", "*", "**", "*1", "**1**", "1*", "0x10", "0xfeed", "x", "id5", "nd1",
		"in", "infinit", "nano", "3#INPUT", "5#IN", "1.#INDEX", "#IND", "1.5e+", "1,5", "1_0", "1e5d3", "1.5D-01D", "--1", "1-", "１", "5%", "1.2.3"} {
		if v, ok := parseFloat(s); ok {
			t.Errorf("%q is %v", s, v)
		}
	}
}

// TestNumbersInLines: the same forms in trace lines, as they are printed.
func TestNumbersInLines(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"TRACE_C: hkl_frac 1.5D-01 .14-270 -0.25D0", "pixel {hkl_frac} 1.5D-01 .14-270 -0.25D0"},
		{"TRACE_C: F_cell ****", "pixel {F_cell} ****"},
		{"TRACE_C: F_cell -1.#IND", "pixel {F_cell} -1.#IND"},
		{"TRACE_C: F_cell 0x1.8p+1", "pixel {F_cell} 0x1.8p+1"},
		{"TRACE_C: hkl_frac \u22121.5 2 \u22123e\u22122", "pixel {hkl_frac} -1.5 2 -3e-2"},
		{"\x1b[32mTRACE_C: F_cell \x1b[1m190.27\x1b[0m", "pixel {F_cell} 190.27"},
		{"\x1b[1;31mTRACE_C:\x1b[0m F_cell 5\x1b[K", "pixel {F_cell} 5"},
		{"TRACE_C: F_cell 5\x1b", "pixel {F_cell} 5"},
		{"TRACE_C: F_cell * 2", `! 1 unparsed: F_cell: not a number: "*"`},
		{"TRACE_C: F_cell 3#INPUT", `! 1 unparsed: F_cell: not a number: "3#INPUT"`},
		{"TRACE_C: F_cell 1,234.5", "! 1 unparsed: F_cell: 2 numbers where 1 belong"},
		{"TRACE:   r_e ** 2 = a * b = 5", `note r_e ** 2 5 "   r_e ** 2 = a * b = 5"`},
		{"TRACE_C: distance_m 0.1m", `setup {distance_m} 0.1 "m"`},
		{"TRACE_C: distance_m 100 mm", `setup {distance_m} 100 "mm"`},
		{"TRACE_C: pix0_vector_meters [1, 2, 3] m", `pixel {pix0_vector_meters} 1 2 3 "m"`},
		{"TRACE_C: distance_m 100 furlongs", `! 1 unparsed: distance_m: not a number: "furlongs"`},
		{"TRACE_C: distance_m 1 2 m", "! 1 unparsed: distance_m: 2 numbers where 1 belong"},
		{"TRACE_C: distance_m mm", `setup {distance_m} "mm"`},
	} {
		if got := sketches(readString(t, c.in+"\n")); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

// TestDecimalCommas: where a log has them, a comma between two digits is one,
// and every other parts a list. The text of a value has a point all the same.
func TestDecimalCommas(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"v 0,5", "v 0.5=0.5"},
		{"v -1,25e-3", "v -1.25e-3=-0.00125"},
		{"v 0,5 1,5", "v 0.5=0.5 1.5=1.5"},
		{"v 0,5; 1,5;2,25", "v 0.5=0.5 1.5=1.5 2.25=2.25"},
		{"v [0,5, 1,5]", "v 0.5=0.5 1.5=1.5"},
		{"v 1, 2, 3", "v 1=1 2=2 3=3"},
		{"v 7", "v 7=7"},
		{"v 1,5D-01", "v 1.5D-01=0.15"},
		{"v 0,5 mm", "v 0.5=0.5"},
		{"v x:0,5", "v 0.5=0.5"},
		{"v 1,234,567", `! v: a second comma in a number: "1,234,567"`},
		{"v 1.234,5", `! v: not a number: "1.234,5"`},
	} {
		sch := readSchema(t, "quantities: [{name: v}]\n")
		r := NewReader(Text("", "t.log"), NewNames(sch), Options{Comma: true})
		b := byLines(r, schema.Nowhere, c.in+"\n", 0, false)
		got := ""
		for _, rec := range b.Records {
			got += rec.Name
			for _, v := range rec.Values {
				got += " " + v.Text + "=" + strconv.FormatFloat(v.Num, 'g', -1, 64)
			}
		}
		for _, p := range b.Problems {
			got += "! " + p.Why
		}
		if got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
	// In the whole of a log it is decided once.
	log := readString(t, "TRACE_C: F_cell 0,5\nTRACE_C: hkl_frac 1,5 2,5 -3,25\n")
	if got := sketches(log); got != "pixel {F_cell} 0.5\npixel {hkl_frac} 1.5 2.5 -3.25" || log.Records[1].Values[2].Num != -3.25 {
		t.Error(got)
	}
	log = readString(t, "TRACE_C: F_cell 0,5\nTRACE_C: hkl_frac 1.5 2.5 -3.25\n")
	if got := sketches(log); got != "pixel {hkl_frac} 1.5 2.5 -3.25\n! 1 unparsed: F_cell: 2 numbers where 1 belong" {
		t.Error(got)
	}
}

// TestUnits: what a word says is a size and a dimension.
func TestUnits(t *testing.T) {
	for _, c := range []struct {
		a    float64
		unit string
		b    float64
		same string
	}{
		{0.1, "m", 100, "mm"}, {1, "A", 1e-10, "m"}, {1, "Å", 0.1, "nm"}, {1, "1/A", 1e10, "1/m"}, {180, "deg", math.Pi, "rad"}, {90, "min", 1.5, "h"},
		{1, "keV", 1000, "eV"}, {1, "atm", 1013.25, "hPa"}, {50, "%", 0.5, "%"}, {36, "km/h", 10, "m/s"}, {1, "kcal/mol", 4.184, "kJ/mol"},
	} {
		u, ok1 := UnitOf(c.unit)
		v, ok2 := UnitOf(" " + c.same + " ")
		if c.unit == "%" {
			v.Size, c.b = 1, 0.5
		}
		if !ok1 || !ok2 || u.Dimension != v.Dimension || math.Abs(c.a*u.Size/(c.b*v.Size)-1) > 1e-12 {
			t.Errorf("%g %s is not %g %s: %+v, %+v", c.a, c.unit, c.b, c.same, u, v)
		}
	}
	for _, w := range []string{"", "furlong", "M", "MM", "meterss", "5"} {
		if u, ok := UnitOf(w); ok {
			t.Errorf("%q is the unit %+v", w, u)
		}
	}
	for w, u := range unitWords {
		if _, number := parseFloat(w); number || u.Size <= 0 || math.IsInf(u.Size, 0) || strings.ContainsAny(w, " \t,;[]()") {
			t.Errorf("%q, %+v, cannot stand behind a number", w, u)
		}
	}
}

// TestNumberEnd: what ends as a plain number for a layout is a number, and the
// same one, to the general way.
func TestNumberEnd(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	taken := 0
	for range 300000 {
		var b strings.Builder
		for range r.IntN(20) {
			b.WriteByte("00112233445566778899999..eE+- ,]x_:/\n\r"[r.IntN(38)])
		}
		s := b.String()
		n := numberEnd(s, 0)
		if n < 0 {
			continue
		}
		taken++
		want, err := strconv.ParseFloat(s[:n], 64)
		got, ok := parseFloat(s[:n])
		if err != nil || !ok || math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q: %v, strconv reads %v (%v)", s[:n], got, want, err)
		}
		if v, k := plainDecimal(s[:n]); k != 0 && (k != n || math.Float64bits(v) != math.Float64bits(want)) {
			t.Fatalf("%q: %v by plainDecimal", s[:n], v)
		}
		if n < len(s) && !endsToken[s[n]] && s[n] != '\n' && s[n] != '\r' {
			t.Fatalf("%q ends within a word", s[:n])
		}
	}
	if taken < 20000 {
		t.Errorf("only %d numbers among them", taken)
	}
	var got []int
	for _, s := range []string{"1 ", "-1.5\n", "1e-05]", "1e5", "+1", ".5", "7.", "1e-5", strings.Repeat("1", maxPlain+1), "0x1p-3", "nan", "1.5.2", "1e-05x", ""} {
		got = append(got, numberEnd(s, 0))
	}
	if diff := cmp.Diff([]int{1, 4, 5, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}, got); diff != "" {
		t.Error(diff)
	}
}

// TestPlainText: colours and the typographic minus, and nothing else.
func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		"plain 5":               "plain 5",
		"\x1b[32mgreen\x1b[0m":  "green",
		"\x1b[1;31;40mx\x1b[Ky": "xy",
		"\x1b":                  "",
		"a\x1b[":                "a",
		"a\x1b[3":               "a",
		"\u22121\u2212":         "-1-",
		"Å \u2190 5":            "Å \u2190 5",
	} {
		if got := plainText(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
