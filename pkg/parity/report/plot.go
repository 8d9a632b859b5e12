package report

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"

	"simtrace/internal/doc"
	"simtrace/pkg/parity"
)

// The measures of one plot, in pixels: both sides above, the difference below.
const (
	plotWidth, plotHeight = 420, 300
	plotLeft, plotRight   = 62, 410
	plotTop, plotBottom   = 30, 172
	deltaTop, deltaBottom = 196, 258
)

// phiQuantities are drawn against phi.
var phiQuantities = []struct {
	name string
	of   func(parity.PhiSide) float64
}{
	{"k_frac (b · S)", func(s parity.PhiSide) float64 { return s.K }},
	{"F_latt_b", func(s parity.PhiSide) float64 { return s.FB }},
	{"F_latt", func(s parity.PhiSide) float64 { return s.F }},
}

// phiPlots are the plots of a table, for a page.
func phiPlots(t parity.PhiTable) string {
	s := ""
	for _, q := range phiQuantities {
		s += fmt.Sprintf(`<svg role="img" aria-label="%s against phi, both sides and their difference" viewBox="0 0 %d %d">%s</svg>`,
			html.EscapeString(q.name), plotWidth, plotHeight, phiPlot(t, q.name, q.of))
	}
	return s
}

// phiKeys explain the signs of the plots.
func phiKeys(r *parity.Report, names [2]string) []doc.Key {
	key := func(drawing, text string) doc.Key {
		return doc.Key{SVG: `<svg width="34" height="12" viewBox="0 0 34 12" aria-hidden="true">` + drawing + `</svg>`, Text: text}
	}
	keys := []doc.Key{
		key(`<path class="ref line" d="M1 6H33"/><circle class="ref dot" cx="17" cy="6" r="2.6"/>`, names[0]),
		key(`<path class="got line" d="M1 6H33"/><circle class="got" cx="17" cy="6" r="4.5"/>`, names[1]),
	}
	for _, t := range r.Phi {
		if len(t.Outliers) > 0 {
			return append(keys, key(`<rect class="band" x="9" y="0" width="16" height="12"/>`, "stands out"))
		}
	}
	return keys
}

// phiPlot draws one quantity of both sides against phi, and beneath it the size
// of the difference on a logarithmic scale: an outlier of 1e-2 and a plateau of
// 1e-6 are both seen there, and a step without a bar agrees exactly.
func phiPlot(t parity.PhiTable, name string, of func(parity.PhiSide) float64) string {
	var b strings.Builder
	x, xlabel := axis(t)
	lo, hi := bounds(x)
	px := func(v float64) float64 { return plotLeft + (v-lo)/(hi-lo)*(plotRight-plotLeft) }
	fmt.Fprintf(&b, `<text class="b" x="%d" y="16">%s</text>`, plotLeft, html.EscapeString(name))
	for i, r := range t.Rows {
		for _, tic := range t.Outliers {
			if r.Tic == tic {
				fmt.Fprintf(&b, `<rect class="band" x="%.1f" y="%d" width="16" height="%d"/>`, px(x[i])-8, plotTop, deltaBottom-plotTop)
			}
		}
	}
	both := make([]pairAt, len(t.Rows))
	for i, r := range t.Rows {
		both[i] = pairAt{px(x[i]), of(r.Ref), of(r.Got)}
	}
	sides(&b, both)
	difference(&b, both)
	for _, v := range xTicks(x) {
		fmt.Fprintf(&b, `<text class="soft" x="%.1f" y="%d" text-anchor="middle">%s</text>`, px(v), deltaBottom+16, number4(v))
	}
	fmt.Fprintf(&b, `<text class="soft" x="%d" y="%d" text-anchor="middle">%s</text>`, (plotLeft+plotRight)/2, deltaBottom+34, xlabel)
	return b.String()
}

// pairAt is a step's place on the picture, with the values of both sides.
type pairAt struct{ x, ref, got float64 }

func drawable(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func sides(b *strings.Builder, steps []pairAt) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, s := range steps {
		for _, v := range []float64{s.ref, s.got} {
			if drawable(v) {
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			}
		}
	}
	if lo > hi {
		fmt.Fprintf(b, `<text class="soft" x="%d" y="%d">no number to draw</text>`, plotLeft+8, (plotTop+plotBottom)/2)
		return
	}
	pad := 0.08 * (hi - lo)
	if pad == 0 || !drawable(pad) {
		pad = math.Max(math.Abs(hi)/10, 1e-12)
	}
	lo, hi = lo-pad, hi+pad
	if !drawable(hi - lo) {
		fmt.Fprintf(b, `<text class="soft" x="%d" y="%d">too large to draw</text>`, plotLeft+8, (plotTop+plotBottom)/2)
		return
	}
	py := func(v float64) float64 { return plotBottom - (v-lo)/(hi-lo)*(plotBottom-plotTop) }
	for _, v := range niceTicks(lo, hi) {
		fmt.Fprintf(b, `<path class="grid" d="M%d %.1fH%d"/><text class="soft" x="%d" y="%.1f" text-anchor="end">%s</text>`,
			plotLeft, py(v), plotRight, plotLeft-6, py(v)+4, number4(v))
	}
	curve(b, steps, "ref line", func(s pairAt) float64 { return s.ref }, py)
	curve(b, steps, "got line", func(s pairAt) float64 { return s.got }, py)
	for _, s := range steps {
		if drawable(s.got) {
			fmt.Fprintf(b, `<circle class="got" cx="%.1f" cy="%.1f" r="4.5"/>`, s.x, py(s.got))
		}
		if drawable(s.ref) {
			fmt.Fprintf(b, `<circle class="ref dot" cx="%.1f" cy="%.1f" r="2.6"/>`, s.x, py(s.ref))
		}
	}
}

// curve joins the steps that have a value; a gap stays a gap.
func curve(b *strings.Builder, steps []pairAt, class string, of func(pairAt) float64, py func(float64) float64) {
	var d strings.Builder
	pen := "M"
	for _, s := range steps {
		if v := of(s); drawable(v) {
			fmt.Fprintf(&d, "%s%.1f %.1f", pen, s.x, py(v))
			pen = "L"
		} else {
			pen = "M"
		}
	}
	if d.Len() > 0 {
		fmt.Fprintf(b, `<path class="%s" d="%s"/>`, class, d.String())
	}
}

// difference draws |got - ref| of every step as a bar on a logarithmic scale,
// with its sign.
func difference(b *strings.Builder, steps []pairAt) {
	lo, hi, n := math.Inf(1), math.Inf(-1), 0
	for _, s := range steps {
		d := math.Abs(s.got - s.ref)
		if drawable(d) {
			n++
			if d > 0 {
				lo, hi = math.Min(lo, math.Log10(d)), math.Max(hi, math.Log10(d))
			}
		}
	}
	fmt.Fprintf(b, `<text class="soft" x="%d" y="%d">size of the difference, with its sign</text>`, plotLeft, deltaTop-7)
	fmt.Fprintf(b, `<path class="axis" d="M%d %dH%d"/>`, plotLeft, deltaBottom, plotRight)
	switch {
	case n == 0:
		fmt.Fprintf(b, `<text class="soft" x="%d" y="%d">no step has a number on both sides</text>`, plotLeft+8, deltaBottom-20)
		return
	case lo > hi:
		fmt.Fprintf(b, `<text class="soft" x="%d" y="%d">none at any of the %d steps</text>`, plotLeft+8, deltaBottom-20, n)
		return
	}
	lo, hi = math.Floor(lo)-1, math.Ceil(hi)
	if lo == hi-1 {
		lo--
	}
	py := func(l float64) float64 { return deltaBottom - (l-lo)/(hi-lo)*(deltaBottom-deltaTop-10) }
	step := math.Max(1, math.Ceil((hi-lo)/3))
	for v := hi; v > lo; v -= step {
		fmt.Fprintf(b, `<path class="grid" d="M%d %.1fH%d"/><text class="soft" x="%d" y="%.1f" text-anchor="end">1e%g</text>`, plotLeft, py(v), plotRight, plotLeft-6, py(v)+4, v)
	}
	for _, s := range steps {
		d := s.got - s.ref
		if !drawable(d) || d == 0 {
			continue
		}
		y, sign := py(math.Log10(math.Abs(d))), "+"
		if d < 0 {
			sign = "−"
		}
		fmt.Fprintf(b, `<rect class="delta" x="%.1f" y="%.1f" width="6" height="%.1f"><title>%+.4g</title></rect>`, s.x-3, y, deltaBottom-y, d)
		if len(steps) <= 24 {
			fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, s.x, y-2, sign)
		}
	}
}

// niceTicks returns three to six round numbers within the range.
func niceTicks(lo, hi float64) []float64 {
	raw := (hi - lo) / 5
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	step := unit
	for _, m := range []float64{1, 2, 5, 10} {
		if unit*m >= raw {
			step = unit * m
			break
		}
	}
	var out []float64
	for i := math.Ceil(lo / step); i*step <= hi && len(out) < 8; i++ {
		out = append(out, i*step)
	}
	return out
}

// xTicks marks every step where there is room, else as many as fit.
func xTicks(x []float64) []float64 {
	every := 1 + (len(x)-1)/6
	var out []float64
	for i := 0; i < len(x); i += every {
		out = append(out, x[i])
	}
	return out
}

// number4 prints a tick without the last digits of its rounding.
func number4(v float64) string {
	s := strconv.FormatFloat(v, 'g', 5, 64)
	if s == "-0" {
		return "0"
	}
	return strings.Replace(s, "-", "−", 1)
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
