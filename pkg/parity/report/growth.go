package report

import (
	"fmt"
	"html"
	"io"
	"math"
	"strings"

	"simtrace/pkg/parity"
)

// growthColors paint the plot of how differences grow: in a file of its own, or in
// the colours of the page.
type growthColors struct{ ink, soft, grid, all, own string }

var (
	growthOnPaper = growthColors{inkColor, "#596674", gridColor, refColor, gotColor}
	growthOnPage  = growthColors{"var(--ink)", "var(--soft)", "var(--line)", "var(--ref)", "var(--got)"}
)

// The measures of the plot, in units of its viewBox.
const (
	growthWidth, growthHeight = 500, 300
	growthLeft, growthRight   = 54, 488
	growthTop, growthBottom   = 40, 250
)

// GrowthSVG draws how large the differences are at every step, on a logarithmic
// scale. It writes nothing and returns false where the report does not say.
func GrowthSVG(w io.Writer, r *parity.Report) (drawn bool, err error) {
	if r.Growth == nil {
		return false, nil
	}
	head := fmt.Sprintf("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n%s\n", PictureMarker)
	_, err = io.WriteString(w, head+growthPlot(r.Growth, growthOnPaper,
		`xmlns="http://www.w3.org/2000/svg" width="5.2in" font-family="'Liberation Sans',Arial,Helvetica,sans-serif" style="background:white"`)+"\n")
	return true, err
}

// growthJSON is the same for programs.
type growthJSON struct {
	Index    string            `json:"index"`
	Kind     parity.GrowthKind `json:"kind"`
	Quantity string            `json:"quantity"`
	Text     string            `json:"text"`
	Rounding delta             `json:"rounding"`
	Jump     delta             `json:"jump"`
	Points   [][3]delta        `json:"points"`
}

func growthJSONOf(g *parity.Growth) *growthJSON {
	if g == nil {
		return nil
	}
	out := &growthJSON{g.Index, g.Kind, g.Quantity, g.Text, delta(g.Rounding), delta(g.Jump), [][3]delta{}}
	for _, p := range g.Points {
		out.Points = append(out.Points, [3]delta{delta(p.Step), delta(p.All), delta(p.Own)})
	}
	return out
}

// growthPlot draws the two curves over a band that is rounding.
func growthPlot(g *parity.Growth, c growthColors, attributes string) string {
	var b strings.Builder
	x := make([]float64, len(g.Points))
	lo, hi := math.Log10(g.Rounding)-1, 0.5
	for i, p := range g.Points {
		x[i] = p.Step
		for _, v := range [2]float64{p.All, p.Own} {
			if v > 0 && drawable(v) {
				lo = math.Min(lo, math.Log10(v))
			}
		}
	}
	lo = math.Max(math.Floor(lo), -20)
	left, right := bounds(x)
	px := func(v float64) float64 { return growthLeft + (v-left)/(right-left)*(growthRight-growthLeft) }
	py := func(v float64) float64 {
		return growthBottom - (math.Max(math.Log10(v), lo)-lo)/(hi-lo)*(growthBottom-growthTop)
	}
	text := func(x, y float64, anchor, color, words string) {
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" font-size="13" text-anchor="%s" style="fill:%s">%s</text>`, x, y, anchor, color, html.EscapeString(plain(words)))
	}
	fmt.Fprintf(&b, `<svg %s role="img" aria-label="size of the differences against %s" viewBox="0 0 %d %d">`,
		attributes, html.EscapeString(plain(g.Index)), growthWidth, growthHeight)
	fmt.Fprintf(&b, `<rect x="%d" y="%.1f" width="%d" height="%.1f" style="fill:%s;opacity:.5"/>`, growthLeft, py(g.Rounding), growthRight-growthLeft, growthBottom-py(g.Rounding), c.grid)
	step := math.Max(1, math.Ceil((hi-lo)/7))
	for e := 0.0; e >= lo; e -= step {
		y := py(math.Pow(10, e))
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" style="stroke:%s"/>`, growthLeft, y, growthRight, c.grid)
		text(growthLeft-6, y+4, "end", c.soft, fmt.Sprintf("1e%g", e))
	}
	for _, v := range niceTicks(left, right) {
		text(px(v), growthBottom+16, "middle", c.soft, number4(v))
	}
	if drawable(g.Jump) {
		fmt.Fprintf(&b, `<path d="M%.1f %dV%d" style="stroke:%s" stroke-dasharray="3 3"/>`, px(g.Jump), growthTop, growthBottom, c.own)
	}
	fmt.Fprintf(&b, `<path d="M%d %dV%dH%d" style="fill:none;stroke:%s"/>`, growthLeft, growthTop, growthBottom, growthRight, c.ink)
	growthCurve(&b, g, c.all, "", px, py, func(p parity.GrowthPoint) float64 { return p.All })
	growthCurve(&b, g, c.own, "5 3", px, py, func(p parity.GrowthPoint) float64 { return p.Own })
	text(growthLeft, 16, "start", c.ink, "difference over the magnitude of its quantity")
	text(growthLeft, 32, "start", c.all, "largest of all quantities")
	text(growthLeft+170, 32, "start", c.own, shorten(g.Quantity, 32))
	text(growthRight, 16, "end", c.soft, "grey: rounding")
	text((growthLeft+growthRight)/2, growthBottom+36, "middle", c.soft, g.Index)
	b.WriteString("</svg>")
	return b.String()
}

// growthCurve joins neighbouring steps that differ; alone standing ones are dots.
func growthCurve(b *strings.Builder, g *parity.Growth, color, dashes string, px, py func(float64) float64, of func(parity.GrowthPoint) float64) {
	var path, dots strings.Builder
	open := false
	for i, p := range g.Points {
		v := of(p)
		if !(v > 0) {
			open = false
			continue
		}
		next := i+1 < len(g.Points) && !g.Points[i+1].Gap && of(g.Points[i+1]) > 0
		switch open = open && !p.Gap; {
		case open:
			fmt.Fprintf(&path, "L%.1f %.1f", px(p.Step), py(v))
		case next:
			fmt.Fprintf(&path, "M%.1f %.1f", px(p.Step), py(v))
		default:
			fmt.Fprintf(&dots, `<circle cx="%.1f" cy="%.1f" r="2" style="fill:%s"/>`, px(p.Step), py(v), color)
		}
		open = true
	}
	if path.Len() > 0 {
		fmt.Fprintf(b, `<path d="%s" style="fill:none;stroke:%s" stroke-width="1.6"%s/>`, path.String(), color, dashed(dashes))
	}
	b.WriteString(dots.String())
}

func dashed(pattern string) string {
	if pattern == "" {
		return ""
	}
	return ` stroke-dasharray="` + pattern + `"`
}
