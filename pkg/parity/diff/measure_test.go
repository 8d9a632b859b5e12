package diff

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"simtrace/pkg/trace/schema"
)

func TestStatusByTolerance(t *testing.T) {
	// 1/(1-x) - 1 is x to first order; the bounds are approached from both sides.
	for _, c := range []struct {
		ref, got string
		want     Status
	}{
		{"1", "1", Pass},
		{"1", "1.0000009", Pass},
		{"1", "1.0000011", Minor},
		{"1", "1.00009", Minor},
		{"1", "1.00011", Divergent},
		{"1", "1.009", Divergent},
		{"1", "1.0102", Critical},
		{"1", "-1", Critical},
		{"0", "-0", Pass},
		{"0", "1e-300", Critical},
		{"nan", "-nan", NotFinite},
		{"nan", "1", Critical},
		{"inf", "inf", NotFinite},
		{"inf", "-inf", Critical},
		{"inf", "1e308", Critical},
		{"1e308", "-1e308", Critical},
		{"7.94e-30", "7.95e-30", Divergent},
	} {
		res := compare(t, "TRACE_C: R_distance_meters "+c.ref+"\n", "TRACE_PY: R_distance_meters "+c.got+"\n")
		if row := only(t, res, "R_distance_meters"); row.Status != c.want {
			t.Errorf("%s against %s: %s (relative %g), want %s", c.ref, c.got, row.Status, row.Rel, c.want)
		}
	}
}

func TestVectorsScaleByNorm(t *testing.T) {
	res := compare(t, "TRACE_C: pixel_pos_meters 3 4 0\n", "TRACE_C: pixel_pos_meters 3 4 0.00001\n")
	row := only(t, res, "pixel_pos_meters")
	// 1e-5 over the larger norm, which is 5 to 1e-11: MINOR, where the
	// component by itself would differ by all there is.
	if math.Abs(row.Rel-2e-6) > 1e-12 || row.Status != Minor || row.Component != "z" {
		t.Errorf("relative %g at %q, %s; want 2e-6 at z, MINOR", row.Rel, row.Component, row.Status)
	}
	if row.Abs != 0.00001 {
		t.Errorf("difference %g, want 1e-5", row.Abs)
	}
}

func TestIntegersAreExact(t *testing.T) {
	res := compare(t, "TRACE_C: steps 10000000\n", "TRACE_C: steps 10000001\n")
	if row := only(t, res, "steps"); row.Status != Minor {
		t.Errorf("10000000 against 10000001 steps: %s, want MINOR", row.Status)
	}
	res = compare(t, "TRACE_C: hkl_rounded 3000000 0 0\n", "TRACE_C: hkl_rounded 3000000 0 1\n")
	if row := only(t, res, "hkl_rounded"); row.Status != Minor || row.Component != "z" {
		t.Errorf("hkl off by one in a million: %s at %q", row.Status, row.Component)
	}
}

func TestFieldsStandForThemselves(t *testing.T) {
	res := compare(t, "TRACE_C:angles_rad=rotx:1e-9 roty:0 rotz:1 twotheta:0\n", "TRACE_C:angles_rad=rotx:2e-9 roty:0 rotz:1 twotheta:0\n")
	if row := only(t, res, "angles_rad"); row.Status != Critical || row.Component != "rotx" {
		t.Errorf("a small angle that doubled: %s at %q; it must not hide behind a large one", row.Status, row.Component)
	}
}

func TestLostComponent(t *testing.T) {
	res := compare(t, "TRACE_C:angles_rad=rotx:0 roty:0 rotz:0 twotheta:0\n", "TRACE_C:angles_rad=rotx:0 roty:0 rotz:0\n")
	if row := only(t, res, "angles_rad"); row.Gap != Lost {
		t.Errorf("status %s %s, want lost", row.Status, row.Gap)
	}
}

func TestPlaceholder(t *testing.T) {
	res := compare(t, "TRACE_C: I_before_scaling 9\n", "TRACE_PY: I_before_scaling NOT_EXTRACTED\n")
	if row := only(t, res, "I_before_scaling"); row.Status != Missing || row.Gap != Placeholder {
		t.Errorf("NOT_EXTRACTED: %s %s", row.Status, row.Gap)
	}
}

func TestWordsAreCompared(t *testing.T) {
	res := compare(t, "TRACE_C:detector_convention=MOSFLM\n", "TRACE_C:detector_convention=XDS\n")
	if row := only(t, res, "detector_convention"); row.Status != Critical {
		t.Errorf("MOSFLM against XDS: %s", row.Status)
	}
}

// A short number beside long ones is exact: its zeros were dropped by the
// format. The axis that a user typed with six digits must differ from the
// normalised one.
func TestShortNumberIsExactAmongLongOnes(t *testing.T) {
	long := "TRACE_C: R_distance_meters 0.253416334111961\n"
	res := compareAt(t, "TRACE_C: fdet_vec 0.999982004873912 0 0\n"+long, "TRACE_C: fdet_vec 0.999982 0 0\n"+long, 1e-10)
	if row := only(t, res, "fdet_vec"); row.Status != Minor {
		t.Errorf("0.999982 against 0.999982004873912 at tolerance 1e-10: %s, want MINOR", row.Status)
	}
}

func TestPrintedPrecisionIsTheFloor(t *testing.T) {
	ref := "TRACE_C_PHI phi_tic=0 phi_deg=0 k_frac=-0.607255839576692 F_latt_b=1.05079664302326 F_latt=-2.38319665299058\n" +
		"TRACE_C_PHI phi_tic=1 phi_deg=0.01 k_frac=-0.591177727127411 F_latt_b=-0.650897255741202 F_latt=1.09860741704307\n"
	got := "TRACE_PY_PHI phi_tic=0 phi_deg=0 k_frac=-0.607256 F_latt_b=1.05080 F_latt=-2.38320\n" +
		"TRACE_PY_PHI phi_tic=1 phi_deg=0.01 k_frac=-0.591178 F_latt_b=-0.650897 F_latt=1.09862\n"
	res := compareAt(t, ref, got, 1e-9)
	diverged := 0
	for i := range res.Rows {
		row := &res.Rows[i]
		if row.Diverged() {
			diverged++
			if row.Name() != "F_latt" || row.At[schema.Phi] != 1 {
				t.Errorf("%s differs by %g, which the 6 digits printed do not show", res.label(row), row.Rel)
			}
		}
	}
	// 1.09862 is off by 1.3 units of its last digit, which does show.
	if diverged != 1 {
		t.Errorf("%d rows diverged, want F_latt of step 1 alone", diverged)
	}
}

func TestDigits(t *testing.T) {
	for text, want := range map[string]int{
		"0": 0, "-0": 0, "0.00120": 3, "1e+24": 1, "-0.99999986": 8, "9.768e-11": 4, "943654.80923755": 14,
		"nan": 0, "": 0, "NOT_EXTRACTED": 0, "0.253416334111961": 15,
	} {
		if n := Digits(text); n != want {
			t.Errorf("Digits(%q) = %d, want %d", text, n, want)
		}
	}
}

func TestFewShortNumbersAreExact(t *testing.T) {
	// Nothing says that these were printed short: a difference is one.
	res := compareAt(t, "TRACE_C: lambda_angstroms 0.9768\n", "TRACE_C: lambda_angstroms 0.97681\n", 1e-6)
	if row := only(t, res, "lambda_angstroms"); row.Status != Minor {
		t.Errorf("0.9768 against 0.97681: %s", row.Status)
	}
}

// TestPlainForm: how a number in plain decimal is printed is told as of any other.
func TestPlainForm(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 28))
	some := func(n int) (s string) {
		for range r.IntN(n + 1) {
			s += string("0000123456789"[r.IntN(13)])
		}
		return s
	}
	for range 200000 {
		s := []string{"", "", "-", "+"}[r.IntN(4)] + some(9) + "." + some(17)
		if r.IntN(3) == 0 {
			s = strings.ReplaceAll(s, ".", "")
		}
		if s = strings.TrimSuffix(s, "."); !strings.ContainsAny(s, "0123456789") {
			continue
		}
		if r.IntN(2) == 0 {
			s += string("eEdD"[r.IntN(4)]) + []string{"", "-", "+"}[r.IntN(3)] + strconv.Itoa(r.IntN(199))
		}
		significant, decimals, exponent := plainForm(s)
		a, b, c, ok := formOf(s)
		if !ok || significant != a || decimals != b || exponent != c {
			t.Fatalf("%s: %d digits, %d decimals, exponent at %d; formOf says %d, %d, %d, %v", s, significant, decimals, exponent, a, b, c, ok)
		}
		var one, other digits
		one.add(s)
		other.addPlain(s)
		if one != other {
			t.Fatalf("%s: counted as %+v, by formOf as %+v", s, other, one)
		}
	}
}
