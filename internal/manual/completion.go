package manual

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Vocabulary is what a command line can hold besides names of commands and flags. Each
// function may be nil. Commands are named by their path, "bisect settings"; "" is the
// program itself.
type Vocabulary struct {
	// Values lists what a flag of a command takes; nil for files and the like. Words
	// like "name=value" are completed in two steps.
	Values func(command, flag string) []string
	// Args lists what a command takes as an argument; nil for files.
	Args func(command string) []string
	// OrFile names flags that take a file as well as one of the words.
	OrFile []string
	// More lists flags that the library does not know, with their dash.
	More func(command string) []Word
}

// Word is a flag with what it means.
type Word struct{ Text, Help string }

// Shells are those that have completion.
var Shells = []string{"bash", "zsh", "fish"}

// Completion writes the completion of a program for a shell.
func (p *Page) Completion(w io.Writer, shell string, v Vocabulary) error {
	args := v.Args
	v.Args = func(command string) []string {
		switch {
		case command == "completion":
			return Shells
		case command == "help":
			return p.commandNames()
		case args != nil:
			return args(command)
		}
		return nil
	}
	var text string
	switch shell {
	case "bash":
		text = p.bash(v)
	case "zsh":
		text = p.zsh(v)
	case "fish":
		text = p.fish(v)
	default:
		return fmt.Errorf("no completion for %q (known: %s)", shell, strings.Join(Shells, ", "))
	}
	_, err := io.WriteString(w, text)
	return err
}

// all lists the page and all below it.
func (p *Page) all() []*Page {
	list := []*Page{p}
	for _, c := range p.Commands {
		list = append(list, c.all()...)
	}
	return list
}

func (p *Page) commandNames() []string {
	var names []string
	for _, c := range p.Commands {
		names = append(names, c.Name[len(p.Name)+1:])
	}
	return names
}

func (v Vocabulary) values(p *Page, f Flag) []string {
	if v.Values == nil || f.Value == "" {
		return nil
	}
	for _, n := range f.Names {
		if words := v.Values(p.Path(), n); words != nil {
			return words
		}
	}
	return nil
}

// args are the words that are no flags: commands, and what a command takes.
func (v Vocabulary) args(p *Page) []string {
	return append(p.commandNames(), v.Args(p.Path())...)
}

func (v Vocabulary) more(p *Page) []Word {
	if v.More == nil {
		return nil
	}
	return v.More(p.Path())
}

// flags lists all spellings of a page's flags.
func (v Vocabulary) flags(p *Page) []string {
	var words []string
	for _, f := range p.Flags {
		for _, n := range f.Names {
			words = append(words, spelt(n))
		}
	}
	for _, m := range v.more(p) {
		words = append(words, m.Text)
	}
	return words
}

// settings tells words like "name=value" apart: the names with their sign, and the values
// of each.
func settings(words []string) (names []string, values map[string][]string) {
	values = map[string][]string{}
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			return words, nil
		}
		if !slices.Contains(names, name+"=") {
			names = append(names, name+"=")
		}
		values[name] = append(values[name], value)
	}
	return names, values
}

// quote quotes a list of words for bash and zsh.
func quote(words []string) string {
	return "'" + strings.ReplaceAll(strings.Join(words, " "), "'", `'\''`) + "'"
}

// selectCommand is the part of the script that finds the command of the line in hand:
// at is its path. Word is the shell's name of the n-th word, and here of the number of
// the word that is completed.
func (p *Page) selectCommand(word func(n int) string, here string) string {
	var b strings.Builder
	b.WriteString("    at=\n")
	for depth, pages := 1, p.Commands; len(pages) > 0; depth++ {
		var next []*Page
		fmt.Fprintf(&b, "    if [ %s -gt %d ]; then case \"${at:+$at }%s\" in\n        ", here, depth, word(depth))
		var paths []string
		for _, c := range pages {
			paths = append(paths, "'"+c.Path()+"'")
			next = append(next, c.Commands...)
		}
		fmt.Fprintf(&b, "%s) at=\"${at:+$at }%s\" ;;\n    esac; fi\n", strings.Join(paths, "|"), word(depth))
		pages = next
	}
	return b.String()
}

// cases is the part of the script that chooses words by command and by what stands
// before the word in hand. Where two is set, "name=value" is completed in two steps.
func (p *Page) cases(v Vocabulary, two bool) string {
	var b strings.Builder
	b.WriteString("    case $at in\n")
	for _, page := range p.all() {
		fmt.Fprintf(&b, "    '%s')\n        case $prev in\n", page.Path())
		var files []string // flags whose values are no words of ours
		for _, f := range page.Flags {
			if f.Value == "" {
				continue
			}
			var spellings []string
			for _, n := range f.Names {
				spellings = append(spellings, spelt(n), spelt(n)+"=")
			}
			words, more := v.values(page, f), map[string][]string(nil)
			if two {
				words, more = settings(words)
			}
			if words == nil {
				files = append(files, spellings...)
				continue
			}
			fmt.Fprintf(&b, "        %s) list=%s ;;\n", strings.Join(spellings, "|"), quote(words))
			for _, name := range words {
				if values := more[strings.TrimSuffix(name, "=")]; values != nil {
					fmt.Fprintf(&b, "        %s) list=%s ;;\n", name, quote(values))
				}
			}
		}
		if files != nil {
			fmt.Fprintf(&b, "        %s) files=1 ;;\n", strings.Join(files, "|"))
		}
		fmt.Fprintf(&b, "        *) case $cur in -*) list=%s ;; *) list=%s ;; esac ;;\n        esac ;;\n", quote(v.flags(page)), quote(v.args(page)))
	}
	b.WriteString("    esac\n")
	return b.String()
}

// bash is the script for bash. It cuts "--flag=value" and "name=value" at the sign.
func (p *Page) bash(v Vocabulary) string {
	word := func(n int) string { return fmt.Sprintf("${COMP_WORDS[%d]}", n) }
	return fmt.Sprintf(`# bash completion of %[1]s
_%[1]s() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at list= files= head=
    if [ "$cur" = = ]; then prev=$prev=; cur=; elif [ "$prev" = = ]; then prev=${COMP_WORDS[COMP_CWORD-2]}=; fi
%[2]s%[3]s    COMPREPLY=()
    if [ -n "$files" ]; then return; fi
    case $cur in *,*) head=${cur%%,*}, ;; esac
    COMPREPLY=($(compgen -P "$head" -W "$list" -- "${cur##*,}"))
    case $COMPREPLY in *=) if type compopt >/dev/null 2>&1; then compopt -o nospace; fi ;; esac
}
complete -o default -F _%[1]s %[1]s
`, p.Name, p.selectCommand(word, "$COMP_CWORD"), p.cases(v, true))
}

// zsh is the script for zsh: to be sourced, or to lie as _NAME in a folder of $fpath.
func (p *Page) zsh(v Vocabulary) string {
	word := func(n int) string { return fmt.Sprintf("${words[%d]}", n+1) }
	return fmt.Sprintf(`#compdef %[1]s
# zsh completion of %[1]s
_%[1]s() {
    local cur=${words[CURRENT]} prev=${words[CURRENT-1]} at list= files=
    case $cur in --*=*) prev=${cur%%%%=*}; compset -P '*=' ;; esac
%[2]s%[3]s    if [ -n "$list" ] && [ -z "$files" ]; then
        compset -P '*,'
        compadd -- ${=list} && return
    fi
    _files
}
if [ "${funcstack[1]}" = _%[1]s ]; then _%[1]s "$@"; elif (( $+functions[compdef] )); then compdef _%[1]s %[1]s; fi
`, p.Name, p.selectCommand(word, "$((CURRENT-1))"), p.cases(v, false))
}

// fish has a declaration for every word.
func (p *Page) fish(v Vocabulary) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# fish completion of %s\n", p.Name)
	for _, page := range p.all() {
		when, noFiles := page.fishCondition(), " -f"
		if page == p {
			noFiles = "" // a program may take files without a command
		}
		for _, c := range page.Commands {
			fmt.Fprintf(&b, "complete -c %s -n %s%s -a %s -d %s\n", p.Name, fishQuote(when), noFiles, c.Name[len(page.Name)+1:], fishQuote(c.Usage))
		}
		if args := v.args(page)[len(page.Commands):]; len(args) > 0 {
			fmt.Fprintf(&b, "complete -c %s -n %s -f -a %s\n", p.Name, fishQuote(when), fishQuote(strings.Join(args, " ")))
		}
		for _, f := range page.Flags {
			fmt.Fprintf(&b, "complete -c %s -n %s%s -d %s\n", p.Name, fishQuote(when), v.fishFlag(f, v.values(page, f)), fishQuote(f.Usage))
		}
		for _, m := range v.more(page) {
			fmt.Fprintf(&b, "complete -c %s -n %s -o %s -d %s\n", p.Name, fishQuote(when), strings.TrimLeft(m.Text, "-"), fishQuote(m.Help))
		}
	}
	return b.String()
}

// fishCondition holds where the words of a page's command, and of none below it, were
// typed.
func (p *Page) fishCondition() string {
	path := strings.Fields(p.Path())
	var all []string
	for _, word := range path {
		all = append(all, "__fish_seen_subcommand_from "+word)
	}
	switch names := p.commandNames(); {
	case len(path) == 0:
		all = append(all, "__fish_use_subcommand")
	case len(names) > 0:
		all = append(all, "not __fish_seen_subcommand_from "+strings.Join(names, " "))
	}
	return strings.Join(all, "; and ")
}

func (v Vocabulary) fishFlag(f Flag, values []string) string {
	var b strings.Builder
	for _, n := range f.Names {
		if len(n) == 1 {
			b.WriteString(" -s " + n)
		} else {
			b.WriteString(" -l " + n)
		}
	}
	switch {
	case values != nil && slices.Contains(v.OrFile, f.Names[0]):
		b.WriteString(" -r -a " + fishQuote(strings.Join(values, " ")))
	case values != nil:
		b.WriteString(" -x -a " + fishQuote(strings.Join(values, " ")))
	case f.Value != "":
		b.WriteString(" -r")
	}
	return b.String()
}

// fishQuote quotes a text for fish: in single quotes it knows \' and \\.
func fishQuote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
