package parity_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

var floatNumber = regexp.MustCompile(`-?\d*\.\d+(?:e[-+]?\d+)?`)

// Every single number of a recorded trace that is changed by 1e-4 must be
// found, and its row must be a root: nothing above it was touched.
func TestEveryChangedNumberIsFound(t *testing.T) {
	testkit.NotUnderRace(t)
	base := testkit.File(t, "testdata/carry.log")
	lines := strings.Split(base, "\n")
	tried := 0
	for i, line := range lines {
		if !strings.HasPrefix(line, "TRACE_C") {
			continue
		}
		for _, span := range floatNumber.FindAllStringIndex(line, -1) {
			v, err := strconv.ParseFloat(line[span[0]:span[1]], 64)
			if err != nil {
				t.Fatal(err)
			}
			changed := append([]string(nil), lines...)
			changed[i] = line[:span[0]] + strconv.FormatFloat(v*(1+1e-4), 'g', 15, 64) + line[span[1]:]
			r := compare(t, base, strings.Join(changed, "\n"))
			tried++
			if small(r, i+1) {
				continue
			}
			if r.Verdict != parity.Diverged || r.Counts.Diverged != 1 || len(r.Roots) != 1 || r.Roots[0].Row.Got.Line != i+1 {
				t.Errorf("line %d, %q changed: %s, %d diverged, %d roots", i+1, line[span[0]:span[1]], r.Verdict, r.Counts.Diverged, len(r.Roots))
			}
			// A number that does not follow from those beside it is all that
			// can be said; what happened to it nobody knows.
			if len(r.Causes) > 0 && causes(r) != "self-inconsistent" {
				t.Errorf("line %d: a cause is named for a number changed by hand: %s", i+1, causes(r))
			}
		}
	}
	if tried < 100 {
		t.Fatalf("only %d numbers changed", tried)
	}
}

// small reports whether the change is within tolerance of its vector: a small
// component beside large ones.
func small(r *parity.Report, line int) bool {
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Got != nil && row.Got.Line == line && row.Rel > 0 && row.Rel <= r.Tolerance && schema.Info(row.Key).Kind == schema.Vec3 {
			return r.Verdict == parity.Match
		}
	}
	return false
}

// A line that is gone must not pass for a match, where the dialect prints it.
func TestEveryLostLineIsFound(t *testing.T) {
	testkit.NotUnderRace(t)
	base := testkit.File(t, "testdata/carry.log")
	lines := strings.SplitAfter(base, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "TRACE_C: ") && !strings.HasPrefix(line, "TRACE_C_PHI ") {
			continue
		}
		got := strings.Join(lines[:i], "") + strings.Join(lines[i+1:], "")
		// The port prints the rest of it, too, wherever the line is gone.
		if strings.HasPrefix(line, "TRACE_C: ") {
			py := compare(t, base, strings.NewReplacer("TRACE_C:", "TRACE_PY:", "TRACE_C_", "TRACE_PY_").Replace(got))
			if py.Verdict != parity.Diverged || py.Counts.Lost == 0 || py.Counts.Unpaired > 0 {
				t.Errorf("without line %d (%.40s) of the port: %s, %+v", i+1, line, py.Verdict, py.Counts)
			}
		}
		r := compare(t, base, got)
		if r.Verdict != parity.Diverged || r.Counts.Lost == 0 || r.Counts.Diverged != 0 {
			t.Errorf("without line %d (%.40s): %s, %d lost, %d diverged", i+1, line, r.Verdict, r.Counts.Lost, r.Counts.Diverged)
		}
		if row := r.FirstRow(); row == nil || row.Gap != diff.Lost || row.Ref.Line != i+1 {
			t.Errorf("without line %d, the first divergence is %+v", i+1, row)
		}
	}
}

// A log cut at any byte is never a match with the whole, and never crashes.
func TestCutAnywhere(t *testing.T) {
	testkit.NotUnderRace(t)
	base := testkit.File(t, "testdata/carry.log")
	for n := 0; n < len(base)-1; n += 37 {
		if r := compare(t, base, base[:n]); r.Verdict == parity.Match && r.Counts.Lost == 0 {
			last := base[:n]
			if i := strings.LastIndexByte(last, '\n'); strings.HasPrefix(last[i+1:], "TRACE_C:") {
				t.Errorf("cut after %d bytes, in %q: %v", n, last[i+1:], r.Reasons)
			}
		}
	}
}

func TestCarryover(t *testing.T) {
	carry, fresh := testkit.File(t, "testdata/carry.log"), testkit.File(t, "testdata/fresh.log")
	there, back := compare(t, carry, fresh), compare(t, fresh, carry)
	for name, r := range map[string]*parity.Report{"reference carries": there, "got carries": back} {
		if r.Verdict != parity.Diverged || causes(r) != "phi-carryover" || len(r.Unexplained()) != 0 {
			t.Errorf("%s: %s, causes %q, %d unexplained", name, r.Verdict, causes(r), len(r.Unexplained()))
		}
		if k := r.FirstRow().Key; k != schema.RotA {
			t.Errorf("%s: first divergence at %s, want rot_a_angstroms", name, k)
		}
	}
	// The share is computed from the carrying log alone; the other log was
	// recorded with the carry-over off, and must have just that intensity.
	// 1e-9: its phi starts at 1e-12 degrees.
	want := 807189.768689612/943654.80923755 - 1
	if s := there.Causes[0].Share; s == nil || math.Abs(s.Value-want) > 1e-9 {
		t.Errorf("share %+v, want %.9f", s, want)
	}
	if s := back.Causes[0].Share; s == nil || math.Abs(s.Value-(1/(1+want)-1)) > 1e-9 {
		t.Errorf("share %+v the other way round, want %.9f", s, 1/(1+want)-1)
	}
}

// bent adds to a column of the phi rows.
func bent(t *testing.T, text, key string, by float64) string {
	t.Helper()
	re := regexp.MustCompile(key + `=(\S+)`)
	return re.ReplaceAllStringFunc(text, func(m string) string {
		v, err := strconv.ParseFloat(m[len(key)+1:], 64)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%s=%.15g", key, v+by)
	})
}

// TestCarryoverBesideAnotherFault: the vectors that one log prints show the
// carry-over, whatever else is wrong with all phi steps; and that stays unexplained.
func TestCarryoverBesideAnotherFault(t *testing.T) {
	carry, fresh := testkit.File(t, "testdata/carry.log"), testkit.File(t, "testdata/fresh.log")
	r := compare(t, carry, bent(t, fresh, "k_frac", 5e-3))
	if !strings.Contains(causes(r), "phi-carryover") {
		t.Errorf("phi-carryover is not named: %s", causes(r))
	}
	if n := len(r.Unexplained()); n == 0 {
		t.Error("the steps behind the first are explained, and are not")
	}
}

func TestCarryoverIsNotClaimed(t *testing.T) {
	carry, fresh := testkit.File(t, "testdata/carry.log"), testkit.File(t, "testdata/fresh.log")
	for name, c := range map[string][2]string{
		"both carry":         {carry, bent(t, carry, "k_frac", 1e-4)},
		"both fresh":         {fresh, bent(t, fresh, "k_frac", 1e-4)},
		"no step at 0":       {strings.ReplaceAll(carry, "phi_deg=0 ", "phi_deg=0.001 "), fresh},
		"last digit differs": {strings.Replace(carry, "phi_deg=0 k_frac=-0.607255839576692", "phi_deg=0 k_frac=-0.607255839576691", 1), fresh},
	} {
		if r := compare(t, c[0], c[1]); strings.Contains(causes(r), "phi-carryover") {
			t.Errorf("%s: claimed as phi-carryover: %v", name, r.Causes[0].Evidence)
		}
	}
}

// single is a pixel of one step, whose sum needs no PHI rows.
func single(dialect, cell string, i float64) string {
	return fmt.Sprintf(`%[1]s: hkl_frac 1.1 2.2 3.3
%[1]s: hkl_rounded 1 2 3
%[1]s: F_latt 2.5
%[2]s%[1]s: I_before_scaling %.15[3]g
%[1]s: steps 1
`, dialect, cell, i)
}

func TestInterpolation(t *testing.T) {
	both := "TRACE_PY: F_cell_interpolated 80\nTRACE_PY: F_cell_nearest 100\n"
	const near, interp = 100 * 100 * 2.5 * 2.5, 80 * 80 * 2.5 * 2.5
	for _, c := range []struct {
		name        string
		ref, got    string
		cause, note string
	}{
		{"used", single("TRACE_C", "TRACE_C: F_cell 100\n", near), single("TRACE_PY", both, interp), "interpolation", ""},
		{"logged only", single("TRACE_C", "TRACE_C: F_cell 100\n", near), single("TRACE_PY", both, near), "", ""},
		{"logged only, other difference", single("TRACE_C", "TRACE_C: F_cell 100\n", near),
			strings.Replace(single("TRACE_PY", both, near), "1.1 2.2", "1.1 2.21", 1), "", "interpolation"},
		{"reference interpolates", single("TRACE_C", "TRACE_C: F_cell 80\n", interp), single("TRACE_PY", both, near), "interpolation", ""},
		{"both interpolate", single("TRACE_C", "TRACE_C: F_cell 80\n", interp), single("TRACE_PY", both, interp), "", ""},
		{"another F_cell", single("TRACE_C", "TRACE_C: F_cell 50\n", near/4), single("TRACE_PY", both, interp), "", ""},
		{"other index", strings.Replace(single("TRACE_C", "TRACE_C: F_cell 100\n", near), "1 2 3", "1 2 4", 1), single("TRACE_PY", both, interp), "self-inconsistent", ""},
	} {
		r := compare(t, c.ref, c.got)
		note := ""
		for _, n := range r.Notes {
			note = n.ID
		}
		if causes(r) != c.cause || note != c.note {
			t.Errorf("%s: causes %q, note %q; want %q, %q (%s, %+v)", c.name, causes(r), note, c.cause, c.note, r.Verdict, r.RuledOut)
		}
	}
	// Swapped, the finding is the same.
	r := compare(t, single("TRACE_PY", both, interp), single("TRACE_C", "TRACE_C: F_cell 100\n", near))
	if causes(r) != "interpolation" {
		t.Errorf("sides swapped: %q", causes(r))
	}
}

func TestVerdicts(t *testing.T) {
	whole := testkit.File(t, "testdata/cubic.log")
	pix, result := "TRACE_C: pixel_pos_meters 1 2 3\n", "TRACE_C: I_pixel_final 2.5\n"
	announce := "TRACE_CONFIG: tracing pixel (spixel=1, fpixel=%d)\n"
	at1, at2, at3 := fmt.Sprintf(announce, 1), fmt.Sprintf(announce, 2), fmt.Sprintf(announce, 3)
	for _, c := range []struct {
		name     string
		ref, got string
		want     parity.Verdict
	}{
		{"empty", "", "", parity.Refused},
		{"one empty", whole, "", parity.Refused},
		{"no trace lines", whole, "nothing here\n", parity.Refused},
		{"settings only", "TRACE_C: r_e_sqr 1\nTRACE_C: steps 3\nTRACE_C: fluence_photons_per_m2 1\n", "TRACE_PY: r_e_sqr 1\nTRACE_PY: steps 3\nTRACE_PY: fluence_photons_per_m2 1\n", parity.Refused},
		{"settings that differ", "TRACE_C: steps 3\n", "TRACE_PY: steps 4\n", parity.Refused},
		{"a factor alone", "TRACE_C: capture_fraction 1\n", "TRACE_PY: capture_fraction 1\n", parity.Refused},
		{"unknown keys alone", "TRACE_C: foo 1\n", "TRACE_PY: foo 1\n", parity.Refused},
		{"notes alone", "TRACE:   a = [1, 2, 3] |a| = 4\n", "TRACE:   a = [1, 2, 3] |a| = 4\n", parity.Refused},
		{"one vector", pix, pix, parity.Refused},
		{"one vector and a result", pix + result, pix + result, parity.Match},
		{"a result alone", result, result, parity.Match},
		{"no result in one of two pixels", at1 + pix + at2 + pix + result, at1 + pix + at2 + pix + result, parity.Refused},
		{"a result in each pixel", at1 + pix + result + at2 + result, at1 + pix + result + at2 + result, parity.Match},
		{"a pixel lost of two", at1 + pix + result + at2 + result, at1 + pix + result, parity.Diverged},
		{"two pixels lost of three", at1 + pix + result + at2 + result + at3 + result, at1 + pix + result, parity.Refused},
		{"convention alone", "TRACE_C:detector_convention=XDS\n", "TRACE_C:detector_convention=XDS\n", parity.Refused},
		{"setup", "TRACE_C:fdet_after_rotz=0 0 1\n", "TRACE_PY:fdet_after_rotz=0 0 1\n", parity.Match},
		{"setup against pixel", "TRACE_C:pix0_vector=1 2 3\n", "TRACE_PY: pix0_vector_meters 1 2 3\n", parity.Refused},
		{"placeholder beside agreement", pix + "TRACE_C: I_before_scaling 5\n", pix + "TRACE_C: I_before_scaling NOT_EXTRACTED\n", parity.Refused},
		{"traceback", pix, pix + "Traceback (most recent call last):\n  File \"x.py\", line 1, in <module>\nIndexError: no\n", parity.Refused},
		{"same", whole, whole, parity.Match},
		{"other dialect", whole, strings.ReplaceAll(whole, "TRACE_C", "TRACE_PY"), parity.Match},
	} {
		if r := compare(t, c.ref, c.got); r.Verdict != c.want {
			t.Errorf("%s: %s, want %s: %v", c.name, r.Verdict, c.want, r.Reasons)
		}
	}
}

func TestOtherPixelIsRefused(t *testing.T) {
	a := testkit.File(t, "testdata/carry.log")
	b := strings.Replace(a, "spixel=685, fpixel=1039", "spixel=1039, fpixel=685", 1)
	r := compare(t, a, b)
	if r.Verdict != parity.Refused {
		t.Fatalf("%s", r.Verdict)
	}
	wants(t, r, "slow and fast look exchanged")
}

// Rounding noise of another libm must not be given a cause.
func TestNoiseHasNoCause(t *testing.T) {
	a := testkit.File(t, "testdata/carry.log")
	n := 0
	b := floatNumber.ReplaceAllStringFunc(a, func(s string) string {
		v, err := strconv.ParseFloat(s, 64)
		if n++; err != nil || n%7 != 0 || len(s) < 12 {
			return s
		}
		return strconv.FormatFloat(math.Nextafter(v, 0)*(1-2e-15), 'g', 15, 64)
	})
	r := compare(t, a, b)
	if r.Verdict != parity.Match || len(r.Causes)+len(r.Notes) > 0 {
		t.Errorf("%s, causes %q: %v", r.Verdict, causes(r), r.Reasons)
	}
}

func TestToleranceIsMonotone(t *testing.T) {
	a, b := testkit.File(t, "testdata/carry.log"), testkit.File(t, "testdata/fresh.log")
	before := math.MaxInt
	for e := -16; e < 0; e++ {
		r := compareWith(t, a, b, parity.Options{Tolerance: math.Pow(10, float64(e))})
		if r.Counts.Diverged > before {
			t.Errorf("%d rows diverge at 1e%d, %d at a tenth of it", r.Counts.Diverged, e, before)
		}
		before = r.Counts.Diverged
	}
	if before > 10 {
		t.Errorf("%d rows diverge at tolerance 0.1", before)
	}
}

// Two subpixels, three steps: the graph must not blame another sample.
func TestRootsStayWithinTheirSample(t *testing.T) {
	log := func(x0, k1 string) string {
		return "TRACE_C: scattering_vec_A_inv 1 " + x0 + " 3\nTRACE_C_PHI phi_tic=0 phi_deg=0.5 k_frac=1.25 F_latt_b=2 F_latt=3\n" +
			"TRACE_C: scattering_vec_A_inv 1 2 3\nTRACE_C_PHI phi_tic=0 phi_deg=0.5 k_frac=" + k1 + " F_latt_b=2 F_latt=3\n"
	}
	r := compare(t, log("2", "1.25"), log("2.5", "1.75"))
	if len(r.Roots) != 2 {
		t.Fatalf("%d roots, want the vector of sample 0 and k_frac of sample 1", len(r.Roots))
	}
	if x := r.Roots[1].Row; x.Key != schema.PhiKFrac || x.At[schema.Sub] != 1 || x.Stream != trace.PhiStream {
		t.Errorf("second root %s of sample %d", x.Key, x.At[schema.Sub])
	}
}
