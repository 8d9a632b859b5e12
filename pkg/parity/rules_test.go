package parity_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

var someDay = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

func tolerances(t *testing.T, text string) parity.Tolerances {
	t.Helper()
	out, err := parity.ReadTolerances(strings.NewReader(text), "t.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func waivers(t *testing.T, text string) []parity.Waiver {
	t.Helper()
	out, err := parity.ReadWaivers(strings.NewReader(text), "w.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// One number apart by 1e-3 in 3.7: 2.7e-4 relative.
func TestRulesDecide(t *testing.T) {
	for rule, want := range map[string]diff.Status{
		"{abs: 2e-3}":                               diff.Pass,
		"{abs: 9e-4}":                               diff.Divergent,
		"{rel: 3e-4}":                               diff.Pass,
		"{rel: 2e-4}":                               diff.Divergent,
		"{ulp: 1e13}":                               diff.Pass,
		"{ulp: 4}":                                  diff.Divergent,
		"{abs: 2e-3, rel: 1e-9, join: or}":          diff.Pass,
		"{abs: 2e-3, rel: 1e-9, join: and}":         diff.Divergent,
		"{abs: 2e-3, rel: 3e-4, join: and}":         diff.Pass,
		"{abs: 1e-9, rel: 1e-9, join: or}":          diff.Divergent,
		"{abs: 2e-3, rel: 3e-4, ulp: 1, join: and}": diff.Divergent,
		"{abs: 0, rel: 0, ulp: 1e13, join: or}":     diff.Pass,
	} {
		opt := parity.Options{Tolerances: tolerances(t, "quantities:\n  R_distance_meters: "+rule)}
		r := compareWith(t, "TRACE_C: R_distance_meters 3.7\nTRACE_C: I_pixel_final 1\n", "TRACE_PY: R_distance_meters 3.701\nTRACE_PY: I_pixel_final 1\n", opt)
		checkCounts(t, r)
		row := r.Rows[0]
		if row.Status != want || row.Rule.Where != "t.yaml:2" {
			t.Errorf("%s: %s by %s (%s), want %s", rule, row.Status, row.Rule, row.Rule.Where, want)
		}
		if (r.Verdict == parity.Match) != (want == diff.Pass) {
			t.Errorf("%s: verdict %s", rule, r.Verdict)
		}
	}
}

// Of a vector, rel and ulp are over its norm: a small component beside large
// ones is not measured against itself.
func TestVectorsByNorm(t *testing.T) {
	ref, got := "TRACE_C: pixel_pos_meters 3 4 1e-9\n", "TRACE_PY: pixel_pos_meters 3 4 2e-9\n"
	for rule, want := range map[string]diff.Status{
		"{rel: 2.1e-10}": diff.Pass, // 1e-9 / 5
		"{rel: 1.9e-10}": diff.Minor,
		"{abs: 1.1e-9}":  diff.Pass,
		"{abs: 0.9e-9}":  diff.Minor,
		"{ulp: 1.2e6}":   diff.Pass, // 1e-9 / 8.9e-16
		"{ulp: 1.1e6}":   diff.Minor,
	} {
		opt := parity.Options{Tolerances: tolerances(t, "quantities:\n  pixel_pos_meters: "+rule)}
		r := compareWith(t, ref, got, opt)
		if s := r.Rows[0].Status; s != want {
			t.Errorf("%s: %s, want %s (needs %+v)", rule, s, want, r.Rows[0].Needs)
		}
	}
}

// A rule reaches the rows of phi steps and aliases, words of no schema, and
// integers, which without a rule are exact.
func TestRulesReach(t *testing.T) {
	ref := "TRACE_C: hkl_rounded 1 2 3\nTRACE_C: my_own 1\nTRACE_C: R_distance_meters 1\nTRACE_C_PHI phi_tic=1 phi_deg=1 k_frac=1 F_latt_b=1 F_latt=2\nTRACE_C: I_pixel_final 7\n"
	got := strings.NewReplacer("1 2 3", "1 2 4", "own 1", "own 2", "k_frac=1", "k_frac=3").Replace(ref)
	r := compareWith(t, ref, got, parity.Options{
		Tolerances: tolerances(t, "quantities:\n  hkl_rounded: {abs: 1}\n  my_own: {abs: 1}\n  k_frac: {abs: 2}\n")})
	if r.Verdict != parity.Match || r.Counts.Matched != 8 {
		t.Errorf("%s, %+v", r.Verdict, r.Counts)
	}
	if r := compare(t, ref, got); r.Counts.Diverged != 3 {
		t.Errorf("without rules: %+v", r.Counts)
	}
}

// What is said to be the smallest tolerance lets all pass, and a percent less
// does not: on a recorded log whose numbers are changed a little, each by a factor
// of its own.
func TestSmallestToleranceIsSmallest(t *testing.T) {
	base := testkit.File(t, "testdata/carry.log")
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(5, seed))
		noisy := floatNumber.ReplaceAllStringFunc(base, func(s string) string {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil || len(s) < 12 {
				return s
			}
			return strconv.FormatFloat(v*(1+1e-4*rng.NormFloat64()), 'g', 15, 64)
		})
		at := func(tolerance float64) *parity.Report {
			return compareWith(t, base, noisy, parity.Options{Tolerance: tolerance})
		}
		least := at(1e-6).Smallest
		if !(least > 1e-5 && least < 1e-3) {
			t.Errorf("the smallest tolerance is %g, where numbers differ by 1e-4", least)
			continue
		}
		if n := at(least).Counts.Diverged; n != 0 {
			t.Errorf("at %g %d rows differ", least, n)
		}
		if at(least*0.989).Counts.Diverged == 0 {
			t.Errorf("%g is not the smallest", least)
		}
	}
}

func TestRoundUp(t *testing.T) {
	for v, want := range map[float64]float64{1: 1, 1.001: 1.01, 0.9999: 1, 9.995e-30: 1e-29, 1.234e-5: 1.24e-5, 2.5e10: 2.5e10, 0: 0, 99.91: 100} {
		if got := diff.RoundUp(v); got != want {
			t.Errorf("%g: %g, want %g", v, got, want)
		}
	}
	for v := 1e-320; v < 1e300; v *= 1.3717 {
		got := diff.RoundUp(v)
		if got < v || got > v*1.0101+5e-324 {
			t.Errorf("%g: %g", v, got)
		}
	}
}

const waiverText = `waivers:
  - id: carry
    where: {key: %s}
    rel: [%g, %g]
    reason: known
    expires: %s
`

func TestWaiversJudge(t *testing.T) {
	ref := "TRACE_C: R_distance_meters 3.7\nTRACE_C: F_latt 2\nTRACE_C: I_pixel_final 7\n"
	got := "TRACE_PY: R_distance_meters 3.7\nTRACE_PY: F_latt 3\nTRACE_PY: I_pixel_final 7\n"
	for _, c := range []struct {
		key      string
		min, max float64
		expires  string
		today    time.Time
		state    parity.WaiverState
		verdict  parity.Verdict
	}{
		{"F_latt", 0.3, 0.4, "2026-06-01", someDay, parity.WaiverUsed, parity.Match},
		{"F_latt", 0.3, 0.4, "2026-05-31", someDay, parity.WaiverExpired, parity.Diverged},
		{"F_latt", 0.3, 0.4, "2026-06-01", time.Time{}, parity.WaiverExpired, parity.Diverged},
		{"F_latt", 0.1, 0.3, "2026-06-01", someDay, parity.WaiverOutside, parity.Diverged},
		{"F_latt", 0.4, 0.5, "2026-06-01", someDay, parity.WaiverOutside, parity.Diverged},
		{"R_distance_meters", 0, 1, "2026-06-01", someDay, parity.WaiverUnused, parity.Diverged},
	} {
		text := fmt.Sprintf(waiverText, c.key, c.min, c.max, c.expires)
		r := compareWith(t, ref, got, parity.Options{Waivers: waivers(t, text), Today: c.today})
		checkCounts(t, r)
		if r.Waivers[0].State != c.state || r.Verdict != c.verdict {
			t.Errorf("%s%s: %s, %s; want %s, %s", text, c.today, r.Waivers[0].State, r.Verdict, c.state, c.verdict)
		}
		if want := map[bool]int{true: 1}[c.state == parity.WaiverUsed]; r.Counts.Waived != want {
			t.Errorf("%s: %d rows waived", text, r.Counts.Waived)
		}
	}
}

// A waiver of a root leaves what follows from it as a divergence, and says so;
// a refusal stays one, whatever is waived.
func TestWaiversDoNotHide(t *testing.T) {
	ref, got := "TRACE_C: F_latt_b 1\nTRACE_C: F_latt 2\n", "TRACE_PY: F_latt_b 1.5\nTRACE_PY: F_latt 3\n"
	w := waivers(t, fmt.Sprintf(waiverText, "F_latt_b", 0.1, 0.9, "2026-06-01"))
	r := compareWith(t, ref, got, parity.Options{Waivers: w, Today: someDay})
	if r.Verdict != parity.Diverged || r.Counts.Waived != 1 || r.Counts.Diverged != 1 || len(r.Roots) != 1 {
		t.Fatalf("%s, %+v, %d roots", r.Verdict, r.Counts, len(r.Roots))
	}
	if below := strings.Join(r.Roots[0].Below, " "); !strings.Contains(below, "F_latt_b (0.33, waived)") {
		t.Errorf("the root is said to grow from %q", below)
	}
	r = compareWith(t, ref, "", parity.Options{Waivers: w, Today: someDay})
	if r.Verdict != parity.Refused {
		t.Errorf("nothing compared: %s", r.Verdict)
	}
}

// Phi step and pixel narrow a waiver; the sign of the difference counts.
func TestWaiversArePrecise(t *testing.T) {
	log := func(tag string, k0, k1 string) string {
		return "TRACE_CONFIG: tracing pixel (spixel=3, fpixel=4)\n" + tag + ": R_distance_meters 1\n" +
			tag + "_PHI phi_tic=0 phi_deg=0 k_frac=" + k0 + " F_latt_b=1 F_latt=1\n" + tag + "_PHI phi_tic=1 phi_deg=1 k_frac=" + k1 + " F_latt_b=1 F_latt=1\n"
	}
	for place, want := range map[string]int{
		"{key: k_frac}":                        2,
		"{key: k_frac, phi: 0}":                1,
		"{key: k_frac, phi: 2}":                0,
		"{key: k_frac, pixel: [3, 4]}":         2,
		"{key: k_frac, pixel: [4, 3]}":         0,
		"{key: k_frac, phi: 1, pixel: [3, 4]}": 1,
		"{key: F_latt_b}":                      0,
	} {
		w := waivers(t, "waivers:\n  - {id: a, where: "+place+", abs: [0.05, 0.15], reason: known, expires: 2026-06-01}\n")
		r := compareWith(t, log("TRACE_C", "-0.6", "-0.7"), log("TRACE_PY", "-0.5", "-0.6"), parity.Options{Waivers: w, Today: someDay})
		checkCounts(t, r)
		if r.Counts.Waived != want || r.Counts.Diverged != 2-want {
			t.Errorf("%s: %+v", place, r.Counts)
		}
		r = compareWith(t, log("TRACE_C", "-0.5", "-0.6"), log("TRACE_PY", "-0.6", "-0.7"), parity.Options{Waivers: w, Today: someDay})
		if r.Counts.Waived != 0 {
			t.Errorf("%s: a difference of the other sign is waived", place)
		}
	}
}

// Every mistake is told with its line.
func TestRuleFilesSayWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "f:1: the file is empty",
		"- a":                                 "f:1: a tolerances file must be a mapping",
		"quantities:\n":                       "f:1: quantities must be a mapping",
		"quantities: {}":                      "f:1: no quantities are given",
		"quantitys: {}":                       `f:1: unknown key "quantitys" in a tolerances file (did you mean quantities?)`,
		"quantities:\n  F_latt: 3":            "f:2: the rule of F_latt must be a mapping",
		"quantities:\n  F_latt: {}":           "f:2: F_latt has no abs, rel or ulp",
		"quantities:\n  F_latt: {rel: x}":     "f:2: rel must be a finite number",
		"quantities:\n  F_latt: {rel: .nan}":  "f:2: rel must be a finite number",
		"quantities:\n  F_latt:\n    rel: -1": "f:3: rel must be at least 0",
		"quantities:\n  F_latt: {rel: 1, abs: 1, join: xor}":  "f:2: join must be and, or or",
		"quantities:\n  F_latt: {rel: 1, join: or}":           "f:2: F_latt has one term",
		"quantities:\n  F_latt: {rel: 1}\n  F_latt: {rel: 2}": "f:3: F_latt stands twice, in line 2 as well",
		"quantities: {F_latt: {rel: 1}}\n---\na: 1":           "f:2: a second document",
		"quantities:\n\t- x":                                  "f:2: found character that cannot start any token",
	} {
		_, err := parity.ReadTolerances(strings.NewReader(text), "f")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	good := "waivers:\n  - id: a\n    where: {key: F_latt}\n    rel: [0, 1]\n    reason: known\n    expires: 2026-06-01\n"
	for _, c := range []struct{ old, new, want string }{
		{"id: a", "name: a", `f:2: unknown key "name" in a waiver`},
		{"  - id: a\n", "  -\n", "f:3: the waiver has no id"},
		{"{key: F_latt}", "{kee: F_latt}", `f:3: unknown key "kee" in where (did you mean key?)`},
		{"{key: F_latt}", "{key: F_latt, phi: -1}", "f:3: phi must be an integer of at least 0"},
		{"{key: F_latt}", "{key: F_latt, pixel: 3}", "f:3: pixel must be [slow, fast]"},
		{"rel: [0, 1]", "rel: 1", "f:4: rel must be [least, largest]"},
		{"rel: [0, 1]", "rel: [1, 0]", "f:4: rel: the least, 1, is above the largest, 0"},
		{"rel: [0, 1]", "rel: [-1, 0]", "f:4: rel is a size"},
		{"    rel: [0, 1]\n", "", "f:2: the waiver has no band"},
		{"reason: known", "reason: ''", "f:5: reason is empty"},
		{"2026-06-01", "2026-13-01", "f:6: expires must be a date"},
		{"2026-06-01\n", "2026-06-01\n  - {id: a, where: {key: F_latt}, rel: [0, 1], reason: b, expires: 2026-06-01}\n", `f:7: the id "a" stands twice, at f:2 as well`},
		{"waivers:", "waiver:", `f:1: unknown key "waiver" in a waivers file (did you mean waivers?)`},
	} {
		text := strings.Replace(good, c.old, c.new, 1)
		if _, err := parity.ReadWaivers(strings.NewReader(text), "f"); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", text, err, c.want)
		}
	}
}

// Whatever stands in a file of rules, an error is one line with its place.
func FuzzRuleFiles(f *testing.F) {
	f.Add("quantities:\n  F_latt: {rel: 1e-6, abs: 1e-12, join: or}\n")
	f.Add("waivers:\n  - id: a\n    where: {key: F_latt, phi: 0, pixel: [1, 2]}\n    rel: [0, 1]\n    reason: known\n    expires: 2026-06-01\n")
	f.Add("quantities: &a\n  b: *a\n")
	f.Add("waivers: [&x {id: *x}]")
	f.Add("? [a]\n: b")
	f.Fuzz(func(t *testing.T, text string) {
		_, err1 := parity.ReadTolerances(strings.NewReader(text), "f.yaml")
		_, err2 := parity.ReadWaivers(strings.NewReader(text), "f.yaml")
		for _, err := range []error{err1, err2} {
			var line int
			if err == nil {
				continue
			}
			if _, scan := fmt.Sscanf(err.Error(), "f.yaml:%d: ", &line); scan != nil || line < 1 {
				t.Errorf("%q: %v", text, err)
			}
		}
		if err1 == nil && err2 == nil {
			t.Errorf("%q is taken for both kinds of file", text)
		}
	})
}

// TestRoundingOfSamples: indices that another rule rounds are told where the first sample
// does not show it, and where no reflection's structure factor can.
func TestRoundingOfSamples(t *testing.T) {
	log := func(rule func(float64) float64, scale float64, factor string) string {
		var b strings.Builder
		b.WriteString("  35937 initialized hkls (all others =18.6)\nTRACE_C:detector_convention=MOSFLM\nTRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n")
		for i := range 4 {
			h := [3]float64{1.1 + scale*float64(i), 2.2, 3.3}
			fmt.Fprintf(&b, "TRACE_C: pixel_pos_meters 0.1 %d 0.1\nTRACE_C: hkl_frac %.15g %.15g %.15g\nTRACE_C: hkl_rounded %g %g %g\nTRACE_C: F_cell %s\n", i, h[0], h[1], h[2], rule(h[0]), rule(h[1]), rule(h[2]), factor)
		}
		return b.String() + "TRACE_C: I_pixel_final 2.5\n"
	}
	ref := func(x float64) float64 { return math.Ceil(x - 0.5) }
	for _, c := range []struct {
		what   string
		rule   func(float64) float64
		scale  float64
		factor string
		want   string
	}{
		{"a later sample", math.Floor, 0.2, "18.6", "rounding"},
		{"a half", math.Round, 0.2, "18.6", "rounding"}, // the third h is 1.5
		{"all samples alike", math.Floor, 0, "18.6", ""},
		{"structure factors of a table", math.Floor, 0.2, "25.5", ""}, // they are those of the same reflections: the print alone is wrong
	} {
		var ids []string
		for _, cause := range compare(t, log(ref, c.scale, c.factor), log(c.rule, c.scale, c.factor)).Causes {
			ids = append(ids, cause.ID)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
