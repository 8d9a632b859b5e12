package history

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"math"
	"strings"

	"simtrace/internal/table"
	"simtrace/internal/visible"
	"simtrace/pkg/parity/report"
)

// Table writes a line a report, and below how the last differs from the first.
func Table(w io.Writer, reports []Report, quantity string) error {
	var rows [][]string
	marked := ""
	for i, r := range reports {
		first := cmp.Or(r.First, "-")
		if i > 0 && r.First != reports[i-1].First {
			first += " *"
			marked = "* another first divergence than before; "
		}
		rows = append(rows, []string{r.Name, r.Verdict, first, fmt.Sprintf("%d of %d", r.Differ, r.Rows), fmt.Sprint(len(r.Roots)), relative(r.Quantity), cmp.Or(strings.Join(r.Causes, ", "), "-")})
	}
	if err := table.Write(w, []string{"report", "verdict", "first divergence", "rows differ", "roots", quantity, "causes"}, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s%s: largest relative difference\n", marked, visible.Text(quantity))
	return err
}

func relative(v float64) string {
	switch {
	case math.IsNaN(v):
		return "-"
	case v == 0:
		return "0"
	case math.IsInf(v, 0):
		return "infinite"
	}
	return fmt.Sprintf("%.2e", v)
}

// The measures of the plot, in units of its viewBox: the difference above, the number
// of roots below.
const (
	width, height       = 640, 380
	left, right         = 64, 626
	top, bottom         = 40, 220
	rootsTop, rootsFoot = 250, 320
)

const ink, soft, grid, line1, bar = "#222222", "#596674", "#dddddd", "#1b3a6b", "#e07b00"

// SVG draws the quantity's difference, on a logarithmic scale, and the number of roots
// of each report. A difference of 0 stands on the axis; one that was not compared is a
// gap.
func SVG(w io.Writer, reports []Report, quantity string) error {
	p := &plot{reports: reports}
	p.scale()
	p.put("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n%s\n", report.PictureMarker)
	p.put(`<svg xmlns="http://www.w3.org/2000/svg" width="6.67in" role="img" aria-label="how the reports went" viewBox="0 0 %d %d" font-family="'Liberation Sans',Arial,Helvetica,sans-serif" font-size="12" style="background:white">`+"\n", width, height)
	p.text(left, 20, "start", ink, quantity+": largest relative difference")
	p.difference()
	p.text(left, rootsTop-8, "start", ink, "roots")
	p.roots()
	p.names()
	p.put("</svg>\n")
	_, err := io.WriteString(w, p.b.String())
	return err
}

type plot struct {
	reports []Report
	b       strings.Builder
	lo, hi  float64 // decades
	most    int     // roots
}

func (p *plot) put(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

func (p *plot) text(x, y float64, anchor, color, words string) {
	p.put(`<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s">%s</text>`+"\n", x, y, anchor, color, html.EscapeString(visible.Text(words)))
}

// scale finds the decades that are drawn, and the most roots.
func (p *plot) scale() {
	p.lo, p.hi, p.most = math.Inf(1), math.Inf(-1), 1
	for _, r := range p.reports {
		p.most = max(p.most, len(r.Roots))
		if v := r.Quantity; v > 0 && !math.IsInf(v, 0) {
			p.lo, p.hi = min(p.lo, math.Floor(math.Log10(v))), max(p.hi, math.Ceil(math.Log10(v)))
		}
	}
	if p.lo > p.hi {
		p.lo, p.hi = -1, 0 // nothing but zeros and gaps
	}
	p.lo-- // room for 0, below all others
}

func (p *plot) x(i int) float64 {
	return left + (float64(i)+0.5)*(right-left)/float64(len(p.reports))
}

func (p *plot) y(v float64) float64 {
	if v == 0 {
		return bottom
	}
	return bottom - (min(math.Log10(v), p.hi)-p.lo)/(p.hi-p.lo)*(bottom-top)
}

func (p *plot) difference() {
	step := max(1, math.Ceil((p.hi-p.lo)/6))
	for e := p.hi; e > p.lo; e -= step {
		y := p.y(math.Pow(10, e))
		p.put(`<path d="M%d %.1fH%d" stroke="%s"/>`+"\n", left, y, right, grid)
		p.text(left-6, y+4, "end", soft, fmt.Sprintf("1e%d", int(e)))
	}
	p.text(left-6, bottom+4, "end", soft, "0")
	p.put(`<path d="M%d %dV%dH%d" fill="none" stroke="%s"/>`+"\n", left, top, bottom, right, ink)
	var path strings.Builder
	pen := "M"
	for i, r := range p.reports {
		if math.IsNaN(r.Quantity) {
			pen = "M"
			continue
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", pen, p.x(i), p.y(r.Quantity))
		pen = "L"
	}
	p.put(`<path d="%s" fill="none" stroke="%s" stroke-width="1.6"/>`+"\n", path.String(), line1)
	for i, r := range p.reports {
		if !math.IsNaN(r.Quantity) {
			p.put(`<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"><title>%s</title></circle>`+"\n", p.x(i), p.y(r.Quantity), line1, p.title(r))
		}
	}
}

func (p *plot) title(r Report) string {
	return html.EscapeString(visible.Text(fmt.Sprintf("%s: %s, first %s, difference %s, %d roots", r.Name, r.Verdict, cmp.Or(r.First, "-"), relative(r.Quantity), len(r.Roots))))
}

func (p *plot) roots() {
	wide := min(18, 0.7*(right-left)/float64(len(p.reports)))
	for i, r := range p.reports {
		h := float64(len(r.Roots)) / float64(p.most) * (rootsFoot - rootsTop)
		p.put(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"><title>%s</title></rect>`+"\n", p.x(i)-wide/2, rootsFoot-h, wide, h, bar, p.title(r))
	}
	p.put(`<path d="M%d %dH%d" stroke="%s"/>`+"\n", left, rootsFoot, right, ink)
	p.text(left-6, rootsTop+8, "end", soft, fmt.Sprint(p.most))
	p.text(left-6, rootsFoot+4, "end", soft, "0")
}

// names writes as many of the reports' names as there is room for.
func (p *plot) names() {
	every := (len(p.reports) + 7) / 8
	for i, r := range p.reports {
		if i%every != 0 {
			continue
		}
		name := []rune(visible.Text(r.Name))
		if len(name) > 12 {
			name = append([]rune{'…'}, name[len(name)-11:]...)
		}
		p.text(p.x(i), rootsFoot+18, "middle", soft, string(name))
	}
}
