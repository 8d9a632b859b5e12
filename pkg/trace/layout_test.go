package trace

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

// checkLayouts reads the blocks of a log in both ways, one behind the other, and
// returns how many were read by a layout. The last block is not the end of the
// log.
func checkLayouts(t testing.TB, text string, sch *schema.Schema, opt Options) (hits int) {
	t.Helper()
	src, names := Text(text, "a.log"), NewNames(sch)
	x, list := scanned(t, src, names, opt)
	x.Apply(&opt) // what the lines before a block say counts
	fast, slow := NewReader(src, names, opt), NewReader(src, names, opt)
	for i, p := range list {
		lines, at := linesOf(text, x, list, i), p.At.Coord(sch)
		fast.ReadBlock(at, lines, int(p.Line), false)
		want := byLines(slow, at, lines, int(p.Line), false)
		if shown(want) != shown(fast.Block()) {
			t.Fatalf("the block in line %d, by its layout (+) and line by line (-), hit %v: %s\n%.2000q", p.Line+1, fast.Layout() != nil, cmp.Diff(want, fast.Block(), exactly), lines)
		}
		if fast.Layout() != nil {
			if hits++; hits%8 == 1 {
				checkOneByOne(t, fast, want)
			}
		}
	}
	return hits
}

// checkOneByOne reads the records of the block that was matched one by one.
func checkOneByOne(t testing.TB, r *Reader, want *Block) {
	t.Helper()
	if n := r.TraceLines(); n != want.TraceLines {
		t.Fatalf("%d trace lines by the layout, %d by lines", n, want.TraceLines)
	}
	if n := len(r.Layout().Records); n != len(want.Records) {
		t.Fatalf("%d records by the layout, %d by lines", n, len(want.Records))
	}
	for i := range want.Records {
		var rec Record
		r.FillOne(i, &rec)
		if diff := cmp.Diff(want.Records[i], rec, exactly); diff != "" {
			t.Fatalf("record %d by itself: %s", i, diff)
		}
	}
}

// otherNumber returns a number of another form now and then.
func otherNumber(r *rand.Rand) string {
	odd := []string{"nan", "-inf", "1e999", "12345678901234567890123456789012345678901", "0x1p-3", "1.5D-01", ".5", "+1", "7.", "1e5", "****", "1.5,2", "-"}
	if r.IntN(1000) == 0 {
		return odd[r.IntN(len(odd))]
	}
	return FormatFloat((r.Float64() - 0.5) * float64(int(1)<<r.IntN(40)))
}

// withOtherNumbers puts other numbers into the lines of quantities.
func withOtherNumbers(r *rand.Rand, block string) string {
	var out strings.Builder
	for line := range strings.Lines(block) {
		words := strings.Split(strings.TrimSuffix(line, "\n"), " ")
		for i, w := range words {
			if i > 0 && w != "" && !strings.ContainsAny(w, ":,]") && (w[0] == '-' || w[0]-'0' <= 9) {
				words[i] = otherNumber(r)
			}
			if name, v, ok := strings.Cut(w, "="); ok && name != "phi_tic" && v != "" && !strings.Contains(line, "pixel (") {
				words[i] = name + "=" + otherNumber(r)
			}
		}
		out.WriteString(strings.Join(words, " "))
		out.WriteByte('\n')
	}
	return out.String()
}

// TestLayoutsOfRecordedPixels: pixels of one form with other numbers are read by
// their layout, and as line by line.
func TestLayoutsOfRecordedPixels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, file := range []string{"supervisor", "sources", "tilt", "port"} {
		text := testkit.File(t, "testdata/"+file+".log")
		var b strings.Builder
		b.WriteString(text)
		_, block, ok := strings.Cut(text, "ixel (")
		if !ok {
			t.Fatalf("%s names no pixel", file)
		}
		_, block, _ = strings.Cut(block, "\n")
		notes := regexp.MustCompile(`(?m)^TRACE: .*\n`)
		block = notes.ReplaceAllString(block, "") // a note is kept with its words, numbers and all
		for i := range 40 {
			fmt.Fprintf(&b, "TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n%s", i, i*7%100, withOtherNumbers(r, block))
		}
		hits := checkLayouts(t, b.String(), schema.NanoBragg(), Options{})
		t.Logf("%s: %d of 41 pixels by a layout", file, hits)
		if hits < 25 {
			t.Errorf("%s: only %d pixels were read by a layout", file, hits)
		}
	}
}

// TestLayoutsOfMutatedPixels changes bytes anywhere.
func TestLayoutsOfMutatedPixels(t *testing.T) {
	_, block := supervisorParts(t)
	r := rand.New(rand.NewPCG(2, 2))
	var b strings.Builder
	for i := range 120 {
		other := []byte(block)
		for range r.IntN(3) {
			other[r.IntN(len(other)-1)] = "0123456789.- e=,[]\n\r\tTinf\x1b"[r.IntN(25)]
		}
		fmt.Fprintf(&b, "TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n%s", i, i, other)
	}
	if hits := checkLayouts(t, b.String(), schema.NanoBragg(), Options{}); hits < 30 {
		t.Errorf("only %d of 120 pixels were read by a layout", hits)
	}
}

// TestLayoutRefuses: what differs in more than plain numbers does not have the
// layout, and what differs in numbers alone has it.
func TestLayoutRefuses(t *testing.T) {
	_, block := supervisorParts(t)
	at := schema.AtPixel(685, 1039)
	r := NewReader(Text("", "a.log"), NewNames(schema.NanoBragg()), Options{})
	r.ReadBlock(at, supervisorPixel+block, 0, false)
	if r.Layout() != nil || r.Match(at, supervisorPixel+block, 0) == nil {
		t.Fatal("no layout was learnt of the recorded pixel")
	}
	for old, other := range map[string]string{"F_cell 190.27": "F_cell -19e+20", "k_frac=-0.60": "k_frac=12.60", "steps 10": "steps 1"} {
		if r.Match(at, supervisorPixel+strings.Replace(block, old, other, 1), 0) == nil {
			t.Errorf("the layout does not fit %q", other)
		}
	}
	for old, other := range map[string]string{
		"F_cell 190.27": "F_cell nan", "phi_tic=3": "phi_tic=4", "steps 10": "steps ten", "steps 10\n": "steps 10", "hkl_rounded -7": "hkl_rounded  -7",
		"polar 0": "polar .", "fdet_vec 0": "fdet_vec 0 0", "F_latt_a -": "F_latt_a 0x", "omega_pixel_sr 4": "omega_pixel_sr 4e999 ",
	} {
		if !strings.Contains(block, old) {
			t.Fatalf("%q is not in the block", old)
		}
		if r.Match(at, supervisorPixel+strings.Replace(block, old, other, 1), 0) != nil {
			t.Errorf("the layout fits %q", other)
		}
	}
	if r.Match(schema.AtPixel(685, 1040), supervisorPixel+block, 0) != nil {
		t.Error("the layout fits a block that stands elsewhere")
	}
}

// TestLayoutsAreBounded: a log of ever new forms is read the general way after a
// while, and the forms in use are those that are kept.
func TestLayoutsAreBounded(t *testing.T) {
	r := NewReader(Text("", "a.log"), NewNames(schema.NanoBragg()), Options{})
	for i := range maxLearnt + 50 {
		r.ReadBlock(schema.AtPixel(i, i), fmt.Sprintf("TRACE_C: key_%d 5\n", i), 0, false)
	}
	if s := &r.layouts; s.learnt != maxLearnt || len(s.list) != maxLayouts {
		t.Errorf("%d layouts learnt, %d kept", s.learnt, len(s.list))
	}
	r = NewReader(Text("", "a.log"), NewNames(schema.NanoBragg()), Options{})
	for range 3 * maxFailed {
		r.ReadBlock(schema.Nowhere, "TRACE_C: F_cell nan\n", 0, false)
	}
	if s := &r.layouts; s.failed != maxFailed || s.learnt != 0 {
		t.Errorf("%d tries, %d layouts", s.failed, s.learnt)
	}
}

func TestLayoutsAlike(t *testing.T) {
	names := NewNames(schema.NanoBragg())
	learn := func(text string, opt Options) *Layout {
		r := NewReader(Text("", "a.log"), names, opt)
		r.ReadBlock(schema.AtPixel(1, 2), text, 0, false)
		l := r.Match(schema.AtPixel(1, 2), text, 0)
		if l == nil {
			t.Fatalf("no layout of %q", text)
		}
		return l
	}
	a := learn("TRACE_C: F_cell 1\nTRACE_C: F_latt 2\n", Options{})
	if b := learn("TRACE_C: F_cell 3\nTRACE_C: F_latt -4e-05\n", Options{}); !a.Alike(b) || !b.Alike(a) {
		t.Error("other numbers make another layout")
	}
	for text, opt := range map[string]Options{
		"TRACE_C: F_cell 1\nTRACE_C: F_latt 2\nTRACE_C: steps 3\n": {},
		"TRACE_C: F_cell 1\nTRACE_C: F_latt_a 2\n":                 {},
		"TRACE_C: F_cell 1\nTRACE_C: F_latt 2\nnoise\n":            {},
	} {
		if a.Alike(learn(text, opt)) {
			t.Errorf("%q has the layout of others", text)
		}
	}
	// The same lines, of which a name means something else.
	if a.Alike(learn("TRACE_C: F_cell 1\nTRACE_C: F_latt 2\n", Options{Rename: map[string]string{"F_latt": "F_latt_b"}})) {
		t.Error("a renamed quantity has the layout of the other")
	}
}

// TestSameNumbers holds the comparison by text against the records.
func TestSameNumbers(t *testing.T) {
	names := NewNames(schema.NanoBragg())
	block := func(v string) string {
		return "TRACE_C: hkl_frac 1 2 " + v + "\nTRACE_C: F_cell " + v + "\nTRACE_C: steps 5\n"
	}
	var r [2]*Reader
	for side := range r {
		r[side] = NewReader(Text("", "a.log"), names, Options{})
		r[side].ReadBlock(schema.AtPixel(1, 1), block("3"), 0, false)
	}
	r[0].Match(schema.AtPixel(1, 1), block("3"), 0)
	r[1].Match(schema.AtPixel(1, 1), block("4"), 0)
	var got []bool
	for i := range 3 {
		got = append(got, r[0].SameNumbers(i, r[1], i))
	}
	if diff := cmp.Diff([]bool{false, false, true}, got); diff != "" {
		t.Error(diff)
	}
	if r[0].SameNumbers(0, r[1], 2) {
		t.Error("three numbers are the same as one")
	}
}

const stepSchema = "index: [step]\nquantities: [{name: speed, unit: m/s}, {name: pos, shape: spatial}, {name: mode, shape: text}]\n"

// TestLayoutsOfSteps: so are the steps of another program.
func TestLayoutsOfSteps(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for form, least := range map[string]int{
		"step %d\nspeed %s\npos [%s, %s, 0.5]\n":             150,
		"step: %d\nspeed: %s m/s\npos: %s %s 1\nnoise\n":     150,
		"step=%d speed=%s pos=(%s, %s, 3)\n":                 0, // the step does not stand alone
		"# step = %d\nspeed=%s mode=fast\npos = %s %s 1\r\n": 150,
	} {
		var b strings.Builder
		for i := range 200 {
			fmt.Fprintf(&b, form, i, otherNumber(r), otherNumber(r), otherNumber(r))
		}
		if hits := checkLayouts(t, b.String(), readSchema(t, stepSchema), Options{}); hits < least {
			t.Errorf("%q: %d of 200 steps by a layout", form, hits)
		}
	}
}

// TestLayoutsWithCommas: numbers with a decimal comma are read the general way.
func TestLayoutsWithCommas(t *testing.T) {
	var b strings.Builder
	for i := range 50 {
		fmt.Fprintf(&b, "step %d\nspeed %d,5\npos 1; 2,25; %d\n", i, i, i)
	}
	checkLayouts(t, b.String(), readSchema(t, stepSchema), Options{Comma: true})
	checkLayouts(t, b.String(), readSchema(t, stepSchema), Options{})
}

// FuzzLayout: whatever blocks a reader learnt from, it reads the next as one that
// learnt nothing. The two texts are the bodies of blocks, exchanged and with other
// numbers.
func FuzzLayout(f *testing.F) {
	f.Add("TRACE_C: steps 1\nTRACE_C_PHI phi_tic=0 phi_deg=0 k_frac=1\n", "TRACE_C: steps 2\nTRACE_C_PHI phi_tic=0 phi_deg=1 k_frac=3\n")
	f.Add("TRACE_PY_SOURCE 0: F_cell 3\nTRACE_PY_TRICUBIC: [0,0,0]=5\n", "TRACE_PY_SOURCE 0: F_cell 4\nTRACE_PY_TRICUBIC: [0,0,0]=7\n")
	f.Add("TRACE_C_TAP5: h 1 k 2 hkl 1 2 3\nnothing 5\n", "TRACE_C_TAP5: h 9 k 2 hkl 1 2 4\nnothing 6\n")
	f.Add("TRACE_C: mine 1, 2 m\r\nTRACE_C: a_b 1:1 rotx:5\n", "TRACE_C: mine 7, 2 m\r\nTRACE_C: a_b 1:1 rotx:6\n")
	f.Add("TRACE_C: hkl_frac 1 1 1\nTRACE_C: hkl_frac 1 1 1\n", "TRACE_C: hkl_frac 1 1 1\nTRACE_C: hkl_frac 1 2 1\n")
	f.Add("speed 1\npos 1 2 3\n", "speed 2\npos 1 2 3\n")
	f.Add("speed=1 pos=[1, 2, 3]\nmode=a\n", "speed=7 pos=[1, 2, 4]\nmode=a\n")
	schemas := []*schema.Schema{schema.NanoBragg(), readSchema(f, stepSchema)}
	f.Fuzz(func(t *testing.T, block, other string) {
		numbers := func(s, v string) string {
			return strings.Map(func(c rune) rune {
				if c >= '1' && c <= '9' {
					return rune(v[0])
				}
				return c
			}, s)
		}
		bodies := []string{block, block, other, block, numbers(block, "3"), other, numbers(other, "8"), block}
		for _, sch := range schemas {
			for _, head := range []string{"TRACE_CONFIG: tracing pixel (spixel=7, fpixel=8)\n", "step 7\n", ""} {
				names, src := NewNames(sch), Text("", "a.log")
				at := BlockAt{0, 7, 8}.Coord(sch)
				if sch != schema.NanoBragg() {
					at = BlockAt{7, -1, -1}.Coord(sch)
				}
				fast, slow := NewReader(src, names, Options{}), NewReader(src, names, Options{})
				for i, body := range slices.Clone(bodies) {
					fast.ReadBlock(at, head+body, 5*i, false)
					want := byLines(slow, at, head+body, 5*i, false)
					if shown(want) != shown(fast.Block()) {
						t.Fatalf("block %d by its layout (+) and line by line (-): %s", i, cmp.Diff(want, fast.Block(), exactly))
					}
				}
			}
		}
	})
}
