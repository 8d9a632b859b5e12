package campaign

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"simtrace/internal/outfile"
	"simtrace/internal/visible"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/parity/report"
)

// The marks of a matrix's tables.
const (
	matrixMarker = "<!-- tracecmp matrix -->"
	matrixSchema = "simtrace/matrix/2"
)

func init() { outfile.Mark(matrixMarker, `"`+matrixSchema+`"`, report.HTMLMarker) }

// tablePaths are the files of the table: Markdown, JSON, and a page or two.
func (m *matrix) tablePaths() []string {
	var out []string
	for _, n := range []string{"matrix.md", "matrix.json", "matrix.html"} {
		out = append(out, filepath.Join(m.Out, n))
	}
	if m.HTML != "" {
		out = append(out, m.HTML)
	}
	return out
}

// matrixHead names the columns behind the run.
var matrixHead = []string{"verdict", "image", "correlation", "sum ratio", "largest difference", "RMSE", "pixels", "beyond tolerance", "smallest tolerance", "traces", "why"}

// cells are a row's, in the order of matrixHead.
func (r *MatrixRow) cells() []string {
	n := func(v imagecmp.Number) string {
		if math.IsNaN(float64(v)) {
			return "-"
		}
		return strconv.FormatFloat(float64(v), 'g', 10, 64)
	}
	return []string{r.State, r.Image, n(r.Correlation), n(r.SumRatio), n(r.MaxAbs), n(r.RMSE), strconv.Itoa(r.Compared), strconv.Itoa(r.Beyond), n(r.Smallest), r.Traced(), strings.Join(r.Reasons, " ")}
}

// pixelHead names the columns of the pixels' table, behind case and run.
var pixelHead = []string{"pixel (slow fast)", "verdict", "first divergence", "cause", "rows", "diverged", "lost", "reference traced by", "port traced by"}

func (p *MatrixPixel) cells() []string {
	first := p.First
	if first == "" {
		first = "-"
	}
	return []string{fmt.Sprintf("%d %d", p.Slow, p.Fast), p.Verdict, first, p.Why(), strconv.Itoa(p.Rows), strconv.Itoa(p.Diverged), strconv.Itoa(p.Lost), p.RefBy, p.GotBy}
}

// tally counts the states, in words.
func tally(rows []MatrixRow) string {
	var out []string
	pixels := 0
	for _, s := range []string{string(imagecmp.Match), string(imagecmp.Diverged), string(imagecmp.Refused), Failed, Missing} {
		n := 0
		for _, r := range rows {
			if r.State == s {
				n++
				pixels += len(r.Pixels)
			}
		}
		if n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, s))
		}
	}
	text := fmt.Sprintf("%s: %s", amount(len(rows), "configuration"), strings.Join(out, ", "))
	if pixels > 0 {
		text += "; " + amount(pixels, "pixel") + " traced"
	}
	return text
}

func amount(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// mostListed is how many configurations the tables for people list.
const mostListed = 5000

// listed picks the rows that people are shown, those that do not match first where they are
// too many, in the order of the list; note says what is left out.
func listed(rows []MatrixRow) (shown []*MatrixRow, note string) {
	rest := mostListed
	for i := range rows {
		if rows[i].State != string(imagecmp.Match) {
			rest--
		}
	}
	for i := range rows {
		r := &rows[i]
		if r.State == string(imagecmp.Match) {
			if rest--; rest < 0 && len(rows) > mostListed {
				continue
			}
		}
		if len(shown) < mostListed {
			shown = append(shown, r)
		}
	}
	if len(shown) < len(rows) {
		note = fmt.Sprintf("%d of %d configurations are listed, those that do not match before others. matrix.json has all.", len(shown), len(rows))
	}
	return shown, note
}

// matrixText is the table for a terminal: a line for each run, and one below it
// for each pixel.
func matrixText(rows []MatrixRow) string {
	var b strings.Builder
	shown, note := listed(rows)
	for _, r := range shown {
		fmt.Fprintf(&b, "%-8s %s: %s\n", r.State, visible.Text(r.Case+"/"+r.Run), visible.Text(strings.Join(r.Reasons, " ")))
		for j := range r.Pixels {
			p := &r.Pixels[j]
			fmt.Fprintf(&b, "         pixel %d %d: %s", p.Slow, p.Fast, p.Verdict)
			if p.First != "" {
				fmt.Fprintf(&b, ", first at %s", visible.Text(p.First))
			}
			if why := p.Why(); why != "" {
				fmt.Fprintf(&b, ": %s", visible.Text(why))
			}
			b.WriteString("\n")
		}
	}
	if note != "" {
		fmt.Fprintf(&b, "%s\n", note)
	}
	fmt.Fprintf(&b, "%s\n", tally(rows))
	return b.String()
}

// matrixTitle heads both tables.
const matrixTitle = "Many configurations"

func matrixMarkdown(rows []MatrixRow) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n# %s\n\n%s.\n\n", matrixMarker, matrixTitle, tally(rows))
	line := func(cells ...string) {
		for _, c := range cells {
			fmt.Fprintf(&b, "| %s ", c)
		}
		b.WriteString("|\n")
	}
	head := func(cells []string) {
		line(append([]string{"case", "run"}, cells...)...)
		fmt.Fprintf(&b, "|---|---|%s\n", strings.Repeat("---|", len(cells)))
	}
	shown, note := listed(rows)
	if note != "" {
		fmt.Fprintf(&b, "%s\n\n", note)
	}
	head(matrixHead)
	for _, r := range shown {
		line(escaped(append([]string{r.Case, r.Run}, r.cells()...))...)
	}
	if anyPixels(shown) {
		b.WriteString("\n## Pixels traced\n\n")
		head(append(append([]string{}, pixelHead...), "traces"))
		for _, r := range shown {
			for j := range r.Pixels {
				p := &r.Pixels[j]
				line(append(escaped(append([]string{r.Case, r.Run}, p.cells()...)), "[compared]("+p.Compared+")")...)
			}
		}
	}
	if list := described(shown); len(list) > 0 {
		b.WriteString("\n## Cases\n\n")
		for _, d := range list {
			fmt.Fprintf(&b, "- %s: %s\n", imagecmp.Cell(d[0]), imagecmp.Cell(d[1]))
		}
	}
	return b.Bytes()
}

func escaped(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = imagecmp.Cell(c)
	}
	return out
}

func anyPixels(rows []*MatrixRow) bool {
	for _, r := range rows {
		if len(r.Pixels) > 0 {
			return true
		}
	}
	return false
}

// described lists the cases that say what they are for.
func described(rows []*MatrixRow) [][2]string {
	var out [][2]string
	for _, r := range rows {
		if d := [2]string{r.Case, r.Description}; r.Description != "" && (len(out) == 0 || out[len(out)-1] != d) {
			out = append(out, d)
		}
	}
	return out
}

var matrixPage = template.Must(template.New("matrix").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">{{.Marker}}
<title>{{.Tally}}</title>
<style>
body{font:14px system-ui,sans-serif;margin:2em}
table{border-collapse:collapse;margin-bottom:1.5em}
th,td{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}
th{background:#eee;position:sticky;top:0}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.MATCH{background:#dfd}td.DIVERGED,td.FAILED{background:#fdd;font-weight:bold}td.REFUSED,td.MISSING{background:#ffd;font-style:italic}
</style></head><body>
<h1>{{.Title}}</h1>
<p>{{.Tally}}</p>
{{if .Note}}<p>{{.Note}}</p>
{{end}}<table><thead><tr><th>case</th><th>run</th>{{range .Head}}<th>{{.}}</th>{{end}}</tr></thead><tbody>
{{range .Rows}}<tr><td title="{{.About}}">{{.Case}}</td><td title="{{.Words}}">{{.Run}}</td>{{range .Cells}}<td{{if .Class}} class="{{.Class}}"{{end}}>{{.Text}}</td>{{end}}</tr>
{{end}}</tbody></table>
{{if .Pixels}}<h2>Pixels traced</h2>
<table><thead><tr><th>case</th><th>run</th>{{range .PixelHead}}<th>{{.}}</th>{{end}}<th>traces</th></tr></thead><tbody>
{{range .Pixels}}<tr><td title="{{.About}}">{{.Case}}</td><td title="{{.Words}}">{{.Run}}</td>{{range .Cells}}<td{{if .Class}} class="{{.Class}}"{{end}}>{{.Text}}</td>{{end}}<td><a href="{{.Link}}">compared</a></td></tr>
{{end}}</tbody></table>
{{end}}</body></html>
`))

// pageCell is a cell of the page, and how it is shown.
type pageCell struct{ Text, Class string }

// pageCells marks verdicts and numbers.
func pageCells(cells []string) []pageCell {
	out := make([]pageCell, len(cells))
	for i, c := range cells {
		out[i].Text = visible.Text(c)
		switch c {
		case string(imagecmp.Match), string(imagecmp.Diverged), string(imagecmp.Refused), Failed, Missing:
			out[i].Class = c
		default:
			if _, err := strconv.ParseFloat(c, 64); err == nil {
				out[i].Class = "n"
			}
		}
	}
	return out
}

// matrixHTML is the page; to is the way from its folder to that of the results, which the
// links go.
func matrixHTML(rows []MatrixRow, to string) ([]byte, error) {
	type view struct {
		Case, Run, About, Words, Link string
		Cells                         []pageCell
	}
	var views, pixels []view
	shown, note := listed(rows)
	for _, r := range shown {
		v := view{visible.Text(r.Case), visible.Text(r.Run), visible.Text(r.Description), visible.Text(strings.Join(r.Args, " ")), "", pageCells(r.cells())}
		views = append(views, v)
		for j := range r.Pixels {
			v.Link, v.Cells = path.Join(to, r.Pixels[j].Compared), pageCells(r.Pixels[j].cells())
			pixels = append(pixels, v)
		}
	}
	var b bytes.Buffer
	err := matrixPage.Execute(&b, map[string]any{"Marker": template.HTML(report.HTMLMarker), "Title": matrixTitle, "Tally": tally(rows), "Note": note,
		"Head": matrixHead, "Rows": views, "PixelHead": pixelHead, "Pixels": pixels})
	return b.Bytes(), err
}
