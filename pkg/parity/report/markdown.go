package report

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
)

// MarkdownMarker is how every summary begins; it tells a summary written by
// this package from somebody else's file.
const MarkdownMarker = "<!-- tracecmp summary -->"

// maxRows bounds the full table of a summary. What is left out is said, and
// metrics.json has it.
const maxRows = 2000

// maxTables bounds the phi tables of a summary, one a pixel; beyond, only
// those that differ are shown.
const maxTables = 12

// MarkdownOptions say what stands beside the summary.
type MarkdownOptions struct {
	Picture string // file name of the picture of the phi scan; "" for none
	Growth  string // file name of the picture of how differences grow
}

// Markdown writes the report for people: the verdict first, then where the
// logs part and why, then everything else.
func Markdown(w io.Writer, r *parity.Report, opt MarkdownOptions) error {
	m := md{Writer: bufio.NewWriter(w), r: r}
	m.line("%s", MarkdownMarker)
	m.line("# %s", esc(headline(r)))
	m.line("")
	m.verdict()
	m.summary()
	m.waivers()
	m.first()
	m.growth(opt.Growth)
	m.causes()
	m.findings()
	m.phi(opt.Picture)
	m.table()
	m.missing()
	m.counts()
	m.problems()
	m.residue()
	m.reproduce()
	return m.Flush()
}

type md struct {
	*bufio.Writer
	r *parity.Report
}

func (m md) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

// row writes a table row of cells that are Markdown already.
func (m md) row(cells ...string) { m.line("| %s |", strings.Join(cells, " | ")) }

func (m md) head(names ...string) {
	m.row(names...)
	rule := make([]string, len(names))
	for i := range rule {
		rule[i] = "---"
	}
	m.row(rule...)
}

func (m md) verdict() {
	for _, reason := range otherReasons(m.r) {
		m.line("- %s", esc(reason))
	}
	m.line("- %s", esc(countsLine(m.r.Counts)))
	for _, c := range m.r.CausesByShare() {
		m.line("- cause: %s", esc(causeLine(c)))
	}
	m.line("")
	m.head("side", "log", "lines", "records", "pixel (slow fast)")
	for _, s := range []struct {
		role string
		in   parity.Input
	}{{"reference", m.r.Ref}, {"got", m.r.Got}} {
		m.row(s.role, code(s.in.Path), fmt.Sprint(s.in.Lines), fmt.Sprint(s.in.Records), pixels(&s.in))
	}
	m.line("")
}

func pixels(in *parity.Input) string {
	if len(in.Pixels) == 0 {
		return "not named"
	}
	s := fmt.Sprintf("%d %d", in.Pixels[0].Slow, in.Pixels[0].Fast)
	if n := in.NumPixels(); n > 1 {
		s += fmt.Sprintf(" and %d more", n-1)
	}
	return s
}

// summary says what is not listed row by row, and adds it up.
func (m md) summary() {
	lines := summaryLines(m.r)
	if len(lines) == 0 {
		return
	}
	m.line("## %s", esc(upper(byUnit(m.r))))
	m.line("")
	for _, s := range lines {
		m.line("- %s", esc(s))
	}
	m.line("")
	m.head(quantityHead...)
	for _, cells := range quantityCells(m.r, false) {
		for i := range cells {
			cells[i] = esc(cells[i])
		}
		m.row(cells...)
	}
	m.line("")
}

func (m md) waivers() {
	if len(m.r.Waivers) == 0 {
		return
	}
	m.line("## Waivers")
	m.line("")
	m.head("waiver", "state", "where", "expected", "expires", "reason")
	for _, v := range waiverViews(m.r) {
		m.row(code(v.ID), "**"+esc(v.State)+"**, "+esc(v.Note), esc(v.Where), esc(v.Band), v.Expires, esc(v.Reason))
	}
	m.line("")
}

func (m md) first() {
	row := m.r.FirstRow()
	if row == nil {
		return
	}
	m.line("## First divergence")
	m.line("")
	m.line("%s%s, in causal order.", code(m.r.Label(row)), atStep(row))
	m.line("")
	m.head("side", "where", "value")
	ref, got := values(row)
	if row.Component != "" && row.Diverged() {
		ref, got = row.Component+" = "+ref, row.Component+" = "+got
	}
	m.row("reference", code(where(row.Ref)), code(ref))
	m.row("got", code(where(row.Got)), code(got))
	m.line("")
	if row.Diverged() {
		m.line("Difference %s, relative %s: **%s**.", signed(row.Abs), number(row.Rel), row.Status)
	} else {
		m.line("**%s**: %s.", esc(status(row)), esc(row.Note))
	}
	m.line("")
	m.roots()
}

func (m md) roots() {
	if len(m.r.Roots) == 0 {
		return
	}
	m.line("Roots, the divergences that follow from no other:")
	m.line("")
	for _, g := range m.r.RootGroups() {
		m.line("- %s: %s", esc(groupLine(m.r, g)), esc(strings.Join(groupNotes(g), "; ")))
	}
	m.line("")
}

// growth says how the differences grow along the index that counts time.
func (m md) growth(picture string) {
	g := m.r.Growth
	if g == nil {
		return
	}
	m.line("## Along %s", esc(g.Index))
	m.line("")
	m.line("%s.", esc(upper(g.Text)))
	m.line("")
	if picture != "" {
		m.line("![size of the differences against %s](%s)", esc(g.Index), strings.ReplaceAll(picture, " ", "%%20"))
		m.line("")
	}
}

func (m md) causes() {
	if m.r.Verdict != parity.Diverged && len(m.r.Notes) == 0 {
		return
	}
	m.line("## Causes")
	m.line("")
	for i, c := range m.r.Causes {
		m.line("### %d. %s", i+1, esc(c.ID))
		m.cause(c)
	}
	if len(m.r.Causes) == 0 {
		m.line("No known cause.")
		m.line("")
	}
	m.unexplained()
	for _, c := range m.r.Notes {
		m.line("### Note: %s", esc(c.ID))
		m.cause(c)
	}
	if n := len(m.r.RuledOut); n > 0 {
		m.line("<details><summary>Ruled out: %d causes, and why</summary>", n)
		m.line("")
		for _, x := range m.r.RuledOut {
			m.line("- %s: %s", esc(x.ID), esc(x.Why))
		}
		m.line("")
		m.line("</details>")
		m.line("")
	}
}

func (m md) cause(c explain.Cause) {
	m.line("")
	line := fmt.Sprintf("**%s.**", esc(upper(c.Title)))
	if n := checked(c); n != "" {
		line += " " + upper(n) + "."
	}
	m.line("%s", line)
	m.line("")
	if c.Share != nil {
		kind := "Share"
		if c.Share.Rest {
			kind = "Share, as what is left"
		}
		m.line("%s: **%s**. %s.", kind, esc(share(c.Share)), esc(upper(c.Share.How)))
		m.line("")
	}
	for _, e := range evidence(c) {
		m.line("- %s", esc(e))
	}
	m.line("")
}

func (m md) unexplained() {
	var lines []string
	for _, g := range m.r.RootGroups() {
		if !g.Unexplained() {
			continue
		}
		what := "no known cause"
		if g.First().Partly {
			what = "explained in part only"
		}
		lines = append(lines, fmt.Sprintf("- %s: %s", esc(groupLine(m.r, g)), what))
	}
	if len(lines) > 0 {
		m.line("Not explained:\n")
		m.line("%s\n", strings.Join(lines, "\n"))
	}
}

func (m md) findings() {
	if len(m.r.Findings) == 0 {
		return
	}
	m.line("## Findings")
	m.line("")
	for _, f := range m.r.Findings {
		m.line("- %s — %s", code(f.Pos.String()), esc(f.What))
	}
	m.line("")
}

func (m md) phi(picture string) {
	if len(m.r.Phi) == 0 {
		return
	}
	m.line("## Phi steps")
	m.line("")
	if picture != "" {
		m.line("![k_frac, F_latt_b and F_latt against phi, both sides](%s)", strings.ReplaceAll(picture, " ", "%20"))
		m.line("")
	}
	shown := 0
	for _, t := range m.r.Phi {
		if len(m.r.Phi) > maxTables && (!t.Differs() || shown == maxTables) {
			continue
		}
		shown++
		if len(m.r.Phi) > 1 {
			m.line("Pixel %d %d (slow fast):", t.Pixel.Slow, t.Pixel.Fast)
			m.line("")
		}
		m.phiTable(t)
	}
	if left := len(m.r.Phi) - shown; left > 0 {
		m.line("The tables of %d more pixels are in metrics.json.", left)
		m.line("")
	}
}

func (m md) phiTable(t parity.PhiTable) {
	for _, p := range t.Pattern {
		m.line("- %s", esc(p))
	}
	if len(t.Pattern) > 0 {
		m.line("")
	}
	m.head("step", "phi (deg)", "k_frac ref", "k_frac got", "difference", "F_latt_b ref", "F_latt_b got", "F_latt ref", "F_latt got")
	block := false
	for _, row := range t.Rows {
		mark := ""
		if row.Ref.Block || row.Got.Block {
			mark, block = " (a)", true
		}
		m.row(fmt.Sprintf("%d%s", row.Tic, mark), degrees(row.Deg), cell(row.Ref.KText), cell(row.Got.KText), signed(row.Delta),
			cell(row.Ref.FBText), cell(row.Got.FBText), cell(row.Ref.FText), cell(row.Got.FText))
	}
	m.line("")
	if t.Samples > 1 {
		m.line("The pixel has %d subpixels; these are the rows of the first. The others are in the table of all rows.", t.Samples)
		m.line("")
	}
	if block {
		m.line("(a) One log prints no phi rows; these are its numbers of the pixel block, which is of the first step.")
		m.line("")
	}
}

func degrees(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return fmt.Sprintf("%.6g", v)
}

func cell(s string) string {
	if s == "" {
		return "-"
	}
	return code(s)
}

// table lists every row that was compared, and every lost record.
func (m md) table() {
	if m.r.Summary != nil {
		m.line("## %s", esc(someRows(m.r)))
	} else {
		m.line("## All rows compared")
	}
	m.line("")
	m.line("In causal order. Of a vector, the component that differs most; a relative difference is of the larger magnitude.")
	m.line("")
	m.head("quantity", "reference", "got", "difference", "relative", "status", "where")
	n, left := 0, 0
	for i := range m.r.Rows {
		row := &m.r.Rows[i]
		if row.Gap == diff.Unpaired {
			continue
		}
		if n++; n > maxRows {
			left++
			continue
		}
		ref, got := values(row)
		s := status(row)
		if row.Status != diff.Pass {
			s = "**" + s + "**"
		}
		if note := remark(row); note != "" && row.Status != diff.Missing {
			s += ", " + esc(note)
		}
		m.row(code(component(m.r, row)), cell(ref), cell(got), signed(row.Abs), number(row.Rel), s,
			code(where(row.Ref))+" "+code(where(row.Got)))
	}
	m.line("")
	if left > 0 {
		m.line("%d more rows are in metrics.json.", left)
		m.line("")
	}
}

// missing lists what only one log prints, folded away.
func (m md) missing() {
	if m.r.Counts.Unpaired == 0 {
		return
	}
	m.line("<details><summary>%d records that only one log prints</summary>", m.r.Counts.Unpaired)
	m.line("")
	if m.r.Summary != nil {
		m.line("These are of the setup and of the pixels that are listed; the table by quantity has the others.")
		m.line("")
	}
	m.head("record", "where", "why")
	n := 0
	for i := range m.r.Rows {
		row := &m.r.Rows[i]
		if row.Gap != diff.Unpaired {
			continue
		}
		if n++; n > maxRows {
			continue
		}
		rec := row.Ref
		if rec == nil {
			rec = row.Got
		}
		m.row(code(m.r.Label(row)), code(where(rec)), esc(row.Note))
	}
	m.line("")
	if n > maxRows {
		m.line("%d more records are in metrics.json.", n-maxRows)
		m.line("")
	}
	m.line("</details>")
	m.line("")
}

func (m md) counts() {
	c := m.r.Counts
	m.line("## Counts")
	m.line("")
	m.head("matched", "diverged", "missing", "waived", "total", "unparsed lines")
	m.row(fmt.Sprint(c.Matched), fmt.Sprint(c.Diverged), fmt.Sprint(c.Missing), fmt.Sprint(c.Waived), fmt.Sprint(c.Total), fmt.Sprint(c.Unparsed))
	m.line("")
	m.line("Missing are %s. %s", esc(missingLine(c)), esc(toleranceLine(m.r)))
	m.line("")
}

func (m md) problems() {
	if len(m.r.Problems) == 0 {
		return
	}
	m.line("## Problems in the logs")
	m.line("")
	for i, p := range m.r.Problems {
		if i == maxRows {
			m.line("- %d more", len(m.r.Problems)-i)
			break
		}
		m.line("- %s — %s: %s", code(p.Pos.String()), esc(p.Why), code(p.Text))
	}
	m.line("")
}

func (m md) residue() {
	if len(m.r.Residue) == 0 {
		return
	}
	m.line("## The runs are set differently")
	m.line("")
	for _, s := range m.r.Residue {
		m.line("- %s", esc(s))
	}
	m.line("")
}

func (m md) reproduce() {
	m.line("## How to reproduce")
	m.line("")
	for _, c := range m.r.Reproduce {
		m.line("    %s", strings.ReplaceAll(c, "\n", " "))
	}
	m.line("")
	for _, c := range m.r.Reproduce {
		if strings.Contains(c, "--config CONFIG ") {
			m.line("CONFIG stands for the configuration of the two runs, a preset or a file: a trace does not tell it.")
			return
		}
	}
}
