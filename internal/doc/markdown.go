package doc

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"strings"
)

// Markdown writes the document as GitHub's Markdown.
func Markdown(w io.Writer, d *Document) error {
	m := markdown{bufio.NewWriter(w)}
	if d.Marker != "" {
		m.line(d.Marker)
	}
	m.line("# " + inline(d.Title))
	m.line("")
	m.blocks(d.Lead)
	m.blocks(d.Body)
	return m.Flush()
}

type markdown struct{ *bufio.Writer }

func (m markdown) line(s string) { m.WriteString(s + "\n") }

func (m markdown) blocks(list []Block) {
	for _, b := range list {
		m.write(b)
	}
}

func (m markdown) write(b Block) {
	switch b := b.(type) {
	case Heading:
		m.line(strings.Repeat("#", b.Level) + " " + inline(b.Text) + "\n")
	case Paragraph:
		m.line(inline(b.Text) + "\n")
	case List:
		for _, t := range b.Items {
			m.line("- " + inline(t))
		}
		m.line("")
	case Tally:
		m.line(b.String() + "\n")
	case Table:
		m.table(b)
	case Figure:
		if b.File != "" {
			m.line(fmt.Sprintf("![%s](%s)\n", inline(Prose(b.Alt)), target(b.File)))
		}
	case Code:
		m.code(b)
	case Fold:
		m.line("<details><summary>" + html.EscapeString(OneLine(b.Summary.String())) + "</summary>\n")
		m.blocks(b.Blocks)
		m.line("</details>\n")
	case Card:
		m.blocks(b.Blocks)
	case Columns:
		m.blocks(b.Main)
		m.blocks(b.Side)
	}
}

func (m markdown) table(t Table) {
	row := func(cells []Text) {
		out := make([]string, len(cells))
		for i, c := range cells {
			out[i] = strings.ReplaceAll(inline(c), "|", `\|`)
		}
		m.line("| " + strings.Join(out, " | ") + " |")
	}
	head := make([]Text, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Name
	}
	row(head)
	m.line("|" + strings.Repeat(" --- |", len(head)))
	for _, r := range t.Rows {
		row(r.Cells)
	}
	m.line("")
}

// code is indented: whatever stands in it, it ends where it should.
func (m markdown) code(c Code) {
	for _, l := range c.Lines {
		m.line("    " + OneLine(l.Text))
	}
	m.line("")
}

// inline writes text within a line.
func inline(t Text) string {
	var b strings.Builder
	for i := 0; i < len(t); i++ {
		x := t[i]
		// Digits that differ are a part of their number, which is one span.
		for i+1 < len(t) && isNumber(x.Style) && isNumber(t[i+1].Style) && t[i+1].Style == Differ {
			i++
			x.Text += t[i].Text
		}
		b.WriteString(linked(x, spanned(x)))
	}
	return b.String()
}

func isNumber(s Style) bool { return s == Mono || s == Differ }

func spanned(x Span) string {
	switch x.Style {
	case Mono, Differ:
		return codeSpan(x.Text)
	case Strong, Bad:
		return "**" + safe(x.Text) + "**"
	}
	return safe(x.Text)
}

func linked(x Span, text string) string {
	if x.Link == "" || strings.HasPrefix(x.Link, "#") || !safeLink(x.Link) {
		return text // headings alone have an anchor in Markdown
	}
	return "[" + text + "](" + target(x.Link) + ")"
}

// target is a link's; blanks and brackets would end it.
func target(s string) string {
	return inLink.Replace(OneLine(s))
}

// safe writes plain words. Builders put what holds markup into code; what is left
// becomes an entity, which reads better than a backslash where the file is looked at
// as it stands.
func safe(s string) string {
	return inText.Replace(OneLine(s))
}

// codeSpan sets text as code, also where it holds backticks.
func codeSpan(s string) string {
	s = OneLine(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

// String is the tally as a sum.
func (t Tally) String() string {
	s := ""
	for i, c := range t.Parts {
		switch {
		case i == len(t.Parts)-1:
			s += " = "
		case i > 0:
			s += " + "
		}
		s += fmt.Sprintf("%d %s", c.N, c.noun())
	}
	return s
}

// What would be read as a mark, in the target of a link and in text.
var (
	inLink = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "`", "%60")
	inText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "*", "&#42;", "_", "&#95;", "`", "&#96;", "[", "&#91;", "]", "&#93;", "\\", "&#92;", "~", "&#126;")
)
