package report

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"math"
	"strings"

	"simtrace/pkg/parity"
)

// PictureMarker stands in the second line of every picture; see
// MarkdownMarker.
const PictureMarker = "<!-- tracecmp picture -->"

// The measures of the picture and of its panels, in units of its viewBox: 96 to an
// inch.
const (
	pictureWidth, pictureHeight = 768, 710
	panelLeft, panelRight       = 92, 750
	panelsTop, panelsBottom     = 84, 652
	panelGap                    = 36
)

// The colours of the picture; those of the sides differ in lightness too: dark is
// the reference's solid line with discs, light the other's dashed line with
// rings.
const (
	refColor  = "#1b3a6b"
	gotColor  = "#e07b00"
	gridColor = "#dddddd"
	bandColor = "#f3e3e3"
	inkColor  = "#222222"
)

// PhiPlotSVG draws k_frac, F_latt_b and F_latt against phi for both sides, in
// three panels, from the phi table that shows most. Steps that stand out are
// shaded. It writes nothing and returns false where there is no such table.
func PhiPlotSVG(w io.Writer, r *parity.Report) (drawn bool, err error) {
	if len(r.Phi) == 0 {
		return false, nil
	}
	t := r.PhiToShow()
	p := &picture{}
	p.put("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n%s\n", PictureMarker)
	p.put(`<svg xmlns="http://www.w3.org/2000/svg" width="8in" height="%.4gin" viewBox="0 0 %d %d" role="img" font-family="'Liberation Sans',Arial,Helvetica,sans-serif" fill="%s">`+"\n",
		pictureHeight/96.0, pictureWidth, pictureHeight, inkColor)
	title := "k_frac, F_latt_b and F_latt against phi"
	if len(t.Pattern) > 0 {
		title += ": " + strings.Join(t.Pattern, "; ")
	}
	p.put("<title>%s</title>\n", html.EscapeString(printable(title)))
	p.put(`<rect width="%d" height="%d" fill="white"/>`+"\n", pictureWidth, pictureHeight)
	p.header(r, t)
	p.panels(t)
	p.put("</svg>\n")
	_, err = p.text.WriteTo(w)
	return true, err
}

// picture is the SVG as far as it is drawn.
type picture struct{ text bytes.Buffer }

func (p *picture) put(format string, args ...any) { fmt.Fprintf(&p.text, format, args...) }

// write puts words at a place; anchor is start, middle or end.
func (p *picture) write(x, y, size float64, anchor, words string) {
	p.put(`<text x="%.1f" y="%.1f" font-size="%g" text-anchor="%s">%s</text>`+"\n", x, y, size, anchor, html.EscapeString(words))
}

// header draws the title and the legend above the panels.
func (p *picture) header(r *parity.Report, t parity.PhiTable) {
	title := "Phi scan"
	if t.Pixel.Slow >= 0 {
		title = fmt.Sprintf("Phi scan of pixel %d %d (slow fast)", t.Pixel.Slow, t.Pixel.Fast)
	}
	const left, y = 14.0, 50.0
	p.write(left, 26, 17, "start", title)
	x := left
	for _, side := range []struct {
		name string
		got  bool
	}{{"reference: " + r.Ref.Name, false}, {"got: " + r.Got.Name, true}} {
		p.line(fmt.Sprintf("M%.1f %.1fh48", x, y-4), side.got)
		p.dot(x+24, y-4, side.got)
		label := shorten(printable(side.name), 44)
		p.write(x+58, y, 13, "start", label)
		x += 58 + 7.2*float64(len([]rune(label))) + 26
	}
	if len(t.Outliers) > 0 {
		p.put(`<rect x="%.1f" y="%.1f" width="16" height="14" fill="%s"/>`+"\n", x, y-11, bandColor)
		p.write(x+24, y, 13, "start", "stands out")
	}
}

// shorten keeps the end of a name: that is where files differ.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return "…" + string(r[len(r)-n+1:])
}

// line draws a path in the side's manner.
func (p *picture) line(path string, got bool) {
	if got {
		p.put(`<path d="%s" fill="none" stroke="%s" stroke-width="1.6" stroke-dasharray="7 4"/>`+"\n", path, gotColor)
	} else {
		p.put(`<path d="%s" fill="none" stroke="%s" stroke-width="1.6"/>`+"\n", path, refColor)
	}
}

// dot draws a point of a side: the ring lies about the disc where both agree.
func (p *picture) dot(x, y float64, got bool) {
	if got {
		p.put(`<circle cx="%.1f" cy="%.1f" r="5" fill="none" stroke="%s" stroke-width="1.6"/>`+"\n", x, y, gotColor)
	} else {
		p.put(`<circle cx="%.1f" cy="%.1f" r="2.8" fill="%s"/>`+"\n", x, y, refColor)
	}
}

// panel is where one plot lies, and what its axes span.
type panel struct {
	top, bottom     float64
	xLow, xHigh     float64
	yLow, yHigh     float64
	label, xCaption string
}

func (a *panel) x(v float64) float64 {
	return panelLeft + (v-a.xLow)/(a.xHigh-a.xLow)*(panelRight-panelLeft)
}

func (a *panel) y(v float64) float64 {
	return a.bottom - (v-a.yLow)/(a.yHigh-a.yLow)*(a.bottom-a.top)
}

// panels draws the three plots, x axes alike.
func (p *picture) panels(t parity.PhiTable) {
	pick := []struct {
		label string
		of    func(parity.PhiSide) float64
	}{
		{"k_frac (b · S)", func(s parity.PhiSide) float64 { return s.K }},
		{"F_latt_b", func(s parity.PhiSide) float64 { return s.FB }},
		{"F_latt", func(s parity.PhiSide) float64 { return s.F }},
	}
	x, caption := axis(t)
	height := (panelsBottom - panelsTop - panelGap*float64(len(pick)-1)) / float64(len(pick))
	for i, q := range pick {
		a := &panel{top: panelsTop + float64(i)*(height+panelGap), label: q.label}
		a.bottom = a.top + height
		a.xLow, a.xHigh = bounds(x)
		if i == len(pick)-1 {
			a.xCaption = caption
		}
		var points [2][]point
		for j, r := range t.Rows {
			points[0] = append(points[0], point{x[j], q.of(r.Ref)})
			points[1] = append(points[1], point{x[j], q.of(r.Got)})
		}
		a.yLow, a.yHigh = span(points[0], points[1])
		p.shade(a, t, x)
		p.axes(a, x)
		p.series(a, points[0], false)
		p.series(a, points[1], true)
	}
}

// point is a step's place on a plot; y may be no number.
type point struct{ x, y float64 }

// axes draws frame, grid, ticks and captions of a panel.
func (p *picture) axes(a *panel, x []float64) {
	for _, v := range niceTicks(a.yLow, a.yHigh) {
		p.put(`<path d="M%d %.1fH%d" stroke="%s"/>`, panelLeft, a.y(v), panelRight, gridColor)
		p.write(panelLeft-8, a.y(v)+4, 12, "end", number4(v))
	}
	for _, v := range ticks(x, a) {
		p.put(`<path d="M%.1f %.1fV%.1f" stroke="%s"/>`, a.x(v), a.top, a.bottom, gridColor)
		p.write(a.x(v), a.bottom+17, 12, "middle", number4(v))
	}
	p.put(`<path d="M%d %.1fV%.1fH%d" fill="none" stroke="%s" stroke-width="0.8"/>`+"\n", panelLeft, a.top, a.bottom, panelRight, inkColor)
	middle := (a.top + a.bottom) / 2
	p.put(`<text transform="translate(20 %.1f) rotate(-90)" font-size="14" text-anchor="middle">%s</text>`+"\n", middle, html.EscapeString(a.label))
	if a.xCaption != "" {
		p.write((panelLeft+panelRight)/2, a.bottom+40, 14, "middle", a.xCaption)
	}
}

// axis returns x of every row: the angle, or the number of the step where a
// log does not print angles.
func axis(t parity.PhiTable) (x []float64, label string) {
	label = "phi (deg)"
	for _, r := range t.Rows {
		if math.IsNaN(r.Deg) || math.IsInf(r.Deg, 0) {
			label = "phi step"
		}
	}
	for _, r := range t.Rows {
		if label == "phi step" {
			x = append(x, float64(r.Tic))
		} else {
			x = append(x, r.Deg)
		}
	}
	return x, label
}

// ticks marks every step where that leaves room, else round numbers.
func ticks(x []float64, a *panel) []float64 {
	if len(x) > 12 {
		return niceTicks(a.xLow, a.xHigh)
	}
	return x
}

func bounds(x []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range x {
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	pad := (hi - lo) * 0.05
	if pad == 0 {
		pad = 1
	}
	return lo - pad, hi + pad
}

// span is the range of y, with air above and below. Numbers that are too far
// apart for their difference to be one have the range that does.
func span(sides ...[]point) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, s := range sides {
		for _, p := range s {
			if drawable(p.y) {
				lo, hi = math.Min(lo, p.y), math.Max(hi, p.y)
			}
		}
	}
	if lo > hi {
		return -1, 1
	}
	pad := (hi - lo) * 0.1
	if pad == 0 {
		pad = math.Max(math.Abs(hi)*0.1, 1e-9)
	}
	if !drawable(hi - lo + 2*pad) {
		return -math.MaxFloat64 / 4, math.MaxFloat64 / 4
	}
	return lo - pad, hi + pad
}

// shade marks the steps that stand out.
func (p *picture) shade(a *panel, t parity.PhiTable, x []float64) {
	const half = 16.0
	for i, r := range t.Rows {
		for _, tic := range t.Outliers {
			if r.Tic == tic {
				p.put(`<rect x="%.1f" y="%.1f" width="%g" height="%.1f" fill="%s"/>`+"\n", a.x(x[i])-half, a.top, 2*half, a.bottom-a.top, bandColor)
			}
		}
	}
}

// series draws one side: what has no value is a gap between its neighbours, which
// the line crosses.
func (p *picture) series(a *panel, points []point, got bool) {
	var path strings.Builder
	for _, q := range points {
		if !drawable(q.y) {
			continue
		}
		pen := "L"
		if path.Len() == 0 {
			pen = "M"
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", pen, a.x(q.x), a.y(q.y))
	}
	if path.Len() == 0 {
		return
	}
	p.line(path.String(), got)
	for _, q := range points {
		if drawable(q.y) {
			p.dot(a.x(q.x), a.y(q.y), got)
		}
	}
}
