package main

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/parity/report"
)

// The marks of a matrix's tables.
const (
	matrixMarker = "<!-- tracecmp matrix -->"
	matrixSchema = "simtrace/image-matrix/1"
)

func init() { markers = append(markers, matrixMarker, `"`+matrixSchema+`"`) }

func (m *matrix) tablePaths() []string {
	var out []string
	for _, n := range []string{"matrix.md", "matrix.json", "matrix.html"} {
		out = append(out, filepath.Join(m.out, n))
	}
	return out
}

// matrixHead names the columns behind the run.
var matrixHead = []string{"verdict", "correlation", "sum ratio", "largest difference", "RMSE", "pixels", "beyond tolerance", "smallest tolerance", "why"}

// cells are a row's, in the order of matrixHead.
func (r *matrixRow) cells() []string {
	n := func(v imagecmp.Number) string {
		if math.IsNaN(float64(v)) {
			return "-"
		}
		return strconv.FormatFloat(float64(v), 'g', 10, 64)
	}
	return []string{r.State, n(r.Correlation), n(r.SumRatio), n(r.MaxAbs), n(r.RMSE), strconv.Itoa(r.Compared), strconv.Itoa(r.Beyond), n(r.Smallest), strings.Join(r.Reasons, " ")}
}

// tally counts the states, in words.
func tally(rows []matrixRow) string {
	var out []string
	for _, s := range []string{string(imagecmp.Match), string(imagecmp.Diverged), string(imagecmp.Refused), matrixFailed, matrixMissing} {
		n := 0
		for _, r := range rows {
			if r.State == s {
				n++
			}
		}
		if n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, s))
		}
	}
	return fmt.Sprintf("%d configurations: %s", len(rows), strings.Join(out, ", "))
}

// matrixText is the table for a terminal: a line for each run.
func matrixText(rows []matrixRow) string {
	var b strings.Builder
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(&b, "%-8s %s/%s: %s\n", r.State, r.Case, r.Run, strings.Join(r.Reasons, " "))
	}
	fmt.Fprintf(&b, "%s\n", tally(rows))
	return b.String()
}

func matrixMarkdown(rows []matrixRow) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n# Images of many configurations\n\n%s.\n\n| case | run | %s |\n|---|---|%s\n", matrixMarker, tally(rows),
		strings.Join(matrixHead, " | "), strings.Repeat("---|", len(matrixHead)))
	for i := range rows {
		r := &rows[i]
		for _, c := range append([]string{"", r.Case, r.Run}, r.cells()...)[1:] {
			fmt.Fprintf(&b, "| %s ", imagecmp.Cell(c))
		}
		b.WriteString("|\n")
	}
	return b.Bytes()
}

var matrixPage = template.Must(template.New("matrix").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">{{.Marker}}
<title>{{.Tally}}</title>
<style>
body{font:14px system-ui,sans-serif;margin:2em}
table{border-collapse:collapse}
th,td{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}
td.MATCH{background:#dfd}td.DIVERGED,td.FAILED{background:#fdd;font-weight:bold}td.REFUSED,td.MISSING{background:#ffd;font-style:italic}
</style></head><body>
<h1>Images of many configurations</h1>
<p>{{.Tally}}</p>
<table><thead><tr><th>case</th><th>run</th>{{range .Head}}<th>{{.}}</th>{{end}}</tr></thead><tbody>
{{range .Rows}}<tr><td>{{.Case}}</td><td title="{{.Words}}">{{.Run}}</td>{{$state := .State}}{{range $i, $c := .Cells}}<td{{if eq $i 0}} class="{{$state}}"{{end}}>{{$c}}</td>{{end}}</tr>
{{end}}</tbody></table>
</body></html>
`))

func matrixHTML(rows []matrixRow) ([]byte, error) {
	type view struct {
		Case, Run, State, Words string
		Cells                   []string
	}
	var views []view
	for i := range rows {
		r := &rows[i]
		views = append(views, view{r.Case, r.Run, r.State, strings.Join(r.Args, " "), r.cells()})
	}
	var b bytes.Buffer
	err := matrixPage.Execute(&b, map[string]any{"Marker": template.HTML(report.HTMLMarker), "Tally": tally(rows), "Head": matrixHead, "Rows": views})
	return b.Bytes(), err
}

// write writes the three tables, all or none.
func (m *matrix) write(rows []matrixRow) error {
	page, err := matrixHTML(rows)
	var data bytes.Buffer
	err = errors.Join(err, imagecmp.Encode(&data, struct {
		Schema string      `json:"schema"`
		Tally  string      `json:"tally"`
		Rows   []matrixRow `json:"rows"`
	}{matrixSchema, tally(rows), rows}))
	if err != nil {
		return err
	}
	p := m.tablePaths()
	return place([]artifact{{p[0], matrixMarkdown(rows)}, {p[1], data.Bytes()}, {p[2], page}})
}
