package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"simtrace/internal/doc"
	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
)

func compare(t *testing.T, ref, got string) *parity.Report {
	t.Helper()
	return compareWith(t, ref, got, withRules())
}

func compareWith(t *testing.T, ref, got string, opt parity.Options) *parity.Report {
	t.Helper()
	opt.RefPath, opt.GotPath = "c.log", "py.log"
	r, err := parity.Readers(t.Context(), strings.NewReader(ref), strings.NewReader(got), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// nasty holds what a renderer may trip over: bars, backticks, tags, nan and
// inf, escape sequences, broken UTF-8, words for numbers, a lost component.
const nastyRef = "TRACE_C: R_distance_meters nan\nTRACE_C: scattering_vec_A_inv inf -inf 1\nTRACE_C: a|b`c<script> 1\n" +
	"TRACE_C: omega_pixel_sr 0\nTRACE_C: detector NOT\x1b[31m_EXTRACTED\n" +
	"TRACE_C:detector_convention=a|b\nTRACE_C:angles_rad=rotx:0 roty:0\nTRACE_C: pixel_pos_meters 1 2 3\n" +
	"TRACE_C_PHI phi_tic=0 phi_deg=0 k_frac=nan F_latt_b=1 F_latt=inf\nTRACE_C_PHI phi_tic=1 phi_deg=1 k_frac=2 F_latt_b=1 F_latt=3\n"
const nastyGot = "TRACE_PY: R_distance_meters 1\nTRACE_PY: scattering_vec_A_inv 1 -inf 1\nTRACE_PY: a|b`c<script> 2\n" +
	"TRACE_PY: omega_pixel_sr 5\nTRACE_PY: I_before_scaling NOT_EXTRACTED\n" +
	"TRACE_PY:detector_convention=\xff\xfe|``\nTRACE_PY:angles_rad=rotx:0\nTRACE_PY: pixel_pos_meters 1 2.5 3\n" +
	"TRACE_PY_PHI phi_tic=0 phi_deg=0 k_frac=1 F_latt_b=1 F_latt=2\nTRACE_PY: R_dist"

func reports(t *testing.T) map[string]*parity.Report {
	carry, fresh := testkit.File(t, "../testdata/carry.log"), testkit.File(t, "../testdata/fresh.log")
	return map[string]*parity.Report{
		"diverged": compare(t, carry, fresh),
		"match":    compare(t, carry, carry),
		"refused":  compare(t, carry, ""),
		"nasty":    compare(t, nastyRef, nastyGot),
		"swapped":  compare(t, nastyGot, nastyRef),
		"empty":    compare(t, "", ""),
		"ruled":    ruled(t, carry, fresh),
		"pixels":   pixelByPixel(t, carry, fresh),
	}
}

// manyPixels have more rows than a report lists.
const manyPixels = 300

// pixelByPixel is a comparison of so many pixels that not all rows are listed.
func pixelByPixel(t *testing.T, ref, got string) *parity.Report {
	t.Helper()
	many := func(text string) string {
		setup, block, _ := strings.Cut(text, "TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n")
		for i := range manyPixels {
			setup += fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=685, fpixel=%d)\n%s", i, block)
		}
		return setup
	}
	// In the last pixel something differs that differs nowhere else, and one is
	// in one log alone.
	text := many(got)
	i := strings.LastIndex(text, "TRACE_C: steps 10")
	text = text[:i] + "TRACE_C: steps 11" + text[i+len("TRACE_C: steps 10"):]
	text += "TRACE_CONFIG: tracing pixel (spixel=900, fpixel=1)\nTRACE_C: steps 10\n"
	r := compare(t, many(ref), text)
	if r.Summary == nil {
		t.Fatal("no summary")
	}
	return r
}

// What is not listed is said, and what differs only there fails all the same.
func TestSummary(t *testing.T) {
	r := reports(t)["pixels"]
	if s := r.Summary; s.Pixels != manyPixels || s.OnlyGot != 1 || s.Differ != manyPixels+1 || len(s.Detailed) >= 40 {
		t.Errorf("%d pixels, %d in got alone, %d differ, %d listed", s.Pixels, s.OnlyGot, s.Differ, len(s.Detailed))
	}
	if len(r.Rows) >= r.Counts.Total {
		t.Errorf("%d rows listed of %d", len(r.Rows), r.Counts.Total)
	}
	total := 0
	for _, q := range r.ByQuantity() {
		total += q.Counts.Total
	}
	if total != r.Counts.Total {
		t.Errorf("the quantities have %d rows, all are %d", total, r.Counts.Total)
	}
	var text, page, tests, terminal bytes.Buffer
	if err := errors.Join(Markdown(&text, r, Options{}), HTML(&page, r, Options{}), JUnit(&tests, r, [2]string{}), Terminal(&terminal, r, Options{}, doc.Screen{})); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*bytes.Buffer{"Markdown": &text, "HTML": &page, "terminal": &terminal} {
		for _, want := range []string{fmt.Sprintf("%d pixels of both logs were compared one by one", manyPixels), "(pixel)"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
	}
	if !strings.Contains(tests.String(), fmt.Sprintf("In all, 2 of %d rows differ or are lost.", manyPixels+1)) {
		t.Error("JUnit does not fail what differs in one pixel")
	}
	if !strings.Contains(terminal.String(), "more rows differ at pixels that are not listed") {
		t.Error("the terminal does not say that rows are not listed")
	}
}

// ruled is a comparison with rules of its own, and with waivers of which one
// is used, one is out of its band, one expired and one is never needed. Their
// words are such as to trip a renderer.
func ruled(t *testing.T, ref, got string) *parity.Report {
	t.Helper()
	tol, err := parity.ReadTolerances(strings.NewReader("quantities:\n  k_frac: {abs: 1e-9, ulp: 4, join: and}\n  rot_a_angstroms: {rel: 0.5}\n"), "t.yaml")
	if err != nil {
		t.Fatal(err)
	}
	w, err := parity.ReadWaivers(strings.NewReader(`waivers:
  - {id: "used|<script>", where: {key: F_latt_b, phi: 0, pixel: [685, 1039]}, abs: [-3, 3], reason: "a|b `+"``"+` <b>", expires: 2026-06-01}
  - {id: outside, where: {key: F_latt}, rel: [1e-9, 1e-8], reason: r, expires: 2026-06-01}
  - {id: expired, where: {key: hkl_frac}, rel: [0, 1], reason: r, expires: 2026-05-31}
  - {id: unused, where: {key: steps}, rel: [0, 1], abs: [0, 1], reason: r, expires: 2026-06-01}
`), "w.yaml")
	if err != nil {
		t.Fatal(err)
	}
	opt := withRules()
	opt.Tolerances, opt.Waivers, opt.Today = tol, w, time.Date(2026, 6, 1, 23, 0, 0, 0, time.UTC)
	r := compareWith(t, ref, got, opt)
	var states []string
	for _, u := range r.Waivers {
		states = append(states, string(u.State))
	}
	if s := strings.Join(states, ", "); s != "used, out of band, expired, unused" {
		t.Fatalf("the waivers are %s", s)
	}
	return r
}

func TestJSONIsJSON(t *testing.T) {
	for name, r := range reports(t) {
		var b bytes.Buffer
		if err := JSON(&b, r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var m struct {
			Schema  string
			Verdict string
			Counts  map[string]int
			First   *string `json:"first_divergence"`
			Num     int     `json:"num_divergent"`
			Factors map[string]map[string]any
			PerPhi  []any `json:"per_phi"`
			Roots   []any
		}
		if err := json.Unmarshal(b.Bytes(), &m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		c := m.Counts
		if c["matched"]+c["diverged"]+c["missing"]+c["waived"] != c["total"] || r.Summary == nil && c["total"] != len(m.Factors) || len(r.Rows) != len(m.Factors) {
			t.Errorf("%s: counts %v, %d factors", name, c, len(m.Factors))
		}
		if m.Schema != MetricsSchema || m.Verdict != string(r.Verdict) {
			t.Errorf("%s: schema %q, verdict %q", name, m.Schema, m.Verdict)
		}
		if m.First != nil {
			if _, ok := m.Factors[*m.First]; !ok {
				t.Errorf("%s: first divergence %q is no factor", name, *m.First)
			}
		}
		for k, f := range m.Factors {
			for _, field := range []string{"c_value", "py_value", "abs_delta", "rel_delta", "status"} {
				if _, ok := f[field]; !ok {
					t.Errorf("%s: %s has no %s", name, k, field)
				}
			}
		}
	}
}

// The keys keep the meaning that today's scripts give them.
func TestMetricsKeepTheirMeaning(t *testing.T) {
	r := compare(t, testkit.File(t, "../testdata/carry.log"), testkit.File(t, "../testdata/fresh.log"))
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	var m struct {
		Tolerance float64 `json:"tolerance_rel"`
		First     string  `json:"first_divergence"`
		Factors   map[string]struct {
			C      any     `json:"c_value"`
			Py     any     `json:"py_value"`
			Abs    float64 `json:"abs_delta"`
			Rel    float64 `json:"rel_delta"`
			Status string
		}
	}
	if err := json.Unmarshal(b.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	f := m.Factors["I_before_scaling"]
	const c, py = 943654.80923755, 807189.768689612
	if f.C != c || f.Py != py || math.Abs(f.Abs-(py-c)) > 1e-9 || math.Abs(f.Rel-(py-c)/c) > 1e-15 || f.Status != "CRITICAL" {
		t.Errorf("I_before_scaling: %+v", f)
	}
	if m.Tolerance != 1e-6 || m.First != "rot_a_angstroms" {
		t.Errorf("tolerance %g, first divergence %q", m.Tolerance, m.First)
	}
	if s := m.Factors["steps"].Status; s != "PASS" {
		t.Errorf("steps: %s", s)
	}
}

// codeSpan is code between fences of one backtick or of two.
var codeSpan = regexp.MustCompile("``.*?[^`]``(?:[^`]|$)|`[^`\n]*`")

// Every table row has as many cells as its head, whatever stood in the log.
func TestMarkdownTablesHold(t *testing.T) {
	for name, r := range reports(t) {
		var b bytes.Buffer
		if err := Markdown(&b, r, Options{Picture: "p.svg"}); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if !strings.HasPrefix(text, MarkdownMarker+"\n# "+string(r.Verdict)) {
			t.Errorf("%s begins with %.80q: the verdict comes first", name, text)
		}
		want := 0
		for i, line := range strings.Split(text, "\n") {
			if !strings.HasPrefix(line, "|") {
				want = 0
				continue
			}
			n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
			if want == 0 {
				want = n
			}
			if n != want {
				t.Errorf("%s, line %d has %d bars, its table %d: %s", name, i+1, n, want, line)
			}
		}
		if prose := codeSpan.ReplaceAllString(text, ""); strings.Contains(prose, "<script>") {
			t.Errorf("%s: a tag of the log stands bare in the summary", name)
		}
		for _, c := range text {
			if c < ' ' && c != '\n' {
				t.Fatalf("%s: control character %q", name, c)
			}
		}
	}
}

func TestPictureIsXML(t *testing.T) {
	for name, r := range reports(t) {
		var b bytes.Buffer
		drawn, err := PhiPlotSVG(&b, r, [2]string{})
		if err != nil {
			t.Fatal(err)
		}
		if drawn != (len(r.Phi) > 0) || drawn != (b.Len() > 0) {
			t.Errorf("%s: drawn %v with %d tables", name, drawn, len(r.Phi))
		}
		if !drawn {
			continue
		}
		if !strings.Contains(b.String()[:120], PictureMarker) {
			t.Errorf("%s: no marker: %.120s", name, b.String())
		}
		if strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf") {
			t.Errorf("%s: a coordinate is no number", name)
		}
		d := xml.NewDecoder(&b)
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}

func TestSameBytesEveryTime(t *testing.T) {
	first := map[string][]byte{}
	for range 3 {
		for name, r := range reports(t) {
			var b bytes.Buffer
			if err := errors.Join(Markdown(&b, r, Options{}), JSON(&b, r), Terminal(&b, r, Options{}, doc.Screen{}), HTML(&b, r, Options{}), JUnit(&b, r, [2]string{})); err != nil {
				t.Fatal(err)
			}
			if _, err := PhiPlotSVG(&b, r, [2]string{}); err != nil {
				t.Fatal(err)
			}
			if first[name] == nil {
				first[name] = b.Bytes()
			} else if !bytes.Equal(first[name], b.Bytes()) {
				t.Errorf("%s: two runs differ", name)
			}
		}
	}
}

func TestTerminalIsPlain(t *testing.T) {
	for name, r := range reports(t) {
		var b bytes.Buffer
		if err := Terminal(&b, r, Options{}, doc.Screen{}); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(b.String(), "\x1b\r\x00") {
			t.Errorf("%s: control characters reach the terminal", name)
		}
		if !strings.HasPrefix(b.String(), string(r.Verdict)) {
			t.Errorf("%s begins with %.40q", name, b.String())
		}
	}
}

func TestWriteErrorsAreTold(t *testing.T) {
	r := compare(t, testkit.File(t, "../testdata/carry.log"), testkit.File(t, "../testdata/fresh.log"))
	for _, left := range []int{0, 500, 3000} {
		if Markdown(&testkit.FullDisk{Left: left}, r, Options{}) == nil {
			t.Errorf("Markdown into %d bytes: no error", left)
		}
		if JSON(&testkit.FullDisk{Left: left}, r) == nil {
			t.Errorf("JSON into %d bytes: no error", left)
		}
		if Terminal(&testkit.FullDisk{Left: left}, r, Options{}, doc.Screen{}) == nil {
			t.Errorf("Terminal into %d bytes: no error", left)
		}
		if HTML(&testkit.FullDisk{Left: left}, r, Options{}) == nil {
			t.Errorf("HTML into %d bytes: no error", left)
		}
		if JUnit(&testkit.FullDisk{Left: left}, r, [2]string{}) == nil {
			t.Errorf("JUnit into %d bytes: no error", left)
		}
		if _, err := PhiPlotSVG(&testkit.FullDisk{Left: left}, r, [2]string{}); err == nil {
			t.Errorf("PhiPlotSVG into %d bytes: no error", left)
		}
	}
}

// withRules are the default options with nanoBragg's causes.
func withRules() parity.Options {
	opt := parity.DefaultOptions()
	opt.Rules = causes.Rules()
	return opt
}
