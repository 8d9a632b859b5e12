package imagecmp

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"io"
	"math"
	"strings"
	"testing"

	"simtrace/internal/doc"
)

// decodePlane reads a plane as the page's script does.
func decodePlane(t *testing.T, p plane, n int) []float64 {
	t.Helper()
	packed, err := base64.StdEncoding.DecodeString(p.Data)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil || len(b) != 2*n {
		t.Fatalf("%d bytes for %d pixels: %v", len(b), n, err)
	}
	out := make([]float64, n)
	for i := range out {
		code := int(b[i]) | int(b[n+i])<<8
		switch {
		case code == notFinite:
			out[i] = math.NaN()
		case code != 0:
			out[i] = math.Exp(p.Low + float64(code&(notFinite-1)-1)*p.Step)
			if code&notFinite != 0 {
				out[i] = -out[i]
			}
		}
	}
	return out
}

// The page's pixels are those of the image to three digits, whatever their size.
func TestPlaneKeepsThreeDigits(t *testing.T) {
	for _, pix := range [][]float64{
		{0, 1, -1, 1e-30, 1e30, -1e30, math.NaN(), math.Inf(1), 3.14159},
		{5, 5, 5, 5, 5, 5, 5, 5, 5},
		{0, 0, 0, 0, 0, 0, 0, 0, 0},
	} {
		var text bytes.Buffer
		w := planes{w: &text, shape: Shape{3, 3}, codes: make([][2]byte, len(pix))}
		if err := w.write(func(slow int, _ *[2][]float64) []float64 { return pix[3*slow : 3*slow+3] }); err != nil {
			t.Fatal(err)
		}
		var p plane
		if err := json.Unmarshal(text.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		for i, v := range decodePlane(t, p, len(pix)) {
			want := pix[i]
			if !finite(want) {
				want = math.NaN()
			}
			if math.IsNaN(v) != math.IsNaN(want) || math.Abs(v-want) > 3e-3*math.Abs(want) {
				t.Errorf("%g is shown as %g", pix[i], v)
			}
		}
	}
}

func TestPageHoldsTheImages(t *testing.T) {
	ref := rough(30, 20, 3)
	got := ref.copy()
	got.Pix[100] *= 2
	ref.Name = "a</script>.bin"
	r := compare(ref, got, DefaultOptions())
	var page bytes.Buffer
	opt := PageOptions{Marks: []Mark{{At{5, 0}, "largest", "trace.html"}}, Resolution: func(slow, fast float64) float64 { return 100 / (1 + math.Hypot(slow-15, fast-10)) }}
	if err := r.HTML(&page, opt, doc.Paragraph{Text: doc.Of(doc.Plain, "more")}); err != nil {
		t.Fatal(err)
	}
	text := page.String()
	_, data, _ := strings.Cut(text, `id="pixels">`)
	data, _, _ = strings.Cut(data, "</script>")
	var info struct {
		Slow, Fast int
		Planes     []plane
		Rings      []ringCurve
		Names      []string
	}
	if err := json.Unmarshal([]byte(data), &info); err != nil {
		t.Fatal(err)
	}
	diff := decodePlane(t, info.Planes[2], 600)
	for i, v := range diff {
		if (v != 0) != (i == 100) {
			t.Errorf("the difference of pixel %d is %g", i, v)
		}
	}
	if info.Slow != 30 || info.Fast != 20 || len(info.Rings) != 4 || len(info.Rings[0].Segments) == 0 || info.Names[0] != ref.Name {
		t.Errorf("%d x %d, %d rings, %q", info.Slow, info.Fast, len(info.Rings), info.Names)
	}
	// A ring is where the resolution is.
	for _, c := range info.Rings {
		for _, s := range c.Segments {
			if r := math.Hypot(s[1]-15, s[0]-10); math.Abs(r-math.Hypot(s[3]-15, s[2]-10)) > 1 {
				t.Errorf("%s: a segment from radius %g", c.Label, r)
			}
		}
	}
	if !strings.Contains(text, "<p>more</p>") || strings.Contains(text, "a</script>.bin") {
		t.Error("a block is missing, or a name ends the script")
	}
}
