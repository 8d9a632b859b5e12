package manual

import (
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
)

// Man is the manual page of a program, section 1, with all of its commands, in roff.
// Further sections follow them.
func (p *Page) Man(version string, more ...Section) []byte {
	var b strings.Builder
	b.WriteString("% \"" + strings.ToUpper(p.Name) + "\" 1 \"\" \"" + p.Name + " " + version + "\" \"User commands\"\n\n")
	b.WriteString("# NAME\n\n" + escaped(p.Name) + " - " + escaped(p.Usage) + "\n\n# SYNOPSIS\n\n")
	b.WriteString(p.lines())
	if p.Description != "" {
		b.WriteString("# DESCRIPTION\n\n" + paragraphs(p.Description))
	}
	if len(p.Flags) > 0 {
		b.WriteString("# OPTIONS\n\n" + p.options())
	}
	if len(p.Commands) > 0 {
		b.WriteString("# COMMANDS\n\n")
		for _, c := range p.Commands {
			c.command(&b)
		}
	}
	for _, s := range more {
		b.WriteString("# " + strings.ToUpper(s.Title) + "\n\n")
		for _, g := range s.Groups() {
			b.WriteString("### " + escaped(g.Title) + "\n\n" + (&Page{Flags: g.Flags}).options())
		}
	}
	return md2man.Render([]byte(b.String()))
}

// Section is a part of a manual page on flags that the library does not know. They are
// listed when the page is made, not at every start of the program.
type Section struct {
	Title  string
	Groups func() []Group
}

// Group is some of a section's flags; their names have their dash.
type Group struct {
	Title string
	Flags []Flag
}

// command writes the part on a command, and on those below it.
func (p *Page) command(b *strings.Builder) {
	b.WriteString("### " + escaped(p.Path()) + "\n\n" + escaped(sentence(p.Usage)) + "\n\n" + p.lines())
	if p.Description != "" {
		b.WriteString(paragraphs(p.Description))
	}
	b.WriteString(p.options())
	for _, c := range p.Commands {
		c.command(b)
	}
}

// lines are the command lines of the synopsis.
func (p *Page) lines() string {
	var b strings.Builder
	for _, line := range p.Synopsis {
		b.WriteString(wrapTo(width-10, line, "", "    "))
	}
	return verbatimText(b.String())
}

// options lists the flags, but for those of help that every command has.
func (p *Page) options() string {
	var b strings.Builder
	for _, f := range p.Flags {
		if f.Names[0] == "help" && p.Path() != "" {
			continue
		}
		var names []string
		for _, n := range f.Names {
			names = append(names, "**"+escaped(spelt(n))+"**")
		}
		b.WriteString(strings.Join(names, ", "))
		if f.Value != "" {
			b.WriteString(" *" + escaped(f.Value) + "*")
		}
		b.WriteString("\n: " + escaped(f.Usage) + "\n\n")
	}
	return b.String()
}

func paragraphs(text string) string {
	var b strings.Builder
	for _, par := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if verbatim(par) {
			b.WriteString(verbatimText(par))
		} else {
			b.WriteString(escaped(strings.Join(strings.Fields(par), " ")) + "\n\n")
		}
	}
	return b.String()
}

// verbatimText is a block of Markdown that is shown as it is.
func verbatimText(text string) string {
	return "```\n" + strings.TrimRight(text, "\n") + "\n```\n\n"
}

// escaped is a text in Markdown that means nothing but itself.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`, "|", `\|`, "~", `\~`).Replace(text)
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
