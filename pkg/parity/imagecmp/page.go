package imagecmp

import (
	"compress/flate"
	"context"
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
	names := r.Names()
	d.Style, d.Script = string(style), string(script)
	viewer := doc.Raw{Write: func(w io.Writer) error {
		_, err := io.WriteString(w, `<div id="viewer"><noscript>The images need JavaScript; the figures below do not.</noscript></div>
<script type="application/json" id="pixels">`)
		if err == nil {
			err = r.writeViewerData(w, opt)
		}
		if err == nil {
			_, err = io.WriteString(w, "</script>")
		}
		return err
	}}
	d.Body = append(section("images", "Images", viewer,
		doc.Paragraph{Soft: true, Text: doc.Prose("Wheel or pinch to zoom, drag to move, double click for the whole image. White is 0; the difference is " + names[1] + " less " + names[0] + ", yellow above and blue below. Red is no finite number.")}),
		d.Body...)
	return doc.HTML(w, d)
}

// writeViewerData writes what the page's script reads. The pixels of a large image are
// hundreds of megabytes: they are packed into the file, never held as a whole.
func (r *Report) writeViewerData(w io.Writer, opt PageOptions) error {
	type mark struct {
		Slow int    `json:"slow"`
		Fast int    `json:"fast"`
		Text string `json:"text"`
		Link string `json:"link"`
	}
	out := struct {
		Slow  int         `json:"slow"`
		Fast  int         `json:"fast"`
		Names [2]string   `json:"names"`
		Black float64     `json:"black"`
		Diff  float64     `json:"diff"`
		Marks []mark      `json:"marks"`
		Rings []ringCurve `json:"rings"`
	}{Slow: r.Ref.Slow, Fast: r.Ref.Fast, Names: r.Names(), Black: opt.Scale.Black, Diff: opt.Scale.Diff, Marks: []mark{}, Rings: rings(r.Ref.Shape, opt.Resolution)}
	for _, m := range opt.Marks {
		out.Marks = append(out.Marks, mark{m.Slow, m.Fast, m.Text, m.Link})
	}
	data, err := json.Marshal(out) // which writes <, > and & as escapes
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, `%s,"planes":[`, data[:len(data)-1]); err != nil {
		return err
	}
	p := planes{w: w, shape: r.Ref.Shape, codes: make([][2]byte, r.Ref.Pixels())}
	for i, row := range []rowOf{
		func(slow int, buf *[2][]float64) []float64 { return r.Ref.row(slow, buf[0]) },
		func(slow int, buf *[2][]float64) []float64 { return r.Got.row(slow, buf[0]) },
		func(slow int, buf *[2][]float64) []float64 {
			delta := buf[1]
			copyPixels(delta, r.Got, slow*r.Ref.Fast, (slow+1)*r.Ref.Fast)
			for i, a := range r.Ref.row(slow, buf[0]) {
				delta[i] -= a
			}
			return delta
		},
	} {
		if i > 0 {
			_, err = io.WriteString(w, ",")
		}
		if err == nil {
			err = p.write(row)
		}
		if err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, "]}")
	return err
}

// plane is how an image stands in the page: 16 bits a pixel. 0 is zero, 1 and above the
// size as exp(low + (code-1)*step), the highest bit the sign, and notFinite what is no
// number.
type plane struct {
	Low  float64 `json:"low"`
	Step float64 `json:"step"`
	Data string  `json:"data"` // deflated, base64
}

const notFinite = 1 << 15

// rowOf returns a row of what a plane shows, in one of two buffers or where it is.
type rowOf func(slow int, buf *[2][]float64) []float64

// planes writes images into the page.
type planes struct {
	w     io.Writer
	shape Shape
	codes [][2]byte // of the pixels, the low byte first
}

// each calls do with all rows, from many goroutines.
func (p *planes) each(row rowOf, do func(slow int, row []float64)) {
	inBands(context.Background(), p.shape.Slow, func() func(band, from, to int) {
		buf := [2][]float64{make([]float64, p.shape.Fast), make([]float64, p.shape.Fast)}
		return func(_, from, to int) {
			for slow := from; slow < to; slow++ {
				do(slow, row(slow, &buf))
			}
		}
	})
}

// scale returns the numbers that an image's sizes are written with.
func (p *planes) scale(row rowOf) (low, step float64) {
	bounds := make([][2]float64, p.shape.Slow)
	p.each(row, func(slow int, row []float64) {
		least, most := math.Inf(1), 0.0
		for _, v := range row {
			if v = math.Abs(v); v > 0 && finite(v) {
				least, most = min(least, v), max(most, v)
			}
		}
		bounds[slow] = [2]float64{least, most}
	})
	least, most := math.Inf(1), 0.0
	for _, b := range bounds {
		least, most = min(least, b[0]), max(most, b[1])
	}
	if most == 0 {
		return 0, 0
	}
	low = math.Log(least)
	return low, math.Max((math.Log(most)-low)/(notFinite-2), 2e-4)
}

// encode fills in the codes.
func (p *planes) encode(row rowOf, low, step float64) {
	p.each(row, func(slow int, row []float64) {
		codes := p.codes[slow*p.shape.Fast:][:len(row)]
		for i, v := range row {
			code := uint16(0)
			switch {
			case !finite(v):
				code = notFinite
			case v != 0:
				code = 1 + uint16(math.Round((math.Log(math.Abs(v))-low)/step))
				if v < 0 {
					code |= notFinite
				}
			}
			codes[i] = [2]byte{byte(code), byte(code >> 8)}
		}
	})
}

// write writes rows of pixels as a plane. The low bytes of all pixels stand before the
// high ones, which packs better.
func (p *planes) write(row rowOf) error {
	low, step := p.scale(row)
	p.encode(row, low, step)
	if _, err := fmt.Fprintf(p.w, `{"low":%g,"step":%g,"data":"`, low, step); err != nil {
		return err
	}
	text := base64.NewEncoder(base64.StdEncoding, p.w)
	packer, err := flate.NewWriter(text, flate.BestSpeed)
	if err != nil {
		return err
	}
	piece := make([]byte, 0, 1<<16)
	for half := range 2 {
		for i := range p.codes {
			if piece = append(piece, p.codes[i][half]); len(piece) == cap(piece) || i == len(p.codes)-1 {
				if _, err := packer.Write(piece); err != nil {
					return err
				}
				piece = piece[:0]
			}
		}
	}
	if err := packer.Close(); err != nil {
		return err
	}
	if err := text.Close(); err != nil {
		return err
	}
	_, err = io.WriteString(p.w, `"}`)
	return err
}
