package report

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"simtrace/pkg/parity"
)

// PictureMarker stands in the second line of every picture; see
// MarkdownMarker.
const PictureMarker = "<!-- tracecmp picture -->"

const (
	pictureWidth  = 8 * vg.Inch
	pictureHeight = 7.4 * vg.Inch
	headerHeight  = 0.75 * vg.Inch
)

var (
	refColor  = color.RGBA{R: 0x1b, G: 0x3a, B: 0x6b, A: 0xff} // dark: solid line, discs
	gotColor  = color.RGBA{R: 0xe0, G: 0x7b, B: 0x00, A: 0xff} // light: dashed line, rings
	gridColor = color.RGBA{R: 0xdd, G: 0xdd, B: 0xdd, A: 0xff}
	bandColor = color.RGBA{R: 0xf3, G: 0xe3, B: 0xe3, A: 0xff}
	inkColor  = color.RGBA{R: 0x22, G: 0x22, B: 0x22, A: 0xff}
)

// PhiPlotSVG draws k_frac, F_latt_b and F_latt against phi for both sides, in
// three panels, from the phi table that shows most. Steps that stand out are
// shaded. It writes nothing and returns false where there is no such table.
func PhiPlotSVG(w io.Writer, r *parity.Report) (drawn bool, err error) {
	if len(r.Phi) == 0 {
		return false, nil
	}
	t := r.PhiToShow()
	c := vgsvg.New(pictureWidth, pictureHeight)
	paint(draw.New(c), r, t)
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		return false, err
	}
	_, err = io.WriteString(w, finish(buf.String(), t))
	return true, err
}

// paint draws header and panels on a page.
func paint(page draw.Canvas, r *parity.Report, t parity.PhiTable) {
	page.SetColor(color.White)
	page.Fill(page.Rectangle.Path())
	header(draw.Crop(page, 0, 0, page.Max.Y-page.Min.Y-headerHeight, 0), r, t)
	plots := panels(t)
	tiles := draw.Tiles{Rows: len(plots), Cols: 1, PadY: 0.12 * vg.Inch, PadBottom: 0.08 * vg.Inch, PadLeft: 0.08 * vg.Inch, PadRight: 0.15 * vg.Inch}
	grid := make([][]*plot.Plot, len(plots))
	for i := range plots {
		grid[i] = plots[i : i+1]
	}
	canvases := plot.Align(grid, tiles, draw.Crop(page, 0, 0, 0, -headerHeight))
	for i := range plots {
		plots[i].Draw(canvases[i][0])
	}
}

// finish marks the picture as ours, gives it fonts to fall back to, and a
// title for readers that cannot see it.
func finish(svg string, t parity.PhiTable) string {
	first, rest, _ := strings.Cut(svg, "\n")
	rest = strings.ReplaceAll(rest, "font-family:Liberation Sans;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;")
	title := "k_frac, F_latt_b and F_latt against phi"
	if len(t.Pattern) > 0 {
		title += ": " + strings.Join(t.Pattern, "; ")
	}
	title = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(printable(title))
	if i := strings.Index(rest, ">\n<g"); i >= 0 {
		rest = rest[:i+2] + "<title>" + title + "</title>\n" + rest[i+2:]
	}
	return first + "\n" + PictureMarker + "\n" + rest
}

func sans(size vg.Length) text.Style {
	return text.Style{
		Color: inkColor, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		Handler: plot.DefaultTextHandler, XAlign: draw.XLeft, YAlign: draw.YTop,
	}
}

// header draws the title and the legend above the panels.
func header(c draw.Canvas, r *parity.Report, t parity.PhiTable) {
	left, top := c.Min.X+0.15*vg.Inch, c.Max.Y-0.08*vg.Inch
	title := "Phi scan"
	if t.Pixel.Slow >= 0 {
		title = fmt.Sprintf("Phi scan of pixel %d %d (slow fast)", t.Pixel.Slow, t.Pixel.Fast)
	}
	c.FillText(sans(13), vg.Point{X: left, Y: top}, title)
	y := top - 0.34*vg.Inch
	x := left
	for _, side := range []struct {
		name string
		got  bool
	}{{"reference: " + r.Ref.Name, false}, {"got: " + r.Got.Name, true}} {
		line, mark := styles(side.got)
		c.StrokeLine2(line, x, y, x+0.5*vg.Inch, y)
		c.DrawGlyph(mark, vg.Point{X: x + 0.25*vg.Inch, Y: y})
		label := shorten(printable(side.name), 44)
		c.FillText(sans(10), vg.Point{X: x + 0.6*vg.Inch, Y: y + 5.5}, label)
		x += 0.6*vg.Inch + sans(10).Width(label) + 0.35*vg.Inch
	}
	if len(t.Outliers) > 0 {
		c.SetColor(bandColor)
		box := vg.Rectangle{Min: vg.Point{X: x, Y: y - 5}, Max: vg.Point{X: x + 12, Y: y + 6}}
		c.Fill(box.Path())
		c.FillText(sans(10), vg.Point{X: x + 18, Y: y + 5.5}, "stands out")
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

func styles(got bool) (draw.LineStyle, draw.GlyphStyle) {
	if got {
		return draw.LineStyle{Color: gotColor, Width: 1.2, Dashes: []vg.Length{5, 3}},
			draw.GlyphStyle{Color: gotColor, Radius: 4.6, Shape: ring{}}
	}
	return draw.LineStyle{Color: refColor, Width: 1.4},
		draw.GlyphStyle{Color: refColor, Radius: 2.6, Shape: draw.CircleGlyph{}}
}

// ring is a circle with a line wide enough to be seen behind a disc.
type ring struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (ring) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	c.SetLineStyle(draw.LineStyle{Color: s.Color, Width: 1.3})
	var p vg.Path
	p.Move(vg.Point{X: at.X + s.Radius, Y: at.Y})
	p.Arc(at, s.Radius, 0, 2*math.Pi)
	p.Close()
	c.Stroke(p)
}

// panels makes the three plots, x axes alike.
func panels(t parity.PhiTable) []*plot.Plot {
	pick := []struct {
		label string
		of    func(parity.PhiSide) float64
	}{
		{"k_frac (b · S)", func(s parity.PhiSide) float64 { return s.K }},
		{"F_latt_b", func(s parity.PhiSide) float64 { return s.FB }},
		{"F_latt", func(s parity.PhiSide) float64 { return s.F }},
	}
	x, xlabel := axis(t)
	lo, hi := bounds(x)
	var out []*plot.Plot
	for i, q := range pick {
		p := plot.New()
		p.BackgroundColor = color.White
		style(p)
		p.Y.Label.Text = q.label
		p.X.Tick.Marker = ticks(x)
		p.Y.Tick.Marker = roundTicks{}
		if i == len(pick)-1 {
			p.X.Label.Text = xlabel
		}
		ref, got := points(t, x, q.of, false), points(t, x, q.of, true)
		p.X.Min, p.X.Max = lo, hi
		p.Y.Min, p.Y.Max = span(ref, got)
		bands(p, t, x)
		grid := plotter.NewGrid()
		grid.Vertical.Color, grid.Horizontal.Color = gridColor, gridColor
		grid.Vertical.Width, grid.Horizontal.Width = 0.5, 0.5
		p.Add(grid)
		series(p, ref, false)
		series(p, got, true)
		// Add widens the axes to its data; the panels keep one common range.
		p.X.Min, p.X.Max = lo, hi
		p.Y.Min, p.Y.Max = span(ref, got)
		out = append(out, p)
	}
	return out
}

func style(p *plot.Plot) {
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Color = inkColor
		a.Width = 0.6
		a.Tick.Label.Font = sans(9).Font
		a.Tick.Label.Color = inkColor
		a.Tick.LineStyle.Width = 0.6
		a.Label.TextStyle.Font = sans(10.5).Font
		a.Label.TextStyle.Color = inkColor
		a.Label.Padding = 5
		a.Padding = 3
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

// ticks marks every step where that leaves room.
func ticks(x []float64) plot.Ticker {
	if len(x) > 12 {
		return roundTicks{}
	}
	var out plot.ConstantTicks
	for _, v := range x {
		out = append(out, plot.Tick{Value: v, Label: fmt.Sprintf("%.4g", v)})
	}
	return out
}

// roundTicks marks round numbers.
type roundTicks struct{}

// Ticks implements plot.Ticker.
func (roundTicks) Ticks(lo, hi float64) []plot.Tick {
	var out []plot.Tick
	for _, v := range niceTicks(lo, hi) {
		out = append(out, plot.Tick{Value: v, Label: number4(v)})
	}
	return out
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

func points(t parity.PhiTable, x []float64, of func(parity.PhiSide) float64, got bool) plotter.XYs {
	var out plotter.XYs
	for i, r := range t.Rows {
		s := r.Ref
		if got {
			s = r.Got
		}
		if v := of(s); !math.IsNaN(v) && !math.IsInf(v, 0) {
			out = append(out, plotter.XY{X: x[i], Y: v})
		}
	}
	return out
}

// span is the range of y, with air above and below.
func span(sides ...plotter.XYs) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, s := range sides {
		for _, p := range s {
			lo, hi = math.Min(lo, p.Y), math.Max(hi, p.Y)
		}
	}
	if lo > hi {
		return -1, 1
	}
	pad := (hi - lo) * 0.1
	if pad == 0 {
		pad = math.Max(math.Abs(hi)*0.1, 1e-9)
	}
	return lo - pad, hi + pad
}

// bands shades the steps that stand out.
func bands(p *plot.Plot, t parity.PhiTable, x []float64) {
	half := (p.X.Max - p.X.Min) / 40
	for i, r := range t.Rows {
		for _, tic := range t.Outliers {
			if r.Tic != tic {
				continue
			}
			box, err := plotter.NewPolygon(plotter.XYs{
				{X: x[i] - half, Y: p.Y.Min}, {X: x[i] + half, Y: p.Y.Min},
				{X: x[i] + half, Y: p.Y.Max}, {X: x[i] - half, Y: p.Y.Max},
			})
			if err == nil {
				box.Color, box.LineStyle.Width = bandColor, 0
				p.Add(box)
			}
		}
	}
}

// series adds one side. Its points are finite, so that the plotter takes them.
func series(p *plot.Plot, xy plotter.XYs, got bool) {
	if len(xy) == 0 {
		return
	}
	line, scatter, err := plotter.NewLinePoints(xy)
	if err != nil {
		return
	}
	line.LineStyle, scatter.GlyphStyle = styles(got)
	p.Add(line, scatter)
}
