package report

import (
	"fmt"
	"html"
	"io"
	"strings"

	"simtrace/pkg/parity"
)

// PictureMarker stands in the second line of every picture; see
// MarkdownMarker.
const PictureMarker = "<!-- tracecmp picture -->"

// The colours of the pictures; those of the sides differ in lightness too: dark is
// the reference's solid line with discs, light the other's dashed line with
// rings.
const (
	refColor  = "#1b3a6b"
	gotColor  = "#e07b00"
	gridColor = "#dddddd"
	inkColor  = "#222222"
)

// pictureStyle paints the plots outside of a page.
const pictureStyle = `text{fill:#222;font:12px 'Liberation Sans',Arial,Helvetica,sans-serif}text.soft{fill:#596674}text.b{font-weight:700}` +
	`.grid{stroke:#ddd}.axis{stroke:#596674}.band{fill:#f3e3e3}.ref{stroke:#1b3a6b;fill:none;stroke-width:1.8}.ref.dot{fill:#1b3a6b;stroke:none}` +
	`.got{stroke:#e07b00;fill:none;stroke-width:1.8}.got.line{stroke-dasharray:6 4}.delta{fill:#b3261e}`

// PhiPlotSVG draws k_frac, F_latt_b and F_latt against phi for both sides, each with
// the size of the difference below, from the phi table that shows most. Steps that
// stand out are shaded. It writes nothing and returns false where there is no such
// table.
func PhiPlotSVG(w io.Writer, r *parity.Report, names [2]string) (drawn bool, err error) {
	if len(r.Phi) == 0 {
		return false, nil
	}
	t := r.PhiToShow()
	names = sideNames(r, names)
	title := "Phi scan"
	if t.Pixel.Slow >= 0 {
		title = fmt.Sprintf("Phi scan of pixel %d %d (slow fast)", t.Pixel.Slow, t.Pixel.Fast)
	}
	const head = 56
	height := head + plotHeight*len(phiQuantities)
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n%s\n", PictureMarker)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.4gin" viewBox="0 0 %d %d" role="img"><title>%s</title><style>%s</style><rect width="%d" height="%d" fill="white"/>`+"\n",
		1.5*plotWidth/96.0, plotWidth, height, html.EscapeString(plain(strings.Join(append([]string{title}, t.Pattern...), "; "))), pictureStyle, plotWidth, height)
	fmt.Fprintf(&b, `<text class="b" x="14" y="20">%s</text>`+"\n", title)
	for i, k := range phiKeys(r, names) {
		fmt.Fprintf(&b, `<g transform="translate(%d 32)">%s<text x="40" y="10">%s</text></g>`+"\n", 14+i*150, inner(k.SVG), html.EscapeString(shorten(plain(k.Text), 16)))
	}
	for i, q := range phiQuantities {
		fmt.Fprintf(&b, `<g transform="translate(0 %d)">%s</g>`+"\n", head+i*plotHeight, phiPlot(t, q.name, q.of))
	}
	b.WriteString("</svg>\n")
	_, err = io.WriteString(w, b.String())
	return true, err
}

// inner is a drawing without the svg element about it.
func inner(svg string) string {
	return strings.TrimSuffix(svg[strings.Index(svg, ">")+1:], "</svg>")
}

// shorten keeps the end of a name: that is where files differ.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return "…" + string(r[len(r)-n+1:])
}
