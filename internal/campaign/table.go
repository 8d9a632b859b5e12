package campaign

import (
	"fmt"
	"math"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"simtrace/internal/doc"
	"simtrace/internal/outfile"
	"simtrace/pkg/parity/imagecmp"
)

// The marks of a matrix's tables.
const (
	matrixMarker = "<!-- tracecmp matrix -->"
	matrixSchema = "simtrace/matrix/2"
)

func init() { outfile.Mark(matrixMarker, `"`+matrixSchema+`"`, doc.HTMLMarker) }

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

// tally counts the states, in words.
func tally(rows []MatrixRow) string {
	n, traced := map[string]int{}, map[string]int{}
	for i := range rows {
		n[rows[i].State]++
		traced[rows[i].State] += len(rows[i].Pixels)
	}
	var out []string
	pixels := 0
	for _, s := range []string{string(imagecmp.Match), Explained, string(imagecmp.Diverged), string(imagecmp.Refused), Failed, Missing} {
		if n[s] > 0 {
			out = append(out, fmt.Sprintf("%d %s", n[s], s))
		}
		pixels += traced[s]
	}
	text := fmt.Sprintf("%s: %s", doc.Plural(len(rows), "configuration"), strings.Join(out, ", "))
	if pixels > 0 {
		text += "; " + doc.Plural(pixels, "pixel") + " traced"
	}
	return text
}

// mostListed is how many configurations the tables for people list.
const mostListed = 5000

// medium is where a table is shown: a terminal has no room for figures, a page has pictures.
type medium int

const (
	onTerminal medium = iota
	inMarkdown
	onPage
)

// link leads to a file in the folder of the results, or to the page beside it; to is the way
// from the table's folder to that one.
func (m medium) link(to, file, name string) doc.Text {
	if m == onPage {
		file = asPage(file)
	}
	return doc.To(path.Join(to, file), doc.Of(doc.Plain, name))
}

// matrixDocument is the table of all runs, failures first.
func matrixDocument(rows []MatrixRow, m medium, to string) *doc.Document {
	d := &doc.Document{Marker: matrixMarker, Title: doc.Prose(tally(rows)), Style: "#runs-table td:nth-child(3) { min-width: 13em }"}
	sorted := failuresFirst(rows, mostListed)
	d.Body = section("runs", "Runs", runsTable(sorted, m, to))
	if len(sorted) < len(rows) {
		d.Body = append(d.Body, doc.Paragraph{Text: doc.Prose(fmt.Sprintf("%d of %d configurations are listed, those that do not match before others. matrix.json has all.", len(sorted), len(rows)))})
	}
	if pixels := pixelsTable(sorted, m, to); len(pixels.Rows) > 0 {
		d.Body = append(d.Body, section("pixels-traced", "Pixels traced", pixels)...)
	}
	if list := described(rows); len(list) > 0 && m != onTerminal {
		d.Body = append(d.Body, section("cases", "Cases", doc.List{Items: list})...)
	}
	for _, r := range sorted {
		if rank(r.State) == 0 {
			d.Body = append(d.Body, section("next", "What next", doc.Paragraph{Text: doc.Prose("The first that differs, " + r.Label() + ", looked at closely:")},
				doc.Code{Copy: true, Lines: []doc.Line{{Text: r.Next}}})...)
			break
		}
	}
	return d
}

// ranks are the states, what needs attention first.
var ranks = []string{string(imagecmp.Diverged), Failed, Missing, string(imagecmp.Refused), Explained, string(imagecmp.Match)}

// rank is a state's place among them, -1 for none.
func rank(state string) int { return slices.Index(ranks, state) }

// failuresFirst is the beginning of the rows by rank, at most so many. It sorts nothing: of
// a million rows only the few that are listed are copied.
func failuresFirst(rows []MatrixRow, most int) []MatrixRow {
	byRank := make([][]MatrixRow, 1+len(ranks))
	for i := range rows {
		if b := &byRank[1+rank(rows[i].State)]; len(*b) < most {
			*b = append(*b, rows[i])
		}
	}
	sorted := slices.Concat(byRank...)
	return sorted[:min(most, len(sorted))]
}

func section(id, title string, blocks ...doc.Block) []doc.Block {
	return append([]doc.Block{doc.Heading{Level: 2, ID: id, Text: doc.Of(doc.Plain, title)}}, blocks...)
}

// figure shows so many digits at most; matrix.json has all.
func figure(v imagecmp.Number, digits int) doc.Text {
	if math.IsNaN(float64(v)) {
		return doc.Of(doc.Plain, "-")
	}
	return doc.Of(doc.Plain, strconv.FormatFloat(float64(v), 'g', digits, 64))
}

func count(n int) doc.Text { return doc.Of(doc.Plain, strconv.Itoa(n)) }

// stateText is a verdict in its colour.
func stateText(state string) doc.Text {
	switch state {
	case string(imagecmp.Match), Explained:
		return doc.Of(doc.Good, state)
	case string(imagecmp.Diverged), Failed:
		return doc.Of(doc.Bad, state)
	}
	return doc.Of(doc.Warn, state)
}

func runsTable(rows []MatrixRow, m medium, to string) doc.Table {
	t := doc.Table{ID: "runs-table", Sort: true, Columns: append(doc.Names("verdict", "run"), doc.Column{Name: doc.Of(doc.Plain, "why"), Wide: true})}
	t.Columns[1].Wide = true
	if m == onPage {
		t.Columns[1].Name = doc.Of(doc.Plain, "run; reference, port, difference")
	}
	if m != onTerminal {
		t.Columns = append(t.Columns, doc.Names("image", "beyond tolerance", "correlation", "sum ratio", "largest difference", "RMSE", "smallest tolerance", "traces")...)
		t.Filter = &doc.Filter{First: "all", Choices: []doc.Choice{{Name: "all", Text: "all"}, {Name: "bad", Text: "what is no match", Kinds: []string{string(imagecmp.Diverged), string(imagecmp.Refused), Failed, Missing}}}}
	}
	for i := range rows {
		r := &rows[i]
		run := doc.Of(doc.Plain, r.Label())
		if m == onPage {
			run = doc.Join(run, doc.Picture(r.thumb, "reference, port and their difference"))
		}
		cells := []doc.Text{stateText(r.State), run, doc.Prose(strings.Join(r.Reasons, " "))}
		if m != onTerminal {
			cells = append(cells, r.figures(m, to)...)
		}
		t.Rows = append(t.Rows, doc.Row{Kind: r.State, Cells: cells})
	}
	return t
}

// figures are the cells of the images' figures; of a log there are none.
func (r *MatrixRow) figures(m medium, to string) []doc.Text {
	none := doc.Of(doc.Plain, "-")
	traces := doc.Of(doc.Plain, r.Traced())
	switch {
	case r.Report != "":
		traces = m.link(to, r.Report, "settings")
		fallthrough
	case r.Compared == 0:
		return []doc.Text{none, none, none, none, none, none, none, traces}
	}
	beyond := doc.Of(doc.Plain, fmt.Sprintf("%d of %d", r.Beyond, r.Compared))
	return []doc.Text{stateText(r.Image), beyond, figure(r.Correlation, 6), figure(r.SumRatio, 6), figure(r.MaxAbs, 3), figure(r.RMSE, 3), figure(r.Smallest, 6), traces}
}

func pixelsTable(rows []MatrixRow, m medium, to string) doc.Table {
	t := doc.Table{Sort: true, Columns: doc.Names("verdict", "run", "pixel (slow fast)", "first divergence", "cause")}
	t.Columns[1].Wide, t.Columns[4].Wide = true, true
	if m != onTerminal {
		t.Columns = append(t.Columns, doc.Names("rows", "diverged", "lost", "reference traced by", "port traced by", "traces")...)
	}
	for i := range rows {
		for j := range rows[i].Pixels {
			r, p := &rows[i], &rows[i].Pixels[j]
			cells := []doc.Text{stateText(p.Verdict), doc.Of(doc.Plain, r.Label()), doc.Of(doc.Plain, fmt.Sprintf("%d %d", p.Slow, p.Fast)), doc.Lit(p.First), doc.Prose(p.Why())}
			if m != onTerminal {
				cells = append(cells, count(p.Rows), count(p.Diverged), count(p.Lost), doc.Prose(p.RefBy), doc.Prose(p.GotBy), m.link(to, p.Compared, "compared"))
			}
			t.Rows = append(t.Rows, doc.Cells(cells...))
		}
	}
	return t
}

// described lists the cases that say what they are for.
func described(rows []MatrixRow) []doc.Text {
	var out []doc.Text
	last := ""
	for i := range rows {
		if r := &rows[i]; r.Description != "" && r.Case != last {
			out = append(out, doc.Join(doc.Of(doc.Strong, r.Case), doc.Prose(": "+r.Description)))
			last = r.Case
		}
	}
	return out
}

// matrixSummary is matrix.json.
type matrixSummary struct {
	Schema string      `json:"schema"`
	Tally  string      `json:"tally"`
	Rows   []MatrixRow `json:"rows"`
}
