package imagecmp

import (
	"bytes"
	"compress/flate"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"simtrace/internal/doc"
)

//go:embed page
var pageFiles embed.FS

// Mark is a pixel that the page marks, with where its link leads.
type Mark struct {
	At
	Text, Link string
}

// PageOptions say what a page shows beside the images.
type PageOptions struct {
	Scale Scale
	Marks []Mark
	// Resolution returns the d spacing in Å at a point, in pixels from the outer
	// corner of the first; nil, or 0, draws no rings.
	Resolution func(slow, fast float64) float64
}

// HTML writes the report as a page with both images and their difference side by side:
// they zoom and move together, and the pixel below the pointer is read out. The file
// holds all pixels, as numbers of three or four digits.
func (r *Report) HTML(w io.Writer, opt PageOptions, more ...doc.Block) error {
	d := r.Document(nil, more...)
	if r.Counts.Compared == 0 {
		return doc.HTML(w, d)
	}
	style, err := pageFiles.ReadFile("page/viewer.css")
	if err != nil {
		return err
	}
	script, err := pageFiles.ReadFile("page/viewer.js")
	if err != nil {
		return err
	}
	data, err := r.viewerData(opt)
	if err != nil {
		return err
	}
	names := r.Names()
	d.Style, d.Script = string(style), string(script)
	viewer := doc.Raw{HTML: fmt.Sprintf(`<div id="viewer"><noscript>The images need JavaScript; the figures below do not.</noscript></div>
<script type="application/json" id="pixels">%s</script>`, data)}
	d.Body = append(section("images", "Images", viewer,
		doc.Paragraph{Soft: true, Text: doc.Prose("Wheel or pinch to zoom, drag to move, double click for the whole image. White is 0; the difference is " + names[1] + " less " + names[0] + ", yellow above and blue below. Red is no finite number.")}),
		d.Body...)
	return doc.HTML(w, d)
}

// viewerData is what the page's script reads.
func (r *Report) viewerData(opt PageOptions) ([]byte, error) {
	type mark struct {
		Slow int    `json:"slow"`
		Fast int    `json:"fast"`
		Text string `json:"text"`
		Link string `json:"link"`
	}
	out := struct {
		Slow   int         `json:"slow"`
		Fast   int         `json:"fast"`
		Names  [2]string   `json:"names"`
		Black  float64     `json:"black"`
		Diff   float64     `json:"diff"`
		Planes []plane     `json:"planes"`
		Marks  []mark      `json:"marks"`
		Rings  []ringCurve `json:"rings"`
	}{Slow: r.Ref.Slow, Fast: r.Ref.Fast, Names: r.Names(), Black: opt.Scale.Black, Diff: opt.Scale.Diff, Marks: []mark{}, Rings: rings(r.Ref.Shape, opt.Resolution)}
	for _, m := range opt.Marks {
		out.Marks = append(out.Marks, mark{m.Slow, m.Fast, m.Text, m.Link})
	}
	ref, got := make([]float64, r.Ref.Fast), make([]float64, r.Ref.Fast)
	for _, row := range []func(slow int) []float64{
		func(slow int) []float64 { return r.Ref.row(slow, ref) },
		func(slow int) []float64 { return r.Got.row(slow, got) },
		func(slow int) []float64 {
			a, b := r.Ref.row(slow, ref), r.Got.row(slow, got)
			d := make([]float64, len(a))
			for i := range d {
				d[i] = b[i] - a[i]
			}
			return d
		},
	} {
		p, err := encodePlane(r.Ref.Slow, row)
		if err != nil {
			return nil, err
		}
		out.Planes = append(out.Planes, p)
	}
	return json.Marshal(out) // which writes <, > and & as escapes
}

// plane is an image for the page: 16 bits a pixel. 0 is zero, 1 and above the size as
// exp(low + (code-1)*step), the highest bit the sign, and notFinite what is no number.
type plane struct {
	Low  float64 `json:"low"`
	Step float64 `json:"step"`
	Data string  `json:"data"` // deflated, base64
}

const notFinite = 1 << 15

// encodePlane writes rows of pixels. The low bytes of all pixels stand before the high
// ones, which packs better.
func encodePlane(rows int, row func(slow int) []float64) (plane, error) {
	least, most := math.Inf(1), 0.0
	for slow := range rows {
		for _, v := range row(slow) {
			if v = math.Abs(v); v > 0 && finite(v) {
				least, most = math.Min(least, v), math.Max(most, v)
			}
		}
	}
	var p plane
	if most > 0 {
		p.Low = math.Log(least)
		p.Step = math.Max((math.Log(most)-p.Low)/(notFinite-2), 2e-4)
	}
	var low, high []byte
	for slow := range rows {
		for _, v := range row(slow) {
			code := uint16(0)
			switch {
			case !finite(v):
				code = notFinite
			case v != 0:
				code = 1 + uint16(math.Round((math.Log(math.Abs(v))-p.Low)/p.Step))
				if v < 0 {
					code |= notFinite
				}
			}
			low, high = append(low, byte(code)), append(high, byte(code>>8))
		}
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		return p, err
	}
	for _, b := range [][]byte{low, high} {
		if _, err := w.Write(b); err != nil {
			return p, err
		}
	}
	if err := w.Close(); err != nil {
		return p, err
	}
	p.Data = base64.StdEncoding.EncodeToString(packed.Bytes())
	return p, nil
}
