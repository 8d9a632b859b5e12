package manual

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"
)

// width is that of the help: what a terminal of 80 columns shows, and a copy of it in
// a mail.
const width = 79

// Install makes the library print help in this package's form.
func Install() {
	cli.HelpPrinter = func(w io.Writer, _ string, data any) {
		if p := pageOf(data); p != nil {
			_, _ = io.WriteString(w, p.Help()) // the commands check what they write
		}
	}
}

// Help is the page for a terminal: no line is longer than 79 characters but one that is
// a single word.
func (p *Page) Help() string {
	var b strings.Builder
	b.WriteString(wrap(p.Name+" - "+p.Usage, "", "  ") + "\nUsage:\n")
	for _, line := range p.Synopsis {
		b.WriteString(wrap(line, "  ", "      "))
	}
	if p.Description != "" {
		b.WriteString("\n" + reflow(p.Description))
	}
	if len(p.Commands) > 0 {
		b.WriteString("\nCommands:\n")
		var rows [][2]string
		for _, c := range p.Commands {
			rows = append(rows, [2]string{c.Name[len(p.Name)+1:], c.Usage})
		}
		b.WriteString(columns(rows))
	}
	if len(p.Flags) > 0 {
		b.WriteString("\nOptions:\n")
		var rows [][2]string
		for _, f := range p.Flags {
			rows = append(rows, [2]string{f.head(), f.Usage})
		}
		b.WriteString(columns(rows))
	}
	if len(p.Commands) > 0 {
		b.WriteString("\n" + wrap("\""+p.Name+" COMMAND -h\" tells of one command.", "", ""))
	}
	return b.String()
}

// head is a flag in all its spellings, with its value.
func (f Flag) head() string {
	var names []string
	for _, n := range f.Names {
		names = append(names, spelt(n))
	}
	head := strings.Join(names, ", ")
	if f.Value != "" {
		head += " " + f.Value
	}
	return head
}

// columns sets names beside what they mean. A name that is too long for its column has
// a line of its own.
func columns(rows [][2]string) string {
	const most = 22
	left := 0
	for _, r := range rows {
		if n := utf8.RuneCountInString(r[0]); n <= most {
			left = max(left, n)
		}
	}
	indent := strings.Repeat(" ", left+4)
	var b strings.Builder
	for _, r := range rows {
		first := indent
		if n := utf8.RuneCountInString(r[0]); n <= left {
			first = "  " + r[0] + strings.Repeat(" ", left-n+2)
		} else {
			b.WriteString("  " + r[0] + "\n")
		}
		b.WriteString(wrap(r[1], first, indent))
	}
	return b.String()
}

// reflow fills paragraphs anew. Lines that are indented stay as they are.
func reflow(text string) string {
	var b strings.Builder
	for i, par := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		if verbatim(par) {
			b.WriteString(par + "\n")
		} else {
			b.WriteString(wrap(par, "", ""))
		}
	}
	return b.String()
}

// verbatim reports whether a paragraph stays as it is: its lines are indented.
func verbatim(par string) bool { return strings.HasPrefix(par, "  ") }

// wrap fills lines with the words of a text; first and rest stand before them.
func wrap(text, first, rest string) string { return wrapTo(width, text, first, rest) }

func wrapTo(width int, text, first, rest string) string {
	var b strings.Builder
	line, empty := first, true
	for _, word := range strings.Fields(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			b.WriteString(line + "\n")
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	return b.String() + strings.TrimRight(line, " ") + "\n"
}
