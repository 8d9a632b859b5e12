package trace

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const namingLine = "TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n"

// supervisorBlock is the pixel of the recorded supervisor trace.
func supervisorBlock(tb testing.TB) string {
	tb.Helper()
	_, block, ok := strings.Cut(readFileString(tb, "testdata/supervisor.log"), namingLine)
	if !ok {
		tb.Fatal("no pixel in the recorded log")
	}
	return block
}

func readPart(tb testing.TB, text string) *Log {
	tb.Helper()
	p := NewPartReader("a.log")
	p.Begin()
	if err := p.Read([]byte(text), 0, false); err != nil {
		tb.Fatal(err)
	}
	return p.Log()
}

// sameRecords holds what a template finds in lines against what is read.
func sameRecords(t *testing.T, form *Template, lines string) bool {
	t.Helper()
	spans, ok := form.Match([]byte(lines), nil)
	if !ok {
		return false
	}
	l := readPart(t, namingLine+lines)
	if len(l.Records) != len(form.Records) || len(l.Problems) > 0 {
		t.Fatalf("%d records and %d problems where the template has %d: %q", len(l.Records), len(l.Problems), len(form.Records), lines)
	}
	for i := range l.Records {
		want := l.Records[i]
		got := form.Record(i, []byte(lines), spans, Place{File: "a.log", Behind: 1, Slow: 685, Fast: 1039}, make([]Value, len(form.Records[i].Values)))
		if !slices.Equal(got.Values, want.Values) {
			t.Fatalf("record %d is %+v by the template, read %+v", i, got.Values, want.Values)
		}
		got.Values, want.Values = nil, nil
		if got.Pos != want.Pos || got.Tag != want.Tag || got.Stream != want.Stream || got.Key != want.Key || got.Name != want.Name ||
			got.At != want.At || got.Occur != want.Occur || got.Text != want.Text {
			t.Fatalf("record %d is %+v by the template, read %+v", i, got, want)
		}
	}
	return true
}

// TestTemplateChanged: what Changed says of bytes that are others is what Match finds.
func TestTemplateChanged(t *testing.T) {
	block := supervisorBlock(t)
	form, ok := Learn([]byte(namingLine), []byte(block), readPart(t, namingLine+block), 0)
	if !ok {
		t.Fatal("no template of the recorded pixel")
	}
	spans, _ := form.Match([]byte(block), nil)
	r := rand.New(rand.NewPCG(1, 1))
	taken := 0
	for range 20000 {
		other := []byte(block)
		for range 1 + r.IntN(3) {
			at := r.IntN(len(other))
			if old := other[at]; old-'0' <= 9 || r.IntN(20) == 0 {
				other[at] = "0123456789.- e\n"[r.IntN(15)]
			}
		}
		changed, ok := form.Changed([]byte(block), other, spans, nil)
		if !ok {
			continue // left to Match
		}
		got, fits := form.Match(other, nil)
		if !fits || !slices.Equal(got, spans) {
			t.Fatalf("numbers are said to be others where the form is: %q", other)
		}
		var want []int32
		for i, s := range spans {
			if block[s.From:s.To] != string(other[s.From:s.To]) {
				want = append(want, int32(i))
			}
		}
		if !slices.Equal(changed, want) {
			t.Fatalf("numbers %v are said to be others, not %v", changed, want)
		}
		for _, k := range changed {
			if i := form.RecordOf(int(k)); form.first[i] > k || form.first[i+1] <= k {
				t.Fatalf("number %d is said to be of record %d", k, i)
			}
		}
		taken += len(changed)
	}
	if taken < 1000 {
		t.Errorf("only %d changed numbers in all", taken)
	}
}

func TestTemplateOfARecordedPixel(t *testing.T) {
	block := supervisorBlock(t)
	form, ok := Learn([]byte(namingLine), []byte(block), readPart(t, namingLine+block), 0)
	if !ok {
		t.Fatal("no template of the recorded pixel")
	}
	if !sameRecords(t, form, block) {
		t.Error("the template does not fit what it was learnt from")
	}
	for old, other := range map[string]string{"F_cell 190.27": "F_cell -19e+20", "k_frac=-0.60": "k_frac=12.60", "steps 10": "steps 1"} {
		if !sameRecords(t, form, strings.Replace(block, old, other, 1)) {
			t.Errorf("the template does not fit %q", other)
		}
	}
	for old, other := range map[string]string{
		"F_cell 190.27": "F_cell nan", "phi_tic=3": "phi_tic=4", "steps 10": "steps ten", "steps 10\n": "steps 10", "hkl_rounded -7": "hkl_rounded  -7",
		"polar 0": "polar .", "fdet_vec 0": "fdet_vec 0 0", "F_latt_a -": "F_latt_a 0x", "omega_pixel_sr 4": "omega_pixel_sr 4e999 ",
	} {
		if sameRecords(t, form, strings.Replace(block, old, other, 1)) {
			t.Errorf("the template fits %q", other)
		}
	}
}

// FuzzTemplate: what a template takes is read as it says, whatever it was learnt
// from.
func FuzzTemplate(f *testing.F) {
	f.Add("TRACE_C: steps 1\nTRACE_C_PHI phi_tic=0 phi_deg=0 k_frac=1\n", "TRACE_C: steps 2\nTRACE_C_PHI phi_tic=0 phi_deg=1 k_frac=3\n")
	f.Add("TRACE_PY_SOURCE 0: F_cell 3\nTRACE_PY_TRICUBIC: [0,0,0]=5\n", "TRACE_PY_SOURCE 0: F_cell 4\nTRACE_PY_TRICUBIC: [0,0,0]=7\n")
	f.Add("TRACE_C_TAP5: h 1 k 2 hkl 1 2 3\nnothing 5\n", "TRACE_C_TAP5: h 9 k 2 hkl 1 2 4\nnothing 6\n")
	f.Add("TRACE_C: mine 1, 2 m\r\nTRACE_C: a_b 1:1 rotx:5\n", "TRACE_C: mine 7, 2 m\r\nTRACE_C: a_b 1:1 rotx:6\n")
	f.Add("TRACE_C: hkl_frac 1 1 1\nTRACE_C: hkl_frac 1 1 1\n", "TRACE_C: hkl_frac 1 1 1\nTRACE_C: hkl_frac 1 2 1\n")
	f.Add(supervisorBlock(f), supervisorBlock(f))
	f.Fuzz(func(t *testing.T, block, other string) {
		if !strings.HasSuffix(block, "\n") || !strings.HasSuffix(other, "\n") || strings.Contains(block+other, "ixel (") {
			return // another pixel
		}
		if form, ok := Learn([]byte(namingLine), []byte(block), readPart(t, namingLine+block), 0); ok {
			sameRecords(t, form, block)
			sameRecords(t, form, other)
			// Other numbers, in the places of its own.
			sameRecords(t, form, string(form.fill(slices.Repeat([]string{"-1.25e-03", "77"}, form.Count())[:form.Count()])))
		}
	})
}

// FuzzSegments: the pixels that are found are those at which the Reader places
// the records.
func FuzzSegments(f *testing.F) {
	f.Add("TRACE_CONFIG: tracing pixel (spixel=1, fpixel=2)\nTRACE_C: steps 1\nPixel (3, 4) [slow, fast]\nTRACE_C: steps 1\n")
	f.Add("x\rTracing pixel (slow=1, fast=2)\nTRACE_C: steps 1\n")
	f.Add("{\"stream\":\"pixel\",\"key\":\"steps\",\"pixel\":[1,2],\"values\":[1]}\nTRACE_CONFIG: pixel (spixel=1, fpixel=2) TRACE_C: steps 3\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := FindSegments(strings.NewReader(text), int64(len(text)), 2)
		if err != nil {
			t.Fatal(err)
		}
		if s.Odd != "" || strings.Contains(text, jsonStart) {
			return
		}
		l, err := Read(strings.NewReader(text), "a.log")
		if err != nil {
			return
		}
		if int(s.Lines) != l.Lines {
			t.Fatalf("%d lines, and %d read", s.Lines, l.Lines)
		}
		var list []Segment
		for c := s.Cursor(); len(list) < s.Len(); {
			list = append(list, c.At(len(list)))
		}
		for i := range l.Records {
			r := &l.Records[i]
			at := Segment{Slow: -1, Fast: -1}
			for _, seg := range list {
				if int(seg.Line) < r.Pos.Line {
					at = seg
				}
			}
			if r.At.Slow >= 0 && (r.At.Slow != int(at.Slow) || r.At.Fast != int(at.Fast)) {
				t.Fatalf("line %d is of pixel %d %d, and stands in that of %d %d", r.Pos.Line, r.At.Slow, r.At.Fast, at.Slow, at.Fast)
			}
		}
		for i, seg := range list {
			if i > 0 && s.Cursor().End(i-1) != seg.Off {
				t.Fatal("a segment ends where no other begins")
			}
			if n := bytes.Count([]byte(text[:seg.Off]), []byte{'\n'}); n != int(seg.Line) {
				t.Fatalf("byte %d is in line %d, not %d", seg.Off, n, seg.Line)
			}
		}
	})
}

// BenchmarkMatch reads the pixels of a log by their template.
func BenchmarkMatch(b *testing.B) {
	block := []byte(supervisorBlock(b))
	form, ok := Learn([]byte(namingLine), block, readPart(b, namingLine+string(block)), 0)
	if !ok {
		b.Fatal("no template")
	}
	b.SetBytes(int64(len(block)))
	var spans []Span
	for b.Loop() {
		if spans, ok = form.Match(block, spans[:0]); !ok {
			b.Fatal("no match")
		}
	}
}
