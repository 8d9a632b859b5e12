package report

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
)

// HTMLMarker stands at the head of every page; see MarkdownMarker.
const HTMLMarker = `<meta name="generator" content="tracecmp">`

//go:embed html
var htmlFiles embed.FS

var pageTemplate = template.Must(template.ParseFS(htmlFiles, "html/page.html"))

// HTMLOptions say what a page can show beyond the report.
type HTMLOptions struct {
	// Excerpt returns lines of a log around a position: up to around lines
	// before it, the line itself and up to around lines behind, and the number
	// of the first. Nil, or an error, leaves a sentence in their place.
	Excerpt func(at trace.Pos, around int) (lines []string, first int, err error)
}

// HTML writes the report as one page that needs nothing else: no network, no
// other file, and no JavaScript, which only sorts and filters the table. The
// same report gives the same bytes.
func HTML(w io.Writer, r *parity.Report, opt HTMLOptions) error {
	p := pageOf(r, opt)
	var err error
	if p.Style, p.Script, err = assets(); err != nil {
		return err
	}
	return pageTemplate.Execute(w, p)
}

func assets() (template.CSS, template.JS, error) {
	style, err := htmlFiles.ReadFile("html/style.css")
	if err != nil {
		return "", "", err
	}
	script, err := htmlFiles.ReadFile("html/table.js")
	return template.CSS(style), template.JS(script), err
}

// page is what the template shows; all of it is text already.
type page struct {
	Style  template.CSS
	Script template.JS

	Headline, Rest string
	Verdict        parity.Verdict
	Reasons        []string
	CauseLines     []string
	Tiles          []tile
	MissingLine    string
	ToleranceLine  string
	Unparsed       int
	Sides          []sideView
	Summary        []string
	ByUnit         string
	SomeRows       string
	QuantityHead   []string
	Quantities     [][]string
	Residue        []string
	Waivers        []waiverView
	First          *firstView
	Roots          []rootView
	ShowCauses     bool
	Causes, Notes  []causeView
	Unexplained    []string
	RuledOut       []ruledOut
	Findings       []findingView
	Graph          *graphView
	Excerpts       []excerptView
	Growth         *growthView
	Phi            []phiView
	PhiKeys        []legendKey
	PhiLeft        string
	Rows           []rowView
	RowsLeft       string
	Compared       bool // some row is more than a record that only one log prints
	Problems       []problem
	Reproduce      []string
	ReproduceNote  string
}

type tile struct {
	N          int
	Name, Sign string
}

type sideView struct {
	Role, Path     string
	Lines, Records int
	Pixels         string
}

type rootView struct{ Line, Notes string }

type findingView struct{ Pos, What string }

type causeView struct {
	Head, Title, Checked, Share, How string
	Evidence                         []string
}

func pageOf(r *parity.Report, opt HTMLOptions) *page {
	c := r.Counts
	p := &page{
		Headline: printable(headline(r)), Verdict: r.Verdict, Reasons: texts(otherReasons(r)), Residue: texts(r.Residue),
		Tiles:       []tile{{c.Matched, "matched", ""}, {c.Diverged, "diverged", "+"}, {c.Missing, "missing", "+"}, {c.Waived, "waived", "+"}, {c.Total, "rows", "="}},
		MissingLine: missingLine(c), Unparsed: c.Unparsed, ToleranceLine: toleranceLine(r), Waivers: waiverViews(r),
		First: firstOf(r), Graph: graphOf(r), Reproduce: texts(r.Reproduce),
		ShowCauses: r.Verdict == parity.Diverged || len(r.Notes) > 0,
	}
	p.ByUnit, p.SomeRows = printable(upper(byUnit(r))), printable(someRows(r))
	p.Summary, p.QuantityHead = texts(summaryLines(r)), quantityHead
	for _, cells := range quantityCells(r, false) {
		p.Quantities = append(p.Quantities, texts(cells))
	}
	p.Rest = strings.TrimPrefix(p.Headline, string(r.Verdict))
	for _, x := range r.CausesByShare() {
		p.CauseLines = append(p.CauseLines, printable(causeLine(x)))
	}
	for i, in := range []parity.Input{r.Ref, r.Got} {
		p.Sides = append(p.Sides, sideView{[]string{"reference", "got"}[i], printable(in.Path), in.Lines, in.Records, pixels(&in)})
	}
	p.takeCauses(r)
	for _, f := range r.Findings {
		p.Findings = append(p.Findings, findingView{printable(f.Pos.String()), printable(f.What)})
	}
	p.Excerpts = excerptsOf(r, opt)
	p.Growth = growthOf(r)
	p.takePhi(r)
	p.takeRows(r)
	p.Compared = c.Total > c.Unpaired
	for i, x := range r.Problems {
		if i == maxRows {
			p.Problems = append(p.Problems, problem{Why: fmt.Sprintf("%d more are in metrics.json", len(r.Problems)-i)})
			break
		}
		p.Problems = append(p.Problems, problem{At: printable(x.Pos.String()), Why: printable(x.Why), Text: printable(x.Text)})
	}
	for _, x := range r.Reproduce {
		if strings.Contains(x, "--config CONFIG ") {
			p.ReproduceNote = "CONFIG stands for the configuration of the two runs, a preset or a file: a trace does not tell it."
		}
	}
	return p
}

func (p *page) takeCauses(r *parity.Report) {
	for i, c := range r.Causes {
		p.Causes = append(p.Causes, causeOf(fmt.Sprintf("%d. %s", i+1, c.ID), c))
	}
	for _, c := range r.Notes {
		p.Notes = append(p.Notes, causeOf("Note: "+c.ID, c))
	}
	for _, g := range r.RootGroups() {
		p.Roots = append(p.Roots, rootView{printable(groupLine(r, g)), printable(strings.Join(groupNotes(g), "; "))})
		if g.Unexplained() {
			p.Unexplained = append(p.Unexplained, printable(groupLine(r, g)+": "+groupNotes(g)[0]))
		}
	}
	for _, x := range r.RuledOut {
		p.RuledOut = append(p.RuledOut, ruledOut{printable(x.ID), printable(x.Why)})
	}
}

// texts makes a list fit for showing.
func texts(list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, printable(s))
	}
	return out
}
