// Package manual makes what a command tells about itself from its one description,
// a cli.App: the help on the terminal, the manual page, the completion of three
// shells, and the "did you mean" of what was misspelt.
//
// A command calls Install once, takes UsageError as its OnUsageError, and adds
// Commands to its commands.
package manual

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// Page describes a command: what its help shows, and its commands.
type Page struct {
	Name        string // as typed, "tracecmp bisect settings"
	Usage       string // one line
	Synopsis    []string
	Description string // paragraphs; what is indented stays as it is
	Flags       []Flag
	Commands    []*Page
}

// Flag describes a flag.
type Flag struct {
	Names []string // without dashes
	Value string   // what stands for its value, "FILE"; "" for a switch
	Usage string
}

// Path is the page's name without the program's: "bisect settings", "" for the program.
func (p *Page) Path() string {
	_, path, _ := strings.Cut(p.Name, " ")
	return path
}

// spelt is the name of a flag with its dashes, where it has none yet.
func spelt(name string) string {
	switch {
	case strings.HasPrefix(name, "-"):
		return name
	case len(name) == 1:
		return "-" + name
	}
	return "--" + name
}

// pageOf describes what the library prints help of: an App or a Command.
func pageOf(data any) *Page {
	switch d := data.(type) {
	case *cli.App:
		p := &Page{Name: d.Name, Usage: d.Usage, Synopsis: synopsis(d.UsageText, d.Name), Description: d.Description, Flags: flagsOf(d.Flags)}
		p.add(d.Commands)
		return p
	case *cli.Command:
		p := &Page{Name: d.HelpName, Usage: d.Usage, Synopsis: synopsis(d.UsageText, d.HelpName), Description: d.Description, Flags: flagsOf(d.Flags)}
		if d.HelpName == "" {
			p.Name = d.Name
		}
		p.add(d.Subcommands)
		return p
	}
	return nil
}

func (p *Page) add(commands []*cli.Command) {
	for _, c := range commands {
		if c.Hidden || p.Path() != "" && c.HasName("help") { // the library adds one to each
			continue
		}
		sub := pageOf(c)
		sub.Name = p.Name + " " + c.Name
		p.Commands = append(p.Commands, sub)
	}
}

func synopsis(text, name string) []string {
	if text == "" {
		return []string{name + " [options]"}
	}
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

func flagsOf(flags []cli.Flag) []Flag {
	var list []Flag
	for _, f := range flags {
		d, ok := f.(cli.DocGenerationFlag)
		if v, can := f.(cli.VisibleFlag); !ok || can && !v.IsVisible() {
			continue
		}
		entry := Flag{Names: f.Names()}
		entry.Value, entry.Usage = placeholder(d.GetUsage())
		if d.TakesValue() && entry.Value == "" {
			entry.Value = kind(f)
		}
		if text := defaultText(d); text != "" && !strings.Contains(entry.Usage, "(default: ") {
			entry.Usage += " (default: " + text + ")"
		}
		if _, many := f.(cli.DocGenerationSliceFlag); many && !strings.Contains(entry.Usage, "repeatable") {
			entry.Usage += " (repeatable)"
		}
		list = append(list, entry)
	}
	return list
}

// placeholder takes the word in backquotes for the flag's value, as the library does.
func placeholder(usage string) (value, text string) {
	before, rest, ok := strings.Cut(usage, "`")
	value, after, closed := strings.Cut(rest, "`")
	if !ok || !closed {
		return "", usage
	}
	return value, before + value + after
}

// kind names the value of a flag that has no name for it.
func kind(f cli.Flag) string {
	switch f.(type) {
	case *cli.IntFlag, *cli.Uint64Flag, *cli.Int64Flag, *cli.UintFlag:
		return "N"
	case *cli.Float64Flag:
		return "NUMBER"
	case *cli.DurationFlag:
		return "TIME"
	}
	return "VALUE"
}

// defaultText is the value that a flag has by itself, where that says something.
func defaultText(d cli.DocGenerationFlag) string {
	text := strings.Trim(d.GetDefaultText(), `"`)
	switch text {
	case "false", "0", "[]":
		return ""
	}
	return text
}

// Tree describes the whole program. Commands that read their flags themselves are
// asked for their help, which a program of their own answers.
func Tree(app *cli.App) *Page {
	root := pageOf(app)
	fill(app, root, app.Commands, nil)
	return root
}

// fill completes the pages below p of commands that read their flags themselves: commands
// are p's, path the words that lead to them.
func fill(app *cli.App, p *Page, commands []*cli.Command, path []string) {
	for i, sub := range p.Commands {
		name := sub.Name[len(p.Name)+1:]
		at := append(slices.Clone(path), name)
		for _, c := range commands {
			switch {
			case c.Name != name:
			case c.SkipFlagParsing:
				p.Commands[i] = asked(app, sub, at)
			default:
				fill(app, sub, c.Subcommands, at)
			}
		}
	}
}

// asked is the page that a command shows of itself, with those of its commands.
func asked(app *cli.App, p *Page, path []string) *Page {
	page := helpOf(app, path)
	if page == nil {
		return p
	}
	for i, sub := range page.Commands {
		deeper := helpOf(app, append(slices.Clone(path), sub.Name[len(page.Name)+1:]))
		if deeper != nil && deeper.Name == sub.Name {
			page.Commands[i] = deeper
		}
	}
	return page
}

// helpOf is the page that is shown for "ARGS… --help"; nil where none is.
func helpOf(app *cli.App, args []string) (page *Page) {
	printed := cli.HelpPrinter
	defer func() { cli.HelpPrinter = printed }()
	cli.HelpPrinter = func(_ io.Writer, _ string, data any) { page = pageOf(data) }
	words := append([]string{app.Name}, args...)
	_ = app.RunContext(context.Background(), append(words, "--help")) // a page, or none
	return page
}
