package manual

import "strings"

// Man is the manual page of a program, section 1, with all of its commands, in roff.
// Further sections follow them.
func (p *Page) Man(version string, more ...Section) []byte {
	r := &roff{}
	r.macro("nh", "") // no word is divided
	r.macro("TH", `"`+strings.ToUpper(p.Name)+`" 1 "" "`+p.Name+" "+version+`" "User commands"`)
	r.macro("SH", "NAME")
	r.WriteString(escaped(p.Name) + ` \- ` + escaped(p.Usage) + "\n")
	r.macro("SH", "SYNOPSIS")
	r.synopsis(p)
	if p.Description != "" {
		r.macro("SH", "DESCRIPTION")
		r.paragraphs(p.Description)
	}
	if len(p.Flags) > 0 {
		r.macro("SH", "OPTIONS")
		r.options(p)
	}
	if len(p.Commands) > 0 {
		r.macro("SH", "COMMANDS")
		for _, c := range p.Commands {
			r.command(c)
		}
	}
	for _, s := range more {
		r.macro("SH", strings.ToUpper(s.Title))
		for _, g := range s.Groups() {
			r.macro("SS", escaped(g.Title))
			r.options(&Page{Flags: g.Flags})
		}
	}
	return []byte(r.String())
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

// roff is a page as the program man reads it.
type roff struct{ strings.Builder }

// macro writes the line of a macro, such as a heading.
func (r *roff) macro(name, words string) {
	r.WriteString(strings.TrimRight("."+name+" "+words, " ") + "\n")
}

// text writes lines of words.
func (r *roff) text(words string) {
	for line := range strings.Lines(words) {
		if line[0] == '.' || line[0] == '\'' {
			r.WriteString(`\&`) // else it would be a macro
		}
		r.WriteString(escaped(line))
	}
	r.WriteByte('\n')
}

// example writes lines that stay as they are.
func (r *roff) example(lines string) {
	r.macro("EX", "")
	r.text(strings.TrimRight(lines, "\n"))
	r.macro("EE", "")
}

// command writes the part on a command, and on those below it.
func (r *roff) command(p *Page) {
	r.macro("SS", escaped(p.Path()))
	r.text(sentence(p.Usage))
	r.macro("PP", "")
	r.synopsis(p)
	if p.Description != "" {
		r.macro("PP", "")
		r.paragraphs(p.Description)
	}
	r.options(p)
	for _, c := range p.Commands {
		r.command(c)
	}
}

// synopsis writes the command lines.
func (r *roff) synopsis(p *Page) {
	var b strings.Builder
	for _, line := range p.Synopsis {
		b.WriteString(wrapTo(width-10, line, "", "    "))
	}
	r.example(b.String())
}

// options lists the flags, but for those of help that every command has.
func (r *roff) options(p *Page) {
	for _, f := range p.Flags {
		if f.Names[0] == "help" && p.Path() != "" {
			continue
		}
		var names []string
		for _, n := range f.Names {
			names = append(names, `\fB`+escaped(spelt(n))+`\fP`)
		}
		r.macro("TP", "")
		r.WriteString(strings.Join(names, ", "))
		if f.Value != "" {
			r.WriteString(` \fI` + escaped(f.Value) + `\fP`)
		}
		r.WriteByte('\n')
		r.text(f.Usage)
	}
}

func (r *roff) paragraphs(text string) {
	for i, par := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if i > 0 {
			r.macro("PP", "")
		}
		if verbatim(par) {
			r.example(par)
		} else {
			r.text(strings.Join(strings.Fields(par), " "))
		}
	}
}

// escaped is a text that means nothing but itself within a line.
func escaped(text string) string { return strings.ReplaceAll(text, `\`, `\e`) }

// sentence begins with a capital letter and ends with a full stop.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
